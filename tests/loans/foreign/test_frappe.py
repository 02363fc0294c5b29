"""Frappe Lending's exports: the samples beside are fictitious, as documents in JSON and as tables of its Data Export."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import select

from zhuhuan.loans import tables as t
from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.engines import engine_of
from zhuhuan.loans.foreign.frappe import doctype_of, field_name
from zhuhuan.loans.importing import Report, import_files, preview
from zhuhuan.loans.sources import Sources
from zhuhuan.loans.values import LoanFacts
from zhuhuan.money import yuan

HERE = Path(__file__).parent
DOCS = HERE / "frappe_docs.json"
TABLES = tuple(HERE / f"frappe_{name}.csv" for name in ("loan", "schedule", "repayment", "customer", "product"))
TODAY = date(2026, 11, 24)
LOAN = "ACC-LOAN-2026-00007"


def loan(url: str, today: date = TODAY) -> LoanFacts:
    with LoanBook(url) as book:
        return next(book.every_file(today)).loans[0]


def lines(url: str) -> list[tuple[Any, ...]]:
    e = t.LedgerEntry
    with engine_of(url).connect() as connection:
        return [tuple(row) for row in connection.execute(select(e.source_id, e.day, e.kind, e.amount).order_by(e.day, e.id))]


def documents() -> list[dict[str, Any]]:
    value: list[dict[str, Any]] = json.loads(DOCS.read_text(encoding="utf-8"))
    return value


def put(url: str, tmp_path: Path, docs: list[dict[str, Any]], today: date = TODAY) -> Report:
    (tmp_path / "docs.json").write_text(json.dumps(docs, ensure_ascii=False), encoding="utf-8")
    return import_files(url, Sources((tmp_path / "docs.json",)), today)


@pytest.mark.parametrize("files", [(DOCS,), TABLES])
def test_loan_schedule_and_repayments_are_joined_by_the_loans_name(url: str, files: tuple[Path, ...]) -> None:
    report = import_files(url, Sources(files), TODAY)
    assert (report.problems, report.loans["added"], report.lines) == ([], 1, 10)
    found = loan(url)
    assert (found.loan_id, found.product, found.annual_rate, found.instalment_amount) == (LOAN, "农户贷款", Decimal("0.096"), yuan("2106"))
    assert found.contract is not None
    assert (found.contract.principal, found.contract.method, found.contract.first_due, found.contract.grace_days) == (yuan("24000"), "equal_instalments", date(2026, 2, 15), 5)
    assert (found.due_date, found.days_past_due, found.overdue_amount) == (date(2026, 9, 15), 70, yuan("6318.00"))
    with LoanBook(url) as book:
        member = next(book.every_file(TODAY)).member
    assert (member.id, member.name, member.id_tail, member.birth_date, member.phone) == ("CUST-0021", "周桂芳", "0223", date(1972, 9, 14), "19900000021")


def test_documents_and_tables_say_the_same(url: str) -> None:
    import_files(url, Sources((DOCS,)), TODAY)
    before = lines(url)
    again = import_files(url, Sources(TABLES), TODAY)
    assert (again.members["unchanged"], again.loans["unchanged"], again.lines) == (1, 1, 0)
    assert lines(url) == before


def test_the_schedule_adds_up_to_the_fen_although_frappe_keeps_nine_decimals(url: str) -> None:
    import_files(url, Sources((DOCS,)), TODAY)
    instalments = loan(url).instalments
    assert sum(i.principal or 0 for i in instalments) == yuan("24000")
    assert all(i.amount == yuan("2106") for i in instalments[:-1])


def test_a_penalty_is_charged_before_the_payment_that_covered_it(url: str) -> None:
    import_files(url, Sources((DOCS,)), TODAY)
    found = lines(url)
    assert found[6:8] == [
        ("LM-REP-0017:penalty", date(2026, 8, 27), "fee", yuan("36.50")),
        ("LM-REP-0017", date(2026, 8, 27), "payment", yuan("2142.50")),
    ]
    owed = loan(url).owed
    assert owed is not None and owed.fees == 0 and owed.interest == yuan("197.93")


def test_a_cancelled_repayment_is_there_and_taken_back(url: str, tmp_path: Path) -> None:
    docs = documents()
    last = next(d for d in docs if d["name"] == "LM-REP-0019")
    last["docstatus"] = 1
    put(url, tmp_path, docs)
    assert loan(url).due_date == date(2026, 10, 15)
    last["docstatus"] = 2
    assert put(url, tmp_path, docs).lines == 1
    assert loan(url).due_date == date(2026, 9, 15)
    assert lines(url)[-1] == ("LM-REP-0019:reversal", date(2026, 9, 16), "reversal", yuan("2106"))


def test_demands_tell_the_penalties_that_are_not_paid_yet(url: str, tmp_path: Path) -> None:
    demand = {"doctype": "Loan Demand", "docstatus": 1, "loan": LOAN, "demand_date": "2026-08-20", "demand_amount": 36.5, "paid_amount": 36.5}
    demands = [
        {**demand, "name": "LM-LD-1", "demand_type": "Penalty", "demand_subtype": "Penalty"},
        {**demand, "name": "LM-LD-2", "demand_type": "Penalty", "demand_subtype": "Penalty", "demand_date": "2026-11-01", "demand_amount": 55.2},
        {**demand, "name": "LM-LD-3", "demand_type": "EMI", "demand_subtype": "Interest", "demand_amount": 98.27},
    ]
    report = put(url, tmp_path, [*documents(), *demands])
    assert report.notes[0].text.startswith("1 笔未导入") and len(report.notes) == 1
    assert {line[0] for line in lines(url) if line[2] == "fee"} == {"LM-LD-1", "LM-LD-2"}
    owed = loan(url).owed
    assert owed is not None and owed.fees == yuan("55.20")


def test_a_waiver_of_interest_is_a_waiver(url: str, tmp_path: Path) -> None:
    docs = documents()
    docs.append({"doctype": "Loan Repayment", "name": "LM-REP-0020", "docstatus": 1, "against_loan": LOAN, "posting_date": "2026-10-01", "repayment_type": "Interest Waiver", "amount_paid": 82.21})
    put(url, tmp_path, docs)
    owed = loan(url).owed
    assert owed is not None and owed.interest == yuan("115.72")


def test_what_is_missing_is_told_with_what_to_export(url: str, tmp_path: Path) -> None:
    docs = documents()
    for kind, words in (("Loan Repayment Schedule", "Loan Repayment Schedule 的导出"), ("Loan Repayment", "Loan Repayment 的导出"), ("Customer", "缺少身份证后四位、出生日期、手机号")):
        report = put(url, tmp_path, [d for d in docs if d["doctype"] != kind])
        assert not report.stored and any(words in p.reason for p in report.problems), kind
    report = put(url, tmp_path, [d for d in docs if d["doctype"] != "Loan"])
    assert any("这次没有给出那笔贷款" in note.text for note in report.notes)


def test_a_weekly_loan_keeps_the_schedule_and_what_was_paid_of_it(url: str, tmp_path: Path) -> None:
    docs = documents()
    docs[0]["repayment_frequency"] = "Weekly"
    put(url, tmp_path, docs)
    found = loan(url)
    assert found.contract is None
    assert [i.paid for i in found.instalments] == [i.amount for i in found.instalments[:7]] + [yuan("0")] * 5


def test_a_workbook_of_the_loans_is_read_like_the_csv(url: str, tmp_path: Path) -> None:
    import csv

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    with TABLES[0].open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            sheet.append([date.fromisoformat(cell) if cell[:4] == "2026" and len(cell) == 10 else cell for cell in row])
    book.save(tmp_path / "loan.xlsx")
    assert preview(url, Sources((tmp_path / "loan.xlsx", *TABLES[1:])), TODAY).loans["added"] == 1


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("ID", "name"), ("Against Loan", "against_loan"), ("against_loan", "against_loan"), ("Rate of Interest (%) / Year", "rate_of_interest"),
        ("Payment Date (Repayment Schedule)", "repayment_schedule.payment_date"), ("\ufeffID", "name"), ("Repayment Period in Months", "repayment_periods"),
    ],
)  # fmt: skip
def test_headers_of_an_export_are_fields(header: str, field: str) -> None:
    assert field_name(header) == field


def test_documents_are_known_without_their_doctype() -> None:
    for doc in documents():
        bare = {key: value for key, value in doc.items() if key != "doctype"}
        assert doctype_of(bare) == doc["doctype"]
    assert doctype_of({"doctype": "Sales Invoice"}) is None
