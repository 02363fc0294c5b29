"""How many parts a plan has and whether it holds: what the makers of all kinds share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from zhuhuan.money import speak, to_fen
from zhuhuan.plans.frame import Frame
from zhuhuan.plans.schedule import Cost, Dated, Laid, interest_fen
from zhuhuan.plans.values import Declined, Offer, PlanKind

Variants = Iterator[Offer | Declined]


def waiting(frame: Frame) -> Cost:
    """What it costs to pay parts (fen) of the debt on days: by the loan's contract where it tells, else simple interest at the book's rate."""
    return frame.cost_of or (lambda parts, on: interest_fen(parts, on, frame.loan.annual_rate, frame.since))


def kept(frame: Frame, kind: PlanKind, laid: Laid, clause: str, *notes: str) -> Variants:
    """The offer, if it holds what was said."""
    if laid.schedule and not laid.wanting and frame.holds(kind, laid.schedule):
        yield frame.offer(kind, laid, clause, *notes)


def round_ten(amount: Decimal) -> int:
    """An amount in yuan down to whole tens, in fen; below ten yuan as it is."""
    fen = to_fen(amount)
    return fen - fen % 1000 if fen >= 1000 else fen


def level(frame: Frame, days: Callable[[int], Dated], cap: Decimal | None) -> int | None:
    """How many equal parts suit: as many as the ceiling needs, two at least; without a ceiling the policy's usual number.

    None where even the highest approver's number of parts leaves them above the ceiling.
    """
    if cap is not None:
        found = frame.fewest(cap, days)
        return None if found is None else max(2, found)
    number = (frame.terms.hardship_periods if frame.hard else frame.terms.usual_periods) * (4 if frame.weekly else 1)
    smallest = frame.terms.limits[0].minimum_part
    return max(2, min(number, int(frame.debt / smallest) if smallest else number))


def wanted(frame: Frame, days: Callable[[int], Dated]) -> tuple[int | None, tuple[str, ...]]:
    """How many parts: the number the member named, or more where the ceiling needs more, which is then said; else what suits."""
    cap = frame.part_cap
    number, asked = level(frame, days, cap), frame.said.periods
    if number is None or asked is None or asked < 2:
        return number, ()
    if cap is not None and asked < number:
        return number, (f"分{asked}期的话每期会超过{speak(cap)}，所以排了{number}期",)
    return asked, ()


def too_low(frame: Frame, kind: PlanKind) -> Declined:
    """Declined since the ceiling is too low for any number of parts; a person may look at the hardship."""
    cap = frame.part_cap
    if cap is not None and cap <= 0:
        return Declined(kind, "按您说的收入和开支，眼下每月匀不出钱来，硬排分期您会撑不住，要请信贷员按困难情况单独看", "collector")
    sums = f"每{'周' if frame.weekly else '月'}{speak(cap or frame.debt)}的话，分到最长的{frame.terms.widest.periods}期也还不完{speak(frame.debt)}"
    return Declined(kind, f"{sums}，要请信贷员按困难情况单独看", "collector")
