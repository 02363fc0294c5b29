"""Mapping files: which column of another system's table is which field here, and how its cells are written.

A mapping turns a table into one as this import knows it (headers.py), so that everything after it, checks and messages too, is the same; what is
wrong is told with the source's own line and column.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

from zhuhuan.loans import cells
from zhuhuan.loans.errors import BadFile
from zhuhuan.loans.headers import ALL, Header, Kind, bare, missing_fields
from zhuhuan.loans.rows import Problem
from zhuhuan.loans.sheets import Line
from zhuhuan.yaml_lines import Document
from zhuhuan.yaml_lines import Problem as Mistake

MONEY = {"overdue_amount", "penalty", "instalment_amount", "balance", "principal", "amount"}
DAYS = {"birth_date", "due_date", "as_of", "disbursed", "first_due", "day"}
RATES = {"annual_rate"}
UNITS = {"yuan": Decimal(1), "fen": Decimal("0.01"), "wan": Decimal(10_000)}
WORDS = {"pattern": "不是日期格式，写成如 \"%Y%m%d\"", "maxLength": "只能是一个字符"}
Translate = Callable[[Sequence[str]], str]


class BadMapping(BadFile):
    """A mapping file that cannot be used; each error by its line."""

    def __init__(self, source: str, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(sorted(dict.fromkeys(mistakes), key=lambda m: m.line))
        super().__init__(f"对照文件 {source} 有 {len(self.mistakes)} 处要改：\n" + "\n".join(map(str, self.mistakes)))


@dataclass(frozen=True)
class MappingFile:
    """A checked mapping file; how its table is to be opened, and what its columns mean."""

    source: str
    document: Document

    @property
    def kind(self) -> Kind:
        kind: Kind = self.document.data["kind"]
        return kind

    @property
    def opening(self) -> dict[str, Any]:
        """How the table is to be read: options of sheets.read_lines."""
        data = self.document.data
        return {"encoding": data.get("encoding"), "delimiter": data.get("delimiter"), "sheet": data.get("sheet"), "skip": data.get("skip_lines", 0)}


@lru_cache(maxsize=1)
def _validator() -> Draft7Validator:
    return Draft7Validator(json.loads(resources.files(__package__).joinpath("mapping.schema.json").read_text(encoding="utf-8")))


def read_mapping(path: Path) -> MappingFile:
    """Read and check a mapping file. Raises BadMapping with every error by its line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        shipped = "、".join(str(resources.files(__package__) / "mappings" / name) for name in ("rural_core.yml", "frappe_flat.yml"))
        raise BadFile(f"打不开对照文件 {path}：{getattr(error, 'strerror', None) or '不是 UTF-8 编码'}。可照着改的示例：{shipped}") from error
    document = Document(text)
    mistakes = list(document.problems)
    if document.data is None and not mistakes:
        mistakes.append(Mistake(1, "文件是空的"))
    mistakes = mistakes or document.schema_problems(_validator(), WORDS) or list(_meaning(document))
    if mistakes:
        raise BadMapping(path.name, mistakes)
    return MappingFile(path.name, document)


def _meaning(document: Document) -> Iterator[Mistake]:
    """What a schema cannot say: fields that exist, one source for each, options that fit the field, the fields that have to be there."""
    data = document.data
    known, fields = ALL[data["kind"]], data["fields"]
    for name, spec in fields.items():
        where = ("fields", name)
        if name not in known:
            yield Mistake(document.line(where), f"没有“{name}”这一项；可用的有{'、'.join(known)}")
            continue
        spec = spec if isinstance(spec, dict) else {"column": spec}
        given = [key for key in ("column", "first", "sum", "constant") if key in spec]
        if len(given) != 1:
            yield Mistake(document.line(where), f"“{name}”要在 column、first、sum、constant 中写一个，并且只写一个")
        for key, fitting in (("money", MONEY), ("sum", MONEY), ("dates", DAYS), ("rate", RATES)):
            if key in spec and name not in fitting:
                yield Mistake(document.line((*where, key)), f"“{key}”不能用于{name}，只能用于{'、'.join(f for f in known if f in fitting)}")
        if ("others" in spec) and "values" not in spec:
            yield Mistake(document.line((*where, "others")), "写了others就要有values")
    for i, condition in enumerate(data.get("where", ())):
        if len(condition.keys() & {"is", "in", "not"}) != 1:
            yield Mistake(document.line(("where", i)), "要在 is、in、not 中写一个，并且只写一个")
    missing = missing_fields(Header(dict.fromkeys(fields, 0), (), (), data["kind"]))
    if missing:
        yield Mistake(document.line(("fields",)), f"fields缺少：{'、'.join(missing)}")


def translated(mapping: MappingFile, header_cells: Sequence[str], lines: Iterator[Line], file: str) -> tuple[Header, Iterator[Line], list[Problem]]:
    """The table under our own header; problems of cells that cannot be translated are added to the list while the lines are read.

    Raises BadMapping where it names columns that the table has not.
    """
    table = _Table(mapping, header_cells)
    header = Header({name: place for place, name in enumerate(table.fields)}, table.written, table.ignored, mapping.kind)
    problems: list[Problem] = []

    def read() -> Iterator[Line]:
        for line, texts in lines:
            if not table.wanted(texts):
                continue
            made, failed = [], False
            for place, translate in enumerate(table.translators):
                try:
                    made.append(translate(texts))
                except cells.BadCell as error:
                    problems.append(Problem(line, table.written[place], str(error), file))
                    failed = True
            if not failed:
                yield line, made

    return header, read(), problems


class _Table:
    """The columns that a mapping wants, found in the header of a table."""

    def __init__(self, mapping: MappingFile, header: Sequence[str]) -> None:
        self._places: dict[str, int] = {}
        for place, cell in enumerate(header):
            self._places.setdefault(bare(cell), place)
            self._places.setdefault(cell.strip(), place)
        self._used: set[int] = set()
        self._document = mapping.document
        self._mistakes: list[Mistake] = []
        data = mapping.document.data
        self._data = data
        self.fields = tuple(data["fields"])
        self.written = tuple(self._words(name, data["fields"][name]) for name in self.fields)
        self.translators = [self._translator(name, data["fields"][name]) for name in self.fields]
        self._conditions = [self._condition(i, condition) for i, condition in enumerate(data.get("where", ()))]
        if self._mistakes:
            raise BadMapping(mapping.source, self._mistakes)
        self.ignored = tuple(cell.strip() for place, cell in enumerate(header) if cell.strip() and place not in self._used)

    def wanted(self, texts: Sequence[str]) -> bool:
        """Whether a row passes every condition of `where`."""
        return all(condition(texts) for condition in self._conditions)

    def _words(self, name: str, spec: Any) -> str:
        """How a problem of a field names its column."""
        if not isinstance(spec, dict):
            return str(spec)
        columns = [spec["column"]] if "column" in spec else spec.get("first") or spec.get("sum")
        return "、".join(columns) if columns else f"{name}（对照文件）"

    def _place(self, column: str, *path: str | int) -> int:
        found = self._places.get(column.strip(), self._places.get(bare(column)))
        if found is None:
            self._mistakes.append(Mistake(self._document.line(path), f"表里没有“{column}”这一列"))
            return 0
        self._used.add(found)
        return found

    def _condition(self, i: int, condition: Mapping[str, Any]) -> Callable[[Sequence[str]], bool]:
        place = self._place(condition["column"], "where", i, "column")
        wanted = {cells.plain(v) for v in condition.get("in", condition.get("not", [condition.get("is")]))}
        without = "not" in condition
        return lambda texts: (_text(texts, place) in wanted) != without

    def _translator(self, name: str, spec: Any) -> Translate:
        spec = spec if isinstance(spec, dict) else {"column": spec}
        where = ("fields", name)
        if "constant" in spec:
            constant = cells.plain(spec["constant"])
            return lambda texts: constant
        columns = [spec["column"]] if "column" in spec else spec.get("first") or spec["sum"]
        key = next(k for k in ("column", "first", "sum") if k in spec)
        places = [self._place(column, *where, *((key, i) if key != "column" else (key,))) for i, column in enumerate(columns)]
        empty = {cells.plain(value) for value in spec.get("empty", ())}
        made = self._made(name, spec)

        def read(texts: Sequence[str], place: int) -> str:
            text = _text(texts, place)
            return "" if text in empty else text

        if "sum" in spec:
            unit = UNITS[spec.get("money", self._data.get("money", "yuan"))]

            def summed(texts: Sequence[str]) -> str:
                found = [read(texts, place) for place in places]
                return str(sum(_number(text) for text in found if text) * unit) if any(found) else ""

            return summed
        if len(places) == 1:
            place = places[0]
            return lambda texts: made(read(texts, place))
        return lambda texts: made(next((text for place in places if (text := read(texts, place))), ""))

    def _made(self, name: str, spec: Mapping[str, Any]) -> Callable[[str], str]:
        """From a cell of the source to one as this import reads it."""
        steps: list[Callable[[str], str]] = []
        if "values" in spec:
            steps.append(_by_values({cells.plain(k): cells.plain(v) for k, v in spec["values"].items()}, spec.get("others", "error")))
        if name in MONEY:
            unit = UNITS[spec.get("money", self._data.get("money", "yuan"))]
            steps.append(lambda text: text if unit == 1 else str(_number(text) * unit))
        if name in DAYS and (formats := spec.get("dates", self._data.get("dates"))):
            steps.append(_by_formats(formats, personal=name == "birth_date"))
        if name in RATES and "rate" in spec:
            steps.append(_by_rate(spec["rate"], spec.get("year_days", 360)))

        def made(text: str) -> str:
            for step in steps:
                if text:
                    text = step(text)
            return text

        return made


def _text(texts: Sequence[str], place: int) -> str:
    return texts[place] if place < len(texts) else ""


def _number(text: str) -> Decimal:
    try:
        value = Decimal(text.replace(",", "").removeprefix("¥").removesuffix("元"))
    except InvalidOperation:
        raise cells.BadCell(f"“{text}”不是数字") from None
    if not value.is_finite():
        raise cells.BadCell(f"“{text}”不是数字")
    return value


def _by_values(values: Mapping[str, str], others: str) -> Callable[[str], str]:
    def translate(text: str) -> str:
        if text in values:
            return values[text]
        if others == "error":
            raise cells.BadCell(f"对照文件的values里没有“{text}”")
        return text if others == "keep" else ""

    return translate


def _by_formats(formats: Sequence[str], personal: bool) -> Callable[[str], str]:
    def translate(text: str) -> str:
        for form in formats:
            try:
                return datetime.strptime(text, form).date().isoformat()
            except ValueError:
                continue
        raise cells.BadCell(f"{'' if personal else f'“{text}”'}不是{'或'.join(formats)}的日期")

    return translate


def _by_rate(form: str, year_days: int) -> Callable[[str], str]:
    """A yearly rate in per cent, from another way of writing it: 6 ‰ a month are 7.2 % a year."""
    factors = {"percent": Decimal(1), "fraction": Decimal(100), "monthly_permille": Decimal("1.2"), "daily_per_10000": Decimal(year_days) / 100}

    def translate(text: str) -> str:
        return f"{_number(text.rstrip('%‰')) * factors[form]:f}%"

    return translate
