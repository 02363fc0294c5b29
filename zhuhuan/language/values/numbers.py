"""Numerals as members write and say them, and the tape: the text with each numeral as one sign.

cn2an reads what is regular (两千五, 1万2, 壹仟贰佰, 十五万); what it does not know is put round it here: pairs (三五千, 一千二三),
vague ones (几百, 二十几), approximate ones (千把, 两千来), k and w, and digits spoken one by one.

The grammars of amounts, dates and so on are regular expressions over the tape, in which (the text being lower case) a capital stands for
N a number, R a pair of numbers, V a vague number, D a date in figures, T a clock time in figures, P digits that name something (a phone number).

>>> tape("每个月最多八百 下月15号").line
'每个月最多N 下月N号'
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

import cn2an

FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟廿幺俩仨○〇", "一二三四五六七八九十百千二一两三零零")
SPOKEN = str.maketrans("零一二两三四五六七八九幺〇○俩仨拐洞勾", "0122345678910023709")
_DIGIT = "零〇○一二两俩仨三四五六七八九幺壹贰叁肆伍陆柒捌玖"
_UNIT = "十百千万亿拾佰仟"
_SCALE = {"十": 10, "百": 100, "千": 1000}
_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_WITH_POINT = rf"[{_DIGIT}十百]+点[{_DIGIT}]+(?:[万千亿]|(?=[块元倍%]))"
_ROUGH = {"百把": 100, "百来": 100, "百十": 100, "百八十": 100, "百儿八十": 100, "千把": 1000, "千来": 1000, "千八百": 1000, "千儿八百": 1000,
          "万把": 10000, "万来": 10000, "万八千": 10000, "万儿八千": 10000, "个把": 1}  # fmt: skip
_RUN = re.compile(
    rf"(?P<rough>(?<![{_DIGIT}\d几])(?:{'|'.join(sorted(_ROUGH, key=len, reverse=True))}))"
    rf"|(?P<over>(?:上|成|过|破|大几|好几|几)(?:[十百千万](?![一分])万?)(?![{_DIGIT}]))"
    rf"|(?P<point>{_WITH_POINT})"
    rf"|(?P<run>(?:{_ARABIC}|[{_DIGIT}{_UNIT}几数廿卅]|(?<=\d)[kw](?![a-z]))+)"
)
# Words that hold a numeral and mean none, and names of days, which the date grammar reads as words.
_WORD = re.compile(
    rf"(?<![{_DIGIT}\d十百千])(?:万一|千万(?!元|块|富)|百分百|十分(?!钟|之)|十足)"
    r"|(?<![一二两三四五六七八九十几\d]个)(?:周|星期|礼拜|拜)[一二三四五六](?![百千万个\d块元次趟回节顿])"
    r"|双十[一二]|双1[12]|(?<![一二两三四五六七八九十百千万毛块角\d])[五六八七]一(?![个斤亩头只周月天次年百千万条件节])|大年三十|年三十|三十晚|除夕|七夕|(?<![二三])十一(?=假|长假|黄金周|放假|国庆|期间)|国庆十一|三八(?:节|妇女)|(?<![反真改])正月|腊[月八]|冬月|大年初一|八月节|五月节|二月二|三月三|六月六|七月半|九月九"
    r"|头七|(?<=[加凑在合])一块(?!钱)|一块(?![钱\d一二三四五六七八九两多来])|一(?:下|定|些|起|样|直|般|共|切|律|会儿|会|旦|向|贯|辈子|再|时|阵|口气|次性|方面|边|路|心|概|生|手|家人|家子|分钱|毛不拔)"
    r"|(?<![第午上晚早])一点(?=都|也|儿|办法|钱|不|没|点|[吧呢啊,，。!？?]|$)|[有早快晚多少慢好便宜高低松]一点"
    r"|三天两头|一天到晚|一年到头|一年四季|三番[五两]次|七上八下|乱七八糟|三言两语|说一不二|三心二意|一五一十|不三不四|接二连三|三更半夜|半死不活"
    r"|十有八九|五险一金|三农|二[维手胎]|二话|三轮|四川|九江|第三方|第三者|老[二三四五六]|(?<=(?<![眼剩底乡手当余私以])[下上这])一(?=个?(?:月|周|星期|礼拜|季|年))|一段|(?<![月年历])[高大初][一二三](?=[学孩娃生的了,，。 ]|$)"
    r"|三长两短|千[辛方]百?万?[苦计]?|百分之(?=百)|万[分事般能]|低三下四|一来二去|丢三落四|五保户?|半点"
)
_MORE = re.compile(r"多(?![少谢久还给交退要宽缓等吃分])|来(?=[块元个天万亩斤多号岁年月钱蚊头期])|把(?=[块元个斤亩])|余(?!款|额|下)|好几|零(?=蚊)|嚟")
_SUM_AND_DAY = re.compile(r"^(.+[百千万])([一二三四五六七八九]|二?十[一二三四五六七八九]?|三十一?)$")
_COUNTED = "个天年周期斤亩次月季趟回顿头只张人瓶桶台日把"  # what a single 一 counts
_PAIRS = frozenset({"一二", "两三", "二三", "三四", "四五", "五六", "六七", "七八", "八九", "三五", "三两", "一两"})
_PAIR = re.compile(r"^((?:.*[十百千万])?)([一二两三四五六七八九])([一二两三四五六七八九])([十百千万亿]*)$")


@dataclass(frozen=True)
class Numeral:
    """A numeral at [start, end) of the text: `low` equals `high` but for a pair; both None where it is vague.

    digits: the figure digit by digit where it was so written or spoken. scaled: said with 百, 千, 万 or more.
    """

    start: int
    end: int
    text: str
    low: Decimal | None = None
    high: Decimal | None = None
    approx: bool = False
    scaled: bool = False
    digits: str | None = None

    @property
    def sign(self) -> str:
        """Its letter on the tape."""
        return "V" if self.low is None else "N" if self.low == self.high else "R"

    @property
    def whole(self) -> int | None:
        """Its value where it is one whole number."""
        return int(self.low) if self.low is not None and self.low == self.high == self.low.to_integral_value() else None

    @property
    def counts(self) -> bool:
        """Whether it can only count (两个月, 俩月) and never name a month or a day."""
        return self.text in ("两", "俩", "仨")


@dataclass(frozen=True)
class Tape:
    """`line` with its signs' meanings by place; `places[i]` is where sign i begins in the text, with one more for the end."""

    line: str
    tokens: Mapping[int, Numeral | date | str]
    places: tuple[int, ...]

    def number(self, at: int) -> Numeral:
        """The numeral that stands at `at`; raises KeyError where none does."""
        token = self.tokens[at]
        if not isinstance(token, Numeral):
            raise KeyError(at)
        return token


@lru_cache(maxsize=4096)
def regular(text: str) -> Decimal | None:
    """Value of a regular numeral in canonical signs, None where it is none."""
    if text.isascii():
        return Decimal(text.replace(",", ""))
    try:
        if "点" in text and text[-1] in "千万亿":
            return Decimal(str(cn2an.cn2an(text[:-1], "smart"))) * {"千": 10**3, "万": 10**4, "亿": 10**8}[text[-1]]
        return Decimal(str(cn2an.cn2an(text, "smart")))
    except ValueError:
        return None


def _canonical(run: str) -> str:
    return run.replace(",", "").replace("k", "千").replace("w", "万").replace("卅", "三十").replace("廿", "二十").translate(FORMAL)


def _pieces(run: str, then: str = "") -> list[str]:
    """A run cut where a new numeral must begin: units fall within a section (三百|五百, 八百|一千), 万 comes once (一万|两万).

    The digit behind a unit, which else is a tenth of it (三千一), begins a new numeral where it counts what comes `then` (三千|一个月).
    """
    parts = re.findall(r"\d[\d,.]*|[十百千万亿kw拾佰仟]|.", run)
    if then and then in "号日" and (sum_and_day := _SUM_AND_DAY.match(run)):
        return [sum_and_day[1], sum_and_day[2]]  # 七百|二十号
    cuts, last, section, seen_wan, figure = [0], 10**9, 0, False, 0
    for i, part in enumerate(parts):
        unit = _canonical(part)
        if i > 1 and i + 1 == len(parts) and _canonical(parts[i - 1]) in "百千万" and part in "两俩仨":
            cuts.append(i)
        if i and i + 1 == len(parts) and part == "一" and then and then in _COUNTED and _canonical(parts[i - 1]) != "十":
            cuts.append(i)
        if cuts[-1] != i and i and parts[i - 1] in _DIGIT and part in _DIGIT and i - 1 > 0 and _canonical(parts[i - 2]) in "十百千万" and parts[i - 1] not in "零〇○":
            closing = i + 1 == len(parts) or _canonical(parts[i + 1]) not in _SCALE
            if closing and _canonical(parts[i - 1] + part) not in _PAIRS:
                cuts.append(i)  # 四千八|一把清
                last, section, seen_wan, figure = 10**9, i, False, i
        if unit in _SCALE:
            if _SCALE[unit] >= last and figure > cuts[-1]:
                cuts.append(figure)
                section, seen_wan = figure, False
            last, figure = _SCALE[unit], i + 1
        elif unit in "万亿":
            if seen_wan and unit == "万" and section > cuts[-1]:
                cuts.append(section)
            seen_wan, last, section, figure = True, 10**9, i + 1, i + 1
    return ["".join(parts[a:b]) for a, b in zip(cuts, [*cuts[1:], len(parts)], strict=True)]


@lru_cache(maxsize=4096)
def _read(piece: str) -> tuple[Decimal | None, Decimal | None, bool, bool, str | None] | None:
    """low, high, approx, scaled, digits of one numeral; None where it is no numeral."""
    plain = _canonical(piece)
    scaled = any(u in plain for u in "百千万亿")
    if "几" in plain or "数" in plain:
        known = regular(plain[:-1]) if plain[-1] == "几" and plain[-2:-1] in tuple("百千万") else None
        if plain[0] == "数" and (len(plain) == 1 or plain[1] not in "十百千万"):
            return None
        return (known, known, True, scaled, None) if known is not None else (None, None, False, scaled, None)
    if plain[0] in "百千万亿":
        return None
    if plain.isdigit() and plain.isascii():
        return Decimal(plain), Decimal(plain), False, False, plain
    pair = _PAIR.match(plain)
    if pair and pair[2] + pair[3] in _PAIRS:
        ends = sorted(v for d in (pair[2], pair[3]) if (v := regular(pair[1] + d + pair[4])) is not None)
        return (ends[0], ends[1], False, scaled, None) if len(ends) == 2 else None
    spoken = plain.translate(SPOKEN)
    if len(plain) > 1 and spoken.isdigit() and spoken.isascii():
        return Decimal(spoken), Decimal(spoken), False, False, spoken
    value = regular(plain)
    return None if value is None else (value, value, False, scaled, None)


def numerals(text: str, taken: Iterable[tuple[int, int]] = ()) -> list[Numeral]:
    """All numerals of a normalised text in lower case, outside the spans `taken`."""
    blocked = bytearray(len(text))
    for start, end in (*taken, *(m.span() for m in _WORD.finditer(text))):
        blocked[start:end] = b"\1" * (end - start)
    found: list[Numeral] = []
    for match in _RUN.finditer(text):
        start = match.start()
        if found and start < found[-1].end:
            continue
        if match["rough"]:
            value = Decimal(_ROUGH[match["rough"]])
            end = match.end() + (text[match.end() : match.end() + 1] in tuple("来多把"))
            if not any(blocked[start:end]):
                found.append(Numeral(start, end, text[start:end], value, value, True, value >= 100))
            continue
        if match["over"]:
            if not any(blocked[start : match.end()]):
                found.append(Numeral(start, match.end(), match.group(), scaled=match.group()[-1] != "十"))
            continue
        for at, part in _open_parts(match.group(), start, blocked):
            for piece in _pieces(part, text[at + len(part) : at + len(part) + 1]):
                read = _read(piece)
                if read is not None:
                    found.append(_extended(text, Numeral(at, at + len(piece), piece, *read)))
                at += len(piece)
    return found


def _open_parts(run: str, start: int, blocked: bytearray) -> list[tuple[int, str]]:
    """The parts of a run that no word holds, with their places."""
    if not any(blocked[start : start + len(run)]):
        return [(start, run)]
    parts, at = [], start
    for free, group in _runs(blocked[start : start + len(run)]):
        if free:
            parts.append((at, run[at - start : at - start + group]))
        at += group
    return parts


def _runs(flags: bytearray) -> list[tuple[bool, int]]:
    """Lengths of stretches of equal flags; True where nothing is blocked."""
    runs: list[tuple[bool, int]] = []
    for flag in flags:
        if runs and runs[-1][0] == (not flag):
            runs[-1] = (not flag, runs[-1][1] + 1)
        else:
            runs.append((not flag, 1))
    return runs


def _extended(text: str, n: Numeral) -> Numeral:
    """`n` with what makes it approximate behind it: 两千多, 十来块, 三十多万, 二十几万."""
    more = _MORE.match(text, n.end) if n.low is None or n.low >= 10 else None
    if more is None:
        return n
    end, times, scaled = more.end(), 1, n.scaled
    if text[end : end + 1] in ("万", "亿") and not any(u in n.text for u in "万亿w"):
        end, times, scaled = end + 1, 10**4 if text[end] == "万" else 10**8, True
    low, high = (None, None) if n.low is None or n.high is None else (n.low * times, n.high * times)
    return Numeral(n.start, end, text[n.start : end], low, high, True, scaled)


def tape(text: str, literals: Iterable[tuple[int, int, str, date | str]] = ()) -> Tape:
    """The tape of a normalised text. literals: (start, end, letter, meaning) of figures that were read before (D, T, P)."""
    marks: list[tuple[int, int, str, Numeral | date | str]] = list(literals)
    marks.extend((n.start, n.end, n.sign, n) for n in numerals(text, [(a, b) for a, b, _, _ in marks]))
    line: list[str] = []
    places: list[int] = []
    tokens: dict[int, Numeral | date | str] = {}
    at = 0
    for start, end, letter, meaning in sorted(marks, key=lambda m: m[0]):
        line.append(text[at:start] + letter)
        places.extend(range(at, start + 1))
        tokens[len(places) - 1] = meaning
        at = end
    line.append(text[at:])
    places.extend(range(at, len(text) + 1))
    return Tape("".join(line), tokens, tuple(places))
