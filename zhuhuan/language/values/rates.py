"""The period a sum is for: 每月, 一天, 月供, /月; and once, for the single sum of a settlement."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zhuhuan.language.values.utterance import Utterance
from zhuhuan.language.values.value import Found, Per

_EVERY: dict[Per, str] = {
    "month": r"每N?个?月|月月|按月|月(?:供|租|薪|入|收入|工资|均|缴|结余)|每N?期|/月|每次(?=还)",
    "day": r"每N?天|每日|天天(?=[^A-Z,，。 ]{0,3}N)|日(?:薪|结|入|均|工资)|/天|按天",
    "week": r"每N?个?(?=周|星期|礼拜)|周周|/周",
    "year": r"每N?年|年(?:薪|景|收入|收成|纯收入|利润|租|入)|/年|按年|一年到头|一年四季",
}
# 一个月 is a rate only where it is one.
_ONE: dict[Per, str] = {
    "month": r"N个月|N个号头|N月(?!份|[底初中末])|N期(?!间|限)",
    "day": r"N天(?!天)|N日",
    "week": r"N(?:个?(?:星期|礼拜)|周)(?![一二三四五六日天末])",
    "year": r"N年(?!级|多|半|[底初末前后])",
}
_RATE = {per: re.compile(f"(?P<every>{_EVERY[per]})|{_ONE[per]}") for per in _EVERY}
_LENGTH_AFTER = re.compile(
    r"N[回次季茬]|[以之]?[后内前]|里|的?时间|没|不(?![到超低足少])|了(?!.{0,2}N)|多(?![还交付给出拿])|半|以来"
)
_LENGTH_BEFORE = ("了", "过", "满", "没")
_GAP = re.compile(r"(?:的|左右|来|吧|按|上下)?")
_TELLS = re.compile(r"(?:就是|是|就|要|才|得|收|罚|能|也|挣|赚)[^A-Z]{0,4}[NRV]")
_STOP, _PAUSE = re.compile(r"[。;；!?\n]"), re.compile("[ ,，]")
_REACH = 12  # signs between a period and its sum

_ONCE = re.compile(r"[一N](?:次性?|把头?|口气|下子|笔头?|回头?)(?=[^,，。A-Z]{0,6}[还结付清了交给拿])|当场|全部|全款|彻底")
_SETTLES = re.compile(r"清|了结|结了|结掉|结$|还完|免|一次了|了断|了账|了事|拉倒|算完|平账|平了|平掉")
_FOR_LESS = re.compile(
    r"优惠|少|减|免|便宜|折|两清|结清|拉倒|了事|了断|算完|算了|行不|行吗|中不|可否|能不能|能否|可以吗|一笔勾销"
)
_NOT_OFFERED = re.compile(r"(?:欠|借|少|减|免|贷|本金|利息|罚息)(?:收|了|你们?|我们?|俺们?|咱们?|他们?|个|的|给)*$")


@dataclass(frozen=True)
class Rate:
    """每月, 一天 and the like at [start, end) of the line."""

    start: int
    end: int
    per: Per


def rates(u: Utterance, taken: Iterable[Found]) -> list[Rate]:
    """The periods that a sum may be for, in the order of the line: those that no delay, day or number of instalments took."""
    taken = list(taken)
    found: list[Rate] = []
    for per, pattern in _RATE.items():
        for match in pattern.finditer(u.line):
            start, end = match.span()
            if any(t.start < end and start < t.end for t in taken):
                continue
            if match["every"] is None:
                number = u.tape.number(start)
                past = u.line[start - 1 : start] in _LENGTH_BEFORE or _LENGTH_AFTER.match(u.line, end)
                january = match.group() == "N月" and number.text != "一"
                if number.whole != 1 or past or january:
                    continue
            found.append(Rate(start, end, per))
    return sorted(found, key=lambda r: r.start)


def without_rates(u: Utterance, since: int, until: int, found: Sequence[Rate]) -> str:
    """The line from `since` to `until` with the periods left out, so that 最多 and 八百 of 最多每个月八百 meet."""
    kept, place = [], since
    for rate in found:
        if since <= rate.start and rate.end <= until:
            kept.append(u.line[place : rate.start])
            place = max(place, rate.end)
    return "".join([*kept, u.line[place:until]])


def per_of(u: Utterance, span: tuple[int, int], before: int, after: int, found: Sequence[Rate]) -> Per | None:
    """Period of the sum at `span`: the one that touches it in front, else one right behind it, else the last one before it.

    before: end of the sum before, after: start of the next one; a period beyond them is theirs.
    """
    start, end = span
    ahead = [r for r in reversed(found) if before <= r.start and r.end <= start]
    if ahead and ahead[0].end == start:
        return ahead[0].per
    for rate in found:
        gap = u.line[end : rate.start]
        touches = _GAP.fullmatch(gap) is not None or (gap == " " and rate.end == len(u.line))
        if end <= rate.start <= after and touches and _is_of_sum_before(u, rate, after):
            return rate.per
    for rate in ahead:
        between = u.line[rate.end : start]
        if not _STOP.search(between) and len(between) <= _REACH:
            parts = _PAUSE.split(between)
            return rate.per if len(parts) == 1 or (len(parts[0]) <= 2 and "先" not in parts[-1]) else None
    return None


def _is_of_sum_before(u: Utterance, rate: Rate, after: int) -> bool:
    """Whether a period behind a sum belongs to it and not to the sum that follows at once (五块一个月八百)."""
    return not (rate.end == after < len(u.line) or _TELLS.match(u.line, rate.end))


def is_single(u: Utterance, start: int) -> bool:
    """Whether the sum at `start` is the single one of a settlement (per once, labels.md); what is owed or cut is not."""
    if _NOT_OFFERED.search(u.line, 0, start):
        return False
    if u.setting.intent == "request_settlement":
        return True
    once = any(m.group()[0] != "N" or u.tape.number(m.start()).whole == 1 for m in _ONCE.finditer(u.line))
    return once and bool(_SETTLES.search(u.line) and _FOR_LESS.search(u.line))
