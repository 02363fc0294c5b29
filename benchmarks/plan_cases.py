"""What `bench_plans` works on: made-up loans with contracts and ledgers, a book of any number of them in SQLite, and what members said.

The same seed gives the same loans. A book repeats POOL different loans under ever new names, since what is measured reads and reckons each anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import islice
from random import Random
from typing import Any

from sqlalchemy import insert

from zhuhuan.loans import tables as t
from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.delinquency import contract_facts
from zhuhuan.loans.entries import contract_row, scheduled_rows
from zhuhuan.loans.owing.methods import schedule
from zhuhuan.loans.owing.position import Ledger, replay, rows_of
from zhuhuan.loans.owing.values import Contract, Entry, Scheduled
from zhuhuan.loans.values import LoanFacts
from zhuhuan.money import from_fen
from zhuhuan.plans.values import Income, NamedPart, PayMonth, Said

TODAY = date(2026, 11, 24)
POOL = 2000  # different loans
BATCH = 1000  # loans written at once
MEMBERS_BORN = date(1980, 1, 1)
METHODS = ("equal_instalments",) * 11 + ("equal_principal",) * 4 + ("interest_first",) * 3 + ("bullet",) * 2
PRODUCTS = ("农户种植贷款", "养殖贷款", "个人消费贷款", "个人经营贷款", "助学贷款", "住房贷款", "购车贷款")
REASONS = (None, "unemployment", "income_drop", "crop_disaster", "illness", "business_loss", "forgot", "away", "over_indebted")


@dataclass(frozen=True)
class Shape:
    """A loan with its contract, schedule and ledger."""

    product: str
    contract: Contract
    schedule: tuple[Scheduled, ...]
    entries: tuple[Entry, ...]

    @cached_property
    def facts(self) -> LoanFacts:
        """The loan as it stands on TODAY."""
        ledger = replay(self.contract, self.schedule, self.entries, TODAY)
        return contract_facts(loan_id="L1", product=self.product, contract=self.contract, ledger=ledger, today=TODAY)


def _contract(dice: Random) -> Contract:
    method: Any = dice.choice(METHODS)
    periods = 12 if method == "bullet" else dice.randint(6, 36)
    return Contract(
        principal=from_fen(dice.randint(3_000, 300_000) * 100),
        annual_rate=Decimal(dice.choice(("0.0345", "0.0435", "0.0600", "0.0720", "0.0864", "0.1080"))),
        method=method,
        disbursed=TODAY - timedelta(days=dice.randint(40, 1000)),
        periods=periods,
        period_months=dice.choice((1, 1, 1, 1, 3)) if method == "interest_first" else 1,
        accrual=dice.choice(("30/360", "30/360", "actual/360", "actual/365")),
        penalty_uplift=Decimal(dice.choice(("0.3", "0.5", "0.5"))),
        compound=dice.random() < 0.5,
        across=dice.choice(("component", "component", "instalment")),
        grace_days=dice.choice((0, 0, 0, 3)),
    )


def _ledger(dice: Random, contract: Contract, rows: Sequence[Scheduled]) -> tuple[Entry, ...]:
    """All that is due is paid, when due or some days late with its penalty; of some loans the last instalments in part or not at all.

    Now and then a fee, a waiver, and a payment that bounced and was made again.
    """
    due = [row for row in rows if row.due <= TODAY]
    unpaid = dice.choice((0, 0, 0, 0, 0, 1, 1, 2, 3, 6))
    ledger, made = Ledger(contract, rows_of(rows)), []

    def book(day: date, kind: Any, amount: Decimal, **more: Any) -> None:
        if amount > 0 and day <= TODAY:
            made.append(Entry(len(made) + 1, day, kind, amount, **more))
            if kind == "payment" and not more:
                ledger.post(made[-1])

    for row in due[: max(0, len(due) - unpaid)]:
        day = row.due + timedelta(days=dice.choice((0, 0, 0, 0, 1, 5, 15)))
        if dice.random() < 0.02 and day + timedelta(days=2) <= TODAY:
            book(day, "payment", row.amount, note="退票")
            book(day + timedelta(days=2), "reversal", row.amount, of=len(made))
            day += timedelta(days=9)
        book(day, "payment", from_fen(ledger.due(day.toordinal())))
    if unpaid and due and dice.random() < 0.3:
        book(due[-1].due, "payment", from_fen(max(1, int(due[-1].amount * 40))))
    if dice.random() < 0.05:
        book(TODAY - timedelta(days=30), "fee", Decimal("50.00"))
    if unpaid and dice.random() < 0.05:
        book(TODAY - timedelta(days=3), "waiver", Decimal("1.00"), component="penalty")
    return tuple(made)


def shapes(number: int, seed: int = 1) -> Iterator[Shape]:
    """So many different loans."""
    dice = Random(seed)
    for _ in range(number):
        contract = _contract(dice)
        rows = schedule(contract)
        yield Shape(dice.choice(PRODUCTS), contract, rows, _ledger(dice, contract, rows))


class Book:
    """A loan book at a URL that has been migrated; `grow` adds loans to it, a member each, by the importer's own connection."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.loans = self.instalments = self.entries = 0
        self._pool: list[Shape] = []

    def grow(self, loans: int) -> None:
        """Add loans until there are so many."""
        self._pool = self._pool or list(shapes(min(POOL, loans)))
        with LoanBook(self.url) as book:
            connection = book.bulk()
            while self.loans < loans:
                first, end = self.loans, min(self.loans + BATCH, loans)
                for table, rows in self._rows(first, end).items():
                    if rows:
                        connection.execute(insert(table), rows)
                self.loans = end

    def _rows(self, first: int, end: int) -> dict[Any, list[dict[str, Any]]]:
        found: dict[Any, list[dict[str, Any]]] = {table: [] for table in (t.Member, t.Loan, t.LoanContract, t.Instalment, t.LedgerEntry)}
        for number in range(first, end):
            shape = self._pool[number % len(self._pool)]
            member, loan, tail = f"M{number:07d}", f"L{number:07d}", f"{number % 10000:04d}"
            born = MEMBERS_BORN + timedelta(days=number // 10000)
            found[t.Member].append({"id": member, "name": "测试会员", "id_tail": tail, "birth_date": born, "phone": f"1990{number:07d}", "region": ""})
            found[t.Loan].append({
                "id": loan, "member_id": member, "number": 1, "product": shape.product, "instalment_amount": shape.schedule[0].amount,
                "annual_rate": shape.contract.annual_rate,
            })  # fmt: skip
            found[t.LoanContract].append(contract_row(loan, shape.contract))
            found[t.Instalment] += scheduled_rows(loan, shape.schedule)
            found[t.LedgerEntry] += [
                {"id": self.entries + e.id, "loan_id": loan, "day": e.day, "kind": e.kind, "amount": e.amount, "component": e.component,
                 "reverses_id": None if e.of is None else self.entries + e.of}
                for e in shape.entries
            ]  # fmt: skip
            self.entries += len(shape.entries)
        self.instalments += len(found[t.Instalment])
        return found


# --- what members said ----------------------------------------------------------------------------------------------------


def _yuan(dice: Random, low: int, high: int) -> Decimal:
    return from_fen(dice.randint(low, high) * 100)


def said(dice: Random) -> Said:
    """What a member may have said, mostly one or two things of it, as in conversations."""

    def maybe(share: float, value: Any) -> Any:
        return value() if dice.random() < share else None

    weekly = dice.random() < 0.08
    soon = TODAY + timedelta(days=dice.randint(0, 90))
    return Said(
        at_most_month=maybe(0.35, lambda: _yuan(dice, 100, 4000)),
        at_most_week=_yuan(dice, 30, 900) if weekly else None,
        weekday=dice.randrange(7) if weekly else None,
        first_at_most=maybe(0.08, lambda: _yuan(dice, 50, 3000)),
        each=maybe(0.1, lambda: _yuan(dice, 100, 3000)),
        start=maybe(0.25, lambda: soon),
        until=maybe(0.1, lambda: soon),
        periods=maybe(0.2, lambda: dice.randint(2, 24)),
        defer_months=maybe(0.12, lambda: dice.randint(1, 6)),
        defer_days=maybe(0.06, lambda: dice.randint(3, 30)),
        pay_day=maybe(0.25, lambda: dice.randint(1, 31)),
        pay_months=maybe(0.08, lambda: (PayMonth(dice.randint(1, 6)), PayMonth(dice.randint(7, 12), _yuan(dice, 500, 9000)))) or (),
        parts=maybe(0.06, lambda: (NamedPart(_yuan(dice, 100, 2000), soon), NamedPart())) or (),
        income=maybe(0.3, lambda: Income(*(2 * [_yuan(dice, 500, 9000)]))),
        outgoings=maybe(0.2, lambda: _yuan(dice, 300, 5000)),
        reason=dice.choice(REASONS),
        wish=maybe(0.08, lambda: dice.choice(("whole", "deferral", "partial", "instalments"))),
        basis="balance" if dice.random() < 0.15 else "arrears",
    )


def _by_figures(dice: Random) -> LoanFacts:
    """A loan that is known by its source's figures alone."""
    each, unpaid, days = _yuan(dice, 200, 6000), dice.randint(1, 5), dice.randint(1, 300)
    rate = Decimal(dice.choice(("0.0435", "0.0720", "0.1080"))) if dice.random() < 0.7 else None
    overdue = each * unpaid
    due = TODAY - timedelta(days=days)
    return LoanFacts("L1", dice.choice(PRODUCTS), overdue, days, due, each, overdue + each * dice.randint(0, 24), rate)


def talks(number: int, seed: int = 2) -> list[tuple[LoanFacts, Said]]:
    """So many overdue loans with what was said of each: half known by contract and ledger, half by figures."""
    dice = Random(seed)
    overdue = (shape.facts for shape in shapes(100 * number, seed) if shape.facts.overdue)
    known = [*islice(overdue, max(1, min(number // 2, POOL)))]
    return [(_by_figures(dice) if place % 2 else dice.choice(known), said(dice)) for place in range(number)]
