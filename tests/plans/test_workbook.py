"""A schedule as a workbook, read back as a spreadsheet reads it."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from sheets_given import TODAY, of_contract, of_sums

from zhuhuan.money import from_fen, yuan
from zhuhuan.paper.sheet import Sheet
from zhuhuan.paper.workbook import xlsx


def page_of(sheet: Sheet) -> Any:
    return load_workbook(io.BytesIO(xlsx(sheet))).active


def rows_of(page: Any) -> tuple[int, list[list[Any]], list[Any]]:
    """The row of the heading, the rows of payments, and the row of totals."""
    head = next(cell.row for cell in page["A"] if cell.value == "期次")
    total = next(cell.row for cell in page["A"] if cell.value == "合计")
    width = sum(cell.value is not None for cell in page[head])
    return head, [[c.value for c in page[r][:width]] for r in range(head + 1, total)], [c.value for c in page[total][:width]]


def money(value: object) -> Decimal:
    return yuan(str(value))


def summed(page: Any, formula: str) -> Decimal:
    """What a total's formula comes to."""
    letter, first, last = re.fullmatch(r"=SUM\(([A-Z])(\d+):\1(\d+)\)", formula).groups()  # type: ignore[union-attr]
    return sum((money(page[f"{letter}{row}"].value) for row in range(int(first), int(last) + 1)), Decimal(0))


def test_a_plan_is_read_back_with_real_dates_numbers_and_a_total_that_is_a_formula() -> None:
    page = page_of(of_sums("800", "800", "260.55"))
    head, rows, total = rows_of(page)
    assert [c.value for c in page[head][:4]] == ["期次", "应还日期", "应还金额（元）", "剩余未还（元）"]
    assert rows == [[1, datetime(2026, 12, 15), 800, 1060.55], [2, datetime(2027, 1, 15), 800, 260.55], [3, datetime(2027, 2, 15), 260.55, 0]]
    assert total[0] == "合计" and summed(page, total[2]) == yuan("1860.55")
    first = page[head + 1]
    assert first[1].is_date and first[1].number_format == "yyyy-mm-dd" and first[2].number_format == "#,##0.00" == page.cell(head + 4, 3).number_format
    assert page.cell(head + 5, 3).value == 1860.55 and page.cell(head + 5, 4).value == f'=IF(ROUND(C{head + 4}-C{head + 5},2)=0,"一致","不一致")'


def test_a_contracts_schedule_has_principal_interest_and_what_is_paid() -> None:
    sheet = of_contract(12, 3)
    page = page_of(sheet)
    head, rows, total = rows_of(page)
    names = [str(c.value).removesuffix("（元）") for c in page[head] if c.value]
    assert names == ["期次", "应还日期", "应还金额", "本金", "利息", "已还", "剩余本金"]
    for name, value in (("应还金额", sheet.total), ("本金", yuan("52000")), ("已还", sum(p.paid for p in sheet.payments))):
        assert summed(page, total[names.index(name)]) == value
    assert all(money(r[3]) + money(r[4]) == money(r[2]) for r in rows)
    assert rows[-1][6] == 0 and total[6] is None


def test_it_prints_on_a4_and_the_heading_stays_in_view() -> None:
    page = page_of(of_contract(60))
    head, rows, _ = rows_of(page)
    assert page.freeze_panes == f"A{head + 1}" and page.print_title_rows == f"${head}:${head}"
    assert (page.page_setup.paperSize, page.page_setup.orientation) == ("9", "portrait") or page.page_setup.paperSize == 9
    assert page.page_setup.fitToWidth == 1 and page.page_setup.fitToHeight == 0 and page.sheet_properties.pageSetUpPr.fitToPage
    for column, cell in zip("ABCDEFG", page[head], strict=False):
        if cell.value:
            longest = max(len(f"{r[cell.column - 1]:,.2f}") if isinstance(r[cell.column - 1], float) else 10 for r in rows)
            assert page.column_dimensions[column].width >= (longest if cell.column > 1 else 5)
    assert "&P" in page.oddFooter.center.text


def test_the_same_schedule_gives_the_same_file_whatever_the_clock_says() -> None:
    file = xlsx(of_sums("620"))
    assert xlsx(of_sums("620")) == file != xlsx(of_sums("621"))
    properties = load_workbook(io.BytesIO(file)).properties
    assert properties.created == properties.modified == datetime(2026, 11, 24)
    assert {part.date_time for part in zipfile.ZipFile(io.BytesIO(file)).infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_words_are_never_formulas_and_lose_their_control_characters() -> None:
    sheet = of_sums("620", title='=HYPERLINK("x")', about=(("=1+1", "=cmd|' /C calc'!A0"), ("贷款", "个\x01人\x0b贷款")))
    sheet = Sheet(sheet.title, sheet.loan_id, sheet.day, sheet.payments, sheet.total, sheet.about, ("=SUM(A1:A9)",))
    page = page_of(sheet)
    texts = {c.value: c.data_type for row in page.iter_rows() for c in row if isinstance(c.value, str) and c.value[:1] == "="}
    formulas = {value for value, kind in texts.items() if kind == "f"}
    assert all(re.match(r"=(SUM\([A-Z]\d+:[A-Z]\d+\)|IF\(ROUND)", value) for value in formulas) and len(formulas) == 2
    assert {'=HYPERLINK("x")', "=1+1", "=cmd|' /C calc'!A0", "=SUM(A1:A9)"} <= {v for v, kind in texts.items() if kind == "s"}
    assert "个人贷款" in [c.value for row in page.iter_rows() for c in row]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 10**10), min_size=1, max_size=60))
def test_every_fen_is_read_back_and_the_total_comes_to_the_sum(fen: list[int]) -> None:
    page = page_of(of_sums(*(str(from_fen(f)) for f in fen)))
    head, rows, total = rows_of(page)
    assert [money(r[2]) for r in rows] == [from_fen(f) for f in fen]
    assert summed(page, total[2]) == from_fen(sum(fen)) == money(page.cell(head + len(fen) + 2, 3).value)
    assert all(isinstance(r[1], datetime) and r[1].date() > TODAY for r in rows) and rows[-1][3] == 0


def test_a_day_of_long_ago_is_kept() -> None:
    sheet = of_contract(12)
    page = page_of(sheet)
    _, rows, _ = rows_of(page)
    assert [r[1].date() for r in rows] == [p.due for p in sheet.payments] and rows[0][1].date() == date(2026, 2, 10)


@pytest.mark.parametrize("name", ["林晓燕", "阿卜杜热合曼·买买提"])
def test_the_title_and_the_headings_are_there(name: str) -> None:
    page = page_of(of_sums("620", title=f"还款计划：{name}"))
    assert page["A1"].value == f"还款计划：{name}" and page["A2"].value == "方式" and page["C2"].value == "分期"
    assert page["A3"].value == "制表日期" and page["C3"].value == datetime(2026, 11, 24)
