"""What the last question makes of a sum: after "how much can you pay?" it is a month's (labels.md, a reply to a question)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from zhuhuan.language.values.corrections import REFUSED, counter_offer
from zhuhuan.language.values.utterance import Utterance
from zhuhuan.language.values.value import Found

_MONTHLY_QUESTION = frozenset({"amount", "means", "periods", "accept_plan", "objection"})
_MONTHLY_INCOME = re.compile(r"(?<!年)(?:工资|薪水|低保|养老金|退休金|抚恤金|失业金|收入|拢共)[^A-Z,，。;；!?卡存攒省剩]{0,6}$")
_SO_FAR = re.compile("今年|去年|到现在")
_REGULAR = re.compile(r"(?:房租|租金|房贷|车贷|按揭|托管|伙食|生活费|水电|药钱|药费|补课|工资|薪水|低保|养老金?|退休金)[^A-Z,，。;；!?了]{0,4}$")
_EACH = re.compile(r"[N每]个?(?:季|茬|趟|次|单|小时|钟头|节|头|亩|斤|回|场|车|批|棵|只|件|条|篇|台班|工)")
_OF_ONE = re.compile(r"[卖亩斤头趟单]|今年|去年")
_CHANGES = re.compile(r"(?:块钱?)?(?:掉|降|减|涨|砍|缩水?|变|加|跌|落|滑)(?:薪)?(?:到|成|至)(?:了)?")
_EVERY = ("每月", "每个月", "每月的")
_ONE_OFF = re.compile(r"先|首付|头一笔|第N[期笔]|一次|欠|借|存|卖|贷[了的]|全部|本金|逾期|外债|彩礼|手术|定金|押金|花了|剩下")


def by_month(found: Sequence[Found], u: Utterance) -> list[Found]:
    """The values with the month as period of sums that answer a question of income or rate, or that counter a plan's."""
    terms = u.setting.intent == "propose_terms" or (u.setting.intent is None and counter_offer(found, u.line))
    result: list[Found] = []
    for f in found:
        if f.entity == "amount" and f.per is None and f.bound != "fraction":
            before = result[-1] if result else None
            if before and before.per and _CHANGES.fullmatch(u.line, before.end, f.start):
                f = replace(f, per=before.per)  # 工资从五千降到三千
            elif _is_monthly(f, found, terms, u) or _runs_on(f, found, u):
                f = replace(f, per="month")
        result.append(f)
    return result


def _runs_on(one: Found, found: Sequence[Found], u: Utterance) -> bool:
    """Whether a sum of regular income or outgoings stands beside one of every month: 一个月到手四千五 房租一千二."""
    first, _ = u.clause(one.start, one.end)
    regular = _REGULAR.search(u.line, first, one.start)
    return bool(regular and not _EACH.search(u.line, first, one.start)) and any(f.entity == "amount" and f.per == "month" for f in found)


def _of_plan(one: Found, u: Utterance) -> bool:
    """Whether it is the plan's sum that is called too much, not terms of the member's own (labels.md)."""
    return u.setting.last_question == "accept_plan" and REFUSED.match(u.line, one.end) is not None


def _is_monthly(one: Found, found: Sequence[Found], terms: bool, u: Utterance) -> bool:
    """Whether a sum with no period said is a month's: not what is paid or owed once, nor by the piece, nor by a day."""
    first, last = u.clause(one.start, one.end)
    if _of_plan(one, u) or _ONE_OFF.search(u.line, first, last) or _SO_FAR.search(u.line, first, one.start) or _EACH.search(u.line, first, one.start):
        return False
    if u.setting.intent in (None, "state_means") and _MONTHLY_INCOME.search(u.line, first, one.start):
        return not _OF_ONE.search(u.line, max(0, first - 12), one.start)
    dated = any(
        d.entity == "date" and d.value and first <= d.start < last and not u.line.endswith(_EVERY, 0, d.start) for d in found
    )
    return not dated and (terms or u.setting.last_question in _MONTHLY_QUESTION)
