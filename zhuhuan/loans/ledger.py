"""Members, loans and payments in an open unit of work."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from zhuhuan.loans import tables as t
from zhuhuan.loans.accounts import Account, member_id_of, read_account
from zhuhuan.loans.contracts import GivenContract
from zhuhuan.loans.entries import contract_row, scheduled_rows
from zhuhuan.loans.errors import BadAccount, BadRecord, UnknownRecord
from zhuhuan.loans.owing.position import replay
from zhuhuan.loans.records import insert_arrangement
from zhuhuan.loans.statement import LoanStatement, unpaid_instalments
from zhuhuan.loans.values import Member
from zhuhuan.money import ZERO

STAY = {"synchronize_session": False}


def plain_phone(phone: str) -> str:
    """A phone number's digits alone, without the country code of China."""
    digits = re.sub(r"\D", "", phone)
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits


def loan_id_of(member_id: str, product: str, nth: int) -> str:
    """The id of a loan whom the source gives none: the member's `nth` of that product, counted from 1."""
    digest = hashlib.sha256(f"{member_id}|{product}|{nth}".encode()).hexdigest()
    return f"L{int(digest[:12], 16) % 10**10:010d}"


def person_id(session: Session, name: str, id_tail: str, birth_date: date) -> str | None:
    """The id under which that person is in the book."""
    found = select(t.Member.id).where(t.Member.name == name, t.Member.id_tail == id_tail, t.Member.birth_date == birth_date)
    return session.execute(found).scalar_one_or_none()


def put_member(session: Session, member: Member) -> bool:
    """Store a member, or bring the one of that id up to date. Returns whether anything changed.

    Raises BadRecord where that id is another person's, or that person has another id.
    """
    values: dict[str, Any] = {
        "name": member.name,
        "id_tail": member.id_tail.upper(),
        "birth_date": member.birth_date,
        "phone": plain_phone(member.phone),
        "region": member.region,
    }
    row = session.get(t.Member, member.id)
    if row is None:
        known = person_id(session, member.name, values["id_tail"], member.birth_date)
        if known is not None:
            raise BadRecord(f"{member.name} 已在账本中，会员号是 {known}，不是 {member.id}")
        session.add(t.Member(id=member.id, **values))
        session.flush()
        return True
    if (row.name, row.id_tail, row.birth_date) != (values["name"], values["id_tail"], values["birth_date"]):
        raise BadRecord(f"会员号 {member.id} 已属于另一人（{row.name}）")
    changed = (row.phone, row.region) != (values["phone"], values["region"])
    row.phone, row.region = values["phone"], values["region"]
    session.flush()
    return changed


def instalment_rows(loan_id: str, statement: LoanStatement, as_of: date) -> list[dict[str, Any]]:
    """The rows of a statement's unpaid instalments. Raises BadStatement where its figures contradict each other."""
    return [
        {"loan_id": loan_id, "number": i.number, "due": i.due, "amount": i.amount, "paid": i.paid}
        for i in unpaid_instalments(statement, as_of)
    ]


def charge_rows(loan_id: str, statement: LoanStatement, as_of: date) -> list[dict[str, Any]]:
    """The row of a statement's penalty, if it has one."""
    if statement.penalty <= 0:
        return []
    return [{"loan_id": loan_id, "kind": "penalty", "day": as_of, "amount": statement.penalty, "paid": ZERO}]


def put_loan(
    session: Session, member_id: str, loan_id: str, statement: LoanStatement, as_of: date, digest: str | None, given: GivenContract | None = None
) -> str:
    """Store a loan as a statement of `as_of` tells it; one of that id is replaced by the newer statement, its payments and agreements stay.

    `given`: its contract with schedule and ledger, which then goes before the statement's figures.
    Returns added, updated or unchanged (the digest is that of the last statement). Raises BadRecord where the loan is another member's,
    BadStatement where the figures contradict each other.
    """
    instalments = instalment_rows(loan_id, statement, as_of) if given is None else []
    row = session.get(t.Loan, loan_id)
    if row is not None and row.member_id != member_id:
        raise BadRecord(f"贷款编号 {loan_id} 已属于另一名会员")
    if row is not None and digest is not None and row.source_digest == digest:
        return "unchanged"
    values = {
        "product": statement.product,
        "instalment_amount": statement.instalment_amount,
        "annual_rate": statement.annual_rate,
        "source_digest": digest,
    }
    if row is None:
        last = session.execute(select(func.max(t.Loan.number)).where(t.Loan.member_id == member_id)).scalar_one()
        session.add(t.Loan(id=loan_id, member_id=member_id, number=(last or 0) + 1, **values))
        session.flush()
    else:
        for name, value in values.items():
            setattr(row, name, value)
        session.flush()
        for table in (t.Instalment, t.Charge, t.LoanContract):
            session.execute(delete(table).where(table.loan_id == loan_id), execution_options=STAY)
    if instalments:
        session.execute(insert(t.Instalment), instalments)
    charges = charge_rows(loan_id, statement, as_of) if given is None else []
    if charges:
        session.execute(insert(t.Charge), charges)
    if given is not None:
        _put_contract(session, loan_id, given, as_of)
    return "added" if row is None else "updated"


def _put_contract(session: Session, loan_id: str, given: GivenContract, as_of: date) -> None:
    session.execute(insert(t.LoanContract), [contract_row(loan_id, given.contract)])
    rows = scheduled_rows(loan_id, given.schedule, replay(given.contract, given.schedule, given.entries, as_of))
    session.execute(insert(t.Instalment), rows)
    booked: dict[int, t.LedgerEntry] = {}
    for entry in given.entries:
        booked[entry.id] = t.LedgerEntry(
            loan_id=loan_id, day=entry.day, kind=entry.kind, amount=entry.amount, component=entry.component, note=entry.note,
            reverses_id=booked[entry.of].id if entry.of is not None else None,
        )  # fmt: skip
        session.add(booked[entry.id])
        session.flush()


def put_account(session: Session, given: Mapping[str, Any], today: date) -> str:
    """Store an account of contract.md as it stands on `today`; returns the member's id. Raises BadAccount."""
    account: Account = read_account(given, today)
    member_id = member_id_of(account.name, account.id_tail, account.birth_date)
    put_member(session, Member(member_id, account.name, account.id_tail, account.birth_date, account.phone, account.region))
    ids: dict[str | None, str | None] = {None: None}
    seen: dict[str, int] = {}
    for place, (given_id, statement, contract) in enumerate(account.loans):
        seen[statement.product] = nth = seen.get(statement.product, 0) + 1
        loan_id = given_id or loan_id_of(member_id, statement.product, nth)
        put_loan(session, member_id, loan_id, statement, today, None, contract)
        ids[str(place)] = loan_id
    morning = datetime.combine(today, time())
    try:
        for arrangement in account.arrangements:
            insert_arrangement(
                session, arrangement, str(ids[arrangement.loan_id]), morning if arrangement.status == "active" else None
            )
        session.add_all(
            t.Promise(
                loan_id=ids[p.loan_id],
                amount=p.amount,
                due=p.due,
                status=p.status,
                made_at=morning if p.status == "open" else None,
            )
            for p in account.promises
        )
        session.add_all(
            t.Case(member_id=member_id, loan_id=ids[c.loan_id], kind=c.kind, status=c.status, about=c.about, opened_at=morning)
            for c in account.cases
        )
        session.flush()
    except (IntegrityError, BadRecord) as error:
        reason = str(error) if isinstance(error, BadRecord) else "同一笔贷款不能同时有两个有效的安排或承诺，同类事项不能重复"
        raise BadAccount(f"account：{reason}") from error
    return member_id


def loan_owner(session: Session, loan_id: str) -> str:
    """Whose loan it is. Raises UnknownRecord for no such loan."""
    owner = session.execute(select(t.Loan.member_id).where(t.Loan.id == loan_id)).scalar_one_or_none()
    if owner is None:
        raise UnknownRecord(f"账本中没有贷款 {loan_id}")
    return str(owner)
