"""What the assistant's last question makes of a sum: after "how much can you pay?" it is a month's (labels.md, a reply to a question)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from zhuhuan.language.values.corrections import counter_offer
from zhuhuan.language.values.utterance import Utterance
from zhuhuan.language.values.value import Found

_MONTHLY_QUESTION = frozenset({"amount", "means", "periods", "accept_plan", "objection"})
_MONTHLY_INCOME = re.compile(r"(?<!年)(?:工资|薪水|低保|养老金|退休金|抚恤金|失业金|收入|拢共)[^A-Z,，。;；!?卡存攒省剩]{0,6}$")
_EACH = re.compile(r"[N每]个?(?:季|茬|趟|次|单|小时|钟头|节|头|亩|斤|回|场|车|批|棵|只|件|条|篇|台班|工)")
_OF_ONE = re.compile(r"[卖亩斤头趟单]|今年|去年")
_CHANGES = re.compile(r"(?:块钱?)?(?:掉|降|减|涨|砍|缩水?|变|加|跌|落|滑)(?:薪)?(?:到|成|至)(?:了)?")
_EVERY = ("每月", "每个月", "每月的")
_ONE_OFF = re.compile(r"先|首付|头一笔|第N[期笔]|一次|欠|借|存|卖|贷[了的]|全部|本金|逾期|外债|彩礼|手术|定金|押金|花了|剩下")


def by_month(found: Sequence[Found], u: Utterance) -> list[Found]:
    """The values with the month as period of sums that answer a question of income or rate, or that counter a plan's."""
    intent = u.setting.intent
    terms = intent == "propose_terms" or (intent is None and u.setting.last_question in (None, "accept_plan", "objection") and counter_offer(found, u.line))
    result = []
    for f in found:
        if f.entity == "amount" and f.per is None and f.bound != "fraction":
            first, last = u.clause(f.start, f.end)
            alone = not _ONE_OFF.search(u.line, first, last) and not _EACH.search(u.line, first, f.start)
            dated = any(d.entity == "date" and d.value and first <= d.start < last and not u.line[: d.start].endswith(_EVERY) for d in found)
            asked = terms or u.setting.last_question in _MONTHLY_QUESTION
            income = intent in (None, "state_means") and _MONTHLY_INCOME.search(u.line, first, f.start) and not _OF_ONE.search(u.line, max(0, first - 12), f.start)
            if alone and (income or (asked and not dated)):
                f = replace(f, per="month")
        if f.per is None and result and result[-1].per and _CHANGES.fullmatch(u.line, result[-1].end, f.start):
            f = replace(f, per=result[-1].per)  # 工资从五千降到三千
        result.append(f)
    return result
