"""Days near today: 明天, 大后天, weekdays, weeks and weekends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from zhuhuan.language.values.utterance import Utterance
from zhuhuan.language.values.value import Found
from zhuhuan.language.values.year_parts import SHIFTS

_DAY = timedelta(days=1)
_NEAR = {
    0: "今天|今儿个|今儿|今日|今晚|今早|今夜|即日", 1: "明天|明儿个|明儿|明日|明早|明晚|明晨|听日|明朝", 2: "后天|后儿个|后儿|后日|后晚",
    3: "大后天|大后儿|大后日", -1: "昨天|昨儿个|昨儿|昨日|昨晚|昨夜|寻日|琴日", -2: "前天|前儿个|前儿|前日|前晚", -3: "大前天|大前日",
}  # fmt: skip
_DAYS = {word: days for days, words in _NEAR.items() for word in words.split("|")}
_NEAR_DAY = re.compile(rf"(?<![以之过])(?:{'|'.join(sorted(_DAYS, key=len, reverse=True))})(?!头条|说法|资讯)")
_SOME_DAYS = re.compile(r"(?P<days>明后|今明)N?天")
_WHICH = r"(?<![眼剩底乡手当余私一以])(?P<which>下下|下|这|本|上上|上)(?:一)?个?"
_WEEK_NAME = "(?:周|星期|礼拜|拜)"
_WEEKDAY = re.compile(
    rf"(?:{_WHICH})?{_WEEK_NAME}(?:(?P<name>[一二三四五六日天])(?!结)|(?P<number>N)(?![A-Z个天期月年块元万千百号岁周点多来]))"
)
_WEEKEND = re.compile(rf"(?:{_WHICH})?{_WEEK_NAME}末(?!好|愉快|快乐)")
_WEEK = re.compile(rf"{_WHICH}(?:周|星期|礼拜)(?P<inside>之?内|以内)?|(?<![A-Z个])周(?P<alone>内)")


def near_days(u: Utterance) -> Iterator[Found]:
    """Days said by their distance from today or by weekday; a week is Monday to Sunday, a weekend its last two days."""
    monday = u.today - u.today.weekday() * _DAY
    for match in _NEAR_DAY.finditer(u.line):
        yield Found("date", (u.today + _DAYS[match.group()] * _DAY).isoformat(), *match.span())
    for match in _SOME_DAYS.finditer(u.line):
        first = u.today + (match["days"] == "明后") * _DAY
        yield Found("date", f"{first}/{first + _DAY}", *match.span())
    for match in _WEEKDAY.finditer(u.line):
        if match["name"]:
            weekday = min("一二三四五六日天".index(match["name"]), 6)
        else:
            number = u.tape.number(match.start("number"))
            if not number.text.isdigit() or not 1 <= (number.whole or 0) <= 7:
                continue
            weekday = (number.whole or 1) - 1
        day = monday + (weekday + 7 * SHIFTS.get(match["which"] or "", 0)) * _DAY
        if match["which"] is None and u.past(*match.span()):
            day -= 7 * _DAY * (day > u.today)
        elif match["which"] is None and day < u.today:
            day += 7 * _DAY
        yield Found("date", day.isoformat(), *match.span(), weekday=None if match["which"] else weekday)
    for match in _WEEKEND.finditer(u.line):
        saturday = monday + (5 + 7 * SHIFTS.get(match["which"] or "", 0)) * _DAY
        yield Found("date", f"{saturday}/{saturday + _DAY}", *match.span())
    for match in _WEEK.finditer(u.line):
        first = monday + 7 * SHIFTS.get(match["which"] or "", 0) * _DAY
        last = first + 6 * _DAY
        yield Found("date", last.isoformat() if match["inside"] or match["alone"] else f"{first}/{last}", *match.span())
