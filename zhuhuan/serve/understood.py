"""What the language model understood, as contract.md shows it, from Rasa's parse of a message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SIGNALS = frozenset({"care", "lapsed"})  # entities that only the dialogue's rules look at
ENTITY_FIELDS = ("entity", "value", "bound", "per", "unit", "start", "end")
PERIODIC = "amount"  # its bound and per are always shown


def understood_of(message: Mapping[str, Any]) -> dict[str, Any]:
    """`understood` of contract.md: text, intent, entities, emotion, reason and risk of a parse.

    >>> understood_of({"text": "嗯", "intent": {"name": "affirm", "confidence": 0.98765}, "entities": [{"entity": "lapsed", "value": "1"}]})
    {'text': '嗯', 'intent': {'name': 'affirm', 'confidence': 0.988}, 'entities': [], 'emotion': {'name': 'calm', 'intensity': 0.0}, 'reason': None, 'risk': []}
    """
    intent = message.get("intent") or {}
    emotion = message.get("emotion") or {}
    reason = message.get("reason")
    return {
        "text": message.get("text") or "",
        "intent": {"name": intent.get("name"), "confidence": _round(intent.get("confidence"))},
        "entities": [_entity(e) for e in message.get("entities") or [] if e.get("entity") not in SIGNALS],
        "emotion": {"name": emotion.get("name", "calm"), "intensity": _round(emotion.get("intensity"))},
        "reason": {"name": reason["name"], "confidence": _round(reason.get("confidence"))} if reason else None,
        "risk": [{"name": r["name"], "confidence": _round(r.get("confidence"))} for r in message.get("risk") or []],
    }


def _entity(found: Mapping[str, Any]) -> dict[str, Any]:
    always = {"entity", "value", "start", "end"} | ({"bound", "per"} if found.get("entity") == PERIODIC else set())
    return {name: found.get(name) for name in ENTITY_FIELDS if name in always or found.get(name) is not None}


def _round(value: Any) -> float:
    return round(float(value or 0.0), 3)
