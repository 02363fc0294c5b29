"""What the comparisons with other systems share: short ways to write a loan down, and the level instalment's recurrence worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from zhuhuan.loans.owing.position import Posted
from zhuhuan.loans.owing.values import Contract, Entry, Scheduled

Parts = list[tuple[Decimal, Decimal]]  # principal and interest of each instalment
FEN = Decimal("0.01")


def half_up(value: Fraction) -> Decimal:
    """`value` yuan to the fen, halves up; by way of whole numbers, so that nothing is rounded twice."""
    return Decimal((200 * value.numerator + value.denominator) // (2 * value.denominator)).scaleb(-2)


def by_hand(principal: str, rate: str, shares: Sequence[Fraction], level: Decimal) -> Parts:
    """The schedule of instalments of `level` yuan on a falling balance: interest of each period half up, the last instalment clears the debt.

    shares: what part of a year each period is. This is the rule of ours, of Fineract and of Frappe alike; they differ in `level` alone.
    """
    left, parts = Decimal(principal), []
    for place, share in enumerate(shares):
        interest = half_up(Fraction(left) * Fraction(Decimal(rate)) * share)
        repaid = left if place == len(shares) - 1 else level - interest
        parts.append((repaid, interest))
        left -= repaid
    return parts


def parts_of(schedule: Sequence[Scheduled]) -> Parts:
    return [(s.principal, s.interest) for s in schedule]


def parts(*figures: str) -> Parts:
    """`"255.0 50.0", …`: principal and interest of each instalment, as a peer's test has them."""
    return [(Decimal(p).quantize(FEN), Decimal(i).quantize(FEN)) for p, i in (f.split() for f in figures)]


def instalments(*rows: tuple[str, str, str]) -> tuple[Scheduled, ...]:
    """Instalments of (due, principal, interest), numbered from 1."""
    return tuple(Scheduled(n, date.fromisoformat(due), Decimal(p), Decimal(i)) for n, (due, p, i) in enumerate(rows, 1))


def plain(schedule: Sequence[Scheduled], disbursed: str, **terms: object) -> Contract:
    """A contract for a schedule that is given whole: no interest but what the schedule says, no penalty unless `terms` say so."""
    given: dict[str, object] = {"annual_rate": Decimal(0), "penalty_uplift": None, **terms}
    lent = sum((s.principal for s in schedule), Decimal(0))
    return Contract(principal=lent, method="equal_instalments", disbursed=date.fromisoformat(disbursed), periods=len(schedule), **given)  # type: ignore[arg-type]


def payments(*rows: tuple[str, str]) -> tuple[Entry, ...]:
    """Payments of (day, amount), with ids from 1 in the order in which they were booked."""
    return tuple(Entry(n, date.fromisoformat(day), "payment", Decimal(amount)) for n, (day, amount) in enumerate(rows, 1))


def split(entry: Posted) -> dict[tuple[str, int | None], str]:
    """Where an entry went: {(component, instalment): yuan}."""
    return {(s.component, s.number): str(s.amount.quantize(FEN, ROUND_HALF_UP)) for s in entry.shares}
