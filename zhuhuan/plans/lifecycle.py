"""The life of an accepted plan, as far as the policy decides it: how it starts, how long it may be late, which days hold once it is approved. Pure.

Whether it is kept or broken by what came in: zhuhuan.loans.keeping. The loan book stores the outcome.

>>> from zhuhuan.money import yuan
>>> from zhuhuan.plans.policy import load_policy
>>> terms = load_policy().terms("个人消费贷款", 12, date(2026, 11, 24))
>>> [str(part.due) for part in on_approval((Part(date(2026, 12, 1), yuan("500")), Part(date(2027, 1, 4), yuan("500"))), date(2026, 12, 2), terms)]
['2026-12-09', '2027-01-12']
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from zhuhuan.loans.keeping import Followed, Grace, Kept
from zhuhuan.loans.values import AddArrangement, AddPromise, ArrangementStatus, LoanFacts, Part
from zhuhuan.plans.policy import Policy, Terms
from zhuhuan.plans.schedule import workday
from zhuhuan.plans.values import Offer

DAY = timedelta(days=1)


def first_status(offer: Offer) -> ArrangementStatus:
    """The status of a plan when the member says yes: in force at once only where the assistant may agree to it."""
    return "active" if offer.approval == "assistant" else "awaiting_approval"


def to_record(loan: LoanFacts, offer: Offer) -> AddArrangement | AddPromise:
    """What to write into the book when the member says yes: one sum within the promise window is a promise, all else an arrangement."""
    if offer.promise:
        return AddPromise(loan.loan_id, offer.schedule[0].amount, offer.schedule[0].due)
    return AddArrangement(loan.loan_id, offer.kind, offer.schedule, offer.total, offer.approval, first_status(offer), offer.cost, offer.why)


def grace_of(terms: Terms) -> Grace:
    """How many days late is not broken, and how many where the member said in time that it comes later."""
    return Grace(terms.late_days, max(terms.late_days, terms.late_days_with_reason))


def grace_by(policy: Policy, today: date) -> Callable[[LoanFacts], Grace]:
    """The grace that the policy gives a loan on `today`."""
    return lambda loan: grace_of(policy.terms(loan.product, loan.days_past_due, today))


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


def rescheduled(parts: Sequence[Kept], approved: date, terms: Terms) -> tuple[Part, ...]:
    """`on_approval` of the parts that are still to be paid; what was paid in full while it waited keeps its day."""
    waiting = on_approval([Part(p.due, p.amount) for p in parts if p.outstanding > 0], approved, terms) if any(p.outstanding > 0 for p in parts) else ()
    moved = iter(waiting)
    return tuple(next(moved) if p.outstanding > 0 else Part(p.due, p.amount) for p in parts)


def reschedule_by(policy: Policy, approved: date) -> Callable[[Followed, LoanFacts], tuple[Part, ...]]:
    """What `LoanBook.approve` asks for: the days of an arrangement that is approved on `approved`."""
    return lambda agreement, loan: rescheduled(agreement.parts, approved, policy.terms(loan.product, loan.days_past_due, approved))
