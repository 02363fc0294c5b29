"""A file of members and loans into the loan book: all rows or none, and the same file a second time changes nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.bulk import BulkImport
from zhuhuan.loans.checking import WHOLE_ROW, Problem, check_file
from zhuhuan.loans.errors import BadRecord, LoanBookError


@dataclass
class Report:
    """What an import did. Counts of members and loans: added, updated, unchanged; of promises: added."""

    members: Counter[str] = field(default_factory=Counter)
    loans: Counter[str] = field(default_factory=Counter)
    promises: int = 0
    problems: list[Problem] = field(default_factory=list)
    ignored: tuple[str, ...] = ()
    stored: bool = True


class _Refused(LoanBookError):
    """Ends the unit of work so that nothing of the import is kept."""


def import_file(url: str, path: Path, today: date, partial: bool = False) -> Report:
    """Import a CSV or XLSX file. With any bad row nothing is stored, unless `partial`: then the good rows are.

    `today` is the day of the figures where the file does not say it. Raises BadFile where the file is no such table.
    """
    checked = check_file(path, today)
    report = Report(problems=list(checked.problems), ignored=checked.ignored)
    if (report.problems and not partial) or not checked.rows:
        report.stored = False
        return report
    try:
        with LoanBook(url) as book:
            bulk = BulkImport(book.bulk())
            for row in checked.rows:
                try:
                    bulk.add(row)
                except BadRecord as error:
                    report.problems.append(Problem(row.line, WHOLE_ROW, str(error)))
            if report.problems and not partial:
                raise _Refused
            bulk.finish()
    except _Refused:
        return Report(problems=report.problems, ignored=report.ignored, stored=False)
    report.members, report.loans, report.promises = bulk.members, bulk.loans, bulk.promises
    return report
