"""What an import would change, field by field: for a look before it is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from zhuhuan.loans.bulk_known import KnownLoan
from zhuhuan.loans.bulk_ledger import KINDS
from zhuhuan.loans.masking import mask_phone, mask_text
from zhuhuan.loans.rows import Row, SourceLine
from zhuhuan.money import ZERO

MOST = 2_000  # changes kept in mind; more are only counted
FIELDS = {
    "phone": "手机号", "region": "地区", "product": "贷款产品", "instalment_amount": "每期金额", "annual_rate": "年利率", "principal": "贷款本金",
    "method": "还款方式", "disbursed": "放款日期", "periods": "期数", "period_months": "还款周期（月）", "first_due": "首期日", "accrual": "计息基准",
    "penalty_uplift": "罚息上浮", "compound": "是否计复利", "year_days": "日利率除数", "allocation_order": "入账顺序", "across": "入账方式", "grace_days": "宽限期（天）",
}  # fmt: skip
RATES = ("annual_rate", "penalty_uplift")
METHODS = {"equal_instalments": "等额本息", "equal_principal": "等额本金", "interest_first": "按期付息到期还本", "bullet": "一次还本付息"}


@dataclass(frozen=True)
class Change:
    """One thing that is added (no `old`) or changed. kind: 会员, 贷款, 合同, 还款计划, 罚息, 流水, 暂停, 承诺; of: the member's or loan's id."""

    kind: str
    of: str
    what: str
    old: str
    new: str


@dataclass
class Changes:
    """The changes found so far, the first MOST of them in full."""

    found: list[Change] = field(default_factory=list)
    left_out: int = 0

    def note(self, kind: str, of: str, what: str, old: str, new: str) -> None:
        if len(self.found) < MOST:
            self.found.append(Change(kind, of, what, old, new))
        else:
            self.left_out += 1

    def fields(self, kind: str, of: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        """Every field whose value differs."""
        for name, words in FIELDS.items():
            if name in new and old.get(name) != new[name]:
                self.note(kind, of, words, said(old.get(name), name), said(new[name], name))

    def reach(self, member_id: str, old: tuple[str, str], new: tuple[str, str]) -> None:
        """A member's phone and region, the phone masked."""
        if old[0] != new[0]:
            before, after = mask_phone(old[0]), mask_phone(new[0])
            self.note("会员", member_id, FIELDS["phone"], before, after + ("（中间几位不同）" if before == after else ""))
        self.fields("会员", member_id, {"region": old[1]}, {"region": new[1]})

    def loan(
        self, row: Row, loan_id: str, known: KnownLoan | None, values: Mapping[str, Any], terms: Mapping[str, Any], parts: Sequence[Mapping[str, Any]],
        charges: Sequence[Mapping[str, Any]],
    ) -> None:  # fmt: skip
        """A loan that is new (not known), or as it was and will be."""
        if known is None:
            overdue = sum((p["amount"] - p["paid"] for p in parts if p["due"] < row.as_of), ZERO) + sum((c["amount"] for c in charges), ZERO)
            owed = "按合同" if terms else f"逾期 {overdue:,} 元"
            self.note("贷款", loan_id, "新增", "", f"{row.name} {row.statement.product}（{len(parts)} 期，{owed}）")
            return
        self.fields("贷款", loan_id, known.loan, values)
        self.fields("合同", loan_id, known.terms, terms)
        if known.terms and not terms:
            self.note("合同", loan_id, "撤下", "有合同", "只按来源的数字")
        self.instalments(loan_id, known.instalments, parts)
        before, after = known.penalty, sum((c["amount"] for c in charges), ZERO)
        if before != after:
            self.note("罚息", loan_id, "未还罚息", f"{before:,} 元", f"{after:,} 元")

    def instalments(self, loan_id: str, old: Iterable[Mapping[str, Any]], new: Iterable[Mapping[str, Any]]) -> None:
        """Every instalment that comes, goes or differs."""
        before, after = ({row["number"]: _instalment(row) for row in rows} for rows in (old, new))
        for number in sorted(before.keys() | after.keys()):
            if before.get(number) != after.get(number):
                self.note("还款计划", loan_id, f"第 {number} 期", before.get(number, ""), after.get(number, ""))

    def lines(self, loan_id: str, lines: Sequence[SourceLine], adopted: int = 0) -> None:
        """Lines added to a ledger; those booked here that now have the source's number."""
        for line in lines:
            self.note("流水", loan_id, line.source_id, "", f"{line.day} {KINDS[line.kind]} {said(line.amount)}" + (f"（{mask_text(line.note)}）" if line.note else ""))
        if adopted:
            self.note("流水", loan_id, "认领", "", f"{adopted} 笔已记的还款与来源的同额流水对上")


def said(value: Any, name: str = "") -> str:
    """A value as staff read it; `name` tells a rate from money."""
    if value is None:
        return "（无）"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        return f"{(value * 100).normalize():f}%" if name in RATES else f"{value:,} 元"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return "→".join(str(part) for part in value)
    return METHODS.get(str(value), str(value))


def _instalment(row: Mapping[str, Any]) -> str:
    paid = f"，已还 {row['paid']:,}" if row["paid"] else ""
    return f"{row['due']} {row['amount']:,} 元{paid}"
