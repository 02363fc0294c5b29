"""What the assistant's last question makes of a sum: after "how much can you pay?" it is a month's (labels.md, a reply to a question)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from zhuhuan.language.values.corrections import counter_offer
from zhuhuan.language.values.utterance import Utterance
from zhuhuan.language.values.value import Found

_MONTHLY_QUESTION = frozenset({"amount", "means", "periods"})
_MONTHLY_INCOME = re.compile(r"(?<!年)(?:工资|薪水|补贴|补助|低保|养老金|退休金|社保金?|收入|拢共)[^A-Z,，。;；!?]{0,6}$")
_OF_ONE = re.compile(r"[卖亩斤头趟单]|今年|去年")
_EVERY = ("每月", "每个月", "每月的")
_ONE_OFF = re.compile(r"先|一次|欠|借|存|卖|贷|总共|全部|本金|逾期|外债|彩礼|手术|定金|押金|花了|一共|剩下")


def by_month(found: Sequence[Found], u: Utterance) -> list[Found]:
    """The values with the month as period of sums that answer a question of income or rate, or that counter a plan's."""
    intent = u.setting.intent
    terms = intent == "propose_terms" or (intent is None and u.setting.last_question in (None, "accept_plan", "objection") and counter_offer(found, u.line))
    result = []
    for f in found:
        if f.entity == "amount" and f.per is None and f.bound != "fraction":
            first, last = u.clause(f.start, f.end)
            alone = not _ONE_OFF.search(u.line, first, last)
            dated = any(d.entity == "date" and first <= d.start < last and not u.line[: d.start].endswith(_EVERY) for d in found)
            asked = terms or u.setting.last_question in _MONTHLY_QUESTION
            income = intent in (None, "state_means") and _MONTHLY_INCOME.search(u.line, first, f.start) and not _OF_ONE.search(u.line, max(0, first - 12), f.start)
            if alone and (income or (asked and not dated)):
                f = replace(f, per="month")
        result.append(f)
    return result
