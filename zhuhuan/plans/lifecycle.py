"""The life of an accepted plan: how it starts, and whether it is kept, by payments and the day. Pure: the loan book stores the outcome.

>>> from zhuhuan.money import yuan
>>> parts = (Part(date(2026, 12, 8), yuan("500")), Part(date(2027, 1, 8), yuan("500")))
>>> arrangement_status("active", parts, [Receipt(date(2026, 12, 8), yuan("500"))], date(2027, 1, 8), late_days=1)
'active'
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from zhuhuan.loans.values import AddArrangement, AddPromise, ArrangementStatus, LoanFacts, Part, PromiseStatus
from zhuhuan.money import ZERO
from zhuhuan.plans.policy import Terms
from zhuhuan.plans.schedule import workday
from zhuhuan.plans.values import Offer

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Receipt:
    """Money that came in for a plan, in yuan."""

    day: date
    amount: Decimal


def first_status(offer: Offer) -> ArrangementStatus:
    """The status of a plan when the member says yes: in force at once only where the assistant may agree to it."""
    return "active" if offer.approval == "assistant" else "awaiting_approval"


def to_record(loan: LoanFacts, offer: Offer) -> AddArrangement | AddPromise:
    """What to write into the book when the member says yes: one sum within the promise window is a promise, all else an arrangement."""
    if offer.promise:
        return AddPromise(loan.loan_id, offer.schedule[0].amount, offer.schedule[0].due)
    return AddArrangement(loan.loan_id, offer.kind, offer.schedule, offer.total, offer.approval, first_status(offer), offer.cost, offer.why)


def due_by(schedule: Iterable[Part], day: date) -> Decimal:
    """Yuan of a schedule that fall due up to and including `day`."""
    return sum((p.amount for p in schedule if p.due <= day), ZERO)


def received_by(receipts: Iterable[Receipt], day: date) -> Decimal:
    """Yuan received up to and including `day`."""
    return sum((r.amount for r in receipts if r.day <= day), ZERO)


def open_parts(schedule: Sequence[Part], receipts: Iterable[Receipt], today: date) -> tuple[Part, ...]:
    """What of each part is still to be paid, the oldest part filled first; parts paid in full are left out."""
    paid, still = received_by(receipts, today), []
    for part in schedule:
        used = min(paid, part.amount)
        paid -= used
        if used < part.amount:
            still.append(Part(part.due, part.amount - used))
    return tuple(still)


def arrangement_status(status: ArrangementStatus, schedule: Sequence[Part], receipts: Iterable[Receipt], today: date, late_days: int) -> ArrangementStatus:
    """The status of an arrangement on `today`, from the one it had and the money received.

    Kept when all of it was received; broken when a part is unpaid for more than `late_days` full days.
    One that awaits approval is late on our side and never broken (conversation.md 21); one that has ended stays as it ended.
    """
    if status not in ("active", "awaiting_approval"):
        return status
    if received_by(receipts, today) >= sum((p.amount for p in schedule), ZERO):
        return "kept"
    return "broken" if status == "active" and _behind(schedule, receipts, today, late_days) else status


def promise_status(status: PromiseStatus, amount: Decimal, due: date, receipts: Iterable[Receipt], today: date, late_days: int) -> PromiseStatus:
    """The status of a promise on `today`, from the one it had and the money received; as `arrangement_status`."""
    if status != "open":
        return status
    receipts = tuple(receipts)
    if received_by(receipts, today) >= amount:
        return "kept"
    return "broken" if _behind([Part(due, amount)], receipts, today, late_days) else "open"


def _behind(schedule: Sequence[Part], receipts: Iterable[Receipt], today: date, late_days: int) -> bool:
    """Whether a part is unpaid for more than `late_days` full days; today still counts for the member."""
    return received_by(receipts, today) < due_by(schedule, today - timedelta(days=late_days) - DAY)


def on_approval(schedule: Sequence[Part], approved: date, terms: Terms) -> tuple[Part, ...]:
    """The schedule as it holds once it is approved: a first day that has come by then moves on, with all after it.

    The wait was ours, so the member gets the policy's `approval_days` and each later payment keeps its distance; days of rest move to the
    next workday. A schedule that begins later is left as it is.
    """
    soonest = approved + timedelta(days=terms.approval_days)
    if schedule[0].due > approved:
        return tuple(schedule)
    gap, moved, last = soonest - schedule[0].due, [], approved
    for part in schedule:
        day = workday(max(part.due + gap, last + DAY))
        moved.append(Part(day, part.amount))
        last = day
    return tuple(moved)
