"""What is found in an utterance, and what must be known to read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Entity = Literal["amount", "date", "periods", "duration", "time", "loan", "phone", "id_tail"]
Bound = Literal["exact", "at_most", "at_least", "approx", "range", "fraction"]
Per = Literal["day", "week", "month", "year", "once"]
Unit = Literal["month", "day"]


@dataclass(frozen=True)
class Value:
    """One value in the form of the contract of `zhuhuan language parse`.

    value: None where it cannot be resolved (几百, 发工资 with no known pay day). start, end: offsets in the original text.
    bound and per belong to amounts, unit to durations.
    """

    entity: Entity
    value: str | None
    start: int
    end: int
    bound: Bound | None = None
    per: Per | None = None
    unit: Unit | None = None

    def as_dict(self) -> dict[str, object]:
        """The entity as the contract writes it: an amount always with bound and per, a duration with unit."""
        entity: dict[str, object] = {"entity": self.entity, "value": self.value}
        if self.entity == "amount":
            entity |= {"bound": self.bound, "per": self.per}
        if self.entity == "duration":
            entity["unit"] = self.unit
        return entity | {"start": self.start, "end": self.end}


@dataclass(frozen=True)
class Setting:
    """What an utterance is read against.

    last_question: name of the assistant's last question, None at the start. pay_day: day of the month, 1 to 31, None if unknown.
    intent: the utterance's intent where it is known already; only a hint.
    """

    today: date
    last_question: str | None = None
    pay_day: int | None = None
    intent: str | None = None


@dataclass(frozen=True)
class Found:
    """A value with its place on the tape (not yet in the original text).

    day: a bare day of the month (15号), weekday: a bare one (周五, Monday 0): they take over the month or week of what they correct.
    """

    entity: Entity
    value: str | None
    start: int
    end: int
    bound: Bound | None = None
    per: Per | None = None
    unit: Unit | None = None
    day: int | None = None
    weekday: int | None = None
