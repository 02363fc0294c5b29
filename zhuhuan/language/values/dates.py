"""All days of an utterance: the readings of months, weeks, festivals and offsets, the best of those that overlap, ranges joined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from zhuhuan.calendar import month_end
from zhuhuan.language.values.festivals import named_days
from zhuhuan.language.values.months import month_days
from zhuhuan.language.values.offsets import events, length_days
from zhuhuan.language.values.utterance import Utterance
from zhuhuan.language.values.value import Found
from zhuhuan.language.values.weeks import near_days

# 不会拖到下个月 names a day that will not be reached.
_REFUSED = re.compile(r"(?:不|别|莫|没)(?:会|用|能|必|想|要)?(?:再)?(?:拖|等|挨|熬|撑)(?:不)?(?:到|过)$")
_STILL = r"还(?![在是没有不要能得会想挺真算好行])"
_UNTIL_NOW = re.compile(r"(?:直到|到|说|道)今[天日儿]$|今天才$")
_NARRATED = re.compile(r"(?:走|没|离|下岗|失业|关门|倒闭|摔|撞|歇业|离职|关|封|死|病|泡|淹|瘟|旱)(?:了|的)|去世|过世|病故|出事|查出")
_NEGATED = re.compile(r"没|不(?!少|过|论|管)|无|缺|差|忙|紧|冇|唔")  # 这个月没钱 tells of no day
# What makes a month or a year to come matter, and any day of a clause that tells of a misfortune: paying, money coming in, beginning, putting off, getting in touch.
_ACTS = re.compile(
    _STILL + r"|付|交|缴|转|存|打(?!工|针|架|人|官司)|扣|汇|清|给|补|凑|到(?!处)|结(?!婚)|发(?![现病烧愁生火炎])|领|拿|卖|出栏|塘|兑|收(?!拾)|摘|割|挖|钱|款|分期|开始|起|改|推|缓|延|拖|停|再|说|联系|电话|来(?!着|的)"
    r"|办|签|行|可以|能|回|答|谈|聊|见|问|一定|保证|肯定|前|吗|宽"
)
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
    """A bare day (25号, 周六) read in the month or week of `other`, which it corrects or completes; without value where there is no such day."""
    if other.value is None or (bare.day is None and bare.weekday is None):
        return bare
    base = date.fromisoformat(other.value[:10])
    if bare.weekday is not None:
        in_week = None if other.weekday is not None else (base + timedelta(days=bare.weekday - base.weekday())).isoformat()
        return replace(bare, value=in_week or bare.value, weekday=None)
    if other.day is not None:
        return bare
    return replace(bare, value=base.replace(day=bare.day).isoformat() if (bare.day or 0) <= month_end(base).day else None, day=None)


def _joined(found: list[Found], line: str) -> Iterator[Found]:
    """Days with "to" between them as one range."""
    waiting: Found | None = None
    for one in found:
        if waiting and waiting.value and one.value and _TO.fullmatch(line, waiting.end, one.start):
            last = completed(one, waiting).value or one.value
            if last < waiting.value[:10] and one.weekday is not None:
                last = (date.fromisoformat(last) + timedelta(days=7)).isoformat()
            waiting = replace(waiting, value=f"{waiting.value.split('/')[0]}/{last.split('/')[-1]}", end=one.end, day=None)
            continue
        if waiting:
            yield waiting
        waiting = one
    if waiting:
        yield waiting


def _days(value: str) -> int:
    """Days from the first to the last of a range; 0 for a single day."""
    first, _, last = value.partition("/")
    return (date.fromisoformat(last) - date.fromisoformat(first)).days if last else 0


def _told(found: Found, u: Utterance) -> bool:
    """Whether a day counts: a past one only where money was or will be paid or due then (labels.md), today only where something is to be done."""
    if _REFUSED.search(u.line, 0, found.start):
        return False
    words = u.words(found.start, found.end)
    if found.value is None:
        return True
    if found.value.split("/")[-1] > u.today.isoformat():
        told_of = _NARRATED.search(words) and not _ACTS.search(words)
        if u.line[found.start] in "这本今" and "/" in found.value and len(u.line) > found.end - found.start + 2:
            return u.pays(found.start, found.end) and not _NEGATED.search(words)
        loose = _days(found.value) > 10 and u.setting.last_question is None and len(u.line) > 14
        return not told_of and (not loose or bool(_ACTS.search(words)))
    if found.value == u.today.isoformat():
        return not _UNTIL_NOW.search(u.line, 0, found.end) or u.line[found.end : found.end + 2] == "为止"
    return u.pays(found.start, found.end)


def _settled(days: list[Found]) -> list[Found]:
    """Each day once; a bare day in the month named just before it; no month or week that a day within it makes precise."""
    kept: list[Found] = []
    for one in days:
        before = kept[-1] if kept else None
        if before and before.value and "/" in before.value and one.start - before.end <= 12 and (one.day is not None or one.weekday is not None):
            one = completed(one, before)
        if one.value is None or all(one.value != k.value for k in kept):
            kept.append(one)
    kept = [k for k in kept if k.value or not any(o.value and abs(o.start - k.end) <= 1 for o in kept)]  # 年后二月底
    exact = [k.value for k in kept if k.value and "/" not in k.value]
    return [k for k in kept if not (k.value and "/" in k.value and any(k.value[:10] <= e <= k.value[11:] for e in exact))]


def dates(u: Utterance, taken: Iterable[Found]) -> list[Found]:
    """The utterance's days, outside what is `taken`. An event (发工资) tells something only where no day is known and no delay is asked for."""
    taken = list(taken)
    calendar = _longest([*named_days(u), *month_days(u), *near_days(u), *length_days(u)], taken)
    days = _settled([one for one in _joined(calendar, u.line) if _told(one, u)])
    known = any(day.value and day.value >= u.today.isoformat() for day in days) or any(t.entity == "duration" and t.value for t in taken)
    if not known and not any(day.value is None for day in days):
        days += _longest(events(u), [*taken, *calendar])[:1]
    return sorted(days, key=lambda f: f.start)
