"""Birth dates for verification: six or eight figures typed or spoken, in words, in a whole ID number, masked or not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date

from zhuhuan.calendar import lunar
from zhuhuan.language.normalise import normalise
from zhuhuan.language.values.numbers import SPOKEN, SPOKEN_DIGIT, regular

Span = tuple[int, int]

_D = SPOKEN_DIGIT
_ONE_TO_NINE = "[一二三四五六七八九]"
_YEAR = r"(?:19|20)\d{2}"
_YEAR_SPOKEN = rf"[二两]千零{_ONE_TO_NINE}|[一幺1][九9][零一二三四五六七八九\d]{{2}}|二零[零一二三四五六七八九]{{2}}|[零一二三四五六七八九]{{2}}"
_MONTH = rf"正|腊|冬|1[0-2]|0?[1-9]|十[一二]?|{_ONE_TO_NINE}"
_DAY = rf"初[一二三四五六七八九十]|3[01]|[12]\d|0?[1-9]|三十一?|二十{_ONE_TO_NINE}?|廿{_ONE_TO_NINE}?|十{_ONE_TO_NINE}?|{_ONE_TO_NINE}"
_MOON = "农历|阴历|旧历"
_IN_WORDS = re.compile(
    rf"(?P<lunar>{_MOON})?(?<!\d)(?P<y>{_YEAR}|\d{{2}}|{_YEAR_SPOKEN})年? ?(?P<lunar2>{_MOON})?"
    rf"(?<=[年历 ])(?P<m>{_MONTH})月份? ?(?P<d>{_DAY})[号日]?"
)
_WITH_MARKS = re.compile(
    rf"(?<![\d.])(?P<y>{_YEAR}|[3-9]\d)(?P<mark>[-./ ])(?P<m>1[0-2]|0?[1-9])(?P=mark)(?P<d>3[01]|[12]\d|0?[1-9])(?!\d)"
)
_IN_FIGURES = re.compile(rf"(?<!{_D})(?P<y>(?:{_D}{{2}}){{1,2}})(?P<m>{_D}{{2}})(?P<d>{_D}{{2}})(?!{_D}|[.x]|[元块万千百])")
WHOLE_ID = re.compile(r"(?<!\d)[1-9]\d{5} ?(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2}) ?(?P<tail>\d{3}[\dx])(?![\da-z])")
MASKED_ID = re.compile(
    r"(?<!\d)\d{0,6}\*+(?:(?P<y>(?:19|20)?\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01]))?(?P<tail>\d{3}[\dx])(?![\da-z])"
)


def _number(text: str) -> int:
    text = {"正": "一", "冬": "十一", "腊": "十二"}.get(text, text.replace("初", "").replace("廿", "二十"))
    return int(regular(text) or 0)


def _year(text: str) -> int:
    """A birth year; of two figures the last hundred years' that makes a grown-up: 90 is 1990, 05 is 2005."""
    digits = ("200" + text[-1] if "千" in text else text).translate(SPOKEN)
    return int(digits) if len(digits) == 4 else int(digits) + (2000 if int(digits) <= 12 else 1900)


def _readings(year: int, month: int, day: int, by_moon: bool = False) -> tuple[date, ...]:
    """The days that are meant, none where there is no such day.

    A day told in the lunar way may stand so on the card too: both readings count, the card's own first.
    """
    days: list[date] = []
    with suppress(ValueError):
        days.append(date(year, month, day))
    if by_moon:
        with suppress(ValueError):
            days.append(lunar(year, month, day))
    return tuple(days) if 1930 <= year <= 2012 else ()


def births(text: str) -> Iterator[tuple[Span, tuple[date, ...]]]:
    """Spans of birth dates with their readings, of a normalised text in lower case."""
    for match in _IN_WORDS.finditer(text):
        by_moon = bool(match["lunar"] or match["lunar2"] or "初" in match["d"])
        yield match.span(), _readings(_year(match["y"]), _number(match["m"]), _number(match["d"]), by_moon)
    for pattern in (WHOLE_ID, MASKED_ID, _WITH_MARKS, _IN_FIGURES):
        for match in pattern.finditer(text):
            if match["y"]:
                yield (
                    match.span(),
                    _readings(_year(match["y"]), int(match["m"].translate(SPOKEN)), int(match["d"].translate(SPOKEN))),
                )


def birth_dates(text: str) -> tuple[date, ...]:
    """Birth dates that an utterance may mean, for verification, in the order said.

    Six or eight figures, typed or spoken, with or without 年月日, and those inside a whole ID number. 六月初二 gives the card's own
    reading (2 June) and the lunar one. No date is an answer too: an empty tuple.

    >>> birth_dates("4410 90年2月8号")
    (datetime.date(1990, 2, 8),)
    """
    found = {day: None for _, days in sorted(births(normalise(text).text.lower())) for day in days}
    return tuple(found)
