"""Loans with a contract, and payments, from CSV and XLSX; and the look at an import before it is done."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from zhuhuan.loans import cells
from zhuhuan.loans import tables as t
from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.cells import BadCell
from zhuhuan.loans.engines import engine_of
from zhuhuan.loans.importing import Report, import_files, preview
from zhuhuan.loans.owing.day import statement
from zhuhuan.loans.owing.methods import schedule
from zhuhuan.loans.owing.values import Contract, Entry
from zhuhuan.loans.sources import Sources
from zhuhuan.loans.values import LoanFacts
from zhuhuan.money import from_fen, yuan

TODAY = date(2026, 11, 24)
HEADERS = ["会员号", "姓名", "身份证后四位", "出生日期", "手机号", "贷款编号", "贷款产品", "还款方式", "贷款本金", "放款日期", "期数", "年利率", "首期日", "罚息上浮",
           "是否计复利", "计息基准", "宽限期(天)", "逾期金额", "应还日期"]  # fmt: skip
LIN = ["M1", "林晓燕", "4410", "1990-02-08", "19900000001", "L1", "农户贷款", "等额本息", "12000", "2026-01-10", "12", "6%", "", "50%", "否", "30/360", "3", "", ""]
LENT = Contract(yuan("12000"), Decimal("0.06"), "equal_instalments", date(2026, 1, 10), 12, grace_days=3)
PAID = ["贷款编号", "日期", "金额", "类型", "流水号", "原流水号"]


def write(path: Path, *rows: list[Any]) -> Path:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def row(**changes: str) -> list[str]:
    return [changes.get(header, cell) for header, cell in zip(HEADERS, LIN, strict=True)]


def paid(*lines: list[str]) -> list[list[str]]:
    return [PAID, *lines]


@pytest.fixture
def put(url: str, tmp_path: Path) -> Callable[..., Report]:
    """Import loans and payments into the test's book."""

    def put(loans: list[list[str]] | None, payments: list[list[str]] | None = None, today: date = TODAY, partial: bool = False) -> Report:
        files = (write(tmp_path / "loans.csv", HEADERS, *loans),) if loans is not None else ()
        lines = (write(tmp_path / "paid.csv", *payments),) if payments is not None else ()
        return import_files(url, Sources(files, lines), today, partial)

    return put


def loan(url: str, loan_id: str = "L1", today: date = TODAY) -> LoanFacts:
    with LoanBook(url) as book:
        return next(found for file in book.every_file(today) for found in file.loans if found.loan_id == loan_id)


def ledger(url: str) -> list[tuple[str, str, Decimal, str | None]]:
    with engine_of(url).connect() as connection:
        e = t.LedgerEntry
        return [tuple(found) for found in connection.execute(select(e.day, e.kind, e.amount, e.source_id).order_by(e.day, e.id))]  # type: ignore[misc]


def told(report: Report) -> list[str]:
    return [problem.reason for problem in report.problems]


FIRST_SIX = [["L1", f"2026-{month:02d}-10", "1032.80", "还款", f"T{month}", ""] for month in range(2, 8)]


def test_a_contract_with_its_payments_gives_the_statement_of_the_day(url: str, put: Callable[..., Report]) -> None:
    report = put([row()], paid(*FIRST_SIX))
    assert (report.problems, report.loans["added"], report.lines) == ([], 1, 6)
    facts = loan(url)
    entries = [Entry(i, date(2026, 2 + i, 10), "payment", yuan("1032.80")) for i in range(6)]
    expected = statement(LENT, schedule(LENT), entries, TODAY)
    assert facts.contract == LENT and facts.owed == expected
    assert (facts.overdue_amount, facts.days_past_due, facts.due_date) == (expected.overdue, 106, date(2026, 8, 10))
    assert facts.overdue_amount > yuan("4131.20")  # four instalments of 1032.80 and penalty interest on their principal


def test_paid_in_the_instalments_is_what_the_ledger_says(url: str, put: Callable[..., Report]) -> None:
    put([row()], paid(*FIRST_SIX))
    put(None, paid(["L1", "2026-08-12", "500", "", "T8", ""]))
    with engine_of(url).connect() as connection:
        found = connection.execute(select(t.Instalment.paid).order_by(t.Instalment.number)).scalars().all()
    assert found[:6] == [yuan("1032.80")] * 6
    assert found[6:] == [yuan("500")] + [yuan("0")] * 5  # two days late, within the grace


def test_the_same_files_again_change_nothing_and_a_later_one_adds_its_lines(url: str, put: Callable[..., Report]) -> None:
    put([row()], paid(*FIRST_SIX))
    before = ledger(url)
    again = put([row()], paid(*FIRST_SIX), today=TODAY + timedelta(days=5))
    assert (again.loans["unchanged"], again.members["unchanged"], again.lines) == (1, 1, 0)
    assert ledger(url) == before
    later = put([row()], paid(*FIRST_SIX, ["L1", "2026-11-25", "2000", "还款", "T8", ""]), today=date(2026, 11, 26))
    assert (later.loans["unchanged"], later.lines) == (1, 1)
    assert ledger(url)[:6] == before and len(ledger(url)) == 7
    assert loan(url, today=date(2026, 11, 26)).due_date == date(2026, 9, 10)


def test_a_payments_file_alone_is_recognised_by_its_header(url: str, put: Callable[..., Report], tmp_path: Path) -> None:
    put([row(应还日期="2026-10-10")])
    report = import_files(url, Sources((write(tmp_path / "p.csv", *paid(["L1", "2026/11/25", "1,032.80元", "", "T1", ""])),)), date(2026, 11, 26))
    assert (report.stored, report.lines) == (True, 1)
    assert ledger(url)[-1] == (date(2026, 11, 25), "payment", yuan("1032.80"), "T1")


def test_without_payments_what_was_due_before_the_oldest_unpaid_is_opened_as_paid(url: str, put: Callable[..., Report]) -> None:
    report = put([row(应还日期="2026-10-10")])
    assert (report.problems, report.lines) == ([], 8)
    assert {source_id for _, _, _, source_id in ledger(url)} == {f"opening:2026-11-24:{n}" for n in range(1, 9)}
    assert (loan(url).due_date, loan(url).days_past_due) == (date(2026, 10, 10), 45)
    later = put([row(应还日期="2026-11-10")], today=date(2026, 12, 1))
    assert later.lines == 1 and loan(url, today=date(2026, 12, 1)).due_date == date(2026, 11, 10)


def test_payments_that_the_opening_figures_hold_already_are_not_booked_twice(url: str, put: Callable[..., Report]) -> None:
    put([row(应还日期="2026-10-10")])
    report = put(None, paid(*FIRST_SIX, ["L1", "2026-11-25", "1032.80", "还款", "T9", ""]), today=date(2026, 11, 26))
    assert (report.stored, report.lines) == (True, 1)
    assert "6 笔流水已含在期初数中" in report.notes[0].text
    assert loan(url, today=date(2026, 11, 26)).due_date == date(2026, 10, 10)


def test_a_contract_that_does_not_say_what_was_paid_is_refused(url: str, put: Callable[..., Report]) -> None:
    report = put([row()])
    assert not report.stored and "合同有 10 期已到期，却看不出还过多少" in told(report)[0]
    assert put([row(放款日期="2026-11-01")]).stored  # nothing was due yet


def test_a_difference_from_the_sources_figures_is_noted_not_hidden(url: str, put: Callable[..., Report]) -> None:
    exact = put([row(应还日期="2026-10-10", 逾期金额="")])
    assert exact.notes == []
    owed = loan(url).overdue_amount
    assert put([row(应还日期="2026-10-10", 逾期金额=str(owed))]).notes == []
    report = put([row(应还日期="2026-10-10", 逾期金额="2065.60")])
    assert report.stored and f"逾期金额按合同和流水算是 {owed:,} 元，来源为 2,065.60 元" in report.notes[0].text


def test_a_payment_booked_here_first_is_recognised_when_the_source_sends_it(url: str, put: Callable[..., Report]) -> None:
    put([row()], paid(*FIRST_SIX))
    with LoanBook(url) as book:
        book.receive_payment("L1", yuan("1032.80"), date(2026, 11, 23))
    report = put(None, paid(["L1", "2026-11-23", "1032.80", "还款", "T8", ""]))
    assert (report.stored, report.lines) == (True, 0)
    assert ledger(url)[-1] == (date(2026, 11, 23), "payment", yuan("1032.80"), "T8")


def test_a_reversal_a_fee_and_a_waiver_are_booked(url: str, put: Callable[..., Report]) -> None:
    lines = [["L1", "2026-08-10", "1032.80", "还款", "T8", ""], ["L1", "2026-08-12", "1032.80", "冲正", "R8", "T8"], ["L1", "2026-09-01", "80", "诉讼费", "F1", ""],
             ["L1", "2026-09-02", "30", "费用减免", "W1", ""]]  # fmt: skip
    report = put([row()], paid(*FIRST_SIX, *lines))
    assert (report.problems, report.lines) == ([], 10)
    facts = loan(url)
    assert facts.owed is not None and facts.owed.fees == yuan("50") and facts.due_date == date(2026, 8, 10)


def test_a_negative_amount_takes_back_the_payment_of_that_amount(url: str, put: Callable[..., Report]) -> None:
    report = put([row()], paid(*FIRST_SIX, ["L1", "2026-08-10", "700", "", "", ""], ["L1", "2026-08-11", "-700", "", "", ""]))
    assert (report.problems, report.lines) == ([], 8)
    assert loan(url).due_date == date(2026, 8, 10)
    again = put([row()], paid(*FIRST_SIX, ["L1", "2026-08-10", "700", "", "", ""], ["L1", "2026-08-11", "-700", "", "", ""]))
    assert again.lines == 0


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (["L9", "2026-08-10", "5", "还款", "T8", ""], "账本中没有贷款 L9"),
        (["L1", "2026-08-10", "", "还款", "T8", ""], "没有填写"),
        (["L1", "2026-08-10", "0", "还款", "T8", ""], "不能是 0"),
        (["L1", "2026-08-32", "5", "还款", "T8", ""], "不是真实存在的日期"),
        (["L1", "2026-08-10", "5", "转账", "T8", ""], "不是认得的流水类型"),
        (["L1", "2026-08-10", "5", "减免", "T8", ""], "减免要写明"),
        (["L1", "2026-08-10", "-5", "费用", "T8", ""], "负数"),
        (["L1", "2026-08-10", "5", "还款", "T7", ""], "流水号与第 7 行相同"),
        (["L1", "2026-08-10", "5", "冲正", "R8", "T99"], "原流水 T99 不在账本里"),
        (["L1", "2026-08-10", "5", "冲正", "R8", "T7"], "与原流水 T7 的 1032.80 元不同"),
        (["L1", "2026-08-10", "1032.80", "冲正", "R8", ""], "有 6 笔同额还款"),
    ],
)
def test_each_bad_line_of_payments_has_its_line_and_a_reason(url: str, put: Callable[..., Report], line: list[str], reason: str) -> None:
    report = put([row()], paid(*FIRST_SIX, line))
    assert not report.stored and reason in told(report)[0].replace("paid.csv ", "")
    assert (report.problems[0].line, report.problems[0].file) == (8, "paid.csv")
    assert ledger(url) == []


def test_a_line_that_was_booked_differently_is_told_and_nothing_is_changed(url: str, put: Callable[..., Report]) -> None:
    put([row()], paid(*FIRST_SIX))
    before = ledger(url)
    changed = [*FIRST_SIX[:5], ["L1", "2026-07-10", "1000", "还款", "T7", ""]]
    report = put([row()], paid(*changed))
    assert not report.stored and "已记的流水不能改" in told(report)[0] and report.problems[0].line == 7
    assert ledger(url) == before


def test_payments_of_a_loan_by_figures_alone_are_history_up_to_the_figures_day(url: str, tmp_path: Path) -> None:
    headers = ["会员号", "姓名", "身份证后四位", "出生日期", "手机号", "贷款编号", "贷款产品", "逾期金额", "每期金额", "应还日期", "数据日期"]
    figures = write(tmp_path / "f.csv", headers, [*LIN[:7], "1860", "1860", "2026-11-12", "2026-11-20"])
    lines = write(tmp_path / "p.csv", *paid(["L1", "2026-10-12", "1860", "", "T1", ""], ["L1", "2026-11-22", "500", "", "T2", ""]))
    for added in (1, 0):
        report = import_files(url, Sources((figures, lines)), TODAY)
        assert (report.stored, report.lines) == (True, added)
        assert "2026-11-20 以后的流水（1 笔，最早 2026-11-22）" in report.notes[0].text
    assert loan(url).overdue_amount == yuan("1860")
    alone = import_files(url, Sources((lines,)), TODAY)
    assert not alone.stored and "没有合同" in told(alone)[0]


def test_figures_alone_leave_contract_and_ledger_as_they_are(url: str, put: Callable[..., Report], tmp_path: Path) -> None:
    put([row()], paid(*FIRST_SIX))
    before = loan(url)
    headers = ["会员号", "姓名", "身份证后四位", "出生日期", "手机号", "贷款编号", "贷款产品", "逾期金额", "每期金额", "应还日期"]
    figures = write(tmp_path / "f.csv", headers, [*LIN[:7], "4000", "1032.80", "2026-08-10"])
    report = import_files(url, Sources((figures,)), TODAY)
    assert report.loans["unchanged"] == 1 and "来源为 4,000.00 元" in report.notes[0].text
    assert loan(url) == before


def test_a_loan_by_figures_gets_its_contract_later(url: str, put: Callable[..., Report], tmp_path: Path) -> None:
    headers = ["会员号", "姓名", "身份证后四位", "出生日期", "手机号", "贷款编号", "贷款产品", "逾期金额", "每期金额", "应还日期"]
    import_files(url, Sources((write(tmp_path / "f.csv", headers, [*LIN[:7], "2065.60", "1032.80", "2026-10-10"]),)), TODAY)
    assert loan(url).contract is None
    assert put([row(应还日期="2026-10-10")]).loans["updated"] == 1
    assert loan(url).contract == LENT and loan(url).days_past_due == 45


def test_payments_booked_before_the_contract_came_are_not_counted_twice(url: str, put: Callable[..., Report], tmp_path: Path) -> None:
    headers = ["会员号", "姓名", "身份证后四位", "出生日期", "手机号", "贷款编号", "贷款产品", "逾期金额", "每期金额", "应还日期"]
    import_files(url, Sources((write(tmp_path / "f.csv", headers, [*LIN[:7], "2065.60", "1032.80", "2026-10-10"]),)), TODAY)
    with LoanBook(url) as book:
        book.receive_payment("L1", yuan("1032.80"), TODAY)
    report = put([row(应还日期="2026-11-10")])
    assert not report.stored and "请同时导入完整的还款流水" in told(report)[0]


@pytest.mark.parametrize(
    ("changes", "column", "reason"),
    [
        ({"还款方式": "气球贷"}, "还款方式", "不是认得的还款方式"),
        ({"贷款本金": ""}, "贷款本金", "没有填写"),
        ({"贷款本金": "0"}, "贷款本金", "不能是 0"),
        ({"期数": "0"}, "期数", "不是期数"),
        ({"期数": "999"}, "期数", "多于 600 期"),
        ({"年利率": ""}, "年利率", "没有填写"),
        ({"放款日期": "2027-01-10"}, "放款日期", "晚于数据日期"),
        ({"首期日": "2026-01-10"}, "首期日", "不晚于放款日"),
        ({"罚息上浮": "150"}, "罚息上浮", "不在 0 到 100% 之间"),
        ({"计息基准": "每日"}, "计息基准", "不是计息基准"),
        ({"是否计复利": "看情况"}, "是否计复利", "不是“是”或“否”"),
        ({"应还日期": "2026-10-11"}, "应还日期", "不是合同算出的还款日（最近的是 2026-10-10）"),
    ],
)
def test_each_bad_term_has_its_column_and_a_reason(put: Callable[..., Report], changes: dict[str, str], column: str, reason: str) -> None:
    report = put([row(**{"应还日期": "2026-10-10", **changes})])
    assert [(p.line, p.column) for p in report.problems] == [(2, column)]
    assert reason in told(report)[0]


def test_rows_with_and_without_a_contract_stand_in_one_file(url: str, put: Callable[..., Report]) -> None:
    figures = ["M2", "赵满仓", "031X", "1961-05-03", "19900000002", "L2", "农户贷款", *[""] * 10, "800", "2026-11-01"]
    assert put([row(应还日期="2026-10-10"), figures]).loans["added"] == 2
    assert loan(url, "L2").contract is None and loan(url, "L2").overdue_amount == yuan("800")
    report = put([row(应还日期="2026-10-10"), [*figures[:-2], "", "2026-11-01"]])
    assert [(p.line, p.column) for p in report.problems] == [(3, "逾期金额")]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("等额本息", ("equal_instalments", None)), ("等额本金还款法", ("equal_principal", None)), ("按月付息到期还本", ("interest_first", 1)),
        ("按季结息、到期还本", ("interest_first", 3)), ("先息后本", ("interest_first", None)), ("到期一次还本付息", ("bullet", None)), ("利随本清", ("bullet", None)),
        ("按季等额本金", ("equal_principal", 3)), ("bullet", ("bullet", None)),
    ],
)  # fmt: skip
def test_methods_are_read_as_banks_write_them(words: str, expected: tuple[str, int | None]) -> None:
    assert cells.method(words) == expected


@pytest.mark.parametrize(("text_", "expected"), [("50%", "0.5"), ("30", "0.3"), ("0.5", "0.5"), ("0", "0"), ("1", "1"), ("无", None)])
def test_the_uplift_of_penalty_interest_is_read(text_: str, expected: str | None) -> None:
    assert cells.uplift(text_) == (Decimal(expected) if expected else None)


@pytest.mark.parametrize("text_", ["五成", "-1", "101", "300%"])
def test_an_uplift_beyond_reason_is_refused(text_: str) -> None:
    with pytest.raises(BadCell):
        cells.uplift(text_)


def test_no_uplift_told_means_no_penalty_interest(url: str, put: Callable[..., Report]) -> None:
    put([row(应还日期="2026-10-10", 罚息上浮="")])
    facts = loan(url)
    assert facts.contract is not None and facts.contract.penalty_uplift is None
    assert facts.overdue_amount == yuan("2065.60")  # two instalments and nothing else


def test_a_statement_file_with_columns_of_terms_but_no_method_is_read_as_before(url: str, tmp_path: Path) -> None:
    headers = ["姓名", "身份证后四位", "出生日期", "手机号", "贷款产品", "逾期金额", "应还日期", "贷款金额", "放款日期", "期数"]
    rows = ["林晓燕", "4410", "1990-02-08", "19900000001", "农户贷款", "500", "2026-11-01", "合计", "见合同", "不定"]
    report = import_files(url, Sources((write(tmp_path / "f.csv", headers, rows),)), TODAY)
    assert report.loans["added"] == 1 and set(report.ignored) == {"贷款金额", "放款日期", "期数"}


# --- a look before it is done -----------------------------------------------------------------------------------------


def found(report: Report) -> set[tuple[str, str, str, str]]:
    assert report.changes is not None
    return {(c.kind, c.what, c.old, c.new) for c in report.changes.found}


def test_a_preview_tells_every_change_and_writes_nothing(url: str, put: Callable[..., Report], tmp_path: Path) -> None:
    put([row()], paid(*FIRST_SIX))
    before, database = ledger(url), loan(url)
    loans = write(tmp_path / "n.csv", HEADERS, row(手机号="19911110001", 年利率="5.4%", 期数="10"))
    lines = write(tmp_path / "m.csv", *paid(["L1", "2026-08-10", "500", "", "T8", ""]))
    report = preview(url, Sources((loans, lines)), TODAY)
    changes = found(report)
    assert ("会员", "手机号", "199****0001", "199****0001（中间几位不同）") in changes
    assert {("贷款", "年利率", "6%", "5.4%"), ("合同", "年利率", "6%", "5.4%"), ("合同", "期数", "12", "10")} <= changes
    assert ("流水", "T8", "", "2026-08-10 还款 500.00 元") in changes
    assert any(kind == "还款计划" and what == "第 12 期" and new == "" for kind, what, _, new in changes)
    assert (report.members["updated"], report.loans["updated"], report.lines) == (1, 1, 1)
    assert ledger(url) == before and loan(url) == database


def test_what_a_preview_says_is_what_the_import_then_does(url: str, put: Callable[..., Report], tmp_path: Path) -> None:
    loans = write(tmp_path / "n.csv", HEADERS, row(), row(会员号="M2", 姓名="赵满仓", 手机号="19900000002", 贷款编号="L2", 应还日期="2026-10-10"))
    lines = write(tmp_path / "m.csv", *paid(*FIRST_SIX))
    sources = Sources((loans, lines))
    said, done = preview(url, sources, TODAY), import_files(url, sources, TODAY)
    assert (said.members, said.loans, said.lines, said.notes) == (done.members, done.loans, done.lines, done.notes)
    assert found(preview(url, sources, TODAY)) == set()


def test_a_preview_leaves_a_database_that_is_not_there_unmade(tmp_path: Path) -> None:
    path = tmp_path / "var" / "book.db"
    report = preview(f"sqlite:///{path}", Sources((write(tmp_path / "n.csv", HEADERS, row(应还日期="2026-10-10")),)), TODAY)
    assert report.loans["added"] == 1 and ("贷款", "新增", "", "林晓燕 农户贷款（12 期，按合同）") in found(report)
    assert not path.exists() and not path.parent.exists()


def test_a_preview_shows_the_good_rows_and_the_problems(url: str, tmp_path: Path) -> None:
    bad = row(会员号="M2", 姓名="赵满仓", 手机号="1", 贷款编号="L2")
    report = preview(url, Sources((write(tmp_path / "n.csv", HEADERS, row(应还日期="2026-10-10"), bad),)), TODAY)
    assert (report.stored, report.loans["added"], [p.column for p in report.problems]) == (False, 1, ["手机号"])


def test_a_preview_does_not_hold_the_writers_lock(url: str, put: Callable[..., Report], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from zhuhuan.loans import importing

    put([row()], paid(*FIRST_SIX))
    during: list[int] = []

    def while_open(bulk: object, checked: object, report: object) -> None:
        with LoanBook(url) as book:
            book.receive_payment("L1", yuan("100"), TODAY)
        during.append(len(ledger(url)))

    monkeypatch.setattr(importing, "_add", while_open)
    preview(url, Sources((write(tmp_path / "n.csv", HEADERS, row(应还日期="2026-10-10")),)), TODAY)
    assert during == [7]


# --- properties -------------------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_lines_in_any_order_and_in_any_parts_make_the_same_ledger(template: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    """However the payments are cut into files, and in whatever order those come, and how often: the book ends the same."""
    import shutil

    folder = tmp_path_factory.mktemp("parts")
    count = data.draw(st.integers(1, 8))
    lines = [["L1", str(date(2026, 2, 10) + timedelta(days=data.draw(st.integers(0, 280)))), str(from_fen(data.draw(st.integers(1, 200_000)))), "还款", f"T{n}", ""] for n in range(count)]
    owed = []
    for name, order in (("a", lines), ("b", data.draw(st.permutations(lines)))):
        shutil.copy(template, folder / f"{name}.db")
        url = f"sqlite:///{folder}/{name}.db"
        cut = data.draw(st.integers(1, count)) if name == "b" else count
        first = write(folder / "l.csv", HEADERS, row())
        import_files(url, Sources((first,), (write(folder / "p.csv", *paid(*order[:cut])),)), TODAY)
        rest = order[cut:] + data.draw(st.lists(st.sampled_from(lines), unique_by=lambda line: line[4]))
        if rest:
            unique = list({line[4]: line for line in rest}.values())
            assert import_files(url, Sources((), (write(folder / "q.csv", *paid(*unique)),)), TODAY).stored
        with engine_of(url).connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM ledger_entry")).scalar_one() == count
        with LoanBook(url) as book:
            facts = next(book.every_file(TODAY)).loans[0]
        owed.append((facts.overdue_amount, facts.balance, facts.days_past_due, [i.paid for i in facts.instalments]))
    assert owed[0] == owed[1]
