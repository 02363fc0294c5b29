"""A loan given by its contract and its payments instead of by figures: read from an account, and as the loan of a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from zhuhuan.loans.delinquency import contract_facts
from zhuhuan.loans.errors import BadAccount
from zhuhuan.loans.given import day_at, money_at, rate_at, whole_at, word_at
from zhuhuan.loans.owing.methods import check, schedule
from zhuhuan.loans.owing.position import replay
from zhuhuan.loans.owing.values import (
    CIVIL_CODE_561,
    COMPONENTS,
    Accrual,
    Across,
    Component,
    Contract,
    Entry,
    EntryKind,
    Method,
    Scheduled,
)
from zhuhuan.loans.statement import LoanStatement
from zhuhuan.loans.values import LoanFacts


@dataclass(frozen=True)
class GivenContract:
    """A contract with its schedule and ledger; the entries' ids are their places, from 1."""

    contract: Contract
    schedule: tuple[Scheduled, ...]
    entries: tuple[Entry, ...] = ()

    def facts(self, loan_id: str, product: str, today: date) -> LoanFacts:
        """The loan as it stands on `today`."""
        ledger = replay(self.contract, self.schedule, self.entries, today)
        return contract_facts(loan_id=loan_id, product=product, contract=self.contract, ledger=ledger, today=today)

    def as_statement(self, product: str, today: date) -> LoanStatement:
        """The figures of the loan on `today`, as a source without contracts would tell them."""
        facts = self.facts("", product, today)
        return LoanStatement(
            product, facts.overdue_amount, facts.instalment_amount, facts.due_date, facts.balance, facts.annual_rate, facts.penalty
        )


def given_contract(loan: Mapping[str, Any], place: str) -> GivenContract | None:
    """`contract: {principal, annual_rate, method, disbursed, periods, …}` and `payments: [{day, amount, kind, of, component}]` of a loan.

    The other fields of Contract are optional; `order` lists components. None where the loan has no contract. Raises BadAccount with the place.
    """
    raw = loan.get("contract")
    if raw is None:
        return None
    where = f"{place}.contract"
    if not isinstance(raw, Mapping):
        raise BadAccount(f"{where}：应当是一组“名称: 值”")
    for name in ("principal", "annual_rate", "method", "disbursed", "periods"):
        if raw.get(name) in (None, ""):
            raise BadAccount(f"{where}.{name}：没有填写")
    rate = rate_at(raw["annual_rate"], f"{where}.annual_rate")
    uplift = raw.get("penalty_uplift", "0.5")
    contract = Contract(
        principal=money_at(raw["principal"], f"{where}.principal"),
        annual_rate=rate if rate is not None else _none(f"{where}.annual_rate"),
        method=word_at(raw["method"], Method, f"{where}.method"),
        disbursed=day_at(raw["disbursed"], f"{where}.disbursed"),
        periods=whole_at(raw["periods"], f"{where}.periods", 1),
        period_months=whole_at(raw.get("period_months", 1), f"{where}.period_months", 1),
        first_due=day_at(raw["first_due"], f"{where}.first_due") if raw.get("first_due") else None,
        accrual=word_at(raw.get("accrual", "30/360"), Accrual, f"{where}.accrual"),
        penalty_uplift=rate_at(uplift, f"{where}.penalty_uplift"),
        compound=bool(raw.get("compound", False)),
        year_days=whole_at(raw.get("year_days", 360), f"{where}.year_days", 360),
        order=_order(raw.get("order"), f"{where}.order"),
        across=word_at(raw.get("across", "component"), Across, f"{where}.across"),
        grace_days=whole_at(raw.get("grace_days", 0), f"{where}.grace_days"),
    )
    try:
        check(contract)
    except ValueError as error:
        raise BadAccount(f"{where}：{error}") from error
    return GivenContract(contract, schedule(contract), _entries(loan.get("payments") or (), f"{place}.payments"))


def _none(place: str) -> Any:
    raise BadAccount(f"{place}：没有填写")


def _order(value: Any, place: str) -> tuple[Component, ...]:
    if value is None:
        return CIVIL_CODE_561
    order = tuple(word_at(component, Component, place) for component in value)
    if sorted(order) != sorted(COMPONENTS):
        raise BadAccount(f"{place}：{'、'.join(COMPONENTS)} 每样要写一次")
    return order


def _entries(rows: Any, place: str) -> tuple[Entry, ...]:
    entries: list[Entry] = []
    for number, row in enumerate(rows, 1):
        where = f"{place}[{number - 1}]"
        kind = word_at(row.get("kind", "payment"), EntryKind, f"{where}.kind")
        of = whole_at(row["of"], f"{where}.of", 1) if kind == "reversal" else None
        if of is not None and of >= number:
            raise BadAccount(f"{where}.of：冲正要写在被冲正的还款之后")
        amount = entries[of - 1].amount if of is not None else money_at(row.get("amount"), f"{where}.amount")
        if amount <= 0:
            raise BadAccount(f"{where}.amount：金额要大于 0")
        component = word_at(row.get("component"), Component, f"{where}.component") if kind == "waiver" else None
        entries.append(Entry(number, day_at(row.get("day"), f"{where}.day"), kind, amount, of, component, str(row.get("note") or "")))
    return tuple(entries)
