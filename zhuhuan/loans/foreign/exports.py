"""The exports of other systems in one import: kept until all files are read, then joined and made rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from zhuhuan.loans.checking import Seen
from zhuhuan.loans.errors import BadFile
from zhuhuan.loans.foreign import fineract, frappe
from zhuhuan.loans.foreign.converted import Converted
from zhuhuan.loans.foreign.fields import Fields
from zhuhuan.loans.foreign.identity import People
from zhuhuan.loans.foreign.records import read_records
from zhuhuan.loans.rows import Checked, Note
from zhuhuan.loans.sheets import Line


class Exports:
    """Fineract's loans and clients, Frappe's documents, and who the borrowers are."""

    def __init__(self, today: date) -> None:
        self._today = today
        self.people = People()
        self._loans: list[Fields] = []
        self._clients: list[Fields] = []
        self._documents = frappe.Documents()
        self.empty = True

    def read_json(self, text: str, name: str, file: str) -> None:
        """The records of a JSON export. Raises BadFile for one that is of no kind known here."""
        for record in read_records(text, name):
            fields = Fields(record.value, record.line, file)
            doctype = frappe.doctype_of(record.value) if "doctype" in record.value else None
            if doctype is None and fineract.is_loan(record.value):
                self._loans.append(fields)
            elif doctype is None and fineract.is_client(record.value):
                self._clients.append(fields)
            elif (doctype := doctype or frappe.doctype_of(record.value)) is not None:
                self._documents.add(doctype, fields)
            else:
                raise BadFile(f"{name} 第 {record.line} 行的记录不像 Fineract 的贷款或客户，也不像 Frappe Lending 的单据；其他系统的表请用 --mapping")
            self.empty = False

    def read_table(self, header: Sequence[str], lines: Iterator[Line], file: str) -> bool:
        """The documents of a Frappe table; False, and nothing read, where it is none."""
        names = {frappe.field_name(cell): cell for cell in header}
        doctype = frappe.doctype_of(names)
        if doctype is None or "name" not in names:
            return False
        for record in frappe.table_records(header, lines):
            self._documents.add(doctype, Fields(record.value, record.line, file))
        self.empty = False
        return True

    def convert(self, seen: Seen, checked: Checked) -> None:
        """Make rows of all loans; what is wrong or left out goes into `checked` too."""
        for client in self._clients:
            fineract.read_client(client, self.people, self._today)
        self._documents.read_clients(self.people, self._today)
        skipped: Counter[str] = Counter()
        for fields in self._loans:
            self._keep(fineract.convert(fields, self.people, self._today), seen, checked, skipped)
        for converted in self._documents.loans(self.people, self._today):
            self._keep(converted, seen, checked, skipped)
        for reason, count in sorted(skipped.items()):
            checked.notes.append(Note(0, f"{count} 笔未导入：{reason}"))
        for number, record in enumerate(self._documents.unmatched()):
            if number < 5:
                loan = record.text("against_loan", "loan")
                checked.notes.append(Note(record.line, f"{record.text('name')} 属于贷款 {loan}，这次没有给出那笔贷款，未导入", record.file))
        if self._documents.without_demands:
            checked.notes.append(Note(0, "没有 Loan Demand 的导出：还没有付的罚息和费用不在账上"))

    def _keep(self, converted: Converted, seen: Seen, checked: Checked, skipped: Counter[str]) -> None:
        if converted.skipped:
            skipped[converted.skipped] += 1
        problems = list(converted.problems)
        if converted.row is not None and not problems:
            problems = seen.conflicts(converted.row)
        if problems or converted.row is None:
            checked.problems += problems
            return
        seen.add(converted.row)
        checked.rows.append(converted.row)
