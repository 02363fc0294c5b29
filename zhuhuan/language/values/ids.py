"""Digits that name something: the tail of an ID number, phone numbers, birth dates; and those that must not be read as money.

All functions here but the three public ones take the normalised text in lower case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date

from zhuhuan.calendar import lunar
from zhuhuan.language.normalise import normalise
from zhuhuan.language.values.numbers import SPOKEN, regular
from zhuhuan.language.values.value import Found

Span = tuple[int, int]

_D = "[0-9零一二三四五六七八九幺两拐洞勾]"
_X = "(?:x|叉|×|✕|艾克斯|埃克斯)"
_TAIL = rf"(?<!{_D})(?P<tail>(?:{_D} ?){{3}}(?:{_D}|{_X}))(?!{_D}|[a-z])"
_TAIL_CUE = re.compile(
    r"(?:尾号|尾数|尾巴|结尾|末尾|(?:最后|末尾?|后面?|后头|倒数)(?:的|那)?[四4]个?(?:位数?字?|码|数字?)|(?:身份证|证件)(?:号码?)?)"
    rf"(?:[^0-9零一二三四五六七八九幺两]|一下){{0,5}}?{_TAIL}"
)
_TAIL_SIX = re.compile(rf"(?:身份证|证件)?(?:号码?)?的?(?:最后|末尾?|后面?)[六6]位[^0-9零一二三四五六七八九幺两]{{0,4}}(?P<tail>(?:{_D} ?){{5}}(?:{_D}|{_X}))(?!{_D}|[a-z])")
_TAIL_ENDS = re.compile(rf"{_TAIL}(?=(?:的)?(?:结尾|收尾|尾号))")
_TAIL_X = re.compile(rf"(?<![0-9a-z])(?P<tail>(?:{_D} ?){{3}}{_X})(?![0-9a-z])")
_MASKED = re.compile(r"(?<!\d)\d{0,6}\*+(?P<y>(?:19|20)?\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?P<tail>\d{3}[\dx])(?![\da-z])|(?<!\d)\d{3,6}\*+(?P<tail2>\d{3}[\dx])(?![\da-z])")
_TALKS_OF_TAIL = re.compile(r"尾号|后四位|末四位|最后四|末四码|结尾")
_BARE = re.compile(rf"(?<![还给交付凑]){_TAIL}(?!\s*(?:年|月|元|块|万|千|百|号楼))")
_CARD_BEFORE = re.compile(r"(?:卡|账户|账号|存折|手机|电话|折子|个号)[^,，。;；!?]{0,5}$")
_CARD_AFTER = re.compile(r"\s*的?(?:那|这)?[张个本]?(?:银行|储蓄|工资|信用|农信|社保)*(?:卡|账户|账号|存折|折子|手机|电话|账)")
_NAMED = re.compile(r"我叫|我是|本人|身份证|尾号|核实|证件|姓名")

_MOBILE = re.compile(r"(?<![\d.])(?:\+?86[- ]?)?(1[3-9]\d[- ]?\d{4}[- ]?\d{4}|1[3-9]\d{2}[- ]?\d{3}[- ]?\d{4})(?!\d)")
_MOBILE_SPOKEN = re.compile(rf"(?<!{_D})[1一幺] ?[3-9三四五六七八九](?: ?{_D}){{9}}(?!{_D}|[十百千万])")
_LANDLINE = re.compile(r"(?<!\d)\(?(0\d{2,3})\)?[- ]?(\d{7,8})(?!\d)")
_LOCAL = re.compile(r"(?:电话|座机|固话|号码|[打拨])[^\d,，。!?]{0,6}(?<!\d)(\d{7,8})(?!\d)")
_FULL_ID = re.compile(r"(?<!\d)[1-9]\d{5} ?(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2}) ?(?P<tail>\d{3}[\dx])(?![\da-z])")
_LONG = re.compile(r"(?<![\d.])\d{9,}(?!\d)|(?<!\d)\d{4}(?: \d{4}){2,4}(?: \d{1,3})?(?!\d)")
_HOTLINE = re.compile(r"(?<![\d.])(?:123\d\d|12[123]|95\d{3}|96\d{3,4}|400-?\d{3}-?\d{4}|(?<=[打拨报找])(?:110|119|120))(?![\d.]|[元块万千百])|(?<!\d)(?:1999|315|12123|12306|114|1008[56]|1001[016])(?=投诉|热线|晚会|曝光|登|查|发|打|短信|来)|(?<!\d)(?:110|119|120)(?=报警|急救|民警|来了|的?电话)")

_YEAR4 = "(?:19|20)\\d{2}"
_MONTH = "正|腊|冬|1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]"
_DAY = "初[一二三四五六七八九十]|3[01]|[12]\\d|0?[1-9]|三十一?|二十[一二三四五六七八九]?|廿[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九]"
_YEAR_SPOKEN = "[二两]千零[一二三四五六七八九]|[一幺1][九9][零一二三四五六七八九\\d]{2}|二零[零一二三四五六七八九]{2}|[零一二三四五六七八九]{2}"
_BIRTH_WORDS = re.compile(rf"(?P<lunar>农历|阴历|旧历)?(?<!\d)(?P<y>{_YEAR4}|\d{{2}}|{_YEAR_SPOKEN})年? ?(?P<lunar2>农历|阴历|旧历)?(?<=[年历 ])(?P<m>{_MONTH})月份? ?(?P<d>{_DAY})[号日]?")
_BIRTH_MARKS = re.compile(rf"(?<![\d.])(?P<y>{_YEAR4}|[3-9]\d)(?P<mark>[-./ ])(?P<m>1[0-2]|0?[1-9])(?P=mark)(?P<d>3[01]|[12]\d|0?[1-9])(?![\d])")
_BIRTH_DIGITS = re.compile(rf"(?<!{_D})(?P<y>(?:{_D}{{2}}){{1,2}})(?P<m>{_D}{{2}})(?P<d>{_D}{{2}})(?!{_D}|[.x]|[元块万千百])")


def _digits(text: str) -> str:
    return re.sub(_X, "X", text.replace(" ", "")).translate(SPOKEN)


def _number(text: str) -> int:
    text = {"正": "一", "冬": "十一", "腊": "十二"}.get(text, text.replace("初", "").replace("廿", "二十"))
    value = regular(text)
    return -1 if value is None else int(value)


def _year(text: str) -> int:
    """A birth year; of two figures the last hundred years' that makes a grown-up: 90 is 1990, 05 is 2005."""
    digits = ("200" + text[-1] if "千" in text else text).translate(SPOKEN)
    return int(digits) if len(digits) == 4 else int(digits) + (2000 if int(digits) <= 12 else 1900)


def _readings(year: int, month: int, day: int, by_moon: bool = False) -> tuple[date, ...]:
    """The days that are meant, none where there is no such day. A day told in the lunar way may stand so on the card too: both count."""
    days: list[date] = []
    with suppress(ValueError):
        days.append(date(year, month, day))
    if by_moon:
        with suppress(ValueError):
            days.append(lunar(year, month, day))
    return tuple(days) if 1930 <= year <= 2012 else ()


def _births(text: str) -> Iterator[tuple[Span, tuple[date, ...]]]:
    """Spans of birth dates with their readings."""
    for match in _BIRTH_WORDS.finditer(text):
        by_moon = bool(match["lunar"] or match["lunar2"] or "初" in match["d"])
        yield match.span(), _readings(_year(match["y"]), _number(match["m"]), _number(match["d"]), by_moon)
    for match in (*_FULL_ID.finditer(text), *_MASKED.finditer(text), *_BIRTH_MARKS.finditer(text), *_BIRTH_DIGITS.finditer(text)):
        if match["y"] is None:
            continue
        yield match.span(), _readings(_year(match["y"]), *(int(match[part].translate(SPOKEN)) for part in "md"))


def birth_dates(text: str) -> tuple[date, ...]:
    """Birth dates that an utterance may mean, for verification, in the order said.

    Six or eight figures, typed or spoken, with or without 年月日, and those inside a whole ID number. 六月初二 gives the card's own
    reading (2 June) and the lunar one. No date is an answer too: an empty tuple.

    >>> birth_dates("4410 90年2月8号")
    (datetime.date(1990, 2, 8),)
    """
    found = {day: None for _, days in sorted(_births(normalise(text).text.lower())) for day in days}
    return tuple(found)


def id_tails(text: str) -> tuple[str, ...]:
    """Last four characters of an ID number in an answer to the verifying question, in the order said, X in upper case.

    >>> id_tails("我叫林晓燕 九九零叉")
    ('990X',)
    """
    return tuple(f.value or "" for f in found_ids(normalise(text).text.lower(), verifying=True)[0] if f.entity == "id_tail")


def _tails(text: str, verifying: bool, born: bool, taken: list[Span]) -> Iterator[Found]:
    def free(start: int, end: int) -> bool:
        return not any(start < b and a < end for a, b in taken)

    for match in _FULL_ID.finditer(text):
        yield Found("id_tail", match["tail"].upper(), *match.span("tail"))
        taken.append(match.span())
    for match in _MASKED.finditer(text):
        yield Found("id_tail", (match["tail"] or match["tail2"]).upper(), *match.span())
        taken.append(match.span())
    patterns = [_TAIL_SIX, _TAIL_X, _TAIL_CUE, _TAIL_ENDS]
    if verifying or _TALKS_OF_TAIL.search(text) or (taken and (_NAMED.search(text) or born)):
        patterns.append(_BARE)
    for pattern in patterns:
        for match in pattern.finditer(text):
            start, end = match.span("tail")
            if not free(start, end):
                continue
            taken.append((start, end))
            if not (_CARD_BEFORE.search(text, 0, match.start() + 2) or _CARD_AFTER.match(text, end)):
                yield Found("id_tail", _digits(match["tail"]), start, end)


def _phones(text: str) -> Iterator[Found]:
    for pattern in (_MOBILE, _MOBILE_SPOKEN, _LANDLINE, _LOCAL):
        for match in pattern.finditer(text):
            group = "".join(match.groups()) or match.group()
            yield Found("phone", re.sub(r"\D", "", _digits(group)), *match.span())


def found_ids(text: str, verifying: bool) -> tuple[list[Found], list[Span]]:
    """ID tails and phone numbers of a normalised text in lower case, and all spans in which no money or day is to be looked for."""
    phones: dict[Span, Found] = {}
    for phone in _phones(text):
        if not any(phone.start < b and a < phone.end for a, b in phones):
            phones[phone.start, phone.end] = phone
    ids = {m.span() for m in _FULL_ID.finditer(text)}
    births = [span for span, days in _births(text) if days and (verifying or span[1] - span[0] > 6) and span not in phones]
    taken = [*phones, *(span for span in births if span not in ids)]
    masked = {m.span() for m in _MASKED.finditer(text)}
    taken = [span for span in taken if span not in masked]
    tails = list(_tails(text, verifying, bool(births), taken))
    other = [m.span() for pattern in (_LONG, _HOTLINE) for m in pattern.finditer(text)]
    return sorted([*phones.values(), *tails], key=lambda f: f.start), [*taken, *other]
