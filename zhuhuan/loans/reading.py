"""Members' whole files, read as values."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.engine import Connection

from zhuhuan.loans import queries
from zhuhuan.loans.delinquency import Pause, contract_facts, loan_facts
from zhuhuan.loans.owing.position import replay
from zhuhuan.loans.owing.values import Contract, Entry, Scheduled
from zhuhuan.loans.values import (
    Arrangement,
    Case,
    Consent,
    ContactState,
    Flag,
    Instalment,
    LoanFacts,
    Member,
    MemberFile,
    Notice,
    Part,
    Promise,
)
from zhuhuan.money import ZERO

Groups = dict[str, list[Any]]


def read_files(connection: Connection, members: Any, parameters: dict[str, Any], today: date) -> tuple[MemberFile, ...]:
    """The files of the members whom one of the MEMBERS_BY_... queries finds, as they stand on `today`, by member id."""
    rows = connection.execute(members, parameters).all()
    if not rows:
        return ()
    ids = {"members": [row.id for row in rows]}
    loan_rows = connection.execute(queries.LOANS, ids).all()
    products = {row.id: row.product for row in loan_rows}
    loans = _loans_by_member(connection, loan_rows, {row.id: row.region for row in rows}, today)
    arrangements, promises = _agreements(connection, products)
    cases, notices, consents, flags = (
        _by_member(connection, statement, ids) for statement in (queries.CASES, queries.NOTICES, queries.CONSENTS, queries.FLAGS)
    )

    def of_loans(things: Groups, member_id: str) -> tuple[Any, ...]:
        return tuple(
            sorted((thing for loan in loans[member_id] for thing in things[loan.loan_id]), key=lambda thing: int(thing.id))
        )

    return tuple(
        MemberFile(
            member=Member(row.id, row.name, row.id_tail, row.birth_date, row.phone, row.region),
            loans=tuple(loans[row.id]),
            arrangements=of_loans(arrangements, row.id),
            promises=of_loans(promises, row.id),
            cases=tuple(
                Case(c.id, c.kind, c.status, c.about, c.loan_id, products.get(c.loan_id), c.opened_at) for c in cases[row.id]
            ),
            notices=tuple(Notice(n.id, n.kind, n.status, n.loan_id, products.get(n.loan_id)) for n in notices[row.id]),
            contact=_contact(row, consents[row.id], today),
            flags=tuple(Flag(f.kind, f.reason, f.until) for f in flags[row.id] if f.until is None or f.until >= today),
        )
        for row in rows
    )


def _by_member(connection: Connection, statement: Any, ids: dict[str, Any]) -> Groups:
    groups: Groups = defaultdict(list)
    for row in connection.execute(statement, ids).all():
        groups[row.member_id].append(row)
    return groups


def _loans_by_member(connection: Connection, loan_rows: Sequence[Any], regions: dict[str, str], today: date) -> dict[str, list[LoanFacts]]:
    ids = {"loans": [row.id for row in loan_rows]}
    loans: dict[str, list[LoanFacts]] = defaultdict(list)
    if not loan_rows:
        return loans
    instalments: dict[str, list[Instalment]] = defaultdict(list)
    for loan_id, *columns in connection.execute(queries.INSTALMENTS, ids).all():
        instalments[loan_id].append(Instalment(*columns))
    contracts, pauses = contracts_of(connection, ids), _pauses(connection, ids)
    entries = entries_of(connection, {"loans": list(contracts)}) if contracts else {}
    penalties: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for loan_id, amount, paid in connection.execute(queries.CHARGES, ids).all():
        penalties[loan_id] += amount - paid
    for row in loan_rows:
        contract = contracts.get(row.id)
        if contract is not None:
            ledger = replay(contract, scheduled(instalments[row.id]), entries.get(row.id, ()), today)
            facts = contract_facts(
                loan_id=row.id, product=row.product, contract=contract, ledger=ledger, today=today, pauses=pauses[row.id],
                region=regions[row.member_id],
            )  # fmt: skip
            loans[row.member_id].append(facts)
            continue
        loans[row.member_id].append(
            loan_facts(
                loan_id=row.id,
                product=row.product,
                instalment_amount=row.instalment_amount,
                instalments=instalments[row.id],
                today=today,
                penalty=penalties[row.id],
                annual_rate=row.annual_rate,
                pauses=pauses[row.id],
                region=regions[row.member_id],
            )
        )
    return loans


def contract_of(row: Any) -> Contract:
    """A contract from its row in the table."""
    return Contract(
        principal=row.principal,
        annual_rate=row.annual_rate,
        method=row.method,
        disbursed=row.disbursed,
        periods=row.periods,
        period_months=row.period_months,
        first_due=row.first_due,
        accrual=row.accrual,
        penalty_uplift=row.penalty_uplift,
        compound=row.compound,
        year_days=row.year_days,
        order=tuple(row.allocation_order),
        across=row.across,
        grace_days=row.grace_days,
    )


def contracts_of(connection: Connection, ids: dict[str, Any]) -> dict[str, Contract]:
    """The contracts of the loans in `ids["loans"]` that have one, by loan id."""
    return {row.loan_id: contract_of(row) for row in connection.execute(queries.CONTRACTS, ids).all()}


def entries_of(connection: Connection, ids: dict[str, Any]) -> dict[str, list[Entry]]:
    """The ledger of the loans in `ids["loans"]`, by loan id, in the order of posting."""
    entries: dict[str, list[Entry]] = defaultdict(list)
    for loan_id, *columns in connection.execute(queries.ENTRIES, ids).all():
        entries[loan_id].append(Entry(*columns))
    return entries


def scheduled(instalments: Iterable[Instalment]) -> tuple[Scheduled, ...]:
    """The instalments of a loan with a contract, in principal and interest."""
    return tuple(Scheduled(i.number, i.due, i.principal or ZERO, i.interest or ZERO) for i in instalments)


def _pauses(connection: Connection, ids: dict[str, Any]) -> dict[str, list[Pause]]:
    pauses: dict[str, list[Pause]] = defaultdict(list)
    for loan_id, first, last in connection.execute(queries.PAUSES, ids).all():
        pauses[loan_id].append((first, last))
    return pauses


def _agreements(connection: Connection, products: dict[str, str]) -> tuple[Groups, Groups]:
    arrangements: Groups = defaultdict(list)
    promises: Groups = defaultdict(list)
    if not products:
        return arrangements, promises
    ids = {"loans": list(products)}
    rows: dict[int, Any] = {}
    parts: dict[int, list[Part]] = defaultdict(list)
    for row in connection.execute(queries.ARRANGEMENTS, ids).all():
        rows[row.id] = row
        if row.due is not None:
            parts[row.id].append(Part(row.due, row.amount))
    for row in rows.values():
        arrangements[row.loan_id].append(
            Arrangement(
                id=row.id,
                loan_id=row.loan_id,
                product=products[row.loan_id],
                kind=row.kind,
                status=row.status,
                schedule=tuple(parts[row.id]),
                total=row.total,
                approval=row.approval,
                cost=row.cost,
                why=row.why,
                made_at=row.made_at,
            )
        )
    for row in connection.execute(queries.PROMISES, ids).all():
        promises[row.loan_id].append(
            Promise(row.id, row.loan_id, products[row.loan_id], row.amount, row.due, row.status, row.made_at)
        )
    return arrangements, promises


def _contact(row: Any, consents: Iterable[Any], today: date) -> ContactState:
    given = tuple(Consent(c.person, c.matter, c.until) for c in consents if c.until is None or c.until >= today)
    if row.member_id is None:
        return ContactState(consents=given)
    return ContactState(
        paused_until=row.paused_until,
        stopped=tuple(row.stopped),
        wrong_number=row.wrong_number,
        preferred_hours=(row.preferred_from, row.preferred_to) if row.has_preferred_hours else None,
        preferred_way=row.preferred_way,
        no_third_party=row.no_third_party,
        consents=given,
    )
