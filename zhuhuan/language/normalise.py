"""One spelling for what members type and say, with the way back to every original character.

Traditional becomes Simplified (OpenCC t2s), full width half width, long runs of one character short, spaces are tidied,
and homophones of the field (预期 for 逾期, 换款 for 还款) are put right where the wrong word cannot be meant.
Labels, training data and the values all work on the normalised text; spans are told in the original.

>>> said = normalise("我１５號  換款好好好好")
>>> said.text
'我15号 还款好好'
>>> said.original(1, 4)
(1, 4)
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import opencc

# Wrong words that recognisers and input methods make of the field's words. Each pair has the same length, so that offsets stay,
# and the left side means nothing that a member would say of a loan.
HOMOPHONES = {
    "预期": "逾期", "逾其": "逾期", "愈期": "逾期",
    "换款": "还款", "环款": "还款", "换清": "还清", "换钱": "还钱", "换不上": "还不上", "换不起": "还不起",
    "带款": "贷款", "代款": "贷款", "袋款": "贷款",
    "分其": "分期", "分器": "分期", "沿期": "延期", "宽线": "宽限", "宽现": "宽限",
    "伐息": "罚息", "罚西": "罚息", "罚习": "罚息", "立息": "利息", "利西": "利息", "本斤": "本金",
    "征心": "征信", "征性": "征信", "征新": "征信", "政信": "征信",
    "减勉": "减免", "捡免": "减免", "催受": "催收", "崔收": "催收", "协尚": "协商", "结青": "结清",
    "帐户": "账户", "帐号": "账号", "帐单": "账单", "到帐": "到账", "转帐": "转账", "入帐": "入账", "欠帐": "欠账", "赖帐": "赖账",
    "还帐": "还账", "结帐": "结账", "记帐": "记账", "对帐": "对账", "算帐": "算账",
    "工姿": "工资", "尾浩": "尾号", "微号": "尾号", "身份正": "身份证", "生份证": "身份证", "头诉": "投诉",
}  # fmt: skip
# "not up to expectations" and "as expected" are the only places where 预期 is meant.
_HOMOPHONE = re.compile("(?<![及到出合如料])(?:" + "|".join(sorted(HOMOPHONES, key=len, reverse=True)) + ")")

_INVISIBLE = frozenset("​‌‍⁠﻿︎️⃣­")  # zero-width signs, variation selectors, the keycap
_NUMBER_SIGNS = frozenset("零〇一二两三四五六七八九十百千万亿")  # a run of these is a figure, not an emphasis
_HAN = re.compile(r"[㐀-鿿]")
# A space between a figure and its unit, or between month and day, is no pause: 15 号 and 1月 8号 stay together, 4410 月底 does not.
_SPACE_IN_FIGURE = re.compile(
    r"(?<=\d) (?=[块元万千百毛角])|(?:(?<=(?<!\d)\d)|(?<=(?<!\d)\d\d)) (?=(?:年|月)(?![底初末前])|[号日个天期点岁])|(?<=[年月]) (?=\d{1,2} ?[月号日])"
)
_SAME = str.maketrans({"○": "零", "〇": "零", "￥": "¥", "—": "-", "–": "-", "－": "-", "～": "~", "﹣": "-"})


@dataclass(frozen=True)
class Normalised:
    """`text` in one spelling; `offsets[i]` is where its character i stands in the original, with one more for the end."""

    text: str
    offsets: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Span in the original of the span [start, end) here; an empty span stays empty."""
        if start >= end:
            return self.offsets[start], self.offsets[start]
        return self.offsets[start], self.offsets[end - 1] + 1


@lru_cache(maxsize=1)
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _simplified(text: str) -> str:
    """Simplified, a character for a character: phrase by phrase, or sign by sign where a phrase changes its length."""
    whole: str = _simplifier().convert(text)
    if len(whole) == len(text):
        return whole
    return "".join(s if len(s := _simplifier().convert(c)) == 1 else c for c in text)


def _half_width(sign: str) -> str:
    """Digits, Latin letters and ASCII punctuation in their plain form; ideographic punctuation stays."""
    if sign.isascii() or "㐀" <= sign <= "鿿":
        return sign
    if sign.isspace():
        return " "
    plain = unicodedata.normalize("NFKC", sign)
    return plain if len(plain) == 1 and plain.isascii() and plain.strip() else sign


def _run_length(sign: str, length: int) -> int:
    """How many of a run of `length` equal signs are kept: figures whole, emphasis twice, a space once."""
    if sign == " ":
        return 1
    if sign.isdigit() or sign in _NUMBER_SIGNS or (sign.isascii() and sign.isalpha() and length < 4):
        return length
    return min(length, 2)


def normalise(text: str) -> Normalised:
    """`text` in one spelling, with offsets back to it. Case is kept; leading and trailing spaces are dropped."""
    signs: list[tuple[str, int]] = []
    for at, sign in enumerate(text):
        if sign not in _INVISIBLE:
            signs.extend((plain, at) for plain in _half_width(sign))
    kept: list[tuple[str, int]] = []
    for sign, run in groupby(signs, key=lambda pair: pair[0]):
        same = list(run)
        kept.extend(same[: _run_length(sign, len(same))])
    while kept and kept[0][0] == " ":
        kept.pop(0)
    while kept and kept[-1][0] == " ":
        kept.pop()
    line = _simplified("".join(sign for sign, _ in kept)).translate(_SAME)
    line = _HOMOPHONE.sub(lambda m: HOMOPHONES[m.group()], line)
    drop = {m.start() for m in _SPACE_IN_FIGURE.finditer(line)} | _letter_spaces(line)
    places = [at for i, (_, at) in enumerate(kept) if i not in drop]
    return Normalised("".join(c for i, c in enumerate(line) if i not in drop), (*places, len(text)))


def _letter_spaces(line: str) -> set[int]:
    """Places of spaces in text that some recognisers write with a space after every character (我 下 个 月 还)."""
    words = line.split(" ")
    if len(words) < 4 or sum(len(w) == 1 for w in words) < 0.7 * len(words):
        return set()
    return {i for i, c in enumerate(line) if c == " " and _HAN.match(line[i - 1]) and _HAN.match(line[i + 1 : i + 2] or " ")}
