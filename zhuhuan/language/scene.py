"""What the conversation so far tells about a message: the last question, the pay day, the clock. Read from Rasa's message and tracker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message

from zhuhuan.language.labels import QUESTIONS

HERE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Scene:
    """now: in the member's time zone. last_question: name of the assistant's last question. last_seen: time of the message before this one."""

    now: datetime
    last_question: str | None = None
    pay_day: int | None = None
    verified: bool = False
    last_seen: datetime | None = None

    @property
    def today(self) -> date:
        return self.now.date()


def moment(value: object) -> datetime | None:
    """A time of ISO form in the member's time zone (one without zone is meant so); None for anything else."""
    try:
        at = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return at.replace(tzinfo=HERE) if at.tzinfo is None else at.astimezone(HERE)


def _day(value: object) -> int | None:
    return value if isinstance(value, int) and 1 <= value <= 31 else None


def scene_of(message: Message, tracker: DialogueStateTracker | None) -> Scene:
    """The scene of a message. Its metadata may carry `now` (ISO); without it the real clock counts.

    Whoever is not verified yet and was not asked anything else is being asked for name and identity details, unless someone else is speaking.
    """
    metadata = message.get("metadata")
    data: Mapping[str, Any] = metadata if isinstance(metadata, Mapping) else {}
    now = moment(data.get("now")) or datetime.now(timezone.utc).astimezone(HERE)
    if tracker is None:
        return Scene(now)
    slots = {name: slot.value for name, slot in tracker.slots.items()}
    verified = slots.get("verified") is True
    question = slots.get("last_question")
    memory = slots.get("memory")
    kept: Mapping[str, Any] = memory if isinstance(memory, Mapping) else {}
    if question not in QUESTIONS:
        spoken = any(isinstance(e, UserUttered) and e.text for e in tracker.events)
        question = "verify" if not verified and spoken and not kept.get("denied") else None
    said = kept.get("said")
    pay_day = _day(said.get("pay_day")) if isinstance(said, Mapping) else None
    return Scene(now, question, pay_day, verified, moment(kept.get("last_seen")))
