"""JSON exports as records with the line where each begins: one object, a list, a page (`pageItems`), an answer (`data`, `message`), or an object a line.

>>> list(read_records('{"pageItems": [\\n{"id": 1},\\n{"id": 2.50}]}', "a.json"))
[Record(line=2, value={'id': 1}), Record(line=3, value={'id': Decimal('2.50')})]
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from zhuhuan.loans.errors import BadFile

ENVELOPES = ("pageItems", "data", "message", "docs", "loans", "clients", "members", "customers", "loan_products")
"""Keys under which exports keep their records: Fineract's pages, Frappe's answers, and bundles of several lists."""
_SPACE = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True)
class Record:
    """An object of the export; numbers with a fraction are Decimal."""

    line: int
    value: dict[str, Any]


def looks_like_json(data: bytes) -> bool:
    """Whether a file begins as JSON does, not as a table."""
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return start in (b"{", b"[")


def read_records(text: str, name: str) -> Iterator[Record]:
    """The records of the file `name`. Raises BadFile, with the line, where it is no JSON or holds something else than objects."""
    return _Reader(text, name).read()


class _Reader:
    def __init__(self, text: str, name: str) -> None:
        self._text, self._name = text, name
        self._decoder = json.JSONDecoder(parse_float=Decimal)
        self._line, self._counted = 1, 0

    def read(self) -> Iterator[Record]:
        at = self._skip(0)
        while at < len(self._text):
            if self._text[at] == "[":
                at = yield from self._list(at)
            else:
                value, after = self._value(at)
                if _is_envelope(value):
                    yield from self._envelope(at)
                else:
                    yield self._record(at, value)
                at = after
            at = self._skip(at)

    def _skip(self, at: int) -> int:
        found = _SPACE.match(self._text, at)
        return found.end() if found else at

    def _lines_to(self, at: int) -> int:
        self._line += self._text.count("\n", self._counted, at)
        self._counted = at
        return self._line

    def _record(self, at: int, value: Any) -> Record:
        line = self._lines_to(at)
        if not isinstance(value, dict):
            raise BadFile(f"{self._name} 第 {line} 行不是一条记录（应当是 {{…}}）")
        return Record(line, value)

    def _value(self, at: int) -> tuple[Any, int]:
        try:
            return self._decoder.raw_decode(self._text, at)
        except json.JSONDecodeError as error:
            raise BadFile(f"{self._name} 第 {error.lineno} 行第 {error.colno} 个字符不是合格的 JSON：{error.msg}") from error

    def _list(self, at: int) -> Any:
        at = self._skip(at + 1)
        while at < len(self._text) and self._text[at] != "]":
            value, after = self._value(at)
            yield self._record(at, value)
            at = self._skip(after)
            if at < len(self._text) and self._text[at] == ",":
                at = self._skip(at + 1)
            elif at >= len(self._text) or self._text[at] != "]":
                raise BadFile(f"{self._name} 第 {self._lines_to(min(at, len(self._text)))} 行：列表没有写完")
        if at >= len(self._text):
            raise BadFile(f"{self._name} 的列表没有写完")
        return at + 1

    def _envelope(self, at: int) -> Iterator[Record]:
        at = self._skip(at + 1)
        while self._text[at] != "}":
            key, after = self._value(at)
            at = self._skip(self._skip(after) + 1)  # past the colon
            if key in ENVELOPES and self._text[at] == "[":
                at = yield from self._list(at)
            elif key in ENVELOPES and self._text[at] == "{":
                value, after = self._value(at)
                yield self._record(at, value)
                at = after
            else:
                _, at = self._value(at)
            at = self._skip(at)
            if self._text[at] == ",":
                at = self._skip(at + 1)


def _is_envelope(value: Any) -> bool:
    """Whether an object only holds records, in lists or objects under known keys."""
    if not isinstance(value, dict) or {"id", "name", "doctype", "accountNo"} & value.keys():
        return False
    return any(isinstance(value.get(key), (list, dict)) for key in ENVELOPES)
