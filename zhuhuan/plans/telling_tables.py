"""A proposal as tables for staff: what was heard of the means, the plans side by side, what was declined and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from itertools import zip_longest
from typing import Any

from rich.table import Table

from zhuhuan.loans.values import LoanFacts
from zhuhuan.plans.affordability import Ceiling
from zhuhuan.plans.explain import APPROVER_WORDS, KIND_WORDS, WEEKDAYS, cost_in_words, running_on
from zhuhuan.plans.pairs import DEFAULTS, pair_of
from zhuhuan.plans.values import Income, NamedPart, Offer, PayMonth, Proposal, Said

FIELD_WORDS = {
    "at_most_month": "每月最多", "at_most_week": "每周最多", "first_at_most": "头一笔最多", "each": "每期", "start": "不早于", "until": "还清不晚于", "periods": "期数",
    "defer_months": "缓几个月", "defer_days": "缓几天", "pay_day": "几号有钱", "weekday": "每周哪天", "pay_months": "有钱的月份", "parts": "自己说的各笔",
    "income": "收入", "outgoings": "每月开支", "reason": "原因", "each_per": "每期是", "wish": "想要的办法", "basis": "还哪些", "dependants": "靠他生活的人",
    "other_debts": "每月还别家",
}  # fmt: skip
PER_WORDS = {"day": "每天", "week": "每周", "month": "每月", "year": "每年"}
REASON_WORDS = {
    "unemployment": "失业", "income_drop": "收入减少", "illness": "本人伤病", "family_emergency": "家里有事", "business_loss": "生意亏损", "crop_disaster": "种养受灾",
    "over_indebted": "欠的不止一家", "forgot": "忘了", "payment_failure": "没扣成", "not_informed": "没收到通知", "away": "人在外地", "for_someone_else": "替别人借的",
    "disputed": "对贷款有异议", "unwilling": "不愿还", "other": "其他",
}  # fmt: skip
NAMED: Mapping[str, Mapping[str, str]] = {
    "wish": {"waiver": "减免罚息"} | {str(kind): words for kind, words in KIND_WORDS.items()}, "reason": REASON_WORDS,
    "basis": {"arrears": "逾期的部分", "balance": "全部余额"}, "each_per": {"week": "每周", "month": "每月"},
}  # fmt: skip
STAFF_WORDS = APPROVER_WORDS | {"assistant": "当场可定"}
SOURCE_WORDS = {"said": "本人说的上限", "figures": "按收入、开支和最低生活费算出", "income": "按收入的一定比例，开支还不知道"}


def value_words(name: str, value: Any) -> str:
    """A field of Said in words.

    >>> from zhuhuan.money import yuan
    >>> value_words("income", Income(yuan("3000"), yuan("5000"))), value_words("weekday", 4), value_words("at_most_month", yuan("800"))
    ('每月 3,000.00 到 5,000.00 元', '周五', '800.00 元')
    """
    if isinstance(value, Income):
        high = f" 到 {value.high:,}" if value.high != value.low else ""
        return f"{PER_WORDS[value.per]} {value.low:,}{high} 元"
    if isinstance(value, tuple):
        return "；".join(_one(part) for part in value)
    if name in NAMED:
        return NAMED[name].get(value, str(value))
    if name == "weekday":
        return f"周{WEEKDAYS[value]}"
    if name == "pay_day":
        return "月底" if value == 31 else f"{value} 日"
    unit = {"periods": " 期", "defer_months": " 个月", "defer_days": " 天", "dependants": " 人"}.get(name)
    if unit is None:
        unit = "" if isinstance(value, date | str) else " 元"
    return f"{value:,}{unit}" if unit == " 元" else f"{value}{unit}"


def _one(part: PayMonth | NamedPart) -> str:
    if isinstance(part, PayMonth):
        return f"{part.month}月" + (f"最多 {part.at_most:,} 元" if part.at_most is not None else "")
    return f"{part.due or '日子没定'} {'其余' if part.amount is None else f'{part.amount:,} 元'}"


def said_table(said: Said, sources: Mapping[str, str]) -> Table:
    """What was understood, each with how to write it differently and the words that it came from."""
    table = Table(title="听到的还款条件（不对就照“写法”改，加在 --means 里）", title_justify="left")
    for header in ("项目", "内容", "写法", "原话"):
        table.add_column(header, overflow="fold")
    for field in fields(said):
        value = getattr(said, field.name)
        if value != getattr(DEFAULTS, field.name):
            table.add_row(FIELD_WORDS[field.name], value_words(field.name, value), f"{field.name}={pair_of(field.name, value)}", sources.get(field.name, ""))
    if not table.row_count:
        table.add_row("", "没有说到还款条件", "", "")
    return table


def ceiling_words(ceiling: Ceiling) -> str | None:
    """The most that a plan asks a month and where it comes from; None where nothing bounds it."""
    if ceiling.month is None:
        return None
    return f"每月最多排 {ceiling.month:,} 元（{SOURCE_WORDS[ceiling.source]}）"


def _lines(offer: Offer, proposal: Proposal) -> tuple[str, ...]:
    first, last = offer.schedule[0], offer.schedule[-1]
    return (
        KIND_WORDS[offer.kind], f"{len(offer.schedule)} 期", str(first.due), str(last.due), f"{offer.total:,}", f"{proposal.cost_of_today:,}", f"{offer.cost:,}",
        STAFF_WORDS[offer.approval], "、".join(offer.papers) or "不用", offer.why,
        "；".join(note for note in offer.notes if not (offer.papers and note.endswith("、".join(offer.papers)))),  # papers have a line of their own
    )  # fmt: skip


LINES = ("办法", "期数", "第一期", "最后一期", "合计", "今天还清", "多付", "谁批", "材料", "为什么", "要说明")


def offers_table(proposal: Proposal) -> Table:
    """The plans side by side: what they come to, then every payment by its day."""
    table = Table(title="还款方案（元）", title_justify="left")
    table.add_column("", overflow="fold")
    for number, _ in enumerate(proposal.offers, 1):
        table.add_column(f"方案 {number}", overflow="fold")
    for name, values in zip(LINES, zip(*(_lines(o, proposal) for o in proposal.offers), strict=True), strict=True):
        if any(values):
            table.add_row(name, *values)
    table.add_section()
    widths = [max(len(f"{p.amount:,}") for p in offer.schedule) for offer in proposal.offers]
    for number, parts in enumerate(zip_longest(*(o.schedule for o in proposal.offers)), 1):
        table.add_row(f"第{number}期", *(f"{p.due} {p.amount:>{width},}" if p else "" for p, width in zip(parts, widths, strict=True)))
    return table


def declined_table(proposal: Proposal) -> Table:
    table = Table(title="没有排的办法", title_justify="left")
    for header in ("办法", "为什么", "谁能定"):
        table.add_column(header, overflow="fold")
    for declined in proposal.declined:
        table.add_row(KIND_WORDS[declined.kind], declined.why, STAFF_WORDS[declined.approver] if declined.approver else "")
    return table


def proposal_tables(proposal: Proposal) -> Iterator[Table]:
    """Plans and what was declined; a table of nothing is left out."""
    if proposal.offers:
        yield offers_table(proposal)
    if proposal.declined:
        yield declined_table(proposal)


def asking_words(names: Sequence[str]) -> str | None:
    """What is still worth asking the member, by its names; None where nothing is."""
    return f"再问一句会让方案不一样：{'、'.join(FIELD_WORDS[name] for name in names)}" if names else None


def remarks(proposal: Proposal, loan: LoanFacts) -> Iterator[str]:
    """What has to be said beside the plans: how the cost of the first one comes about, and what falls due beside them."""
    if proposal.offers:
        yield f"方案 1：{cost_in_words(proposal.offers[0], loan)}。"
        if proposal.said.basis == "arrears" and (words := running_on(loan)):
            yield f"{words}。"
