"""How each kind of plan is made: for every kind a function that yields its variants, the best first.

To add a kind: write such a function, name it in BUILDERS, in policy.schema.json and in policy.yml, give it a clause in why.py.
Those that lighten the loan itself (interest alone, extension, settlement) are in relief.py.
A variant that breaks what was said or what the figures allow is never yielded; one that nobody may agree to is yielded as Declined.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice

from zhuhuan.calendar import add_months
from zhuhuan.money import from_fen, to_fen
from zhuhuan.plans import relief, why
from zhuhuan.plans.frame import Frame
from zhuhuan.plans.schedule import Shape, day_of_month, equal, first_then, monthly, of_each, workday
from zhuhuan.plans.sizing import Variants, kept, level, round_ten, too_low, waiting, wanted
from zhuhuan.plans.values import Declined, PlanKind

__all__ = ["BUILDERS", "level", "round_ten", "seasonal", "too_low", "wanted"]
Builder = Callable[[Frame], Variants]
HALF, THIRD, TWO_FIFTHS = Decimal("0.5"), Decimal("0.3"), Decimal("0.4")
SOON = {"forgot", "payment_failure", "not_informed", "away"}  # reasons that leave the ability to pay as it was


def instalments(frame: Frame) -> Variants:
    """Equal parts, monthly or weekly: the sum named, the number named, or as many as the ceiling needs."""
    said, cap = frame.said, frame.part_cap
    days = frame.rhythm(frame.first_day())
    if said.each is not None and said.each * frame.most_parts >= frame.debt and (cap is None or said.each <= cap):
        yield from kept(frame, "instalments", frame.lay(of_each(to_fen(said.each)), days), why.instalments(frame))
    number, notes = wanted(frame, days)
    if number is None:
        yield too_low(frame, "instalments")
        return
    numbers = [number] if number == said.periods else [number, number + -(-number // 2), number * 2]
    if said.until is not None and said.periods is None and cap is None:
        in_time = sum(1 for day in days(frame.terms.widest.periods)[0] if day <= workday(said.until))
        numbers = [in_time] if in_time > 1 else numbers
    for n in numbers:
        if n > to_fen(frame.debt):
            return
        shape: Shape = equal(n)
        if said.first_at_most is not None and n > 1:
            first = min(to_fen(said.first_at_most), to_fen(frame.debt) // n)
            shape = first_then([first], equal(n - 1)) if first > 0 else shape
        yield from kept(frame, "instalments", frame.lay(shape, days), why.instalments(frame), *notes)


def stepped(frame: Frame) -> Variants:
    """Smaller parts first, larger after: a third of the parts at about half the level sum, not below the smallest part allowed."""
    said = frame.said
    days = frame.rhythm(frame.first_day())
    number, _ = wanted(frame, days)
    if number is None:
        return
    owed, smallest = to_fen(frame.debt), to_fen(frame.terms.limits[0].minimum_part)
    most = owed if frame.part_cap is None else to_fen(frame.part_cap)
    least_cost = waiting(frame)(equal(number)(owed), days(number)[0])  # later and larger parts cost more
    for share in (HALF, TWO_FIFTHS, THIRD):
        for n in range(max(3, number), number + 5 + number // 2):
            low = round_ten(from_fen(int(owed / n * float(share))))
            if low < smallest < owed // n:
                low = smallest
            if said.first_at_most is not None:
                low = min(low, round_ten(said.first_at_most))
            small = max(1, n // 3)
            if low <= 0 or not low < (owed - low * small) // (n - small) or (owed + least_cost - low * small) // (n - small) > most:
                continue
            laid = frame.lay(first_then([low] * small, equal(n - small)), days)
            if laid.schedule and frame.holds("stepped", laid.schedule):
                yield frame.offer("stepped", laid, why.stepped(frame))
                break


def deferral(frame: Frame) -> Variants:
    """Nothing until a later month; then all of it, or instalments where all at once is too much."""
    said, terms, today = frame.said, frame.terms, frame.today
    notes: tuple[str, ...] = ()
    if said.defer_months is not None and said.defer_months > terms.widest.defer_months:
        yield Declined("deferral", f"缓{said.defer_months}个月太久，最长只能缓{terms.widest.defer_months}个月", None)
        notes = (f"最长只能缓{terms.widest.defer_months}个月",)
    if frame.paused_until is not None:
        starts = [frame.paused_until]
    elif said.pay_months:
        starts = [next(frame.harvests([m.month for m in said.pay_months]))]
    elif said.start is not None and (said.start - today).days >= 28:
        starts = [said.start]
    else:
        starts = [add_months(today, terms.usual_defer_months), add_months(today, terms.usual_defer_months + 1)]
    for start in starts:
        days = frame.rhythm(frame.first_day(start))
        if said.periods is None and (not frame.hard or frame.debt <= 2 * frame.loan.instalment_amount):
            yield from kept(frame, "deferral", frame.lay(equal(1), days), why.deferral(frame), *notes)
        number, more = wanted(frame, days)
        if number is not None:
            yield from kept(frame, "deferral", frame.lay(equal(number), days), why.deferral(frame), *notes, *more)


def _by_day(frame: Frame, kind: PlanKind, day: date, clause: str) -> Variants:
    if day >= frame.floor:
        yield from kept(frame, kind, frame.lay(equal(1), frame.dates(lambda: iter((day,)))), clause)


def grace(frame: Frame) -> Variants:
    """A few days more, then all of it."""
    end = frame.today + timedelta(days=frame.terms.grace_days)
    for wait in (frame.terms.grace_days, frame.terms.grace_days // 2):
        day = workday(max(frame.floor, frame.today + timedelta(days=max(1, wait))))
        if frame.said.pay_day is not None:
            day = min(day, day_of_month(frame.said.pay_day, max(frame.floor, frame.today + timedelta(days=1))))
        if day <= workday(end):
            yield from _by_day(frame, "grace", day, why.grace(frame))


def whole(frame: Frame) -> Variants:
    """All of it on one day within the promise window: the day named, the pay day, or soon where only the moment was wrong."""
    said, today = frame.said, frame.today
    window = today + timedelta(days=frame.terms.promise_window_days)
    days: list[date] = []
    if said.until is not None and said.until >= today:
        days.append(said.until)
    if said.pay_day is not None or said.start is not None:
        days.append(frame.first_day())
    elif said.reason in SOON or not frame.hard:
        days.append(workday(max(frame.floor, today + timedelta(days=7))))
    for day in dict.fromkeys(days):
        if day <= window:
            yield from _by_day(frame, "whole", day, why.whole(frame))


def partial(frame: Frame) -> Variants:
    """Part of it within days, the rest monthly after."""
    said, today, cap = frame.said, frame.today, frame.cap.month
    now = workday(today + timedelta(days=3)) if frame.floor <= today + timedelta(days=3) else frame.first_day()
    after = frame.first_day(add_months(now, 1) if said.pay_day is None else now + timedelta(days=10))
    number = said.periods - 1 if said.periods and said.periods > 2 else None
    owed = to_fen(frame.debt)
    for share in (THIRD, HALF, Decimal("0.2")):
        first = int(owed * share)
        if said.first_at_most is not None:
            first = min(first, to_fen(said.first_at_most))
        if cap is not None:
            first = min(first, to_fen(cap))
        first = round_ten(from_fen(first))
        if first <= 0:
            return
        easy = max(2, -(-(owed - first) // first))  # the rest is never harder than the beginning
        usual = max(2, level(frame, frame.rhythm(after), cap) or 2)
        for rest in (number,) if number else dict.fromkeys((easy, max(2, usual - 1), usual)):
            if rest < frame.terms.widest.periods:
                days = frame.dates(lambda: _now_then(now, after, said.pay_day))
                laid = frame.lay(first_then([first], equal(rest)), days)
                if laid.schedule and first > to_fen(laid.schedule[-1].amount):
                    yield from kept(frame, "partial", laid, why.partial(frame))


def _now_then(now: date, after: date, pay_day: int | None) -> Iterator[date]:
    yield now
    yield from monthly(after, pay_day)


def seasonal(frame: Frame) -> Variants:
    """Payments in the months with money only: those named, else the months of the trade's harvest."""
    said, terms = frame.said, frame.terms
    named = {m.month: m.at_most for m in said.pay_months}
    months = tuple(named) or terms.harvest_months
    if not months:
        return
    days = frame.dates(lambda: frame.harvests(months))
    if any(named.values()):
        caps = [to_fen(named[day.month] or frame.debt * 2) for day in islice(frame.harvests(months), 6 * len(months))]
        yield from kept(frame, "seasonal", frame.lay(_filling(caps), days), why.seasonal(frame))
        return
    for number in (said.periods or len(months), 2 * len(months), 1, 3 * len(months)):
        yield from kept(frame, "seasonal", frame.lay(equal(number), days), why.seasonal(frame))


def _filling(caps: list[int]) -> Shape:
    """Each month's maximum until the debt is cleared; what is over after the last one stands as one more part."""

    def shape(total: int) -> list[int]:
        parts = []
        for cap in caps:
            if total <= 0:
                break
            parts.append(min(cap, total))
            total -= parts[-1]
        return [*parts, total] if total > 0 else parts

    return shape


BUILDERS: dict[PlanKind, Builder] = {
    "instalments": instalments, "stepped": stepped, "deferral": deferral, "grace": grace, "whole": whole, "partial": partial, "seasonal": seasonal,
    "interest_only": relief.interest_only, "extension": relief.extension, "settlement": relief.settlement,
}
