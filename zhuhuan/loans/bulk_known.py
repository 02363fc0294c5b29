"""Loans as the book has them, and where the source's own figures differ, for an import to compare."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from zhuhuan.loans import queries
from zhuhuan.loans import tables as t
from zhuhuan.loans.bulk_ledger import ID_LIST
from zhuhuan.loans.entries import contract_row
from zhuhuan.loans.owing.position import Ledger
from zhuhuan.loans.owing.values import Contract, Entry, Scheduled
from zhuhuan.loans.reading import contract_of
from zhuhuan.money import ZERO, from_fen

LOAN = ("product", "instalment_amount", "annual_rate")
INSTALMENT = ("number", "due", "amount", "paid", "principal", "interest")


@dataclass
class KnownLoan:
    """A loan's rows as mappings: loan, terms (of its contract, empty where it has none), instalments, pauses; penalty: unpaid charges in yuan."""

    loan: dict[str, Any]
    contract: Contract | None = None
    terms: dict[str, Any] = field(default_factory=dict)
    instalments: list[dict[str, Any]] = field(default_factory=list)
    pauses: list[dict[str, Any]] = field(default_factory=list)
    penalty: Decimal = ZERO

    @property
    def schedule(self) -> tuple[Scheduled, ...]:
        return tuple(Scheduled(i["number"], i["due"], i["principal"] or ZERO, i["interest"] or ZERO) for i in self.instalments)


def known_loans(connection: Connection, loan_ids: Sequence[str]) -> dict[str, KnownLoan]:
    """The loans of these ids that the book has."""
    known: dict[str, KnownLoan] = {}
    for start in range(0, len(loan_ids), ID_LIST):
        part = list(loan_ids[start : start + ID_LIST])
        ids = {"loans": part}
        loans = select(t.Loan.id, t.Loan.product, t.Loan.instalment_amount, t.Loan.annual_rate).where(t.Loan.id.in_(part))
        for row in connection.execute(loans):
            known[row.id] = KnownLoan({name: getattr(row, name) for name in LOAN})
        for row in connection.execute(queries.CONTRACTS, ids):
            loan = known[row.loan_id]
            loan.contract = contract_of(row)
            loan.terms = contract_row(row.loan_id, loan.contract)
        for row in connection.execute(queries.INSTALMENTS, ids):
            known[row.loan_id].instalments.append({name: getattr(row, name) for name in INSTALMENT})
        for row in connection.execute(queries.CHARGES, ids):
            known[row.loan_id].penalty += row.amount - row.paid
        p = t.DelinquencyPause
        for row in connection.execute(select(p.loan_id, p.id, p.first, p.last, p.reason).where(p.loan_id.in_(part))):
            known[row.loan_id].pauses.append({"id": row.id, "first": row.first, "last": row.last, "reason": row.reason})
    return known


def differences(loan_id: str, ledger: Ledger, entries: Sequence[Entry], day: date, overdue: Decimal | None, balance: Decimal | None) -> Iterator[str]:
    """Where the source's own figures of `day` are not those of the ledger, a sentence each. The balance may be all that is to be paid or the principal alone."""
    ours = from_fen(ledger.overdue(day.toordinal()))
    if overdue is not None and ours != overdue:
        yield f"贷款 {loan_id} 对账：{day} 逾期金额按合同和流水算是 {ours:,} 元，来源为 {overdue:,} 元"
    to_come = sum((e.amount for e in entries if e.kind == "fee" and e.day > day), ZERO)
    everything = from_fen(ledger.balance(day.toordinal())) + to_come
    principal = from_fen(sum(row.open_principal for row in ledger.rows))
    if balance is not None and balance not in (everything, principal):
        yield f"贷款 {loan_id} 对账：{day} 全部未还 {everything:,} 元（其中本金 {principal:,} 元），来源的余额为 {balance:,} 元"
