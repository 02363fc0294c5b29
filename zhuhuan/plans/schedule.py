"""Dated schedules: days that rise and are real, parts that add up to the fen, and what waiting costs.

A day of rest moves to the next workday, and the move is told.

>>> days, moves = on_workdays(monthly(date(2026, 12, 5)), 2, date(2026, 11, 24))
>>> days, moves
((datetime.date(2026, 12, 7), datetime.date(2027, 1, 5)), ((datetime.date(2026, 12, 5), datetime.date(2026, 12, 7)),))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import count

from zhuhuan.calendar import add_months, next_workday
from zhuhuan.loans.values import Part
from zhuhuan.money import ZERO, from_fen, to_fen

WEEK = timedelta(days=7)
MOST_SECANTS = 8
SMALL = 200  # a cost of less than this part of the debt needs one secant
NEAR = 3  # fen of a rough cost that the ledger puts right afterwards
DAYS_A_YEAR = 360  # actual/360, the custom of Chinese lenders
Move = tuple[date, date]
Dated = tuple[tuple[date, ...], tuple[Move, ...]]  # days, and which of them moved
Shape = Callable[[int], list[int]]  # a sum in fen to the parts that make it up
Cost = Callable[[Sequence[int], Sequence[date]], int]  # parts in fen and their days to what waiting costs, in fen

workday = lru_cache(maxsize=8192)(next_workday)


def monthly(first: date, day: int | None = None) -> Iterator[date]:
    """`first` and the same day (or `day`) of every month after it, without end."""
    yield first
    for i in count(1):
        yield add_months(first, i, day)


def weekly(first: date) -> Iterator[date]:
    """`first` and every seventh day after it, without end."""
    return (first + i * WEEK for i in count())


def in_months(months: Iterable[int], day: int, not_before: date) -> Iterator[date]:
    """`day` of each of the named months (1 to 12), year after year, from `not_before` on; nothing where no month is named."""
    named = sorted(set(months))
    for year in count(not_before.year) if named else ():
        for month in named:
            found = add_months(date(year, month, 1), 0, day)
            if found >= not_before:
                yield found


def day_of_month(day: int, not_before: date) -> date:
    """The first `day` of a month (31: its last) that does not come before `not_before`."""
    here = add_months(not_before, 0, day)
    return here if here >= not_before else add_months(not_before, 1, day)


def weekday_from(weekday: int, not_before: date) -> date:
    """The first such weekday (0 Monday) that does not come before `not_before`."""
    return not_before + timedelta(days=(weekday - not_before.weekday()) % 7)


def on_workdays(nominal: Iterable[date], number: int, today: date, as_named: bool = False) -> Dated:
    """The first `number` of the `nominal` days, each moved to a workday, and the moves made; fewer where the days run out.

    A payment of today stays today. Two days that would fall on one give way to the next, so that days always rise.
    as_named: the member's own rhythm of rest days, such as Saturdays, is kept (conversation.md 22).
    """
    days: list[date] = []
    moves: list[Move] = []
    for wanted in nominal:
        if len(days) == number:
            break
        day = wanted if as_named or wanted == today else workday(wanted)
        if days and day <= days[-1]:
            continue
        days.append(day)
        if day != wanted:
            moves.append((wanted, day))
    return tuple(days), tuple(moves)


@lru_cache(maxsize=4096)
def _run(first: date, step: int | None, today: date, as_named: bool, length: int) -> Dated:
    return on_workdays(weekly(first) if step is None else monthly(first, step), length, today, as_named)


def run(first: date, step: int | None, number: int, today: date, as_named: bool = False) -> Dated:
    """`number` days from `first` on: weekly where `step` is None, else on that day of every month; moved as by `on_workdays`.

    Runs are kept by the dozen: the kinds of plan for one member ask for the same days again and again.
    """
    days, moves = _run(first, step, today, as_named, -(-number // 12) * 12)
    if len(days) <= number:
        return days, moves
    return days[:number], tuple(m for m in moves if m[1] < days[number])


def interest_fen(parts: Sequence[int], days: Sequence[date], annual_rate: Decimal | None, since: date) -> int:
    """What waiting costs, in whole fen: simple daily interest, actual/360.

    cost = sum of (part of today's debt × annual_rate × days from `since` to its payment / 360), rounded half up once, at the end.
    The contract's rate; 0 where the book has none. Penalty rates are the loan book's business.
    """
    if annual_rate is None:
        return 0
    fen_days = sum([fen * (day - since).days for fen, day in zip(parts, days, strict=False) if day > since])
    return int((fen_days * annual_rate / DAYS_A_YEAR).to_integral_value(rounding=ROUND_HALF_UP))


def equal(number: int) -> Shape:
    """Parts that differ by a fen at most, the earlier ones carrying the odd fen (as money.split)."""

    def shape(total: int) -> list[int]:
        each, odd = divmod(total, number)
        return [each + 1] * odd + [each] * (number - odd)

    return shape


def of_each(each: int, merge_up_to: int = 0) -> Shape:
    """Parts of `each` fen and one of what is left; a rest of `merge_up_to` fen at most goes into the last part."""

    def shape(total: int) -> list[int]:
        number, rest = divmod(total, each)
        parts = [each] * number
        if rest and parts and rest <= merge_up_to:
            parts[-1] += rest
        elif rest:
            parts.append(rest)
        return parts

    return shape


def first_then(first: Sequence[int], then: Shape) -> Shape:
    """The sums of `first` as far as the total goes, then what is left in the shape of `then`."""

    def shape(total: int) -> list[int]:
        parts = []
        for fen in first:
            parts.append(min(fen, total))
            total -= parts[-1]
        return parts + then(total) if total else parts

    return shape


@dataclass(frozen=True)
class Laid:
    """A schedule laid out: dates with amounts, its cost in yuan, the days moved. `wanting`: how many parts found no day.

    `parts`: their number where there are too many to be laid out at all; the schedule is then empty. `shape`: what it was laid out in.
    """

    schedule: tuple[Part, ...]
    cost: Decimal
    moves: tuple[Move, ...]
    wanting: int = 0
    parts: int = 0
    shape: Shape | None = None


def own_cost(owed: int, shape: Shape, days: Sequence[date], cost_of: Cost) -> int:
    """The cost in fen that, laid out in `shape` together with what is owed, is what these payments really cost: a root found by secants.

    Charges are paid before principal, so what is paid toward them leaves more principal to bear them: the cost depends on itself.
    """
    low, high = 0, cost_of(shape(owed), days)
    at_low, at_high = high, cost_of(shape(owed + high), days) - high
    for _ in range(MOST_SECANTS):
        if abs(at_high) <= NEAR or at_high == at_low:
            break
        following = max(0, high - at_high * (high - low) // (at_high - at_low))
        if abs(high - low) * SMALL <= owed:
            return following  # so near that the ledger puts the rest right
        low, at_low = high, at_high
        high, at_high = following, cost_of(shape(owed + following), days) - following
    return high


def lay_out(
    debt: Decimal, shape: Shape, days: Callable[[int], Dated], annual_rate: Decimal | None, since: date, most: int = 1200, cost_of: Cost | None = None
) -> Laid:
    """Debt and its cost in `shape` on the days that `days(number)` gives, `most` parts at most; the parts add up to debt + cost.

    The cost is that of paying the debt alone in this shape on these days; it is then spread by the shape itself. `cost_of`: what waiting costs
    by the loan's own contract; else simple interest at `annual_rate` (interest_fen).
    """
    owed = to_fen(debt)
    bare = shape(owed)
    if len(bare) > most:
        return Laid((), ZERO, (), len(bare), len(bare))
    on, moves = days(len(bare))
    cost = own_cost(owed, shape, on, cost_of) if cost_of else interest_fen(bare, on, annual_rate, since)
    parts = shape(owed + cost) if cost else bare
    if len(parts) > len(on):
        on, moves = days(len(parts))
    amounts = {fen: from_fen(fen) for fen in set(parts)}
    schedule = tuple([Part(day, amounts[fen]) for day, fen in zip(on, parts, strict=False) if fen > 0])
    if moves and len(schedule) < len(on):
        used = {part.due for part in schedule}
        moves = tuple(m for m in moves if m[1] in used)
    return Laid(schedule, from_fen(cost) if cost else ZERO, moves, max(0, len(parts) - len(on)), shape=shape)


def fewest_parts(
    debt: Decimal, cap: Decimal, most: int, days: Callable[[int], tuple[date, ...]], annual_rate: Decimal | None, since: date, cost_of: Cost | None = None
) -> int | None:
    """The smallest number of equal parts, none above `cap` yuan, that clears the debt with its cost; None where `most` parts are not enough."""
    owed, limit = to_fen(debt), to_fen(cap)
    if limit <= 0:
        return None
    number = max(1, -(-owed // limit))
    while number <= most:
        on = days(number)
        if len(on) < number:
            return None
        shape = equal(number)
        cost = own_cost(owed, shape, on, cost_of) if cost_of else interest_fen(shape(owed), on, annual_rate, since)
        needed = -(-(owed + cost) // limit)
        if needed <= number:
            return number
        number = needed  # more parts cost more, so nothing below it can do
    return None
