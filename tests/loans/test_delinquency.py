from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuhuan.loans.delinquency import days_past_due, delinquency_class, loan_facts, overdue_amount
from zhuhuan.loans.values import Instalment
from zhuhuan.money import ZERO, from_fen

TODAY = date(2026, 11, 24)
fen = st.integers(1, 10_000_000)


@st.composite
def instalments(draw: st.DrawFn) -> list[Instalment]:
    rows = []
    for number in range(1, draw(st.integers(0, 8)) + 1):
        amount = draw(fen)
        paid = draw(st.one_of(st.just(0), st.just(amount), st.integers(0, amount)))
        due = TODAY + timedelta(days=draw(st.integers(-400, 400)))
        rows.append(Instalment(number, due, from_fen(amount), from_fen(paid)))
    return rows


def test_the_due_day_itself_is_not_past_due() -> None:
    one = [Instalment(1, TODAY, Decimal("100.00"))]
    assert days_past_due(one, TODAY) == 0
    assert days_past_due(one, TODAY + timedelta(days=1)) == 1


def test_days_are_counted_from_the_oldest_unpaid_instalment() -> None:
    rows = [
        Instalment(1, date(2026, 9, 1), Decimal("100.00"), Decimal("100.00")),
        Instalment(2, date(2026, 10, 1), Decimal("100.00"), Decimal("99.99")),
        Instalment(3, date(2026, 11, 1), Decimal("100.00")),
    ]
    assert days_past_due(rows, TODAY) == 54
    assert overdue_amount(rows, ZERO, TODAY) == Decimal("100.01")


@pytest.mark.parametrize(
    ("days", "name"), [(0, "current"), (1, "short_term"), (30, "short_term"), (31, "long_term"), (400, "long_term")]
)
def test_short_term_ends_with_the_thirtieth_day(days: int, name: str) -> None:
    assert delinquency_class(days) == name


@given(instalments(), st.integers(0, 800))
def test_each_day_that_passes_adds_a_day_to_what_is_overdue_and_never_lowers_it(rows: list[Instalment], later: int) -> None:
    day = TODAY + timedelta(days=later)
    now, then = days_past_due(rows, TODAY), days_past_due(rows, day)
    assert then == now + later if now else then <= later
    assert overdue_amount(rows, ZERO, day) >= overdue_amount(rows, ZERO, TODAY)


@given(instalments(), st.integers(0, 100_000))
def test_facts_of_a_loan_agree_with_each_other(rows: list[Instalment], penalty_fen: int) -> None:
    penalty = from_fen(penalty_fen)
    facts = loan_facts(
        loan_id="L", product="农机贷款", instalment_amount=Decimal("1.00"), instalments=rows, today=TODAY, penalty=penalty
    )
    assert facts.balance == sum((r.outstanding for r in rows), ZERO) + penalty
    assert facts.penalty <= facts.overdue_amount <= facts.balance
    assert (facts.days_past_due > 0) == (facts.overdue_amount > penalty)
    if facts.days_past_due:
        assert facts.due_date == TODAY - timedelta(days=facts.days_past_due)
