"""A loan with a contract as tables for the terminal: its terms, the statement of the day with its working, the ledger, the schedule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from rich.table import Table

from zhuhuan.loans.masking import mask_text
from zhuhuan.loans.owing.methods import balances
from zhuhuan.loans.owing.position import Posted
from zhuhuan.loans.owing.values import Component, Contract, DayStatement, Entry, Line, Method
from zhuhuan.loans.owing.words import NAMES, line_in_words, percent, uplift_words
from zhuhuan.loans.reading import scheduled
from zhuhuan.loans.showing import table_of
from zhuhuan.loans.values import LoanFacts, Member
from zhuhuan.money import ZERO

METHODS: dict[Method, str] = {"equal_instalments": "等额本息", "equal_principal": "等额本金", "interest_first": "先还利息，到期还本", "bullet": "到期一次还本付息"}
COMPONENTS: dict[Component, str] = {"fee": "费用", "penalty": "罚息", "compound": "复利", "interest": "利息", "principal": "本金"}
ENTRIES = {"payment": "还款", "reversal": "冲正", "waiver": "减免", "fee": "费用"}


def contract_tables(loan: LoanFacts, label: str, ledger: Sequence[Posted], with_schedule: bool, member: Member | None = None) -> Iterator[Table]:
    """All that is known of a loan by its contract; nothing for a loan without one. `member`: whose words in notes are masked."""
    if loan.contract is None or loan.owed is None:
        return
    yield terms_table(loan.contract, label)
    yield sums_table(loan.owed, label)
    if loan.owed.lines:
        yield working_table(loan.owed, loan.contract, label)
    if ledger:
        yield ledger_table(ledger, label, member)
    if with_schedule:
        yield schedule_table(loan, label)


def terms(contract: Contract) -> tuple[tuple[str, str], ...]:
    """What the contract says of money, as headings and words.

    >>> from datetime import date
    >>> terms(Contract(Decimal("1200"), Decimal("0.072"), "equal_principal", date(2026, 1, 10), 12))[3:5]
    (('年利率', '7.2%（30/360）'), ('罚息', '合同利率加五成，年利率 10.8%，按天除以 360'))
    """
    first = f"，首期 {contract.first_due}" if contract.first_due else ""
    uplift = contract.penalty_uplift
    return (
        ("本金", f"{contract.principal:,} 元"),
        ("放款日", str(contract.disbursed)),
        ("还款方式", f"{METHODS[contract.method]}，{contract.periods} 期，每期 {contract.period_months} 个月{first}"),
        ("年利率", f"{percent(contract.annual_rate)}（{contract.accrual}）"),
        ("罚息", f"合同利率加{uplift_words(uplift)}，年利率 {percent(contract.penalty_rate)}，按天除以 {contract.year_days}" if uplift is not None else "没有约定"),
        ("复利", "没按时还的利息按罚息利率计复利" if contract.compound and uplift is not None else "不计"),
        ("还款顺序", "、".join(COMPONENTS[c] for c in contract.order) + ("，每一项都从最早一期还起" if contract.across == "component" else "，还清一期再还下一期")),
        ("宽限", f"{contract.grace_days} 天内还清不计罚息、不算拖欠" if contract.grace_days else "无"),
    )


def terms_table(contract: Contract, label: str) -> Table:
    table = table_of(f"合同：{label}", "项目", "内容")
    for name, words in terms(contract):
        table.add_row(name, words)
    return table


def sums(owed: DayStatement) -> tuple[tuple[str, str], ...]:
    """The statement's sums as headings and words, what is overdue first."""
    found = [
        ("逾期本金", owed.principal), ("逾期利息", owed.interest), ("罚息", owed.penalty), ("复利", owed.compound), ("费用", owed.fees), ("逾期合计", owed.overdue),
        ("未到期本金", owed.not_due_principal), ("本期已计利息", owed.running_interest), ("当天全部结清", owed.payoff), ("按期还完合计", owed.balance),
    ]  # fmt: skip
    words = [(name, f"{amount:,}") for name, amount in found]
    if owed.credit:
        words.append(("多还（存着）", f"{owed.credit:,}"))
    if owed.next_due is not None:
        words.append((f"下一期 {owed.next_due}", f"{owed.next_amount:,}"))
    return tuple(words)


def sums_table(owed: DayStatement, label: str) -> Table:
    table = table_of(f"{owed.day} 欠款：{label}", "项目", "金额（元）", right=("金额（元）",))
    for name, words in sums(owed):
        table.add_row(name, words)
        if name in ("逾期合计", "按期还完合计"):
            table.add_section()
    return table


def working(line: Line, contract: Contract) -> str:
    """How a line comes about: bases × days × rate ÷ days of the year = what has come up; plain sums as the contract or the ledger has them."""
    if line.component in NAMES:
        _, _, sums = line_in_words(line, contract).partition("：")
    else:
        sums = f"账上记的 {line.accrued:,}元" if line.component == "fee" else f"合同应还 {line.accrued:,}元"
        sums += f"，已还 {line.paid:,}元" if line.paid else ""
    for sign in "×÷=+":  # blanks where a line may be broken
        sums = sums.replace(sign, f" {sign} ")
    return sums


def working_table(owed: DayStatement, contract: Contract, label: str) -> Table:
    table = table_of(f"{owed.day} 逾期明细：{label}", "期次", "项目", "怎么来的", "还欠（元）", right=("期次", "还欠（元）"))
    before: int | None = None
    for line in owed.lines:
        if before is not None and line.number != before:
            table.add_section()
        period = "" if line.number is None else f"{line.number}｜{line.due}"
        table.add_row(period if line.number != before else "", COMPONENTS[line.component], working(line, contract), f"{line.outstanding:,}")
        before = line.number
    table.add_section()
    table.add_row("", "合计", f"逾期 {owed.days_past_due} 天", f"{owed.overdue:,}")
    return table


def went(posted: Posted, reversed_later: bool) -> str:
    """Where an entry went, by component, a line each; what of it stands as a credit."""
    if posted.entry.kind == "payment" and reversed_later:
        return "后来冲正，不算"
    totals: dict[Component, Decimal] = {}
    for share in posted.shares:
        totals[share.component] = totals.get(share.component, ZERO) + share.amount
    words = [f"{COMPONENTS[component]} {amount:,}" for component, amount in totals.items()]
    if posted.credit:
        words.append(f"多还 {posted.credit:,}")
    return "\n".join(words)


def entry_words(entry: Entry) -> str:
    """The number of an entry, what it is, and what it is about."""
    about = f" {entry.of}号" if entry.of is not None else COMPONENTS[entry.component] if entry.component else ""
    return f"{entry.id}号 {ENTRIES[entry.kind]}{about}"


def ledger_table(ledger: Sequence[Posted], label: str, member: Member | None = None) -> Table:
    """The ledger by day, with what was overdue and the balance after each entry."""
    table = table_of(f"账目：{label}", "日期", "摘要", "金额", "还到", "其后逾期", "其后余额", right=("日期", "金额", "其后逾期", "其后余额"))
    gone = {p.entry.of for p in ledger if p.entry.kind == "reversal"}
    for posted in ledger:
        entry = posted.entry
        words = entry_words(entry) + (f"：{mask_text(entry.note, member)}" if entry.note else "")
        table.add_row(str(entry.day), words, f"{entry.amount:,}", went(posted, entry.id in gone), f"{posted.overdue:,}", f"{posted.balance:,}")
    return table


def schedule_table(loan: LoanFacts, label: str) -> Table:
    """The contract's schedule, with what is paid of each instalment and the principal left after it."""
    sums = ("应还", "本金", "利息", "已还", "剩余本金")
    table = table_of(f"还款计划：{label}", "期次", "应还日期", *sums, right=("期次", "应还日期", *sums))
    lent = loan.contract.principal if loan.contract else ZERO
    left = balances(scheduled(loan.instalments), lent)
    for i, rest in zip(loan.instalments, left, strict=True):
        parts = (i.amount, i.principal or ZERO, i.interest or ZERO, i.paid, rest)
        table.add_row(str(i.number), str(i.due), *(f"{part:,}" for part in parts))
    totals = (sum((getattr(i, name) or ZERO for i in loan.instalments), ZERO) for name in ("amount", "principal", "interest", "paid"))
    table.add_section()
    table.add_row("合计", "", *(f"{total:,}" for total in totals), "")
    return table
