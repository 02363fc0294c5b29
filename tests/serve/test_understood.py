"""What was understood, in the contract's form."""

from __future__ import annotations

import doctest

from zhuhuan.serve import understood
from zhuhuan.serve.understood import understood_of

PARSE = {
    "text": "最多八百 下月15号开始 我想去死",
    "intent": {"name": "propose_terms", "confidence": 0.97123},
    "entities": [
        {"entity": "amount", "value": "800.00", "bound": "at_most", "per": None, "start": 0, "end": 4, "extractor": "Values"},
        {"entity": "date", "value": None, "start": 5, "end": 10},
        {"entity": "duration", "value": "3", "unit": "month", "start": 11, "end": 12},
        {"entity": "care", "value": "crisis", "start": 0, "end": 20},
        {"entity": "lapsed", "value": "1", "start": 0, "end": 20},
    ],
    "emotion": {"name": "sad", "intensity": 0.8},
    "reason": None,
    "risk": [{"name": "self_harm", "confidence": 0.91}],
    "metadata": {"now": "2026-11-24T10:00:00+08:00"},
}


def test_signals_and_what_only_rasa_knows_are_left_out() -> None:
    shown = understood_of(PARSE)
    assert list(shown) == ["text", "intent", "entities", "emotion", "reason", "risk"]
    assert shown["entities"] == [
        {"entity": "amount", "value": "800.00", "bound": "at_most", "per": None, "start": 0, "end": 4},
        {"entity": "date", "value": None, "start": 5, "end": 10},
        {"entity": "duration", "value": "3", "unit": "month", "start": 11, "end": 12},
    ]
    assert shown["risk"] == [{"name": "self_harm", "confidence": 0.91}] and shown["reason"] is None


def test_the_example_holds() -> None:
    assert doctest.testmod(understood).failed == 0
