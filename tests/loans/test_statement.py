from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuhuan.calendar import add_months
from zhuhuan.loans.errors import BadStatement
from zhuhuan.loans.statement import LoanStatement, facts_of, unpaid_instalments
from zhuhuan.money import from_fen, yuan

TODAY = date(2026, 11, 24)


def statement(overdue: str, each: str, due: str | None, balance: str | None = None, penalty: str = "0") -> LoanStatement:
    return LoanStatement(
        product="个人消费贷款",
        overdue_amount=yuan(overdue),
        instalment_amount=yuan(each),
        due_date=date.fromisoformat(due) if due else None,
        balance=yuan(balance) if balance else None,
        penalty=yuan(penalty),
    )


def rows(given_: LoanStatement) -> list[tuple[str, str]]:
    return [(i.due.isoformat(), str(i.amount)) for i in unpaid_instalments(given_, TODAY)]


def test_arrears_equal_to_one_instalment_are_one_however_old() -> None:
    assert rows(statement("30000", "30000", "2026-03-01")) == [("2026-03-01", "30000.00")]


def test_arrears_of_three_instalments_are_monthly_from_the_due_date() -> None:
    assert rows(statement("3000", "1000", "2026-08-31")) == [
        ("2026-08-31", "1000.00"),
        ("2026-09-30", "1000.00"),
        ("2026-10-31", "1000.00"),
    ]


def test_what_does_not_divide_is_left_of_the_oldest() -> None:
    assert rows(statement("2400", "1000", "2026-09-10")) == [
        ("2026-09-10", "400.00"),
        ("2026-10-10", "1000.00"),
        ("2026-11-10", "1000.00"),
    ]


def test_more_instalments_than_months_have_passed_stay_overdue_all_the_same() -> None:
    facts = facts_of(statement("3000", "1000", "2026-11-12"), TODAY, TODAY)
    assert (facts.overdue_amount, facts.days_past_due) == (Decimal("3000.00"), 12)


def test_penalty_is_part_of_the_overdue_amount_and_no_instalment() -> None:
    facts = facts_of(statement("1051.20", "1000", "2026-10-10", penalty="51.20"), TODAY, TODAY)
    assert [i.amount for i in facts.instalments] == [Decimal("1000.00")]
    assert (facts.overdue_amount, facts.penalty, facts.balance) == (Decimal("1051.20"), Decimal("51.20"), Decimal("1051.20"))


def test_a_balance_beyond_the_arrears_falls_due_monthly_as_days_pass() -> None:
    given_ = statement("1000", "1000", "2026-11-12", balance="2500")
    assert rows(given_) == [("2026-11-12", "1000.00"), ("2026-12-12", "1000.00"), ("2027-01-12", "500.00")]
    assert facts_of(given_, TODAY, date(2026, 12, 13)).overdue_amount == Decimal("2000.00")


def test_a_loan_that_is_not_overdue_has_its_next_instalment() -> None:
    facts = facts_of(statement("0", "800", "2026-12-05"), TODAY, TODAY)
    assert not facts.overdue
    assert (facts.due_date, facts.days_past_due, facts.balance) == (date(2026, 12, 5), 0, Decimal("800.00"))


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        (statement("100", "100", "2026-11-25"), "due_date"),
        (statement("100", "100", None), "due_date"),
        (statement("0", "100", None, balance="500"), "due_date"),
        (statement("100", "100", "2026-11-01", penalty="101"), "penalty"),
        (statement("100", "100", "2026-11-01", balance="99.99"), "balance"),
        (statement("1000000", "1", "2020-01-01"), "instalment_amount"),
    ],
)
def test_figures_that_contradict_each_other_are_refused_with_the_field(bad: LoanStatement, field: str) -> None:
    with pytest.raises(BadStatement) as error:
        unpaid_instalments(bad, TODAY)
    assert error.value.field == field


@given(
    arrears=st.integers(1, 500_000),
    each=st.integers(2_000, 400_000),
    days=st.integers(1, 400),
    beyond=st.integers(0, 600_000),
    penalty=st.integers(0, 5_000),
)
def test_on_its_own_day_a_loan_is_told_exactly_as_stated(arrears: int, each: int, days: int, beyond: int, penalty: int) -> None:
    due = TODAY - timedelta(days=days)
    told = LoanStatement(
        product="农户种植贷款",
        overdue_amount=from_fen(arrears + penalty),
        instalment_amount=from_fen(each),
        due_date=due,
        balance=from_fen(arrears + penalty + beyond),
        penalty=from_fen(penalty),
    )
    facts = facts_of(told, TODAY, TODAY)
    assert (facts.overdue_amount, facts.balance, facts.penalty) == (told.overdue_amount, told.balance, told.penalty)
    assert (facts.days_past_due, facts.due_date) == (days, due)
    assert all(i.amount > 0 for i in facts.instalments)
    dues = [i.due for i in facts.instalments]
    assert dues == sorted(set(dues))
    assert set(dues) <= {add_months(due, k) for k in range(620)}
    assert sum(i.due >= TODAY for i in facts.instalments) == -(-beyond // each)
