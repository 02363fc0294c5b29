"""A loan of another system as a row of this import."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhuhuan.loans.foreign.fields import Fields
from zhuhuan.loans.foreign.identity import Person
from zhuhuan.loans.owing.values import Contract, Scheduled
from zhuhuan.loans.rows import Problem, Row, SourceLine, SourcePause, Told, digest_of
from zhuhuan.loans.statement import LoanStatement
from zhuhuan.loans.transactions import fitting_id
from zhuhuan.money import ZERO


@dataclass(frozen=True)
class Converted:
    """A row, or the problems why there is none, or why it is left out."""

    row: Row | None = None
    problems: tuple[Problem, ...] = ()
    skipped: str = ""


def row_of(
    record: Fields,
    person: Person,
    loan_id: str,
    product: str,
    annual_rate: Decimal | None,
    today: date,
    *,
    contract: Contract | None = None,
    schedule: tuple[Scheduled, ...] = (),
    paid: tuple[Decimal, ...] = (),
    entries: tuple[SourceLine, ...] = (),
    pauses: tuple[SourcePause, ...] = (),
    penalty: Decimal = ZERO,
    told: Told | None = None,
    closed: bool = False,
) -> Row:
    """The row of a loan. paid: of each instalment, where there is no contract; annual_rate: a fraction."""
    usual = max((s.amount for s in schedule[:-1]), default=schedule[0].amount if schedule else ZERO)
    statement = LoanStatement(product or "贷款", penalty, usual, annual_rate=annual_rate, penalty=penalty)
    return Row(
        line=record.line,
        member_id=fitting_id(person.member_id),
        name=person.name,
        id_tail=person.id_tail,
        birth_date=person.birth_date,
        phone=person.phone,
        region=person.region,
        loan_id=fitting_id(loan_id),
        nth=1,
        statement=statement,
        as_of=today,
        promises=(),
        digest=digest_of(statement, contract, schedule, paid),
        contract=contract,
        schedule=schedule,
        paid=paid,
        entries=entries,
        pauses=pauses,
        told=told,
        closed=closed,
        file=record.file,
    )
