"""Apache Fineract's JSON: the samples beside are fictitious, in the form of GET /loans/{id}?associations=all, a list of loans a line, and a page of clients."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from zhuhuan.loans import tables as t
from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.engines import engine_of
from zhuhuan.loans.errors import BadFile
from zhuhuan.loans.importing import Report, import_files, preview
from zhuhuan.loans.sources import Sources
from zhuhuan.loans.values import MemberFile
from zhuhuan.money import yuan

HERE = Path(__file__).parent
LOAN, LIST, CLIENTS = HERE / "fineract_loan.json", HERE / "fineract_loans.jsonl", HERE / "fineract_clients.json"
TODAY = date(2026, 11, 24)


def files(url: str, today: date = TODAY) -> dict[str, MemberFile]:
    with LoanBook(url) as book:
        return {file.member.name: file for file in book.every_file(today)}


def lines(url: str, loan_id: str = "000000007") -> list[tuple[Any, ...]]:
    e = t.LedgerEntry
    with engine_of(url).connect() as connection:
        found = select(e.source_id, e.day, e.kind, e.amount, e.component).where(e.loan_id == loan_id).order_by(e.day, e.id)
        return [tuple(row) for row in connection.execute(found)]


@pytest.fixture
def loan() -> dict[str, Any]:
    value: dict[str, Any] = json.loads(LOAN.read_text(encoding="utf-8"))
    return value


@pytest.fixture
def put(url: str, tmp_path: Path) -> Callable[..., Report]:
    def put(*loans: dict[str, Any], today: date = TODAY, clients: Any = CLIENTS) -> Report:
        path = tmp_path / "loans.json"
        path.write_text(json.dumps(loans[0] if len(loans) == 1 else loans, ensure_ascii=False), encoding="utf-8")
        return import_files(url, Sources((path, clients) if clients else (path,)), today)

    return put


def test_a_loan_comes_with_its_contract_schedule_and_ledger(url: str) -> None:
    report = import_files(url, Sources((LOAN, CLIENTS)), TODAY)
    assert (report.problems, report.notes, report.loans["added"], report.lines) == ([], [], 1, 10)
    file = files(url)["林晓燕"]
    member, loan = file.member, file.loans[0]
    assert (member.id, member.id_tail, member.birth_date, member.phone, member.region) == ("000000012", "4411", date(1990, 2, 8), "19900000012", "青石支社")
    assert (loan.loan_id, loan.product, loan.annual_rate, loan.instalment_amount) == ("000000007", "农户小额贷款", Decimal("0.12"), yuan("1066.19"))
    assert loan.contract is not None
    assert (loan.contract.method, loan.contract.disbursed, loan.contract.penalty_uplift, loan.contract.grace_days) == ("equal_instalments", date(2026, 3, 5), None, 3)


def test_the_figures_are_those_of_fineract_itself(url: str, loan: dict[str, Any]) -> None:
    import_files(url, Sources((LOAN, CLIENTS)), TODAY)
    ours, summary = files(url)["林晓燕"].loans[0], loan["summary"]
    assert ours.overdue_amount == yuan(str(summary["totalOverdue"])) and ours.balance == yuan(str(summary["totalOutstanding"]))
    assert ours.owed is not None
    assert (ours.owed.principal, ours.owed.interest) == (yuan(str(summary["principalOverdue"])), yuan(str(summary["interestOverdue"])))
    assert ours.owed.fees == yuan(str(summary["penaltyChargesOverdue"]))
    assert ours.days_past_due == loan["delinquent"]["pastDueDays"]
    assert 0 < ours.days_delinquent < ours.days_past_due  # grace and the pause of October taken off


def test_payments_reversals_waivers_and_charges_are_lines_of_the_ledger(url: str) -> None:
    import_files(url, Sources((LOAN, CLIENTS)), TODAY)
    assert lines(url)[6:] == [
        ("charge:21", date(2026, 10, 5), "fee", yuan("30"), None),
        ("108", date(2026, 10, 9), "payment", yuan("1066.19"), None),
        ("108:reversal", date(2026, 10, 12), "reversal", yuan("1066.19"), None),
        ("109", date(2026, 10, 20), "waiver", yuan("10"), "fee"),
    ]


def test_the_same_export_changes_nothing_and_a_newer_one_adds_what_is_new(url: str, put: Callable[..., Report], loan: dict[str, Any]) -> None:
    put(loan)
    before, same = lines(url), put(loan, today=date(2026, 11, 30))
    assert (same.loans["unchanged"], same.members["unchanged"], same.lines) == (1, 1, 0)
    assert lines(url) == before
    new = {**loan["transactions"][1], "id": 111, "date": [2026, 12, 1], "amount": 1086.19}
    loan["transactions"].append(new)
    loan["transactions"][6] |= {"manuallyReversed": True, "reversedOnDate": [2026, 11, 28]}
    report = put(loan, today=date(2026, 12, 1))
    assert (report.problems, report.loans["unchanged"], report.lines) == ([], 1, 2)
    assert [line[0] for line in lines(url)[-2:]] == ["107:reversal", "111"]
    assert lines(url)[: len(before)] == before  # nothing is taken away


def test_a_charge_that_runs_on_is_booked_by_what_it_has_grown(url: str, put: Callable[..., Report], loan: dict[str, Any]) -> None:
    put(loan)
    for amount, added in (("45", "15"), ("40", "5")):
        loan["charges"][0]["amount"] = float(amount)
        loan["repaymentSchedule"]["periods"][7]["penaltyChargesDue"] = float(amount)
        assert put(loan).lines == 1
        fees = {line[0]: (line[2], line[3]) for line in lines(url) if str(line[0]).startswith("charge:")}
        kind, booked = fees["charge:21#2" if amount == "45" else "charge:21#3"]
        assert (kind, booked) == ("fee" if amount == "45" else "waiver", yuan(added))
    assert put(loan).lines == 0


def test_pauses_of_delinquency_come_along_and_follow_the_source(url: str, put: Callable[..., Report], loan: dict[str, Any]) -> None:
    for last in ([2026, 10, 25], [2026, 10, 25], [2026, 10, 20]):
        loan["delinquent"]["delinquencyPausePeriods"][0]["pausePeriodEnd"] = last
        put(loan)
        with engine_of(url).connect() as connection:
            found = [tuple(row) for row in connection.execute(select(t.DelinquencyPause.first, t.DelinquencyPause.last))]
        assert found == [(date(2026, 10, 15), date(*last))]


def test_a_flat_weekly_loan_keeps_the_sources_schedule_and_figures(url: str) -> None:
    report = import_files(url, Sources((LIST, CLIENTS)), TODAY, partial=True)
    loan = files(url)["赵满仓"].loans[0]
    assert loan.contract is None and len(loan.instalments) == 10
    assert [i.paid for i in loan.instalments] == [yuan("110")] * 4 + [yuan("60")] + [yuan("0")] * 5
    assert (loan.overdue_amount, loan.penalty, loan.days_past_due) == (yuan("605"), yuan("5"), 49)
    assert [line[0] for line in lines(url, "000000008")] == ["202", "203", "204", "205", "206"]
    assert [note.text for note in report.notes] == ["1 笔未导入：没有放款（Submitted and pending approval）"]


def test_what_is_missing_of_a_member_is_told_for_each_loan(url: str) -> None:
    report = import_files(url, Sources((LIST, CLIENTS)), TODAY)
    assert [(p.file, p.line, p.column) for p in report.problems] == [("fineract_loans.jsonl", 4, "会员")]
    assert "客户 000000015 缺少身份证后四位、出生日期、手机号" in report.problems[0].reason
    alone = import_files(url, Sources((LOAN,)), TODAY)
    assert not alone.stored and "缺少身份证后四位、出生日期、手机号" in alone.problems[0].reason


def test_a_table_of_members_completes_what_the_clients_lack(url: str, tmp_path: Path) -> None:
    table = tmp_path / "members.csv"
    table.write_text("会员号,姓名,身份证后四位,出生日期,手机号\nM-0012,林小燕,441X,1990-02-09,19911110012\n15,,0426,1975-04-01,19900000015\n", encoding="utf-8")
    report = import_files(url, Sources((LOAN, LIST, CLIENTS, table)), TODAY)
    assert (report.problems, report.loans["added"]) == ([], 3)
    members = files(url)
    assert (members["林小燕"].member.id_tail, members["林小燕"].member.phone) == ("441X", "19911110012")
    assert members["孙巧云"].member.birth_date == date(1975, 4, 1)


def test_a_member_table_alone_is_told_to_need_loans(url: str, tmp_path: Path) -> None:
    table = tmp_path / "members.csv"
    table.write_text("会员号,姓名\nM-0012,林小燕\n", encoding="utf-8")
    with pytest.raises(BadFile, match="没有贷款"):
        import_files(url, Sources((table,)), TODAY)


def test_a_paid_off_loan_changes_the_one_in_the_book_but_makes_no_new_one(url: str, put: Callable[..., Report], loan: dict[str, Any]) -> None:
    closed = {**loan, "status": {"id": 600, "value": "Closed (obligations met)"}}
    assert put(closed).loans == {"closed": 1} and files(url) == {}
    put(loan)
    closed["transactions"] = [*loan["transactions"], {"id": 120, "type": {"id": 2}, "date": [2026, 11, 23], "amount": 6417.09, "manuallyReversed": False}]
    closed["summary"] = {**loan["summary"], "totalOverdue": 0, "totalOutstanding": 0}
    report = put(closed)
    assert (report.lines, report.notes) == (1, [])
    assert files(url)["林晓燕"].loans[0].balance == yuan("0")


def test_a_written_off_loan_asks_for_nothing_any_more(url: str, put: Callable[..., Report], loan: dict[str, Any]) -> None:
    put(loan)
    report = put({**loan, "status": {"id": 601, "value": "Closed (written off)"}})
    assert report.loans["updated"] == 1
    found = files(url)["林晓燕"].loans[0]
    assert (found.overdue_amount, found.balance, found.contract) == (yuan("0"), yuan("0"), None)
    assert len(lines(url)) == 10


@pytest.mark.parametrize(
    ("path", "value", "column", "reason"),
    [
        (("transactions", 2, "type", "id"), 99, "transactions[2].type", "不认识的流水类型"),
        (("transactions", 2, "date"), [2026, 13, 1], "transactions[2].date", "不是日期"),
        (("transactions", 2, "amount"), "abc", "transactions[2].amount", "不是合理的数字"),
        (("repaymentSchedule", "periods", 3, "dueDate"), None, "repaymentSchedule.periods[3].dueDate", "没有填写"),
        (("repaymentSchedule", "periods", 3, "principalDue"), True, "repaymentSchedule.periods[3].principalDue", "不是合理的数字"),
        (("repaymentSchedule", "periods"), [], "repaymentSchedule.periods", "associations=all"),
        (("accountNo",), "", "accountNo", "没有填写"),
    ],
)
def test_what_is_wrong_is_told_by_its_path(put: Callable[..., Report], loan: dict[str, Any], path: tuple[Any, ...], value: Any, column: str, reason: str) -> None:
    inner: Any = loan
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    if path == ("accountNo",):
        loan["id"] = None
    report = put(loan)
    assert not report.stored
    assert any(p.column == column and reason in p.reason for p in report.problems)


def test_an_export_without_its_transactions_is_not_taken_for_one_that_was_never_paid(put: Callable[..., Report], loan: dict[str, Any]) -> None:
    del loan["transactions"]
    report = put(loan)
    assert not report.stored and "已还 6,397.14 元，却没有流水" in report.problems[0].reason


def test_loans_come_as_pages_lists_bundles_and_a_line_each(url: str, tmp_path: Path, loan: dict[str, Any]) -> None:
    client = json.loads(CLIENTS.read_text(encoding="utf-8"))["pageItems"][0]
    path = tmp_path / "x.json"
    shapes = (
        {"totalFilteredRecords": 1, "pageItems": [loan, client]},
        [loan, client],
        {"loans": [loan], "clients": [client]},
        {**loan, "client": client},
    )
    for shape in shapes:
        path.write_text(json.dumps(shape), encoding="utf-8")
        assert preview(url, Sources((path,)), TODAY).loans["added"] == 1
    path.write_text(f"{json.dumps(client)}\n{json.dumps(loan)}\n", encoding="utf-8")
    assert preview(url, Sources((path,)), TODAY).loans["added"] == 1


def test_identifiers_of_a_client_may_come_alone(url: str, tmp_path: Path) -> None:
    client = json.loads(CLIENTS.read_text(encoding="utf-8"))["pageItems"][0]
    (tmp_path / "c.json").write_text(json.dumps({key: value for key, value in client.items() if key != "identifiers"}), encoding="utf-8")
    (tmp_path / "i.json").write_text(json.dumps(client["identifiers"]), encoding="utf-8")
    report = preview(url, Sources((LOAN, tmp_path / "c.json", tmp_path / "i.json")), TODAY)
    assert (report.problems, report.loans["added"]) == ([], 1)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"a": 1,\n "b": }', "第 2 行"),
        ("[1, 2]", "不是一条记录"),
        ('[{"loanProductId": 1}', "没有写完"),
        ('[{"loanProductId": 1} {"loanProductId": 2}]', "没有写完"),
        ('{"savings": 5}', "不像 Fineract"),
    ],
)
def test_a_file_that_is_no_such_json_is_refused_in_a_sentence(url: str, tmp_path: Path, content: str, reason: str) -> None:
    (tmp_path / "a.json").write_text(content, encoding="utf-8")
    with pytest.raises(BadFile, match=reason):
        import_files(url, Sources((tmp_path / "a.json",)), TODAY)
