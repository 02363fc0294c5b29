"""The statements of a day for a whole book: three streams read side by side in the order of the loans, so that memory stays flat."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import Integer, String, cast, select, type_coerce
from sqlalchemy.engine import Connection

from zhuhuan.loans import queries as q
from zhuhuan.loans.columns import MILLION
from zhuhuan.loans.owing.day import statement_of
from zhuhuan.loans.owing.position import Ledger, Row
from zhuhuan.loans.owing.values import Component, Contract, DayStatement
from zhuhuan.money import from_fen

ROWS = 10_000  # that wait in memory of each stream

# Fen and days as they are stored: making a Decimal and a date of each would take longer than all the rest.
_INSTALMENTS = select(
    q.instalment.c.loan_id, q.instalment.c.number, type_coerce(q.instalment.c.due, String), type_coerce(q.instalment.c.principal, Integer),
    type_coerce(q.instalment.c.interest, Integer),
).join(q.contract, q.contract.c.loan_id == q.instalment.c.loan_id).order_by(q.instalment.c.loan_id, q.instalment.c.number)  # fmt: skip
_CONTRACTS = select(
    q.contract.c.loan_id, type_coerce(q.contract.c.principal, Integer), type_coerce(q.contract.c.annual_rate, Integer), q.contract.c.method,
    type_coerce(q.contract.c.disbursed, String), q.contract.c.periods, q.contract.c.period_months, type_coerce(q.contract.c.first_due, String),
    q.contract.c.accrual, type_coerce(q.contract.c.penalty_uplift, Integer), q.contract.c.compound, q.contract.c.year_days,
    cast(q.contract.c.allocation_order, String), q.contract.c.across, q.contract.c.grace_days,
).order_by(q.contract.c.loan_id)  # fmt: skip
_ENTRIES = select(
    q.entry.c.loan_id, q.entry.c.id, type_coerce(q.entry.c.day, String), q.entry.c.kind, type_coerce(q.entry.c.amount, Integer), q.entry.c.reverses_id,
    q.entry.c.component,
).join(q.contract, q.contract.c.loan_id == q.entry.c.loan_id).order_by(q.entry.c.loan_id, q.entry.c.day, q.entry.c.id)  # fmt: skip


class _Days(dict[Any, int]):
    """Ordinals of days as the database gives them (ISO text or date), each worked out once."""

    def __missing__(self, day: Any) -> int:
        found = self[day] = (day if isinstance(day, date) else date.fromisoformat(day)).toordinal()
        return found


def _rows(connection: Connection, statement: Any) -> Iterator[Any]:
    """Rows of a statement, ROWS at a time in memory; from SQLite as the driver gives them, since SQLAlchemy's own would be a fourth of all the time."""
    if connection.dialect.name == "sqlite":
        cursor = connection.connection.cursor()
        cursor.execute(str(statement.compile(dialect=connection.dialect)))
        return chain.from_iterable(iter(lambda: cursor.fetchmany(ROWS), []))
    result = connection.execution_options(stream_results=True, max_row_buffer=ROWS).execute(statement)
    return chain.from_iterable(result.partitions(ROWS))


class _Stream:
    """Rows of loans with a contract, ordered by the loan as the database orders (not as Python does), taken loan by loan."""

    def __init__(self, connection: Connection, statement: Any) -> None:
        self._rows = _rows(connection, statement)
        self._next = next(self._rows, None)

    def of(self, loan_id: str) -> list[Any]:
        """The rows of that loan, which comes next of all that have any."""
        found, row, rows = [], self._next, self._rows
        while row is not None and row[0] == loan_id:
            found.append(row)
            row = next(rows, None)
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
    for loan_id, *terms in _rows(connection, _CONTRACTS):
        rows = [Row(number, days[due], principal, interest) for _, number, due, principal, interest in instalments.of(loan_id)]
        ledger = Ledger(_contract(days, *terms), rows)
        _post(ledger, entries.of(loan_id), days, until)
        yield loan_id, statement_of(ledger, day)


def _contract(
    days: _Days, principal: int, annual_rate: int, method: Any, disbursed: Any, periods: int, period_months: int, first_due: Any, accrual: Any,
    uplift: int | None, compound: Any, year_days: int, order: str, across: Any, grace_days: int,
) -> Contract:  # fmt: skip
    """The contract of a row as it is stored (reading.contract_of makes it of one that SQLAlchemy has turned)."""
    return Contract(
        from_fen(principal), _rate(annual_rate), method, date.fromordinal(days[disbursed]), periods, period_months,
        date.fromordinal(days[first_due]) if first_due else None, accrual, None if uplift is None else _rate(uplift), bool(compound), year_days, _order(order),
        across, grace_days,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _rate(millionths: int) -> Decimal:
    return (Decimal(millionths) / MILLION).normalize()


@lru_cache(maxsize=256)
def _order(stored: str) -> tuple[Component, ...]:
    return tuple(json.loads(stored))
