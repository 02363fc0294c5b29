"""Whether what was agreed is kept: the states of an agreement and their moves, money matched to its dated parts, the status that follows. Pure.

>>> from zhuhuan.money import yuan
>>> schedule = (Part(date(2026, 12, 8), yuan("500")), Part(date(2027, 1, 8), yuan("500")))
>>> first, second = match(schedule, [Receipt(date(2026, 12, 9), yuan("620"))], date(2026, 12, 20))
>>> first.paid_on, first.late_days, second.received, second.outstanding
(datetime.date(2026, 12, 9), 1, Decimal('120.00'), Decimal('380.00'))
>>> status_by("active", (first, second), date(2027, 1, 9), Grace(late_days=1))
'active'
>>> status_by("active", (first, second), date(2027, 1, 10), Grace(late_days=1))
'broken'
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal, TypeVar

from zhuhuan.loans.errors import BadRecord
from zhuhuan.loans.values import ArrangementStatus, Part, PromiseStatus
from zhuhuan.money import ZERO

DAY = timedelta(days=1)
AgreementKind = Literal["arrangement", "promise"]
AgreementStatus = ArrangementStatus | PromiseStatus

ARRANGEMENT_MOVES: Mapping[str | None, frozenset[str]] = {
    None: frozenset({"proposed", "awaiting_approval", "active"}),
    "proposed": frozenset({"awaiting_approval", "active", "superseded", "cancelled"}),
    "awaiting_approval": frozenset({"active", "kept", "superseded", "cancelled"}),  # never broken: the wait is ours (conversation.md 21)
    "active": frozenset({"kept", "broken", "superseded", "cancelled"}),
    "kept": frozenset(),
    "broken": frozenset(),
    "superseded": frozenset(),
    "cancelled": frozenset(),
}
"""From which status an arrangement may come into which; None: not yet written. What has no move has ended and stays as it ended."""

PROMISE_MOVES: Mapping[str | None, frozenset[str]] = {
    None: frozenset({"open"}),
    "open": frozenset({"kept", "broken", "superseded", "cancelled"}),
    "kept": frozenset(),
    "broken": frozenset(),
    "superseded": frozenset(),
    "cancelled": frozenset(),
}

MOVES: Mapping[AgreementKind, Mapping[str | None, frozenset[str]]] = {"arrangement": ARRANGEMENT_MOVES, "promise": PROMISE_MOVES}
FOLLOWED = frozenset({"awaiting_approval", "active", "open"})  # the ledger can end these
IN_FORCE = frozenset({"active", "open"})
NAMES: Mapping[AgreementKind, str] = {"arrangement": "还款安排", "promise": "还款承诺"}


def check_move(kind: AgreementKind, before: str | None, after: str) -> None:
    """Raises BadRecord where an agreement may not come from `before` (None: new) into `after`."""
    if after not in MOVES[kind].get(before, frozenset()):
        raise BadRecord(f"{NAMES[kind]}的状态不能从“{before or '（未写入）'}”变成“{after}”")


def ended(kind: AgreementKind, status: str) -> bool:
    """Whether nothing can come after `status`."""
    return not MOVES[kind][status]


@dataclass(frozen=True)
class Receipt:
    """Money that came in, in yuan."""

    day: date
    amount: Decimal


@dataclass(frozen=True)
class Grace:
    """Days after its day until an unpaid part counts as broken: `late_days` for everyone, up to `with_reason` where the member said that it comes later."""

    late_days: int = 1
    with_reason: int = 7


@dataclass(frozen=True)
class Kept:
    """One dated part of what was agreed and what came in for it by a day, in yuan.

    receipts: what it received, oldest first; a payment that fills two parts stands in both with its share. late_days: days by which it was late
    when it was full, or is late so far; 0 when it was in time. told: the day on which it will come by the member's own word (NoteLateness).
    earlier: it is from before the agreement came into the book, so the ledger cannot tell of it and it is not judged.
    """

    number: int
    due: date
    amount: Decimal
    receipts: tuple[Receipt, ...] = ()
    late_days: int = 0
    told: date | None = None
    earlier: bool = False

    @property
    def received(self) -> Decimal:
        return sum((r.amount for r in self.receipts), ZERO)

    @property
    def outstanding(self) -> Decimal:
        return self.amount - self.received

    @property
    def paid_on(self) -> date | None:
        """The day on which it was full; None while something is missing."""
        return max(r.day for r in self.receipts) if self.outstanding <= 0 else None

    def last_day(self, grace: Grace) -> date:
        """The last day on which it may come in without being broken."""
        usual = self.due + grace.late_days * DAY
        if self.told is None:
            return usual
        return max(usual, min(self.told, self.due + grace.with_reason * DAY))

    def missed(self, today: date, grace: Grace) -> bool:
        """Whether it is unpaid for more than the grace; today still counts for the member."""
        return self.outstanding > 0 and today > self.last_day(grace)


@dataclass(frozen=True)
class Followed:
    """An agreement as the ledger shows it: its parts with what came in for each."""

    kind: AgreementKind
    id: int
    loan_id: str
    status: AgreementStatus
    parts: tuple[Kept, ...]
    made_at: datetime | None = None

    @property
    def received(self) -> Decimal:
        return sum((part.received for part in self.parts), ZERO)


@dataclass(frozen=True)
class Changed:
    """An agreement whose status the ledger has changed, `followed` as it stands now."""

    followed: Followed
    before: AgreementStatus


def match(
    schedule: Sequence[Part], receipts: Iterable[Receipt], today: date, told: Mapping[int, date] | None = None, since: date | None = None
) -> tuple[Kept, ...]:
    """The parts of a schedule, in the order of their numbers, with the money received up to `today`: each yuan once, the oldest due part first.

    told: part number (from 1) to the day that the member named for it. since: day on which the agreement came into the book; None: always there.
    """
    waiting = [r for r in sorted(receipts, key=lambda r: r.day) if r.day <= today and r.amount > 0]
    kept: dict[int, Kept] = {}
    for number, part in sorted(enumerate(schedule, 1), key=lambda numbered: (numbered[1].due, numbered[0])):
        if since is not None and part.due < since:
            kept[number] = Kept(number, part.due, part.amount, earlier=True)
            continue
        missing = part.amount
        shares: list[Receipt] = []
        while missing > 0 and waiting:
            first = waiting.pop(0)
            share = min(missing, first.amount)
            shares.append(Receipt(first.day, share))
            missing -= share
            if share < first.amount:
                waiting.insert(0, Receipt(first.day, first.amount - share))
        full = shares[-1].day if missing <= 0 and shares else today
        kept[number] = Kept(number, part.due, part.amount, tuple(shares), max(0, (full - part.due).days), (told or {}).get(number))
    return tuple(kept[number] for number in sorted(kept))


Status = TypeVar("Status", bound=str)


def status_by(before: Status, parts: Sequence[Kept], today: date, grace: Grace) -> Status:
    """The status of an arrangement or promise on `today`, from the one it had and what its parts received.

    kept: all of it was received, also where a part came late. broken: a part is unpaid for more than the grace. One that awaits approval is late on
    our side and never broken; what was only proposed or has ended stays as it is.
    """
    judged = [part for part in parts if not part.earlier]
    if before not in FOLLOWED or not judged:
        return before
    if all(part.outstanding <= 0 for part in judged):
        return "kept"  # type: ignore[return-value]
    if before in IN_FORCE and any(part.missed(today, grace) for part in judged):
        return "broken"  # type: ignore[return-value]
    return before
