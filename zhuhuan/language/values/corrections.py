"""Self-corrections: of 三千 不对 三千二 and 不是15号 是25号 only what is meant in the end counts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from zhuhuan.language.values.dates import completed
from zhuhuan.language.values.value import Found

# What may stand between a value and the one that takes its place.
_MENDS = re.compile(
    r"[^,，。;；!?]{0,3}[ ,，。.…]*(?:啊|哦|噢|哎|诶|额|呃|嗯)*[ ,，]*(?:不不+|不对|不是|错了?|说错|说岔|讲错|打错|写错|记错|口误|更正|纠正|应该是|应为|改成?为?|换成?|改到|变成"
    r"|调整?(?:到|至|为)|变更[为至]|我是说|准确说|不[,， ])"
    r"(?:了|啦|的|我|说|是|应该|哦|啊|嗯|对|有|就|吧|[ ,，。.…!])*[^,，。;；!?A-Z]{0,4}"
)
_NOT_THIS = re.compile(r"(?:不是|并非|不要|唔系|不系)(?:说|在|这个)?$")
_BUT = re.compile(r"[^;；!?A-Z]{0,6}(?:是|而是|要|改|应该|系)[^,，。;；!?A-Z]{0,4}")
_IS_THIS = re.compile(r"(?:(?<!不)是|说|要)[^A-Z,，。;；!?]{0,6}$")
_NOT_NEXT = re.compile(r"[^,，。A-Z]{0,2}[ ,，。]*(?:不是|并非)(?:每个?月)?")

REFUSED = re.compile(
    r"(?:块钱?|元|一个月|每月|/月)?[ ]?(?:我|这个?|那个?)?(?:可|实在|真|真的|有点|有些|确实|那|都|是|也|就|肯定|怕是|恐怕|还是|的话|感觉)*"
    r"(?:不可能|不行|不成|不中|不得|太多|太高|太大|太贵|太赶|太急|太紧|太短|太长|太少|多了|高了|短了|长了|还不起|拿不出|凑不[出齐够]|给不起|吃不消|受不了|够呛|悬|吃力|顶不住|扛不住|做不到|办不到"
    r"|没戏|搞不定|压力|难|负担不起|还不上|(?:你们?)?做梦|想得美|免谈|没门|赶不及|来不及)"
)
_AGAIN = re.compile(r"N[次笔回]|又|和|还有|加|跟|另|、")
_GIVES = re.compile(r"(?:还|给|交|付|转|打|存|拿|出|扣|凑|垫|就|能|有|这|每月|每期|个月|按|收|先)[个上出]?$")


def _survivor(first: Found, second: Found, line: str) -> Found | None:
    """Which of two neighbouring values of one kind is dropped; None where both stand."""
    before, between = line[: first.start], line[first.end : second.start]
    if _NOT_THIS.search(before) and _BUT.fullmatch(between):
        return first
    if _IS_THIS.search(before) and _NOT_NEXT.fullmatch(between):
        return second
    return first if _MENDS.fullmatch(between) else None


def _taking_over(second: Found, first: Found) -> Found:
    """The correcting value with what it leaves unsaid: the month of a day, the bound and period of a sum."""
    if second.entity == "date":
        return completed(second, first)
    if second.entity == "amount" and second.bound == "exact":
        bound = first.bound if first.bound in ("at_most", "at_least", "approx") else "exact"
        return replace(second, bound=bound, per=second.per or first.per)
    return second


def corrected(found: Sequence[Found], line: str) -> list[Found]:
    """The values that stand; `found` is in the order of the line.

    Dropped are what is corrected, what is refused beside a counter-offer of the same kind (两千不行 一千五吧), and an echo (八百就八百).
    """
    kept: list[Found] = []
    for one in found:
        before = next((k for k in reversed(kept) if k.entity == one.entity), None)
        dropped = _survivor(before, one, line) if before else None
        if before is not None and dropped is before:
            kept.remove(before)
            kept.append(_taking_over(one, before))
        elif before is not None and _echoes(before, one, line):
            kept[kept.index(before)] = replace(before, per=before.per or one.per)
        elif dropped is not one:
            kept.append(one)
    refused = [k for k in kept if k.entity in ("amount", "periods", "date") and REFUSED.match(line, k.end)]
    return [k for k in kept if k not in refused or all(o in refused for o in kept if o.entity == k.entity and o.value)]


def counter_offer(found: Sequence[Found], line: str) -> bool:
    """Whether a sum stands beside one that was refused, so that it is the member's own terms."""
    sums = [bool(REFUSED.match(line, f.end)) for f in found if f.entity == "amount" and f.value]
    return any(sums) and not all(sums)


def _echoes(first: Found, second: Found, line: str) -> bool:
    """Whether the same value is only said again."""
    if (first.entity, first.value, first.unit, first.bound) != (second.entity, second.value, second.unit, second.bound):
        return False
    between = line[first.end : second.start]
    if first.entity == "id_tail":
        return True
    same_period = first.per is None or second.per in (None, first.per)
    return same_period and not _AGAIN.search(between) and (_GIVES.search(between) is not None or between[-1:] in " ,，。吧啊嘛")
