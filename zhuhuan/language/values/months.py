"""Days and months by number, with or without a year: 下个月15号, 12月底, 明年三月, 15号, 十五六号, 3到6月."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from zhuhuan.calendar import add_months, month_end
from zhuhuan.language.values.utterance import Utterance
from zhuhuan.language.values.value import Found
from zhuhuan.language.values.year_parts import NAMED_YEAR, SHIFT, SHIFTS, in_month, year_said

_YEAR = rf"(?:(?P<year>{NAMED_YEAR}|(?<![A-Z])N年)度?的?)?"
_NO_UNIT = r"(?![A-Z元块万千百个天期斤岁年月周%毛角点号日多来头亩人])"
_DAY = rf"(?:(?P<from>N)[号日]?[到至~-])?(?P<day>[NRV])(?:号(?![线楼房院店])|日(?![元子常]|之?内|以内)|{_NO_UNIT})"
_MONTH_DAY = re.compile(
    rf"{_YEAR}(?:{SHIFT}月|(?:(?P<first>N)月?[到至~-])?(?P<month>N|元)月)份?(?:的?{_DAY}|(?P<inside>之?内|以内)|的?(?P<part>月?底|月?末|月?尾"
    rf"|月?初(?![NRV])|月?头(?!几)|上旬|中旬|下旬|月?中(?![NRV午等])))?"
)
_MISSED, _SO_FAR = re.compile("都?没|都|了"), re.compile("[^,，。A-Z]{0,4}(?:到现在|到今|以来)")
_EVERY_FIRST = re.compile("[A-Z]|[能还给挣要最顶才就也得交只](?!清)")
_TWO_DAYS = re.compile(r"(?<!第)(?P<one>N)[号日]?(?:、|或者?|和|,)(?P<two>N)[号日](?![线楼房院店机码人])")
_BARE_DAY = re.compile(
    r"(?<!第)(?:(?P<from>N)[号日]?[到至~-])?(?<!第)(?P<day>[NRV])(?:号(?![线楼房院店机码人])|日(?![元子常]|之?内|以内))"
)
_EVERY_MONTH = re.compile(r"每个?月的?(?P<day>N)(?![A-Z号日.块元万千百个天期笔次%])")
_ONLY_DAY = re.compile(r"^(?:就|大概|那就|每个?月|最快|最晚|最迟|[ ])*(?P<day>N)(?:吧|左右|行不?|可以|那天|[ 。.,，!])*$")


def _next_month_day(u: Utterance, month: int, day: int, past: bool) -> str | None:
    """The nearest such day not before today (not after it where the past is told); None for 2月30号."""
    firsts = (date(year, month, 1) for year in range(u.today.year - 8, u.today.year + 9))
    days = [first.replace(day=day) for first in firsts if 1 <= day <= month_end(first).day]
    if not days:
        return None
    return (max(d for d in days if d <= u.today) if past else min(d for d in days if d >= u.today)).isoformat()


def next_day_of_month(today: date, day: int, past: bool = False) -> str | None:
    """The next day of that number, today included; None where the month that is meant has none (31号 in November: to be asked)."""
    first = today.replace(day=1)
    months = 0 if (day <= today.day if past else day >= today.day) else (-1 if past else 1)
    month = add_months(first, months)
    return month.replace(day=day).isoformat() if 1 <= day <= month_end(month).day else None


def _day_value(u: Utterance, match: re.Match[str], first: date | None, month: int, past: bool) -> str | None:
    """The day or days of `match` in the month that begins on `first`, or in the nearest month of that number."""

    def resolve(day: int) -> str | None:
        if first is None:
            return _next_month_day(u, month, day, past)
        return first.replace(day=day).isoformat() if 1 <= day <= month_end(first).day else None

    numeral = u.tape.number(match.start("day"))
    if numeral.low is None or numeral.high is None or numeral.approx:
        return None
    days = [int(numeral.low), int(numeral.high)]
    if match["from"] and (begin := u.tape.number(match.start("from")).whole):
        days[0] = begin
    values = [resolve(day) for day in dict.fromkeys(days)]
    return None if None in values else "/".join(v for v in values if v)


def _just_gone(u: Utterance, match: re.Match[str], month: int) -> bool:
    """Whether that day is of the last weeks: 11月20日 said on 24 November with no word of paying is no day of next year."""
    if u.setting.last_question or u.pays(*match.span()):
        return False
    day = u.tape.number(match.start("day")).whole
    ahead = _next_month_day(u, month, day, False) if day else None
    return ahead is not None and (date.fromisoformat(ahead) - u.today).days > 300


def _month_number(u: Utterance, match: re.Match[str], end: int) -> int | None:
    """The number of the month named; None where none is: 两月, 个把月 and 三月没开工资 are lengths, 一月八百 is for every month."""
    if match["month"] == "元":
        return 1
    numeral = u.tape.number(match.start("month"))
    month = numeral.whole or 0
    if numeral.counts or numeral.approx or not 1 <= month <= 12:
        return None
    if _SO_FAR.match(u.line, end):
        return None
    alone = end == match.end("month") + 1
    if alone and (_MISSED.match(u.line, end) or (numeral.text == "一" and _EVERY_FIRST.match(u.line, end))):
        return None
    return month


def _whole_month(u: Utterance, match: re.Match[str], month: int, past: bool) -> date:
    """First day of the next month of that number, this one included; of the last one where the past is told."""
    this = date(u.today.year, month, 1)
    if past:
        return this if this <= u.today else this.replace(year=this.year - 1)
    return this if month >= u.today.month else this.replace(year=this.year + 1)


def _month_days(u: Utterance) -> Iterator[Found]:
    for match in _MONTH_DAY.finditer(u.line):
        start, end = match.span()
        year, day = year_said(u, match), None
        if match["day"]:
            day = u.tape.number(match.start("day"))
            if match.end() == match.end("day") and day.low is not None and day.low > 31:
                day, end = None, match.start("from") if match["from"] else match.start("day")  # 下个月800: a sum
        month = 0 if match["shift"] else _month_number(u, match, end)
        if year == -1 or month is None or (day and day.text == "几"):
            continue
        past = u.past(start, end)
        first = date(year, month, 1) if year and month else None
        if match["shift"]:
            first = add_months(u.today.replace(day=1), SHIFTS[match["shift"]])
        if day:
            past = past or (first is None and _just_gone(u, match, month))
            yield Found("date", _day_value(u, match, first, month, past), start, end)
            continue
        first = first or _whole_month(u, match, month, past)
        value = in_month(first, "内" if match["inside"] else match["part"])
        if match["first"] and 1 <= (begin := u.tape.number(match.start("first")).whole or 0) <= 12:
            value = f"{first.replace(year=first.year - (begin > month), month=begin)}/{value[-10:]}"  # 3到6月
        yield Found("date", value, start, end)


def _bare_days(u: Utterance) -> Iterator[Found]:
    for match in _BARE_DAY.finditer(u.line):
        numeral = u.tape.number(match.start("day"))
        past = u.past(*match.span())
        if numeral.text in ("几", "两") or numeral.text + u.line[match.end() - 1] == "一日" or not 1 <= (numeral.low or 1) <= 31:
            continue
        if numeral.low is None or numeral.high is None or numeral.approx:
            yield Found("date", None, *match.span())
            continue
        days = [int(numeral.low), int(numeral.high)]
        if match["from"] and (begin := u.tape.number(match.start("from")).whole):
            days[0] = begin
        last = next_day_of_month(u.today, days[1], past)
        if days[0] == days[1] or last is None:
            yield Found("date", last, *match.span(), day=days[0] if days[0] == days[1] else None)
        else:
            month = add_months(
                date.fromisoformat(last).replace(day=1), 0 if days[0] < days[1] else -1
            )  # 25到5号 begins the month before
            begin_day = next_day_of_month(month, days[0])
            yield Found("date", f"{begin_day}/{last}" if begin_day else None, *match.span())


def _two_days(u: Utterance) -> Iterator[Found]:
    """15、16号, and 十五、六号, which leaves out the ten of the second."""
    for match in _TWO_DAYS.finditer(u.line):
        one, two = (u.tape.number(match.start(name)).whole or 0 for name in ("one", "two"))
        if not 1 <= one <= 31 or not 1 <= two <= 31:
            continue
        if two < 10 < one:
            two += one // 10 * 10
        first, last = (next_day_of_month(u.today, day) for day in (one, two))
        if two == one + 1 and match["two"] and first and last:
            yield Found("date", f"{first}/{last}", *match.span())
            continue
        yield Found("date", first, match.start(), match.start() + 1)
        yield Found("date", last, match.start("two"), match.end())


def _every_month(u: Utterance) -> Iterator[Found]:
    """每月15 without 号, and a bare number in answer to "when?": the next such day; no sum a month is that small."""
    only = _ONLY_DAY.match(u.line) if u.setting.last_question == "date" else None
    for match in (*_EVERY_MONTH.finditer(u.line), *([only] if only else [])):
        numeral = u.tape.number(match.start("day"))
        if numeral.whole and 1 <= numeral.whole <= 31 and not numeral.approx:
            yield Found("date", next_day_of_month(u.today, numeral.whole), *match.span("day"), day=numeral.whole)


def month_days(u: Utterance) -> Iterator[Found]:
    """Days and months by number; impossible ones (2月30号) and vague ones (二十几号) without value."""
    for at, token in u.tape.tokens.items():
        if isinstance(token, date):
            yield Found("date", token.isoformat(), at, at + 1)
    yield from _month_days(u)
    yield from _two_days(u)
    yield from _bare_days(u)
    yield from _every_month(u)
