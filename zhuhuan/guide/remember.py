"""Memory to JSON values and back: what a conversation keeps between turns fits into one slot.

>>> recall(keep(Memory())) == Memory()
True
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from pydantic import parse_obj_as

from zhuhuan.guide.turn import Memory
from zhuhuan.plans.negotiation import explain


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        # What still has its default is left out: the slot travels with every request.
        return {f.name: _plain(v) for f in fields(value) if (v := getattr(value, f.name)) != f.default}
    if isinstance(value, tuple | list | frozenset):
        return [_plain(v) for v in value]
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


def keep(memory: Memory) -> dict[str, Any]:
    """JSON values of a memory."""
    return cast(dict[str, Any], _plain(memory))


def recall(kept: Mapping[str, Any] | None) -> Memory:
    """The memory of what `keep` gave; an empty one for None. Raises pydantic.ValidationError where it is no such thing."""
    return parse_obj_as(Memory, dict(kept)) if kept else Memory()


def negotiated(before: Memory, after: Memory) -> list[dict[str, Any]]:
    """The negotiation's answers of one turn for the audit trail: each as JSON values that `negotiation.replay` can be given again, with its reason."""
    old = before.steps
    new = after.steps[len(old) :] if after.steps[: len(old)] == old else after.steps
    return [{**_plain(step), "explained": explain(step)} for step in new]
