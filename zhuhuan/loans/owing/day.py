"""The statement of a day: what is owed, line by line, each with its bases, days and rate.

>>> from decimal import Decimal
>>> from zhuhuan.loans.owing.methods import schedule
>>> lent = Contract(Decimal("1200"), Decimal("0.072"), "equal_principal", date(2026, 1, 10), 12)
>>> owed = statement(lent, schedule(lent), (), date(2026, 2, 20))
>>> str(owed.principal), str(owed.interest), str(owed.penalty), owed.days_past_due
('100.00', '7.20', '0.30', 10)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from zhuhuan.loans.owing.methods import half_up
from zhuhuan.loans.owing.position import Ledger, Row, replay, row_state
from zhuhuan.loans.owing.values import Component, Contract, DayStatement, Entry, Line, Scheduled, Span
from zhuhuan.money import from_fen

BORNE: tuple[Component, ...] = ("principal", "interest", "penalty", "compound")


def statement(contract: Contract, schedule: Sequence[Scheduled], entries: Iterable[Entry], day: date) -> DayStatement:
    """What a loan owes on `day` by its ledger; amounts in yuan. An instalment that falls due on `day` is not overdue yet."""
    return statement_of(replay(contract, schedule, entries, day), day)


def statement_of(ledger: Ledger, day: date) -> DayStatement:
    """The statement of a position whose entries all lie on or before `day`."""
    on = day.toordinal()
    lines: list[Line] = []
    sums = dict.fromkeys(BORNE, 0)
    oldest: Row | None = None
    overdue: list[Row] = []
    for row in ledger.reach(on):
        if row.due >= on:
            continue
        if ledger.owes(row):
            overdue.append(row)
        if oldest is None and (row.principal > row.paid["principal"] or row.interest > row.paid["interest"]):
            oldest = row
        for component in BORNE:
            accrued = ledger.accrued(row, component)
            paid = row.paid[component]
            if accrued > paid:
                sums[component] += accrued - paid
                lines.append(_line(ledger, row, component, accrued, paid))
    fees = ledger.fees - ledger.fees_paid
    if fees:
        lines.append(Line("fee", None, None, from_fen(ledger.fees), from_fen(ledger.fees_paid)))
    to_come = [row for row in ledger.rows if row.due >= on]
    principal = sum([row.principal - row.paid["principal"] for row in to_come])
    later = principal + sum([row.interest - row.paid["interest"] for row in to_come])
    upcoming = next((row for row in to_come if row.open_principal or row.open_interest), None)
    return DayStatement(
        day=day, lines=tuple(lines), principal=from_fen(sums["principal"]), interest=from_fen(sums["interest"]), penalty=from_fen(sums["penalty"]),
        compound=from_fen(sums["compound"]), fees=from_fen(fees), not_due_principal=from_fen(principal),
        running_interest=from_fen(_running(ledger, to_come, on)), balance=from_fen(sum(sums.values()) + fees + later), credit=from_fen(ledger.credit),
        days_past_due=on - oldest.due if oldest is not None else 0, next_due=date.fromordinal(upcoming.due) if upcoming else None,
        next_amount=from_fen(upcoming.open_principal + upcoming.open_interest if upcoming else 0),
        open_rows=tuple(map(row_state, overdue or ([upcoming] if upcoming and not fees else []))),
    )  # fmt: skip


def _line(ledger: Ledger, row: Row, component: Component, accrued: int, paid: int) -> Line:
    borne = row.penalty_spans if component == "penalty" else row.compound_spans if component == "compound" else ()
    rate = ledger.penalty_rate if component in ("penalty", "compound") else None
    spans = tuple(Span(from_fen(base), days) for base, days in borne)
    return Line(component, row.number, date.fromordinal(row.due), from_fen(accrued), from_fen(paid), rate, spans)


def _running(ledger: Ledger, to_come: Sequence[Row], on: int) -> int:
    """Fen of interest of the running period that have come up by `on`: the instalment's interest by days, less what was paid of it in advance."""
    if not to_come:
        return 0
    row = to_come[0]
    place = len(ledger.rows) - len(to_come)
    start = ledger.rows[place - 1].due if place else ledger.contract.disbursed.toordinal()
    if on <= start or row.due <= start:
        return 0
    return max(0, half_up(row.interest * (on - start), row.due - start) - row.paid["interest"])
