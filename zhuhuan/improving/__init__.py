"""Improving the language model in use: what was not surely understood is labelled by a person, learnt, and kept only if it helps."""
