"""All days of an utterance: the readings of months, weeks, festivals and offsets, the best of those that overlap, ranges joined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from zhuhuan.language.values.festivals import named_days
from zhuhuan.language.values.months import month_days
from zhuhuan.language.values.offsets import events, length_days
from zhuhuan.language.values.utterance import Utterance
from zhuhuan.language.values.value import Found
from zhuhuan.language.values.weeks import near_days

_WEEK = re.compile("周|星期|礼拜")
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


def in_month_of(bare: Found, other: Found) -> Found:
    """A bare day (25号) read in the month of `other`, which it corrects or completes; unchanged where there is no such day."""
    if bare.day is None or other.value is None or "/" in other.value or other.day is not None:
        return bare
    try:
        return replace(bare, value=date.fromisoformat(other.value).replace(day=bare.day).isoformat(), day=None)
    except ValueError:
        return replace(bare, value=None, day=None)


def _joined(found: list[Found], line: str) -> Iterator[Found]:
    """Days with "to" between them as one range."""
    waiting: Found | None = None
    for one in found:
        if waiting and waiting.value and one.value and _TO.fullmatch(line, waiting.end, one.start):
            last = in_month_of(one, waiting).value or one.value
            if last < waiting.value[:10] and _WEEK.search(line, one.start, one.end):
                last = (date.fromisoformat(last) + timedelta(days=7)).isoformat()
            waiting = replace(waiting, value=f"{waiting.value.split('/')[0]}/{last.split('/')[-1]}", end=one.end, day=None)
            continue
        if waiting:
            yield waiting
        waiting = one
    if waiting:
        yield waiting


def _told(found: Found, u: Utterance) -> bool:
    """Past days count only where money was or will be paid or due then (labels.md)."""
    if found.value is None or found.value.split("/")[-1] >= u.today.isoformat():
        return True
    return u.pays(found.start, found.end)


def dates(u: Utterance, taken: Iterable[Found]) -> list[Found]:
    """The utterance's days, outside what is `taken`. An event (发工资) beside a day of the calendar in its clause tells nothing more."""
    taken = list(taken)
    calendar = _longest([*named_days(u), *month_days(u), *near_days(u), *length_days(u)], taken)
    days = [one for one in _joined(calendar, u.line) if _told(one, u)]
    if any(one.entity == "duration" and one.value for one in taken):
        return days  # an event beside a length of delay tells nothing more
    for event in _longest(events(u), [*taken, *calendar]):
        first, last = u.clause(event.start, event.end)
        if not any(first <= day.start < last for day in days):
            days.append(event)
    return sorted(days, key=lambda f: f.start)
