from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from zhuhuan.loans.accounts import account_facts, read_account
from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.errors import BadAccount
from zhuhuan.loans.values import AddPromise, ChangeContact, IssueNotice
from zhuhuan.money import from_fen, yuan

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 10)
Account = Callable[..., dict[str, Any]]


def test_an_account_is_told_back_exactly_on_its_day_and_grows_older(url: str, account: Account) -> None:
    with LoanBook(url) as book:
        member_id = book.add_account(account(), TODAY)
        file = book.file_of(member_id, TODAY)
        later = book.file_of(member_id, TODAY + timedelta(days=20))
    loan = file.loans[0]
    assert (file.member.name, file.member.id_tail, file.member.birth_date) == ("林晓燕", "4410", date(1990, 2, 8))
    assert (loan.overdue_amount, loan.days_past_due, loan.due_date) == (Decimal("1860.00"), 12, date(2026, 11, 12))
    assert (loan.balance, loan.annual_rate, loan.penalty) == (Decimal("1860.00"), None, Decimal("0.00"))
    assert (later.loans[0].overdue_amount, later.loans[0].days_past_due) == (Decimal("1860.00"), 32)


def test_without_a_due_date_it_is_the_days_overdue_before_today(url: str, account: Account) -> None:
    with LoanBook(url) as book:
        member_id = book.add_account(account(due_date=None, days_overdue=40), TODAY)
        assert book.file_of(member_id, TODAY).loans[0].due_date == date(2026, 10, 15)


def test_further_instalments_fall_due_as_days_pass(url: str, account: Account) -> None:
    given_ = account(
        overdue_amount="2100", instalment_amount="1000", penalty="100", due_date="2026-10-20", days_overdue=35, balance="4600"
    )
    with LoanBook(url) as book:
        member_id = book.add_account(given_, TODAY)
        amounts = [
            book.file_of(member_id, day).loans[0].overdue_amount for day in (TODAY, date(2026, 12, 20), date(2026, 12, 21))
        ]
        last = book.file_of(member_id, date(2028, 1, 1)).loans[0]
    assert amounts == [Decimal("2100.00"), Decimal("2100.00"), Decimal("3100.00")]
    assert last.overdue_amount == last.balance == Decimal("4600.00")


def test_two_loans_keep_their_order_and_one_that_is_not_overdue_has_its_next_day(url: str, account: Account) -> None:
    loans = [
        {"product": "农户种植贷款", "overdue_amount": "8000.00", "days_overdue": 60, "instalment_amount": "8000.00"},
        {"product": "个人消费贷款", "overdue_amount": "0.00", "instalment_amount": "650.00", "due_date": "2026-12-05"},
    ]
    with LoanBook(url) as book:
        file = book.file_of(book.add_account(account(loans=loans), TODAY), TODAY)
    assert [(loan.product, loan.overdue_amount, loan.days_past_due) for loan in file.loans] == [
        ("农户种植贷款", Decimal("8000.00"), 60),
        ("个人消费贷款", Decimal("0.00"), 0),
    ]
    assert file.loans[1].due_date == date(2026, 12, 5)
    assert [loan.product for loan in file.overdue_loans] == ["农户种植贷款"]


def test_what_already_stands_comes_back_in_the_form_of_the_contract(url: str, account: Account) -> None:
    standing = {
        "loan": "农户种植贷款",
        "kind": "instalments",
        "status": "awaiting_approval",
        "schedule": [{"due": "2026-11-20", "amount": "4000.00"}, {"due": "2026-12-21", "amount": "4000.00"}],
        "total": "8000.00",
        "approval": "supervisor",
    }
    promise = {"loan": "个人消费贷款", "amount": "650.00", "due": "2026-12-01", "status": "open"}
    case = {"kind": "complaint", "status": "open", "about": "电话太多"}
    given_ = account(
        loans=[
            {"product": "农户种植贷款", "overdue_amount": "8000.00", "days_overdue": 60, "instalment_amount": "8000.00"},
            {"product": "个人消费贷款", "overdue_amount": "650.00", "days_overdue": 5, "instalment_amount": "650.00"},
        ],
        arrangements=[standing],
        promises=[promise],
        cases=[case],
        mood="unknown keys are ignored",
    )
    with LoanBook(url) as book:
        member_id = book.add_account(given_, TODAY)
        book.settle(member_id, TODAY, NOW)
        told = book.as_contract(member_id, TODAY)
    assert told["arrangements"] == [{**standing, "cost": "0.00"}]
    assert told["promises"] == [promise]
    assert told["cases"] == [{**case, "loan": None}]
    assert told["notices"] == []
    assert told["contact"] == {
        "paused_until": None,
        "stopped": [],
        "wrong_number": False,
        "preferred_hours": None,
        "preferred_way": None,
        "no_third_party": False,
        "consents": [],
    }


def test_two_loans_of_one_product_are_told_apart_by_id(url: str, account: Account) -> None:
    loan = {"product": "养殖贷款", "overdue_amount": "3000", "days_overdue": 9, "instalment_amount": "3000"}
    with LoanBook(url) as book:
        member_id = book.add_account(account(loans=[{**loan, "id": "A1"}, loan]), TODAY)
        first, second = book.file_of(member_id, TODAY).loans
        book.write(member_id, AddPromise(second.loan_id, yuan("1"), TODAY), NOW)
        book.write(member_id, IssueNotice("reminder", "A1"), NOW)
        book.write(member_id, ChangeContact(preferred_hours=(None, time(12)), stop=("visit",)), NOW)
        told = book.as_contract(member_id, TODAY)
    assert first.loan_id == "A1"
    assert told["promises"][0]["loan"] == f"养殖贷款 {second.loan_id}"
    assert told["notices"] == [{"kind": "reminder", "status": "drafted", "loan": "养殖贷款 A1"}]
    assert (told["contact"]["preferred_hours"], told["contact"]["stopped"]) == ("/12:00", ["visit"])


def test_values_as_yaml_reads_them_are_understood(url: str) -> None:
    text = """{name: 赵满仓, id_tail: 0310, birth_date: 1961-05-03, product: 农户种植贷款, overdue_amount: 8000.5, days_overdue: 3,
      instalment_amount: 8000.50, due_date: 2026-11-21, annual_rate: 6.5, balance: 8000.50}"""
    given_ = yaml.safe_load(text.replace("0310", "'0310'"))
    facts = account_facts(given_, TODAY)
    assert (facts.overdue_amount, facts.annual_rate) == (Decimal("8000.50"), Decimal("0.065"))
    with LoanBook(url) as book:
        loan = book.file_of(book.add_account(given_, TODAY), TODAY).loans[0]
    assert (loan.overdue_amount, loan.annual_rate) == (facts.overdue_amount, facts.annual_rate)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": None}, "account.name"),
        ({"id_tail": "44"}, None),
        ({"id_tail": "44A0"}, "account.id_tail"),
        ({"birth_date": "8.2.1990"}, "account.birth_date"),
        ({"overdue_amount": "一千"}, "account.overdue_amount"),
        ({"due_date": "2026-12-24"}, "account.due_date"),
        ({"penalty": "2000"}, "account.penalty"),
        ({"annual_rate": "lots"}, "account.annual_rate"),
        ({"promises": [{"amount": "1", "due": "2026-12-01", "status": "maybe"}]}, r"account.promises\[0\].status"),
        ({"promises": [{"loan": "住房贷款", "amount": "1", "due": "2026-12-01"}]}, "住房贷款"),
        ({"promises": [{"amount": "1", "due": "2026-12-01"}, {"amount": "2", "due": "2026-12-02"}]}, "只能有一个"),
        ({"arrangements": [{"schedule": [{"due": "2026-12-01", "amount": "5"}], "total": "6"}]}, r"arrangements\[0\].total"),
        ({"arrangements": [{"schedule": []}]}, "至少"),
        ({"cases": [{"kind": "gossip"}]}, r"account.cases\[0\].kind"),
    ],
)
def test_a_wrong_account_is_refused_with_the_place(
    url: str, account: Account, changes: dict[str, Any], message: str | None
) -> None:
    if message is None:
        assert read_account(account(**changes), TODAY).id_tail == "0044"
        return
    with pytest.raises(BadAccount, match=message), LoanBook(url) as book:
        book.add_account(account(**changes), TODAY)
    with LoanBook(url) as book:
        assert list(book.every_file(TODAY)) == []


@given(
    fen=st.integers(1, 5_000_000),
    each=st.integers(10_000, 2_000_000),
    days=st.integers(1, 400),
    more=st.integers(0, 900_000),
)
def test_the_overdue_amount_of_any_account_is_exactly_what_it_says(fen: int, each: int, days: int, more: int) -> None:
    due = TODAY - timedelta(days=days)
    loan = {
        "overdue_amount": str(from_fen(fen)),
        "instalment_amount": str(from_fen(each)),
        "days_overdue": days,
        "due_date": due.isoformat(),
        "balance": str(from_fen(fen + more)),
    }
    facts = account_facts(loan, TODAY)
    assert (facts.overdue_amount, facts.days_past_due, facts.due_date) == (from_fen(fen), days, due)
    assert facts.balance == from_fen(fen + more)
    assert account_facts({**loan, "due_date": None}, TODAY) == facts
