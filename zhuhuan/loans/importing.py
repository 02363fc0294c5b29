"""Files of members, loans and payments into the loan book: all rows or none, and the same files a second time change nothing."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy.engine import Connection

from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.bulk import CHUNK, BulkImport
from zhuhuan.loans.bulk_ledger import BadLine
from zhuhuan.loans.changes import Changes
from zhuhuan.loans.engines import close, engine_of
from zhuhuan.loans.errors import BadRecord, LoanBookError
from zhuhuan.loans.migrations import check, current, database_file, upgrade
from zhuhuan.loans.rows import WHOLE_ROW, Checked, Note, Problem
from zhuhuan.loans.sources import Sources, read_sources


@dataclass
class Report:
    """What an import did, or would do (then with `changes`). Counts of members and loans: added, updated, unchanged; of promises and ledger lines: added."""

    members: Counter[str] = field(default_factory=Counter)
    loans: Counter[str] = field(default_factory=Counter)
    promises: int = 0
    lines: int = 0
    problems: list[Problem] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    ignored: tuple[str, ...] = ()
    stored: bool = True
    changes: Changes | None = None


class _Refused(LoanBookError):
    """Ends the unit of work so that nothing of the import is kept."""


def import_file(url: str, path: Path, today: date, partial: bool = False) -> Report:
    """Import one file; see import_files."""
    return import_files(url, Sources((path,)), today, partial)


def import_files(url: str, sources: Sources, today: date, partial: bool = False) -> Report:
    """Import files that belong together. With any bad row nothing is stored, unless `partial`: then the good rows are.

    `today` is the day of the figures where the files do not say it. Raises BadFile where a file is no such table or export.
    """
    checked = read_sources(sources, today)
    report = _begun(checked)
    if (report.problems and not partial) or checked.empty:
        report.stored = False
        return report
    try:
        with LoanBook(url) as book:
            bulk = BulkImport(book.bulk())
            _add(bulk, checked, report)
            if report.problems and not partial:
                raise _Refused
            bulk.finish()
    except _Refused:
        return Report(problems=report.problems, notes=checked.notes, ignored=report.ignored, stored=False)
    return _ended(report, bulk)


def preview(url: str, sources: Sources, today: date) -> Report:
    """What an import of these files would change; nothing is written, and a database that is not there is not made. `stored`: whether all rows are good.

    The good rows are told also where others are bad, as with `partial`.
    """
    checked = read_sources(sources, today)
    report = _begun(checked)
    report.changes = Changes()
    with _to_read(url) as connection:
        bulk = BulkImport(connection, report.changes)
        _add(bulk, checked, report)
    report.stored = not report.problems
    return _ended(report, bulk)


def _begun(checked: Checked) -> Report:
    return Report(problems=list(checked.problems), notes=list(checked.notes), ignored=checked.ignored)


def _ended(report: Report, bulk: BulkImport) -> Report:
    report.members, report.loans, report.promises, report.lines = bulk.members, bulk.loans, bulk.promises, bulk.lines
    report.notes += bulk.notes
    return report


def _add(bulk: BulkImport, checked: Checked, report: Report) -> None:
    for start in range(0, len(checked.rows), CHUNK):
        rows = checked.rows[start : start + CHUNK]
        bulk.look(rows)
        for row in rows:
            try:
                bulk.add(row)
            except BadRecord as error:
                report.problems.append(_problem(error, row.line, row.file))
    loans = list(checked.lines)
    for start in range(0, len(loans), CHUNK):
        bulk.look_at(loans[start : start + CHUNK])
        for loan_id in loans[start : start + CHUNK]:
            lines = checked.lines[loan_id]
            try:
                bulk.add_lines(loan_id, lines)
            except BadRecord as error:
                report.problems.append(_problem(error, lines[0].line, lines[0].file))


def _problem(error: BadRecord, line: int, file: str) -> Problem:
    if isinstance(error, BadLine) and error.entry.line:
        line, file = error.entry.line, error.entry.file
    return Problem(line, WHOLE_ROW, str(error), file)


@contextmanager
def _to_read(url: str) -> Iterator[Connection]:
    """The book of one moment, read only; an empty one in its place where the database is not made yet. Raises NoTables for one of another version."""
    file = database_file(url)
    if (file is None or file.exists()) and current(url) is not None:
        check(url)
        with engine_of(url).connect() as connection:
            if connection.dialect.name != "sqlite":
                yield connection
                return
            connection.exec_driver_sql("BEGIN")
            try:
                yield connection
            finally:
                connection.exec_driver_sql("ROLLBACK")
        return
    with tempfile.TemporaryDirectory(prefix="zhuhuan-") as folder:
        empty = f"sqlite:///{folder}/empty.db"
        upgrade(empty)
        try:
            with engine_of(empty).connect() as connection:
                yield connection
        finally:
            close(empty)
