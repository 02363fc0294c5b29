"""Digits that name something: the tail of an ID number and phone numbers; and those that must not be read as money or days."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhuhuan.language.normalise import normalise
from zhuhuan.language.values.births import MASKED_ID, WHOLE_ID, Span, births
from zhuhuan.language.values.numbers import SPOKEN, SPOKEN_DIGIT
from zhuhuan.language.values.value import Found

_D = SPOKEN_DIGIT
_NOT_D = "[^0-9零一二三四五六七八九幺两]"
_X = "(?:x|叉|×|✕|艾克斯|埃克斯)"
_TAIL = rf"(?<!{_D})(?P<tail>(?:{_D} ?){{3}}(?:{_D}|{_X}))(?!{_D}|[a-z])"
_CARD = "身份证|证件"
_LAST = "最后|末尾?|后面?|后头|倒数"
_AFTER_CUE = re.compile(
    rf"(?:尾号|尾数|尾巴|结尾|末尾|(?:{_LAST})(?:的|那)?[四4]个?(?:位数?字?|码|数字?)|(?:{_CARD})(?:号码?)?)(?:{_NOT_D}|一下){{0,5}}?{_TAIL}"
)
_LAST_SIX = re.compile(
    rf"(?:{_CARD})?(?:号码?)?的?(?:{_LAST})[六6]位{_NOT_D}{{0,4}}(?P<tail>(?:{_D} ?){{5}}(?:{_D}|{_X}))(?!{_D}|[a-z])"
)
_BEFORE_CUE = re.compile(rf"{_TAIL}(?=(?:的)?(?:结尾|收尾|尾号))")
_WITH_X = re.compile(rf"(?<![0-9a-z])(?P<tail>(?:{_D} ?){{3}}{_X})(?![0-9a-z])")
_BARE = re.compile(rf"(?<![还给交付凑]){_TAIL}(?!\s*(?:年|月|元|块|万|千|百|号楼))")
_TALKS_OF_TAIL = re.compile(r"尾号|后四位|末四位|最后四|末四码|结尾")
_NAMES_ONESELF = re.compile(r"我叫|我是|本人|身份证|尾号|核实|证件|姓名")
_CARD_BEFORE = re.compile(r"(?:卡|账户|账号|存折|手机|电话|折子|个号)[^,，。;；!?]{0,5}$")
_CARD_AFTER = re.compile(r"\s*的?(?:那|这)?[张个本]?(?:银行|储蓄|工资|信用|农信|社保)*(?:卡|账户|账号|存折|折子|手机|电话|账)")

_MOBILE = re.compile(r"(?<![\d.])(?:\+?86[- ]?)?(1[3-9]\d[- ]?\d{4}[- ]?\d{4}|1[3-9]\d{2}[- ]?\d{3}[- ]?\d{4})(?!\d)")
_MOBILE_SPOKEN = re.compile(rf"(?<!{_D})[1一幺] ?[3-9三四五六七八九](?: ?{_D}){{9}}(?!{_D}|[十百千万])")
_LANDLINE = re.compile(r"(?<!\d)\(?(0\d{2,3})\)?[- ]?(\d{7,8})(?!\d)")
_LOCAL = re.compile(r"(?:电话|座机|固话|号码|[打拨])[^\d,，。!?]{0,6}(?<!\d)(\d{7,8})(?!\d)")

# Account and card numbers; lines that everybody may call (rules.md and the carriers').
_LONG = re.compile(r"(?<![\d.])\d{9,}(?!\d)|(?<!\d)\d{4}(?: \d{4}){2,4}(?: \d{1,3})?(?!\d)")
_HOTLINE = re.compile(
    r"(?<![\d.])(?:123\d\d|12[123]|95\d{3}|96\d{3,4}|400-?\d{3}-?\d{4}|(?<=[打拨报找])(?:110|119|120))(?![\d.]|[元块万千百])"
    r"|(?<!\d)(?:1999|315|12123|12306|114|1008[56]|1001[016])(?=投诉|热线|晚会|曝光|登|查|发|打|短信|来)"
    r"|(?<!\d)(?:110|119|120)(?=报警|急救|民警|来了|的?电话)"
)


def _digits(text: str) -> str:
    """Digits as typed figures, X in upper case."""
    return re.sub(_X, "X", text.replace(" ", "")).translate(SPOKEN)


def id_tails(text: str) -> tuple[str, ...]:
    """Last four characters of an ID number in an answer to the verifying question, in the order said, X in upper case.

    Where the last six were asked for and given, all six.

    >>> id_tails("我叫林晓燕 九九零叉")
    ('990X',)
    """
    return tuple(f.value or "" for f in found_ids(normalise(text).text.lower(), verifying=True)[0] if f.entity == "id_tail")


def _tails(text: str, verifying: bool, born: bool, taken: list[Span]) -> Iterator[Found]:
    """ID tails outside what is `taken`, which grows by them.

    Four bare figures are one in answer to the verifying question, and where a birth date or words beside them identify the member.
    """
    for pattern in (WHOLE_ID, MASKED_ID):
        for match in pattern.finditer(text):
            span = match.span("tail") if pattern is WHOLE_ID else match.span()
            yield Found("id_tail", match["tail"].upper(), *span)
            taken.append(match.span())
    bare = verifying or _TALKS_OF_TAIL.search(text) or (taken and (born or _NAMES_ONESELF.search(text)))
    for pattern in (_LAST_SIX, _WITH_X, _AFTER_CUE, _BEFORE_CUE, *([_BARE] if bare else [])):
        for match in pattern.finditer(text):
            start, end = match.span("tail")
            if any(start < b and a < end for a, b in taken):
                continue
            taken.append((start, end))
            if not (_CARD_BEFORE.search(text, 0, match.start() + 2) or _CARD_AFTER.match(text, end)):
                yield Found("id_tail", _digits(match["tail"]), start, end)


def _phones(text: str) -> dict[Span, Found]:
    phones: dict[Span, Found] = {}
    for pattern in (_MOBILE, _MOBILE_SPOKEN, _LANDLINE, _LOCAL):
        for match in pattern.finditer(text):
            start, end = match.span()
            if not any(start < b and a < end for a, b in phones):
                number = "".join(match.groups()) or match.group()
                phones[start, end] = Found("phone", re.sub(r"\D", "", _digits(number)), start, end)
    return phones


def found_ids(text: str, verifying: bool) -> tuple[list[Found], list[Span]]:
    """ID tails and phone numbers of a normalised text in lower case, and all spans that hold no money and no day."""
    phones = _phones(text)
    whole = {m.span() for pattern in (WHOLE_ID, MASKED_ID) for m in pattern.finditer(text)}
    born = [span for span, days in births(text) if days and (verifying or span[1] - span[0] > 6) and span not in phones]
    taken = [*phones, *(span for span in born if span not in whole)]
    tails = list(_tails(text, verifying, bool(born), taken))
    other = [m.span() for pattern in (_LONG, _HOTLINE) for m in pattern.finditer(text)]
    return sorted([*phones.values(), *tails], key=lambda f: f.start), [*taken, *other]
