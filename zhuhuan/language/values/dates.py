"""All days of an utterance: the longest readings of months, weeks, festivals and lengths of time, ranges joined, events last."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from zhuhuan.calendar import month_end
from zhuhuan.language.values.events import events
from zhuhuan.language.values.festivals import named_days
from zhuhuan.language.values.months import month_days
from zhuhuan.language.values.offsets import length_days
from zhuhuan.language.values.relevance import matters
from zhuhuan.language.values.utterance import Utterance
from zhuhuan.language.values.value import Found
from zhuhuan.language.values.weeks import near_days
from zhuhuan.language.values.year_parts import year_parts

_TO = re.compile(r"[ ]*(?:到|至|-|~|直到)[ ]*")


def overlaps(found: Found, others: Iterable[Found]) -> bool:
    return any(found.start < o.end and o.start < found.end for o in others)


def _longest(found: Iterable[Found], taken: Iterable[Found]) -> list[Found]:
    """Those that overlap nothing taken and no longer one, in the order of the line; of equal ones the first."""
    kept: list[Found] = list(taken)
    chosen: list[Found] = []
    for one in sorted(found, key=lambda f: f.start - f.end):
        if not overlaps(one, kept):
            kept.append(one)
            chosen.append(one)
    return sorted(chosen, key=lambda f: f.start)


def completed(bare: Found, other: Found) -> Found:
    """A bare day (25号, 周六) read in the month or week of `other`, which it corrects or completes.

    Other days stay as they are; without value where the month has no such day.
    """
    if other.value is None or (bare.day is None and bare.weekday is None) or "/" in (bare.value or ""):
        return bare
    base = date.fromisoformat(other.value[:10])
    if bare.weekday is not None:
        in_week = None if other.weekday is not None else (base + timedelta(days=bare.weekday - base.weekday())).isoformat()
        return replace(bare, value=in_week or bare.value, weekday=None)
    if other.day is not None:
        return bare
    exists = bare.day is not None and bare.day <= month_end(base).day
    return replace(bare, value=base.replace(day=bare.day or 1).isoformat() if exists else None, day=None)


def _range(first: Found, second: Found) -> Found | None:
    """Two days with "to" between them as one range; None where the second cannot follow the first."""
    if not first.value or not second.value:
        return None
    begin, last = first.value.split("/")[0], (completed(second, first).value or second.value).split("/")[-1]
    if last < begin and second.weekday is not None:
        last = (date.fromisoformat(last) + timedelta(days=7)).isoformat()
    return replace(first, value=f"{begin}/{last}", end=second.end, day=None) if begin < last else None


def _joined(found: list[Found], line: str) -> list[Found]:
    """The days, ranges among them joined."""
    days: list[Found] = []
    for one in found:
        whole = _range(days[-1], one) if days and _TO.fullmatch(line, days[-1].end, one.start) else None
        if whole:
            days[-1] = whole
        else:
            days.append(one)
    return days


def _settled(days: list[Found]) -> list[Found]:
    """Each day once; a bare day in the month named just before it; no month or week that a day within it makes precise."""
    kept: list[Found] = []
    for one in days:
        before = kept[-1] if kept else None
        if before and before.value and "/" in before.value and one.start - before.end <= 12:
            one = completed(one, before)
        if one.value is None or all(one.value != k.value for k in kept):
            kept.append(one)
    kept = [k for k in kept if k.value or not any(o.value and (abs(o.start - k.end) <= 1 or k.start == o.end) for o in kept)]  # 年后二月底
    exact = [k.value for k in kept if k.value and "/" not in k.value]
    return [k for k in kept if not (k.value and "/" in k.value and any(k.value[:10] <= e <= k.value[11:] for e in exact))]


def dates(u: Utterance, taken: Iterable[Found]) -> list[Found]:
    """The utterance's days, outside what is `taken`, in the order of the line.

    An event (发工资) tells something only where no day is known and no delay is asked for.
    """
    taken = list(taken)
    calendar = _longest([*named_days(u), *month_days(u), *year_parts(u), *near_days(u), *length_days(u)], taken)
    days = _settled([one for one in _joined(calendar, u.line) if matters(one, u)])
    known = any(day.value is None or day.value >= u.today.isoformat() for day in days)
    if not known and not any(t.entity == "duration" and t.value for t in taken):
        days += _longest(events(u), [*taken, *calendar])[:1]
    return sorted(days, key=lambda f: f.start)
