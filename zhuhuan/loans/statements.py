"""The statements of a day for a whole book: three streams read side by side in the order of the loans, so that memory stays flat."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Integer, String, select, type_coerce
from sqlalchemy.engine import Connection

from zhuhuan.loans import queries as q
from zhuhuan.loans.owing.day import statement_of
from zhuhuan.loans.owing.position import Ledger, Row
from zhuhuan.loans.owing.values import DayStatement
from zhuhuan.loans.reading import contract_of

ROWS = 10_000  # that wait in memory of each stream

# Fen and days as they are stored: making a Decimal and a date of each would take longer than all the rest.
_INSTALMENTS = select(
    q.instalment.c.loan_id, q.instalment.c.number, type_coerce(q.instalment.c.due, String), type_coerce(q.instalment.c.principal, Integer),
    type_coerce(q.instalment.c.interest, Integer),
).join(q.contract, q.contract.c.loan_id == q.instalment.c.loan_id).order_by(q.instalment.c.loan_id, q.instalment.c.number)  # fmt: skip
_CONTRACTS = select(q.contract).order_by(q.contract.c.loan_id)
_ENTRIES = select(
    q.entry.c.loan_id, q.entry.c.id, type_coerce(q.entry.c.day, String), q.entry.c.kind, type_coerce(q.entry.c.amount, Integer), q.entry.c.reverses_id,
    q.entry.c.component,
).join(q.contract, q.contract.c.loan_id == q.entry.c.loan_id).order_by(q.entry.c.loan_id, q.entry.c.day, q.entry.c.id)  # fmt: skip


class _Days(dict[Any, int]):
    """Ordinals of days as the database gives them (ISO text or date), each worked out once."""

    def __missing__(self, day: Any) -> int:
        found = self[day] = (day if isinstance(day, date) else date.fromisoformat(day)).toordinal()
        return found


class _Stream:
    """Rows of loans with a contract, ordered by the loan as the database orders (not as Python does), taken loan by loan."""

    def __init__(self, connection: Connection, statement: Any) -> None:
        result = connection.execution_options(stream_results=True, max_row_buffer=ROWS).execute(statement)
        self._rows = (row for part in result.partitions(ROWS) for row in part)
        self._next = next(self._rows, None)

    def of(self, loan_id: str) -> list[Any]:
        """The rows of that loan, which comes next of all that have any."""
        found, row = [], self._next
        while row is not None and row[0] == loan_id:
            found.append(row)
            row = next(self._rows, None)
        self._next = row
        return found


def _post(ledger: Ledger, entries: list[Any], days: _Days, until: int) -> None:
    """Post the rows of a loan's ledger up to a day, reversed payments left out (as position.in_force)."""
    reversed_ids = {row[5] for row in entries if row[5] is not None and days[row[2]] <= until}
    for _, entry_id, day, kind, fen, _, component in entries:
        if days[day] <= until and entry_id not in reversed_ids:
            ledger.post_fen(kind, fen, days[day], component)


def every_statement(connection: Connection, day: date) -> Iterator[tuple[str, DayStatement]]:
    """Loan id and statement of every loan with a contract, by loan id."""
    days, until = _Days(), day.toordinal()
    instalments, entries = _Stream(connection, _INSTALMENTS), _Stream(connection, _ENTRIES)
    contracts = connection.execution_options(stream_results=True, max_row_buffer=ROWS).execute(_CONTRACTS)
    for part in contracts.partitions(ROWS):
        for contract_row in part:
            loan_id = contract_row.loan_id
            rows = [Row(number, days[due], principal, interest) for _, number, due, principal, interest in instalments.of(loan_id)]
            ledger = Ledger(contract_of(contract_row), rows)
            _post(ledger, entries.of(loan_id), days, until)
            yield loan_id, statement_of(ledger, day)
