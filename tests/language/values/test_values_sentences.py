"""Whole turns of members, with all their values at once."""

from collections import Counter

import pytest
from answers import ANSWERS
from sentences_long import LONG
from sentences_short import SHORT
from told import told

TURNS = [*((text, None, values) for text, values in (SHORT | LONG).items()), *ANSWERS]


@pytest.mark.parametrize(("text", "question", "values"), TURNS)
def test_all_values_of_a_turn_are_found_and_no_others(text: str, question: str | None, values: tuple[str, ...]) -> None:
    assert Counter(value for value in told(text, question) if value[0] not in "t~") == Counter(values)
