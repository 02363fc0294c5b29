"""A schedule as an XLSX workbook: real dates and numbers, totals as formulas that are checked here first, ready to print on A4.

The same sheet gives the same bytes: the file's own times are the sheet's day, not the clock's.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

from zhuhuan.money import ZERO
from zhuhuan.paper.sheet import Sheet

MONEY, DAY = "#,##0.00", "yyyy-mm-dd"
WIDTHS = {"期次": 7, "应还日期": 14, "应还金额": 16, "本金": 16, "利息": 14, "已还": 16, "剩余本金": 18, "剩余未还": 18}
MOMENT = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z?")
ZIPPED = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip file can tell: every part of the file has it


def columns(sheet: Sheet) -> dict[str, list[Any]]:
    """The table's columns by heading, one value a payment."""
    payments = sheet.payments
    found: dict[str, list[Any]] = {"期次": list(range(1, len(payments) + 1)), "应还日期": [p.due for p in payments], "应还金额": [p.amount for p in payments]}
    if sheet.split:
        found |= {"本金": [p.principal for p in payments], "利息": [p.interest for p in payments]}
    if sheet.paid:
        found["已还"] = [p.paid for p in payments]
    return found | {sheet.left_words: list(sheet.left)}


SUMMED = ("应还金额", "本金", "利息", "已还")


def xlsx(sheet: Sheet) -> bytes:
    """The workbook of a schedule."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    book = Workbook()
    page: Any = book.active
    page.title = "还款计划"
    book.properties.creator, book.properties.title = "助还", _text(sheet.title)
    table = columns(sheet)
    line, edge = Side(style="thin", color="FF999999"), Font(bold=True)
    frame = Border(top=line, bottom=line, left=line, right=line)

    _put(page, 1, 1, sheet.title).font = Font(bold=True, size=14)
    row = 2
    for name, words in (*sheet.about, ("制表日期", sheet.day)):
        _put(page, row, 1, name)
        _put(page, row, 3, words).alignment = Alignment(horizontal="left")
        row += 1
    head = row + 1
    first, last = head + 1, head + len(sheet.payments)
    for column, (name, values) in enumerate(table.items(), 1):
        letter = get_column_letter(column)
        page.column_dimensions[letter].width = WIDTHS[name]
        cell = _put(page, head, column, name + ("（元）" if name in SUMMED or name == sheet.left_words else ""))
        cell.font, cell.fill, cell.border = edge, PatternFill("solid", fgColor="FFDDEBF7"), frame
        cell.alignment = Alignment(horizontal="center")
        for place, value in enumerate(values, first):
            _put(page, place, column, value).border = frame
        total = _put(page, last + 1, column, None)
        total.font, total.border = edge, frame
        if name in SUMMED:
            total.value, total.number_format = f"=SUM({letter}{first}:{letter}{last})", MONEY
    page.cell(last + 1, 1).value = "合计"
    for name, values in table.items():
        _check(sheet, name, values)
    amount = get_column_letter(list(table).index("应还金额") + 1)
    _put(page, last + 2, 1, "核对")
    _put(page, last + 2, 2, "应等于")
    _put(page, last + 2, 3, sheet.total)
    page.cell(last + 2, 4).value = f'=IF(ROUND({amount}{last + 1}-C{last + 2},2)=0,"一致","不一致")'
    for place, note in enumerate(sheet.notes, last + 4):
        _put(page, place, 1, note)

    page.freeze_panes = page.cell(first, 1)
    page.print_title_rows = f"{head}:{head}"
    page.page_setup.paperSize, page.page_setup.orientation = page.PAPERSIZE_A4, page.ORIENTATION_PORTRAIT
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_options.horizontalCentered = True
    page.oddFooter.center.text = "第 &P 页，共 &N 页"
    out = io.BytesIO()
    book.save(out)
    return _the_same(out.getvalue(), sheet.day)


def _check(sheet: Sheet, name: str, values: list[Any]) -> None:
    """What the total's formula will come to must be what the sheet says. Raises ValueError."""
    expected = {"应还金额": sheet.total, "本金": sheet.total - sum((p.interest or ZERO for p in sheet.payments), ZERO)}.get(name)
    if expected is not None and sum(values, ZERO) != expected:
        raise ValueError(f"{name}一列合计 {sum(values, ZERO)} 元，应当是 {expected} 元")


def _text(words: str) -> str:
    """Words as a cell takes them: without control characters."""
    return "".join(c for c in words if c.isprintable())


def _put(page: Any, row: int, column: int, value: Any) -> Any:
    """A cell with its value and format. Text is never a formula, whatever sign it begins with."""
    cell = page.cell(row, column)
    if isinstance(value, str):
        cell.value = _text(value)
        cell.data_type = "s"
    else:
        cell.value = value
    if isinstance(value, Decimal):
        cell.number_format = MONEY
    elif isinstance(value, date):
        cell.number_format = DAY
    return cell


def _the_same(file: bytes, made: date) -> bytes:
    """A workbook's file with nothing of the clock in it: created and modified on `made`, every part zipped at one time."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = MOMENT.sub(f"{made}T00:00:00Z".encode(), content)
            part = zipfile.ZipInfo(name, ZIPPED)
            part.compress_type, part.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            new.writestr(part, content)
    return out.getvalue()
