from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.checking import check_file
from zhuhuan.loans.errors import BadFile
from zhuhuan.loans.importing import Report, import_file
from zhuhuan.loans.values import AddPromise, MemberFile
from zhuhuan.money import from_fen, yuan

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 10)
HEADERS = ["姓名", "身份证后四位", "出生日期", "手机号", "贷款产品", "逾期金额", "每期金额", "应还日期"]
LIN = ["林晓燕", "4410", "1990-02-08", "19900000001", "个人消费贷款", "1860.00", "1860.00", "2026-11-12"]
ZHAO = ["赵满仓", "031X", "1961年5月3日", "19900000002", "农户种植贷款", "8,000.50元", "8000.5", "2026/10/1"]


def write(path: Path, *rows: list[Any], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def everything(url: str, today: date = TODAY) -> list[MemberFile]:
    with LoanBook(url) as book:
        return list(book.every_file(today))


def problems(report: Report) -> list[tuple[int, str]]:
    return [(p.line, p.column) for p in report.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_csv_of_any_usual_encoding_is_read(url: str, tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = write(tmp_path / "成员.csv", HEADERS, LIN, ZHAO, encoding=encoding, delimiter=delimiter)
    report = import_file(url, path, TODAY)
    assert (report.problems, report.members["added"], report.loans["added"]) == ([], 2, 2)
    told = {f.member.name: (f.member.id_tail, f.loans[0].overdue_amount, f.loans[0].days_past_due) for f in everything(url)}
    assert told == {"林晓燕": ("4410", Decimal("1860.00"), 12), "赵满仓": ("031X", Decimal("8000.50"), 54)}


def test_an_xlsx_with_english_headers_is_read(url: str, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(
        [
            "Name",
            "ID number",
            "Phone",
            "Loan no.",
            "Product",
            "Overdue amount (CNY)",
            "Instalment",
            "Due date",
            "Interest rate",
            "note",
        ]
    )
    sheet.append(
        ["林晓燕", "110101199003074012", 19900000001, "L-7", "个人消费贷款", 1860.1, 1860.1, datetime(2026, 11, 12), 0.072, "x"]
    )
    sheet.append([None] * 10)
    book.save(tmp_path / "book.xlsx")
    report = import_file(url, tmp_path / "book.xlsx", TODAY)
    assert (report.problems, report.ignored) == ([], ("note",))
    file = everything(url)[0]
    assert (file.member.id_tail, file.member.birth_date, file.member.phone) == ("4012", date(1990, 3, 7), "19900000001")
    assert (file.loans[0].loan_id, file.loans[0].overdue_amount, file.loans[0].annual_rate) == (
        "L-7",
        Decimal("1860.10"),
        Decimal("0.072"),
    )


def test_a_second_import_changes_nothing_on_whatever_day(url: str, tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.csv",
        [*HEADERS, "贷款余额", "承诺记录"],
        [*LIN, "9000", "2026-10-01 500 守约；2026-11-20 500 待履行"],
        [*ZHAO, "", ""],
    )
    import_file(url, path, TODAY)
    before = everything(url)
    for later in (0, 1, 45):
        report = import_file(url, path, TODAY + timedelta(days=later))
        assert (report.members["unchanged"], report.loans["unchanged"], report.promises) == (2, 2, 0)
        assert (sum(report.members.values()), sum(report.loans.values())) == (2, 2)
    assert everything(url) == before
    assert [(p.status, p.amount) for f in before for p in f.promises] == [("kept", yuan("500")), ("open", yuan("500"))]


def test_payments_and_agreements_since_survive_the_same_file(url: str, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", HEADERS, LIN)
    import_file(url, path, TODAY)
    file = everything(url)[0]
    with LoanBook(url) as book:
        book.receive_payment(file.loans[0].loan_id, yuan("860"), TODAY)
        book.write(file.member.id, AddPromise(file.loans[0].loan_id, yuan("1000"), date(2026, 12, 1)), NOW)
    after = everything(url)
    import_file(url, path, TODAY)
    assert everything(url) == after
    assert after[0].loans[0].overdue_amount == yuan("1000")


def test_a_newer_statement_replaces_the_figures_and_keeps_the_agreement(url: str, tmp_path: Path) -> None:
    import_file(url, write(tmp_path / "a.csv", HEADERS, LIN), TODAY)
    file = everything(url)[0]
    with LoanBook(url) as book:
        book.write(file.member.id, AddPromise(file.loans[0].loan_id, yuan("1860"), date(2026, 12, 1)), NOW)
    newer = [*LIN[:3], "19900000009", LIN[4], "3720", "1860", "2026-11-12"]
    report = import_file(url, write(tmp_path / "b.csv", HEADERS, newer), date(2026, 12, 20))
    assert (report.members["updated"], report.loans["updated"]) == (1, 1)
    after = everything(url, date(2026, 12, 20))
    assert len(after) == len(after[0].loans) == 1
    assert (after[0].member.phone, after[0].loans[0].overdue_amount) == ("19900000009", yuan("3720"))
    assert after[0].standing(file.loans[0].loan_id) == file_promise(after[0])


def file_promise(file: MemberFile) -> object:
    return file.promises[0]


def test_one_bad_row_and_nothing_is_imported_unless_partial(url: str, tmp_path: Path) -> None:
    bad = ["王建军", "12", "1985-13-01", "123", "购车贷款", "-5", "abc", "明天"]
    path = write(tmp_path / "a.csv", HEADERS, LIN, bad, ZHAO)
    report = import_file(url, path, TODAY)
    assert not report.stored
    assert problems(report) == [
        (3, column) for column in ("身份证后四位", "出生日期", "手机号", "逾期金额", "每期金额", "应还日期")
    ]
    assert everything(url) == []
    report = import_file(url, path, TODAY, partial=True)
    assert report.stored and len(report.problems) == 6
    assert {f.member.name for f in everything(url)} == {"林晓燕", "赵满仓"}


def test_a_row_that_contradicts_the_book_keeps_the_whole_file_out(url: str, tmp_path: Path) -> None:
    headers = ["会员号", "贷款编号", *HEADERS]
    import_file(url, write(tmp_path / "a.csv", headers, ["M1", "L1", *LIN]), TODAY)
    before = everything(url)
    rows = (["M1", "L9", *ZHAO], ["M2", "L1", *ZHAO], ["M3", "L3", *LIN], ["M4", "L4", "王一鸣", *ZHAO[1:]])
    for bad in rows[:3]:
        report = import_file(url, write(tmp_path / "b.csv", headers, rows[3], bad), TODAY)
        assert problems(report) == [(3, "整行")]
        assert not report.stored and not report.members
        assert everything(url) == before
    report = import_file(url, write(tmp_path / "c.csv", headers, *rows), TODAY, partial=True)
    assert {f.member.id for f in everything(url)} == {"M1", "M4"}


@pytest.mark.parametrize(
    ("rows", "line", "column", "reason"),
    [
        ([LIN, LIN], 3, "整行", "第 2 行重复"),
        ([LIN, [*LIN[:3], "19900000005", "购车贷款", "5", "5", "2026-11-01"]], 3, "手机号", "第 2 行"),
        ([["", *LIN[1:]]], 2, "姓名", "没有填写"),
        ([[*LIN[:7], ""]], 2, "应还日期", "却没有"),
        ([[*LIN[:7], "2026-12-01"]], 2, "应还日期", "晚于"),
        ([[*LIN, "多", "余"]], 2, "整行", "10 格"),
        ([LIN[:4]], 2, "贷款产品", "没有填写"),
    ],
)
def test_each_bad_row_has_its_line_its_column_and_a_reason(
    url: str, tmp_path: Path, rows: list[list[str]], line: int, column: str, reason: str
) -> None:
    report = import_file(url, write(tmp_path / "a.csv", HEADERS, *rows), TODAY)
    assert (line, column) in problems(report)
    assert any(reason in p.reason for p in report.problems if p.line == line)


def test_lines_are_those_of_the_file_although_cells_have_line_breaks(url: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        ",".join(HEADERS)
        + "\n\n"
        + ",".join(['"林\n晓燕"', *LIN[1:]])
        + "\n"
        + ",".join([*ZHAO[:5], "x", "8000", "2026-10-01"])
        + "\n"
    )
    assert problems(import_file(url, path, TODAY)) == [(5, "逾期金额")]


def test_days_overdue_that_disagree_with_the_due_date_are_told(url: str, tmp_path: Path) -> None:
    rows = ([*HEADERS, "逾期天数"], [*LIN, "13"])
    report = import_file(url, write(tmp_path / "a.csv", *rows), TODAY)
    assert problems(report) == [(2, "逾期天数")]
    assert import_file(url, write(tmp_path / "b.csv", *rows), date(2026, 11, 25)).stored
    dated = ([*HEADERS, "逾期天数", "数据日期"], [*LIN, "12", "2026-11-24"])
    assert import_file(url, write(tmp_path / "c.csv", *dated), date(2027, 3, 1)).stored


def test_two_loans_of_one_product_without_numbers_stay_two(url: str, tmp_path: Path) -> None:
    second = [*LIN[:5], "700", "700", "2026-11-20"]
    path = write(tmp_path / "a.csv", HEADERS, LIN, second)
    for _ in range(2):
        import_file(url, path, TODAY)
    assert [loan.overdue_amount for loan in everything(url)[0].loans] == [yuan("1860"), yuan("700")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "空的"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "旧版 Excel"),
        (b"PK\x03\x04 not really", "XLSX"),
        ("姓名,手机号\n".encode("utf-16"), "UTF-16"),
        ("姓名,".encode() + b"\xff\xff\n", "编码"),
        (b"\x00\x01\x02\x03", "不是文本"),
        ("姓名,电话,手机号\n".encode(), "只留一列"),
        ("姓名,手机号\n".encode(), "缺少：贷款产品、逾期金额"),
        ((",".join(HEADERS) + "\n").encode(), "只有表头"),
        ((",".join(HEADERS) + '\n"林"晓燕,1\n').encode(), "引号"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_a_sentence(url: str, tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(BadFile, match=reason):
        import_file(url, path, TODAY)


def test_a_file_that_is_not_there_is_told(url: str, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="打不开"):
        import_file(url, tmp_path / "none.csv", TODAY)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_good_file_tells_every_amount_to_the_fen(tmp_path: Path, data: st.DataObject) -> None:
    rows, wanted = [], []
    for number in range(data.draw(st.integers(1, 6))):
        fen, days = data.draw(st.integers(1, 10**8)), data.draw(st.integers(1, 400))
        rows.append(
            [*LIN[:1], f"{number:04d}", *LIN[2:5], f"{from_fen(fen):,}", "1000", (TODAY - timedelta(days=days)).isoformat()]
        )
        wanted.append((from_fen(fen), days))
    encoding = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
    checked = check_file(write(tmp_path / "h.csv", HEADERS, *rows, encoding=encoding), TODAY)
    told = [
        (row.statement.overdue_amount, (TODAY - row.statement.due_date).days) for row in checked.rows if row.statement.due_date
    ]
    failed = {p.line - 2 for p in checked.problems}
    assert told == [w for number, w in enumerate(wanted) if number not in failed]
    assert all(p.column == "每期金额" and wanted[p.line - 2][0] > 600_000 for p in checked.problems)
