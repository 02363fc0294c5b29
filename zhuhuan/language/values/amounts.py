"""Sums of money as values: ranges joined, each with its bound and the period it is for; and parts of the debt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from zhuhuan.language.values.bounds import bound_of
from zhuhuan.language.values.fractions import fractions
from zhuhuan.language.values.rates import is_single, per_of, rates, without_rates
from zhuhuan.language.values.sums import Sum, sums
from zhuhuan.language.values.utterance import Utterance
from zhuhuan.language.values.value import Bound, Found
from zhuhuan.money import yuan

_TO = re.compile(r"(?:块钱?|元|圆)?[ ]?(?:到|至|-|~)[ ]?")
_CHANGED = re.compile(r"(?:降|减|加|涨|提|升|改|调|砍|缩)价?$")  # 降到 is no range


def _range(u: Utterance, one: Sum, other: Sum) -> Sum | None:
    """Two sums as one range: 三千到五千, 三到五千, 三百五百; None where they stand for themselves."""
    if other.bare or one.low is None or other.low is None:
        return None
    to = _TO.fullmatch(u.line, one.end, other.start)
    joined = to is not None and not _CHANGED.search(u.line, 0, one.end)
    touching = one.end == other.start and one.exact and other.exact and one.numeral.scaled and other.numeral.scaled
    low = one.low * (other.scale if one.bare and joined else 1)
    high = other.high or other.low
    if not (joined or touching) or low >= high:
        return None
    return replace(other, low=low, high=high, start=one.start, rough=one.rough and other.rough)


def _with_ranges(u: Utterance, found: list[Sum]) -> Iterator[Sum]:
    """The sums with ranges joined, without the small numbers that were no low end of one."""
    waiting: Sum | None = None
    for one in found:
        joined = _range(u, waiting, one) if waiting else None
        if joined is None and waiting and not waiting.bare:
            yield waiting
        waiting = joined or one
    if waiting and not waiting.bare:
        yield waiting


def _value(money: Sum) -> str | None:
    """Yuan as the contract writes them; None where the sum is vague (几百)."""
    if money.low is None or money.high is None:
        return None
    return str(yuan(money.low)) if money.exact else f"{yuan(money.low)}/{yuan(money.high)}"


def amounts(u: Utterance, taken: Iterable[Found]) -> list[Found]:
    """The sums of an utterance outside what is `taken`, in the order of the line; every sum said is given but nought."""
    taken = list(taken)
    parts = [f for f in fractions(u) if not any(f.start < t.end and t.start < f.end for t in taken)]
    periods = rates(u, taken)
    found = [replace(f, per=per_of(u, (f.start, f.end), 0, len(u.line), periods)) for f in parts]
    all_sums = [s for s in _with_ranges(u, list(sums(u, [*taken, *parts], periods))) if s.low != 0]
    ends = [0, *(s.end for s in all_sums)]
    starts = [*(s.start for s in all_sums), len(u.line)]
    for money, before, after in zip(all_sums, ends, starts[1:], strict=False):
        bound, cue, behind = bound_of(without_rates(u, before, money.start, periods), u.line[money.end :], money.rough)
        value = _value(money)
        kind: Bound = "range" if not money.exact and value else "approx" if value is None and bound == "exact" else bound
        per = per_of(u, (money.start, money.end), before, after, periods) or ("once" if is_single(u, money.start) else None)
        start = money.start - len(cue) if cue and u.line.endswith(cue, before, money.start) else money.start
        found.append(Found("amount", value, start, money.end + behind, bound=kind, per=per))
    return sorted(found, key=lambda f: f.start)
