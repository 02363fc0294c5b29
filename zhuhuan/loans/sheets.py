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


def read_bytes(path: Path) -> bytes:
    """All of a file. Raises BadFile where it cannot be read or is empty."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadFile(f"打不开文件 {path}：{error.strerror or error}") from error
    if not data.strip():
        raise BadFile(f"文件 {path.name} 是空的")
    return data


def read_lines(
    path: Path, data: bytes | None = None, *, encoding: str | None = None, delimiter: str | None = None, sheet: str | None = None, skip: int = 0
) -> Iterator[Line]:
    """The rows that are not empty, each with the line (CSV) or row (XLSX) where it begins; all cells as text.

    CSV may be UTF-8 with or without BOM, or GB18030, with comma, tab or semicolon, XLSX has its rows on the first sheet, unless said otherwise.
    data: the file's bytes where they were read already. skip: lines or rows before the header. Raises BadFile where it cannot be read.
    """
    data = read_bytes(path) if data is None else data
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadFile(f"{path.name} 是旧版 Excel（.xls）或加密的文件，请另存为不加密的 .xlsx 或 CSV")
    if data.startswith(b"PK\x03\x04"):
        return _xlsx(path, data, sheet, skip)
    return _csv(path, read_text(path, data, encoding), delimiter, skip)


def read_text(path: Path, data: bytes, encoding: str | None = None) -> str:
    """A file's text: by `encoding`, else UTF-8 with or without BOM, or GB18030. Raises BadFile where it is neither."""
    if encoding is not None:
        try:
            return data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
        except UnicodeDecodeError as wrong:
            line = data.count(b"\n", 0, wrong.start) + 1
            raise BadFile(f"{path.name} 第 {line} 行不是 {encoding} 编码") from None
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


def _csv(path: Path, text: str, delimiter: str | None, skip: int) -> Iterator[Line]:
    if "\0" in text:
        raise BadFile(f"{path.name} 不是文本文件，请给出 CSV 或 XLSX")
    at = 0
    for _ in range(skip):
        at = text.find("\n", at) + 1 or len(text)
    text = text[at:]
    first = text.lstrip().split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or max(",\t;", key=first.count), strict=True)
    line = skip + 1
    try:
        for cells in reader:
            row = [plain(cell) for cell in cells]
            if any(row):
                yield line, row
            line = skip + reader.line_num + 1
    except csv.Error as error:
        raise BadFile(f"{path.name} 第 {skip + reader.line_num} 行的引号或分隔不对：{error}") from error


def _xlsx(path: Path, data: bytes, name: str | None, skip: int) -> Iterator[Line]:
    from openpyxl import load_workbook  # slow to import, and seldom needed

    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0] if name is None else book[name]
    except KeyError as error:
        if name is None:
            raise BadFile(f"{path.name} 不是能读的 XLSX 文件：{error}") from error
        raise BadFile(f"{path.name} 里没有工作表“{name}”") from error
    except (zipfile.BadZipFile, ValueError, IndexError, OSError) as error:
        raise BadFile(f"{path.name} 不是能读的 XLSX 文件：{error}") from error
    try:
        for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
            row = [plain(cell) for cell in cells]
            while row and not row[-1]:
                row.pop()
            if row and number > skip:
                yield number, row
    finally:
        book.close()
