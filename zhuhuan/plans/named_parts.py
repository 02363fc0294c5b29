"""The member's own payments, one by one: `1380 today and 2000 by 5 December`, `3000 before the 10th and the rest in two parts`.

Sums with a day stand as named. The rest goes to the parts named without a sum, or in `periods` parts, in sums of `each`, or below the
ceiling, monthly after the last named day, or all of it on `until`; where none of these was said, its day is missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from zhuhuan.calendar import add_months
from zhuhuan.money import from_fen, speak, to_fen
from zhuhuan.plans.explain import day_words
from zhuhuan.plans.frame import Frame
from zhuhuan.plans.schedule import Shape, day_of_month, equal, monthly, of_each, weekday_from, weekly, workday
from zhuhuan.plans.values import Declined, Missing, Offer, PlanKind

DAY = timedelta(days=1)
MOST_DAYS = 400  # no plan is longer, whoever approves it
NEXT_PAY_DAY = timedelta(days=10)  # a pay day nearer than this to the payment before it is left out


@dataclass(frozen=True)
class Item:
    """A payment with its day; `fen` None: the rest."""

    day: date
    fen: int | None


@dataclass(frozen=True)
class Tail:
    """The rest after the named payments: its shape and its days."""

    shape: Shape
    days: tuple[date, ...]


def named_parts(frame: Frame) -> Offer | Declined | Missing:
    """The plan of `said.parts`; Missing where a day of a sum or of the rest was not said, is past, or comes before the member's start."""
    today, start = frame.today, frame.said.start
    parts = [p for p in frame.said.parts if p.amount is None or p.amount > 0]
    past = next((p.due for p in parts if p.due is not None and p.due < today), None)
    if past is not None:
        return Missing("date", f"{day_words(past, today)}已经过去了")
    if not parts:
        return Missing("amount")
    items: list[Item] = []
    for part in parts:
        if part.amount is None and part.due is None:
            continue
        day = part.due or _day_for(frame, items)
        if day is None:
            return Missing("date", rest=part.amount)
        items.append(Item(day, None if part.amount is None else to_fen(part.amount)))
    items.sort(key=lambda i: i.day)
    named = sum(i.fen for i in items if i.fen is not None)
    rest = to_fen(frame.debt) - named
    loose = len(parts) - len(items)
    tail: Tail | None = None
    if rest > 0 and all(i.fen is not None for i in items):
        found = _tail(frame, items, rest, loose)
        if isinstance(found, Missing):
            return found
        tail = found
    elif rest > 0:
        items += [Item(day, None) for day, _ in zip(_after(frame, items), range(loose), strict=False)]
    # A start that lies after a named payment is that of the rest; without a rest the two contradict each other.
    if items and start is not None and items[0].day < start and tail is None:
        return Missing("date", f"您说{day_words(start, today)}之后才方便，又说{day_words(items[0].day, today)}还")
    notes = (f"您说的加起来是{speak(from_fen(named))}，比要还的多，按{speak(frame.debt)}安排",) if rest < 0 else ()
    return _offer(frame, _merged(items, today), tail, notes)


def _day_for(frame: Frame, earlier: Sequence[Item]) -> date | None:
    """The day of a sum that was named without one: the member's start for the first, else the next pay day."""
    said, today = frame.said, frame.today
    if not earlier and said.start is not None and said.start >= today:
        return said.start
    if said.pay_day is not None:
        return day_of_month(said.pay_day, max(i.day for i in earlier) + NEXT_PAY_DAY if earlier else today + DAY)
    return None


def _after(frame: Frame, items: Sequence[Item]) -> Iterator[date]:
    """Days of the rest in the member's rhythm: from the start where it lies later, weekly, on pay days, else monthly after the last named day."""
    said = frame.said
    last = max((i.day for i in items), default=None)
    if last is None or (said.start is not None and said.start > last):
        first = frame.first_day()
    elif frame.weekly:
        first = weekday_from(last.weekday() if said.weekday is None else said.weekday, last + DAY)
    elif said.pay_day is not None:
        first = day_of_month(said.pay_day, last + NEXT_PAY_DAY)
    else:
        first = add_months(last, 1)
    return weekly(first) if frame.weekly else monthly(first, said.pay_day)


def _tail(frame: Frame, items: Sequence[Item], rest: int, loose: int) -> Tail | Missing:
    """How and when the rest is paid, or what is missing about it. `loose`: how many parts were named with neither sum nor day."""
    said = frame.said
    cap = frame.week_cap if frame.weekly else said.at_most_month
    number = loose if loose > 1 else said.periods
    if not items and frame.named_start() is None:
        return Missing("date")
    if number is not None and not 0 < number <= rest:
        return Missing("periods", rest=from_fen(rest))
    if number is not None:
        shape = equal(number)
    elif said.each is not None and said.each > 0:
        shape = of_each(to_fen(said.each))
        number = -(-rest // to_fen(said.each))
    elif cap is not None and cap > 0:
        number = -(-rest // to_fen(cap))
        shape = _below(to_fen(cap))
    else:
        last = max((i.day for i in items), default=frame.today)
        day = next((d for d in (said.until, said.start) if d is not None and d > last), None)
        return Tail(equal(1), (day,)) if day is not None else Missing("date", rest=from_fen(rest))
    if number > MOST_DAYS:
        return Missing("amount", frame.too_many(number), from_fen(rest))
    days = _after(frame, items)
    return Tail(shape, tuple(next(days) for _ in range(min(number + number // 4 + 1, MOST_DAYS))))  # some more: interest may add a part


def _below(cap: int) -> Shape:
    """As few equal parts as stay within `cap` fen."""
    return lambda total: equal(-(-total // cap))(total)


def _merged(items: Sequence[Item], today: date) -> list[Item]:
    """Payments whose days would fall on one workday, put together; with the rest among them it is the rest that stands."""
    merged: dict[date, Item] = {}
    for item in items:
        day = item.day if item.day == today else workday(item.day)
        same = merged.get(day)
        both = item.fen if same is None else None if same.fen is None or item.fen is None else same.fen + item.fen
        merged[day] = Item(item.day if same is None else same.day, both)
    return list(merged.values())


def _offer(frame: Frame, items: Sequence[Item], tail: Tail | None, notes: tuple[str, ...]) -> Offer | Declined:
    def shape(total: int) -> list[int]:
        open_ = sum(i.fen is None for i in items)
        left = total
        parts: list[int | None] = []
        for item in items:  # a sum beyond what is owed is cut, the later ones fall away
            parts.append(item.fen if item.fen is None else min(item.fen, left))
            left -= parts[-1] or 0
        if left and tail is not None:
            return [p or 0 for p in parts] + tail.shape(left)
        shares = iter(equal(open_)(left) if open_ else ())
        done = [next(shares) if p is None else p for p in parts]
        if left and not open_:
            done[-1] += left  # nothing but interest is left here: it joins the last payment
        return done

    days = [i.day for i in items] + list(tail.days if tail else ())
    laid = frame.lay(shape, frame.dates(lambda: iter(days), as_named=frame.said.weekday in (5, 6) and not items))
    schedule = laid.schedule
    if schedule and laid.cost and tail is None and all(i.fen is not None for i in items):
        notes = (*notes, f"最后一笔里含利息{speak(laid.cost)}")
    kind: PlanKind = "partial"
    if len(schedule) == 1:
        kind = "whole"
    elif len({p.amount for p in schedule}) == 1:
        kind = "instalments"
    return frame.offer(kind, laid, _clause(frame, items, len(schedule)), *notes)


def _clause(frame: Frame, items: Sequence[Item], number: int) -> str:
    """Why it fits: the member's own days and sums."""
    if number == 1 and items:
        return f"您说{day_words(items[0].day, frame.today)}能还上，就按这天"
    if items and items[0].fen is not None:
        return f"就按您说的，{day_words(items[0].day, frame.today)}先还{speak(from_fen(items[0].fen))}，剩下的接着还"
    return "就按您说的日子和数目来"
