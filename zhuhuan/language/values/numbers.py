"""Numerals as members write and say them.

cn2an reads what is regular (两千五, 1万2, 壹仟贰佰, 十五万). What it does not know is put round it here: pairs (三五千, 一千二三), vague ones
(几百, 二十几), approximate ones (千把, 两千来), k and w, digits spoken one by one, and where one numeral ends and the next begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import cn2an

from zhuhuan.language.values.words import WORD

FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟幺俩仨○〇", "一二三四五六七八九十百千一两三零零")
SPOKEN = str.maketrans("零一二两三四五六七八九幺〇○俩仨拐洞勾", "0122345678910023709")
SPOKEN_DIGIT = "[0-9零一二三四五六七八九幺两拐洞勾]"  # of a number told digit by digit; 拐 7, 洞 0, 勾 9 as soldiers say
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
_MORE = re.compile(
    r"多(?![少谢久还给交退要宽缓等吃分])|来(?=[块元个天万亩斤多号岁年月钱蚊头期])|把(?=[块元个斤亩])|余(?!款|额|下)|好几|零(?=蚊)|嚟"
)
_SUM_AND_DAY = re.compile(r"^(.+[百千万])([一二三四五六七八九]|二?十[一二三四五六七八九]?|三十一?|[12]?\d|3[01])$")
_SUM_AND_MONTH = re.compile(r"^(.*[^\d\W].*[百千万]|[一二两三四五六七八九十]+[百千万])(1[0-2]|[1-9])$")  # 两千12月20号
_COUNTED = "笔期个天年周期斤亩次月季趟回顿头只张人瓶桶台日把"  # what a single 一 counts
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


@lru_cache(maxsize=4096)
def regular(text: str) -> Decimal | None:
    """Value of a regular numeral in canonical signs, None where it is none."""
    if text.isascii():
        return Decimal(text.replace(",", ""))
    try:
        if "点" in text and text[-1] in "千万亿":
            return Decimal(str(cn2an.cn2an(text[:-1], "smart"))) * {"千": 10**3, "万": 10**4, "亿": 10**8}[text[-1]]
        return Decimal(str(cn2an.cn2an(text, "smart")))
    except (ValueError, KeyError):  # cn2an stumbles over 十 twice in a row
        return None


def _canonical(run: str) -> str:
    return (
        run.replace(",", "").replace("k", "千").replace("w", "万").replace("卅", "三十").replace("廿", "二十").translate(FORMAL)
    )


def _begins_anew(parts: list[str], i: int, then: str) -> bool:
    """Whether digit i, which else would be a tenth of the unit before it (三千一 is 3,100), begins a new numeral.

    So it is where a last 一 counts what comes `then` (三千|一个月), where a last 两 stands (三千|两个月), and after another digit with which
    it makes no pair (四千八|一把清, but 一千二三).
    """
    last, before = i + 1 == len(parts), _canonical(parts[i - 1])
    if last and parts[i] in "两俩仨" and before in "百千万":
        return True
    if last and parts[i] == "一" and before != "十" and then != "" and then in _COUNTED:
        return True
    if (
        i < 2
        or parts[i] not in _DIGIT
        or parts[i - 1] not in _DIGIT
        or before == "零"
        or _canonical(parts[i - 2]) not in "十百千万"
    ):
        return False
    return before + _canonical(parts[i]) not in _PAIRS and (last or _canonical(parts[i + 1]) not in _SCALE)


def _pieces(run: str, then: str = "") -> list[str]:
    """A run of numeral signs cut where a new numeral must begin; `then` is the sign behind it.

    Units fall within a section (三百|五百, 八百|一千), 万 comes once (一万|两万), and a day is no part of a sum (七百|二十号).
    """
    if then and then in "号日" and (sum_and_day := _SUM_AND_DAY.match(run)):
        return [sum_and_day[1], sum_and_day[2]]
    if then == "月" and (sum_and_month := _SUM_AND_MONTH.match(run)):
        return [sum_and_month[1], sum_and_month[2]]
    parts = re.findall(r"\d[\d,.]*|[十百千万亿kw拾佰仟]|.", run)
    cuts, smallest, section, seen_wan, figure = [0], 10**9, 0, False, 0
    for i, part in enumerate(parts):
        unit = _canonical(part)
        if i and _begins_anew(parts, i, then):
            cuts.append(i)
            smallest, section, seen_wan, figure = 10**9, i, False, i
        if unit in _SCALE:
            if _SCALE[unit] >= smallest and figure > cuts[-1]:
                cuts.append(figure)
                section, seen_wan = figure, False
            smallest, figure = _SCALE[unit], i + 1
        elif unit in "万亿":
            if seen_wan and unit == "万" and section > cuts[-1]:
                cuts.append(section)
            seen_wan, smallest, section, figure = True, 10**9, i + 1, i + 1
    return ["".join(parts[a:b]) for a, b in zip(cuts, [*cuts[1:], len(parts)], strict=True)]


@lru_cache(maxsize=4096)
def _read(piece: str) -> tuple[Decimal | None, Decimal | None, bool, bool, str | None] | None:
    """low, high, approx, scaled, digits of one numeral; None where it is no numeral."""
    plain = _canonical(piece)
    if not plain:
        return None
    scaled = any(u in plain for u in "百千万亿")
    if "几" in plain or "数" in plain:
        known = regular(plain[:-1]) if plain[-1] == "几" and plain[-2:-1] in tuple("百千万") else None
        if plain[0] == "数" and (len(plain) == 1 or plain[1] not in "十百千万"):
            return None
        return (known, known, True, scaled, None) if known is not None else (None, None, False, scaled, None)
    if plain[0] in "百千万" and len(plain) == 2 and plain[1] in "二三四五六七八九":
        plain = f"一{plain}"  # 千二, as the south says it
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
    """All numerals of a normalised text in lower case, outside the spans `taken`, in the order of the text."""
    blocked = bytearray(len(text))
    for start, end in (*taken, *(m.span() for m in WORD.finditer(text))):
        blocked[start:end] = b"\1" * (end - start)
    found: list[Numeral] = []
    for match in _RUN.finditer(text):
        if not found or match.start() >= found[-1].end:
            found.extend(_of_run(text, match, blocked))
    return found


def _of_run(text: str, match: re.Match[str], blocked: bytearray) -> Iterator[Numeral]:
    """The numerals of one match of `_RUN`."""
    start, end = match.span()
    if match["rough"] or match["over"]:
        end += bool(match["rough"]) and text[end : end + 1] in ("来", "多", "把")
        value = Decimal(_ROUGH[match["rough"]]) if match["rough"] else None
        if not any(blocked[start:end]):
            scaled = value >= 100 if value else match.group()[-1] != "十"
            yield Numeral(start, end, text[start:end], value, value, value is not None, scaled)
        return
    for at, part in _open_parts(match.group(), start, blocked):
        for piece in _pieces(part, text[at + len(part) : at + len(part) + 1]):
            if read := _read(piece):
                yield _extended(text, Numeral(at, at + len(piece), piece, *read))
            at += len(piece)


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
