"""The files of one import, each read as what it is: tables of loans, payments or members by their header, exports of other systems by their fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from zhuhuan.loans.checking import Seen, check_lines
from zhuhuan.loans.errors import BadFile
from zhuhuan.loans.foreign.exports import Exports
from zhuhuan.loans.foreign.mapping import MappingFile, read_mapping, translated
from zhuhuan.loans.foreign.records import looks_like_json
from zhuhuan.loans.headers import KINDS, Header, kind_of, read_header
from zhuhuan.loans.rows import Checked
from zhuhuan.loans.sheets import Line, read_bytes, read_lines, read_text
from zhuhuan.loans.transactions import Payments


@dataclass(frozen=True)
class Sources:
    """files: of any kind that is recognised. payments: files of payments, whatever their header. mappings: one for all `files`, or one for each."""

    files: tuple[Path, ...]
    payments: tuple[Path, ...] = ()
    mappings: tuple[Path, ...] = ()

    def mapping_of(self, place: int) -> Path | None:
        """The mapping of the file at that place."""
        if not self.mappings:
            return None
        return self.mappings[0] if len(self.mappings) == 1 else self.mappings[place]


def read_sources(sources: Sources, today: date) -> Checked:
    """Read and check all files. `today`: the day of the figures where a file does not say it. Raises BadFile."""
    if not sources.files and not sources.payments:
        raise BadFile("没有给出要导入的文件")
    if len(sources.mappings) > 1 and len(sources.mappings) != len(sources.files):
        raise BadFile(f"给了 {len(sources.mappings)} 个对照文件、{len(sources.files)} 个数据文件：请给一个（所有文件共用），或与数据文件一样多")
    reading = _Reading(today, several=len(sources.files) + len(sources.payments) > 1)
    for place, path in enumerate(sources.files):
        mapping = sources.mapping_of(place)
        reading.read(path, read_mapping(mapping) if mapping is not None else None, payments=False)
    for path in sources.payments:
        reading.read(path, None, payments=True)
    checked = reading.done()
    if checked.empty and not checked.problems and not checked.notes:
        names = "、".join(path.name for path in (*sources.files, *sources.payments))
        raise BadFile(f"文件 {names} 只有表头，没有数据")
    return checked


class _Reading:
    def __init__(self, today: date, several: bool) -> None:
        self._today, self._several = today, several
        self._checked, self._seen, self._payments = Checked(), Seen(), Payments()
        self._exports = Exports(today)

    def read(self, path: Path, mapping: MappingFile | None, payments: bool) -> None:
        """Read one file."""
        data, file = read_bytes(path), path.name if self._several else ""
        if mapping is None and not payments and looks_like_json(data):
            self._exports.read_json(read_text(path, data), path.name, file)
            return
        lines = iter(read_lines(path, data, **(mapping.opening if mapping is not None else {})))
        first = next(lines, None)
        if first is None:
            raise BadFile(f"文件 {path.name} 是空的")
        if mapping is not None:
            header, lines, problems = translated(mapping, first[1], lines, file)
            self._table(header, lines, file)
            self._checked.problems += problems
        elif payments or not self._exports.read_table(first[1], lines, file):
            kind = "payments" if payments else kind_of(first[1])
            self._table(read_header(first[1], kind), lines, file)

    def _table(self, header: Header, lines: Iterator[Line], file: str) -> None:
        checked = self._checked
        checked.ignored += header.ignored
        if header.kind == "payments":
            self._payments.read(lines, header, checked, file)
        elif header.kind == "members":
            self._exports.people.read_table(lines, header, self._today, checked, file)
        else:
            check_lines(lines, header, self._today, self._seen, checked, file)

    def done(self) -> Checked:
        """All files read: the exports' loans become rows, the payments go to their loans."""
        checked = self._checked
        if self._exports.empty and not checked.rows and self._exports.people.known and not self._payments.lines:
            raise BadFile(f"只有{KINDS['members']}，没有贷款：请与要导入的贷款一起给出")
        self._exports.convert(self._seen, checked)
        self._payments.settle(checked)
        self._payments.attach(checked)
        checked.problems.sort(key=lambda problem: (problem.file, problem.line))
        return checked
