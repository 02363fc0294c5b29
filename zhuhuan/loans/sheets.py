"""A CSV or XLSX file as rows of text with their line numbers."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from zhuhuan.loans.cells import plain
from zhuhuan.loans.errors import BadFile

Line = tuple[int, list[str]]


def read_lines(path: Path) -> Iterator[Line]:
    """The rows that are not empty, each with the line (CSV) or row (XLSX, first sheet) where it begins; all cells as text.

    CSV may be UTF-8 with or without BOM, or GB18030, with comma, tab or semicolon. Raises BadFile where it cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadFile(f"打不开文件 {path}：{error.strerror or error}") from error
    if not data.strip():
        raise BadFile(f"文件 {path.name} 是空的")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadFile(f"{path.name} 是旧版 Excel（.xls）或加密的文件，请另存为不加密的 .xlsx 或 CSV")
    return _xlsx(path, data) if data.startswith(b"PK\x03\x04") else _csv(path, data)


def _decode(path: Path, data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise BadFile(f"{path.name} 是 UTF-16 编码，请另存为 UTF-8 或 GB18030 的 CSV")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong_utf8:
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError:
            line = data.count(b"\n", 0, wrong_utf8.start) + 1
            raise BadFile(f"{path.name} 第 {line} 行既不是 UTF-8 也不是 GB18030 编码，请另存为其中一种") from None


def _csv(path: Path, data: bytes) -> Iterator[Line]:
    text = _decode(path, data)
    if "\0" in text:
        raise BadFile(f"{path.name} 不是文本文件，请给出 CSV 或 XLSX")
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            row = [plain(cell) for cell in cells]
            if any(row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadFile(f"{path.name} 第 {reader.line_num} 行的引号或分隔不对：{error}") from error


def _xlsx(path: Path, data: bytes) -> Iterator[Line]:
    from openpyxl import load_workbook  # slow to import, and seldom needed

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError) as error:
        raise BadFile(f"{path.name} 不是能读的 XLSX 文件：{error}") from error
    try:
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            row = [plain(cell) for cell in cells]
            while row and not row[-1]:
                row.pop()
            if row:
                yield number, row
    finally:
        book.close()
