"""Schedules for the tests of pictures and workbooks: a plan of given sums, and a contract's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from zhuhuan.calendar import add_months
from zhuhuan.loans.owing.methods import schedule
from zhuhuan.loans.owing.values import Contract
from zhuhuan.money import ZERO, yuan
from zhuhuan.paper.sheet import Payment, Sheet

TODAY = date(2026, 11, 24)


def of_sums(*sums: str, title: str = "还款计划：林晓燕", about: tuple[tuple[str, str], ...] = (("方式", "分期"),)) -> Sheet:
    payments = tuple(Payment(add_months(date(2026, 12, 15), i), yuan(amount)) for i, amount in enumerate(sums))
    return Sheet(title, "L1", TODAY, payments, sum(map(yuan, sums), ZERO), about)


def of_contract(periods: int, paid: int = 0) -> Sheet:
    rows = schedule(Contract(Decimal("52000"), Decimal("0.0675"), "equal_instalments", date(2026, 1, 10), periods))
    payments = tuple(Payment(r.due, r.amount, r.principal, r.interest, r.amount if i < paid else ZERO) for i, r in enumerate(rows))
    return Sheet("合同还款计划：林晓燕", "L1", TODAY, payments, sum((r.amount for r in rows), ZERO))
