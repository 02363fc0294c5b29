"""Repeatable figures, each against a peer in the same run (README.md beside this file)."""
