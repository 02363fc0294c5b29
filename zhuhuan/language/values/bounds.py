"""What stands round a sum: its bound (最多, 以内, 左右) and the period it is for (每月, 一天, 一次性)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zhuhuan.language.values.utterance import Utterance
from zhuhuan.language.values.value import Bound, Found, Per

_AT_MOST = re.compile(
    r"(?:[≤<]=?|最多|最高|顶多|至多|顶破天|撑死|顶天|顶格|充其量|(?:不|别|莫|唔|勿|没|不能|不要|不得|不会|不可|不可以|唔好|莫要)(?:超过?|多过)|超不过|多不过|上限|封顶|控制在|(?<![不能要得会可])(?:少于|低于|小于)|不到|不足|不满|不高于|不大于|最好别超)[^A-Z,，。;；!?\n]{0,9}$"
)
_AT_LEAST = re.compile(r"(?:[≥>]=?|至少|最少|起码|少说|最低(?!还款|额|生活)|不[能要得会可]?以?(?:低于|少于)|不下于?|(?<![不别莫没能要得会])超过|多于|(?<!不)(?:大于|高于)|怎么也得|保底)[^A-Z,，。;；!?\n]{0,9}$")
_ROUGHLY = re.compile(
    r"(?:近|毛|小|(?<![尽赶飞很])快)(?:有|要|到)?[ ]?$|(?:大概齐?|大约|大致|约莫|约摸|约|差不多|差不离|将近|接近|合计着)[^A-Z,，。;；!?\n]{0,5}$"
)
_UP_TO = re.compile(r"(?:钱)?的?(?:以内|以里|之内|以下|内(?![容部])|封顶|顶天|到顶|为限|打住|撑死|最多|顶多|不到)")
_FROM = re.compile(r"(?:钱)?(?:以上|起步|起(?![来诉码])|打底|保底|往上|开外)")
_ABOUT = re.compile(r"(?:块钱?|元)?(?:钱)?(?:多(?![少谢久还给])|来块|出点?头|左右|上下|的?样子|光景|冒头|前后|大概|差不多|吧左右|\+)")

_EVERY = (
    ("month", r"每N?个?月|月月|按月|月(?:供|租|薪|入|收入|工资|均|缴|结余)|每N?期|/月|每次(?=还)"),
    ("day", r"每N?天|每日|天天(?=[^A-Z,，。 ]{0,3}N)|日(?:薪|结|入|均|工资)|/天|按天"),
    ("week", r"每N?个?(?=周|星期|礼拜)|周周|/周"),
    ("year", r"每N?年|年(?:薪|收入|收成|纯收入|利润|租|入)|/年|按年|一年到头|一年四季"),
)  # fmt: skip
_ONE = (("month", r"N个月|N个号头|N月(?!份|[底初中末])|N期(?!间|限)"), ("day", r"N天(?!天)|N日"), ("week", r"N(?:个?(?:星期|礼拜)|周)(?![一二三四五六日天末])"), ("year", r"N年(?!级|多|半|[底初末前后])"))
_PERIOD = re.compile("|".join(f"(?P<{name}>{p})" for name, p in _EVERY) + "|" + "|".join(f"(?P<one_{name}>{p})" for name, p in _ONE))
_NO_PERIOD = re.compile(r"N[回次季茬]|[以之]?[后内前]|里|的?时间|没|不(?![到超低足少])|了(?!.{0,2}N)|多(?![还交付给出拿])|半|以来")
_GAP = re.compile(r"(?:的|左右|来|吧|按|上下)?")
_TELLS = re.compile(r"(?:就是|是|就|要|才|得|收|罚|能|也|挣|赚)[^A-Z]{0,4}[NRV]")
_ONCE = re.compile(r"[一N](?:次性?|把头?|口气|下子|笔头?|回头?)(?=[^,，。A-Z]{0,6}[还结付清了交给拿])|当场|全部|全款|彻底")
_SETTLES = re.compile(r"还清|结清|了结|付清|清掉|结了|清账|销账|两清|了断|平账|还完|免|结掉|结$|一次了|了账|了事|拉倒|算完|算清|平了|平掉|清")
_NOT_OFFERED = re.compile(r"(?:欠|借|少|减|免|贷|本金|利息|罚息)(?:收|了|你们|个|的|给)*$")
_FOR_LESS = re.compile(r"优惠|少|减|免|便宜|打折|折|两清|拉倒|了事|算完|算了|行不|行吗|中不|可否|能不能|能否|可以吗|结清|一笔勾销|了断")


@dataclass(frozen=True)
class Period:
    """每月, 一天 and the like at [start, end)."""

    start: int
    end: int
    per: Per


def periods_of_time(u: Utterance, taken: Iterable[Found]) -> list[Period]:
    """The periods a sum may be for; 一个月 counts only where it is one and no delay, date or instalment count took it."""
    taken = list(taken)
    found = []
    for match in _PERIOD.finditer(u.line):
        name = match.lastgroup or ""
        if any(t.start < match.end() and match.start() < t.end for t in taken):
            continue
        if match.group() == "N月" and u.tape.number(match.start()).text != "一":
            continue  # 1月 is January
        if name.startswith("one_") and (u.line[match.start() - 1 : match.start()] in tuple("了过满没") or u.tape.number(match.start()).whole != 1 or _NO_PERIOD.match(u.line, match.end())):
            continue
        found.append(Period(match.start(), match.end(), name.removeprefix("one_")))  # type: ignore[arg-type]
    return found


def per_of(u: Utterance, start: int, end: int, before: int, after: int, spans: Sequence[Period]) -> Per | None:
    """Period of the sum at [start, end): one right behind it, else the last one before it, back to the sum `before` and on to the one `after`."""
    left = next((p for p in reversed(spans) if p.end == start and p.start >= before), None)
    if left:
        return left.per
    for period in spans:
        gap = u.line[end : period.start]
        if end <= period.start <= after and (_GAP.fullmatch(gap) or (gap == " " and period.end == len(u.line))):
            if _follows(u, period, after):
                return period.per
    for period in reversed(spans):
        if before <= period.start < start and not re.search(r"[。;；!?\n]", u.line[period.end : start]) and start - period.end <= 12:
            gap = re.split("[ ,，]", u.line[period.end : start])
            return period.per if len(gap) == 1 or len(gap[0]) <= 2 and "先" not in gap[-1] else None
    return None


def _follows(u: Utterance, period: Period, after: int) -> bool:
    """Whether a period behind a sum belongs to it and not to the sum that follows at once (五块一个月八百)."""
    return not (period.end == after < len(u.line) or _TELLS.match(u.line, period.end))


def is_single(u: Utterance, start: int) -> bool:
    """Whether the sum at `start` is the single one of a settlement (per once); what is owed or cut is not."""
    if _NOT_OFFERED.search(u.line, 0, start):
        return False
    if u.setting.intent is not None:
        return u.setting.intent == "request_settlement"
    once = any(m.group()[0] != "N" or u.tape.number(m.start()).whole == 1 for m in _ONCE.finditer(u.line))
    return once and bool(_SETTLES.search(u.line) and _FOR_LESS.search(u.line))


def bound_of(before: str, after: str, rough: bool) -> tuple[Bound, int, int]:
    """Bound of a sum by the words `before` it in its clause (periods left out) and `after` it; with the length of the cues that touch it."""
    right = next(((b, m.end()) for b, p in (("at_most", _UP_TO), ("at_least", _FROM), ("approx", _ABOUT)) if (m := p.match(after))), None)
    for bound, pattern in (("at_most", _AT_MOST), ("at_least", _AT_LEAST), ("approx", _ROUGHLY)):
        if bound == "approx" and right and right[0] != "approx":
            break
        if match := pattern.search(before):
            return bound, len(match.group()), right[1] if right else 0  # type: ignore[return-value]
    if right:
        return right[0], 0, right[1]  # type: ignore[return-value]
    return ("approx" if rough else "exact"), 0, 0
