"""The examples in the docstrings run."""

from __future__ import annotations

import doctest
import importlib

import pytest


@pytest.mark.parametrize("name", ["affordability", "asking", "explain", "lifecycle", "own_terms", "policy", "propose", "reminders", "schedule", "showing_agreements", "simulating"])
def test_the_examples_in_a_docstring_are_true(name: str) -> None:
    found = doctest.testmod(importlib.import_module(f"zhuhuan.plans.{name}"))
    assert found.attempted and not found.failed
