from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.errors import BadRecord, UnknownRecord
from zhuhuan.loans.payments import OpenCharge, allocate
from zhuhuan.loans.values import Instalment
from zhuhuan.money import ZERO, from_fen, yuan

TODAY = date(2026, 11, 24)


@st.composite
def debts(draw: st.DrawFn) -> tuple[list[Instalment], list[OpenCharge]]:
    instalments = [
        Instalment(
            number, TODAY + timedelta(days=draw(st.integers(-300, 300))), from_fen(amount), from_fen(draw(st.integers(0, amount)))
        )
        for number, amount in enumerate(draw(st.lists(st.integers(1, 1_000_000), max_size=8)), 1)
    ]
    charges = [OpenCharge(i, "penalty", from_fen(a)) for i, a in enumerate(draw(st.lists(st.integers(1, 50_000), max_size=3)))]
    return instalments, charges


@given(debts(), st.data())
def test_shares_add_up_to_the_payment_and_never_exceed_what_is_outstanding(
    debt: tuple[list[Instalment], list[OpenCharge]], data: st.DataObject
) -> None:
    instalments, charges = debt
    owed = sum((i.outstanding for i in instalments), ZERO) + sum((c.outstanding for c in charges), ZERO)
    if owed == 0:
        with pytest.raises(BadRecord):
            allocate(yuan("0.01"), instalments, charges, TODAY)
        return
    amount = from_fen(data.draw(st.integers(1, int(owed * 100))))
    shares = allocate(amount, instalments, charges, TODAY)
    assert sum((s.amount for s in shares), ZERO) == amount
    for share in shares:
        target = share.instalment or share.charge
        assert target is not None
        assert ZERO < share.amount <= target.outstanding
    with pytest.raises(BadRecord):
        allocate(owed + yuan("0.01"), instalments, charges, TODAY)


@given(debts(), st.integers(1, 2_000_000))
def test_no_instalment_is_paid_before_an_older_one_that_is_due(debt: tuple[list[Instalment], list[OpenCharge]], fen: int) -> None:
    instalments, charges = debt
    owed = sum((i.outstanding for i in instalments), ZERO) + sum((c.outstanding for c in charges), ZERO)
    if owed == 0:
        return
    shares = allocate(min(owed, from_fen(fen)), instalments, charges, TODAY)
    due = sorted((i for i in instalments if i.due <= TODAY and i.outstanding > 0), key=lambda i: (i.due, i.number))
    got = {s.instalment.number: s.amount for s in shares if s.instalment}
    filled = [got.get(i.number, ZERO) == i.outstanding for i in due]
    assert filled == sorted(filled, reverse=True)
    if any(s.charge for s in shares):
        assert all(filled)


def test_a_payment_lowers_days_past_due_and_is_kept_in_the_ledger(url: str, account: object) -> None:
    from sqlalchemy import text

    from zhuhuan.loans.engines import engine_of

    with LoanBook(url) as book:
        member_id = book.add_account(
            account(overdue_amount="3020.00", penalty="20.00", instalment_amount="1000.00", due_date="2026-08-31"),  # type: ignore[operator]
            TODAY,
        )
        loan = book.file_of(member_id, TODAY).loans[0]
        assert loan.days_past_due == 85
        book.receive_payment(loan.loan_id, yuan("1500.50"), TODAY)
        after = book.file_of(member_id, TODAY).loans[0]
        assert (after.overdue_amount, after.days_past_due, after.due_date) == (Decimal("1519.50"), 55, date(2026, 9, 30))
        book.receive_payment(loan.loan_id, yuan("1519.50"), TODAY)
        done = book.file_of(member_id, TODAY).loans[0]
        assert (done.overdue_amount, done.balance, done.days_past_due, done.due_date) == (ZERO, ZERO, 0, None)
        with pytest.raises(BadRecord, match="多于"):
            book.receive_payment(loan.loan_id, yuan("0.01"), TODAY)
        with pytest.raises(UnknownRecord):
            book.receive_payment("nobody", yuan("1"), TODAY)
    with engine_of(url).connect() as connection:
        sums = "SELECT (SELECT sum(amount_fen) FROM ledger_entry), (SELECT sum(amount_fen) FROM allocation)"
        assert connection.execute(text(sums)).one() == (302000, 302000)
