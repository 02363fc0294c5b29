"""What a member said about paying, and the plans made from it, as frozen values. Money in yuan to the fen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from zhuhuan.loans.values import Approver, Part
from zhuhuan.money import ZERO

Per = Literal["day", "week", "month", "year"]
PlanKind = Literal["whole", "instalments", "stepped", "seasonal", "deferral", "grace", "partial", "settlement", "interest_only", "extension"]
Wish = Literal["waiver", PlanKind]
Objection = Literal["amount", "start", "length", "interest", "trust"]
OfferKey = tuple[str, tuple[Part, ...]]


@dataclass(frozen=True)
class Income:
    """What comes in each `per`, in yuan: `low` equals `high` where one figure was said. Plans count on `low` (conversation.md 18)."""

    low: Decimal
    high: Decimal
    per: Per = "month"


@dataclass(frozen=True)
class PayMonth:
    """A month of the year (1 to 12) in which the member can pay, and the most that month (None: not said)."""

    month: int
    at_most: Decimal | None = None


@dataclass(frozen=True)
class NamedPart:
    """A payment that the member named: a sum, a day, or both. `amount` None: the rest. `due` None: day not said yet."""

    amount: Decimal | None = None
    due: date | None = None


@dataclass(frozen=True)
class Said:
    """All that the member has said about paying so far (contract.md, `said`). None or empty: not said.

    at_most_month, at_most_week, first_at_most: ceilings. each: the sum of one instalment that the member named exactly.
    start: no payment before it. until: all of it is to be paid by or on that day. pay_day: day of the month (1-31, 31 = last day). weekday: 0 Monday.
    each_per: the period of `each`, month or week. pay_months with a maximum of their own: it goes before at_most_month in that month.
    parts: the member's own dated or undated payments, in the order said; with them, `periods` and `each` tell how the rest is paid.
    wish: the kind asked for, where the other fields leave it open (`缓到一月八号` is start and until alike, or until with wish deferral); waiver: less penalty.
    basis: whether the plan is to cover the arrears or the whole balance.
    dependants: how many people live on the income beside the member. other_debts: what other loans take, yuan a month.
    """

    at_most_month: Decimal | None = None
    at_most_week: Decimal | None = None
    first_at_most: Decimal | None = None
    each: Decimal | None = None
    start: date | None = None
    until: date | None = None
    periods: int | None = None
    defer_months: int | None = None
    defer_days: int | None = None
    pay_day: int | None = None
    weekday: int | None = None
    pay_months: tuple[PayMonth, ...] = ()
    parts: tuple[NamedPart, ...] = ()
    income: Income | None = None
    outgoings: Decimal | None = None
    reason: str | None = None
    each_per: Per = "month"
    wish: Wish | None = None
    basis: Literal["arrears", "balance"] = "arrears"
    dependants: int | None = None
    other_debts: Decimal | None = None


@dataclass(frozen=True)
class Offer:
    """A plan that may be offered. `cost`: what it costs beyond paying today (0 where the book has no rate).

    total: the sum of the schedule's parts, which is today's debt plus `cost`; of a settlement less the penalty that would be waived.
    why: the reason why it fits, one spoken Chinese clause for the member. notes: what must be said openly with it, such as a date moved to a workday.
    promise: one sum within the policy's promise window that needs nobody's approval: kept as a promise, not as an arrangement.
    papers: what the member has to bring for it, by the policy. charge: what `cost` is: interest, or penalty interest by the loan's contract.
    """

    kind: PlanKind
    schedule: tuple[Part, ...]
    total: Decimal
    cost: Decimal
    approval: Approver
    why: str
    notes: tuple[str, ...] = ()
    promise: bool = False
    papers: tuple[str, ...] = ()
    charge: Literal["interest", "penalty"] = "interest"

    @property
    def key(self) -> OfferKey:
        """What makes two offers the same to the member."""
        return (self.kind, self.schedule)


@dataclass(frozen=True)
class Declined:
    """A plan that cannot be offered and why, in words for the member. `approver`: who could decide otherwise, None where nobody can."""

    kind: PlanKind
    why: str
    approver: Approver | None = None


@dataclass(frozen=True)
class Missing:
    """What the member's own terms still lack: the one question to ask next, by its name in contract.md.

    why: what has to be said with the question, such as figures that contradict each other; empty where nothing. rest: the sum the question is about, where it is not all.
    """

    what: Literal["amount", "date", "periods"]
    why: str = ""
    rest: Decimal | None = None


@dataclass(frozen=True)
class Proposal:
    """Two or three different offers, best first, and what was declined. `cost_of_today`: what paying all of it today comes to, in yuan."""

    offers: tuple[Offer, ...] = ()
    declined: tuple[Declined, ...] = ()
    said: Said = Said()
    cost_of_today: Decimal = ZERO
