"""The statements by which members' files are read: one a table, however many members are asked for.

They select columns of the tables, not mapped classes (no object is built for the session to watch over), and are made once,
so that SQLAlchemy compiles each of them once: a file is read in a few milliseconds.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select

from zhuhuan.loans import tables as t

_members: Any = bindparam("members", expanding=True)
_loans: Any = bindparam("loans", expanding=True)


member = t.Member.__table__
contact_state = t.ContactState.__table__
loan = t.Loan.__table__
instalment = t.Instalment.__table__
charge = t.Charge.__table__
contract = t.LoanContract.__table__
entry = t.LedgerEntry.__table__
pause = t.DelinquencyPause.__table__
arrangement = t.Arrangement.__table__
part = t.ArrangementPart.__table__
promise = t.Promise.__table__
case = t.Case.__table__
notice = t.Notice.__table__
consent = t.Consent.__table__
flag = t.Flag.__table__

MEMBERS = (
    select(
        member.c.id,
        member.c.name,
        member.c.id_tail,
        member.c.birth_date,
        member.c.phone,
        member.c.region,
        contact_state.c.member_id,
        contact_state.c.paused_until,
        contact_state.c.stopped,
        contact_state.c.wrong_number,
        contact_state.c.has_preferred_hours,
        contact_state.c.preferred_from,
        contact_state.c.preferred_to,
        contact_state.c.preferred_way,
        contact_state.c.no_third_party,
    )
    .select_from(member)
    .outerjoin(contact_state, contact_state.c.member_id == member.c.id)
    .order_by(member.c.id)
)
MEMBERS_BY_ID = MEMBERS.where(member.c.id.in_(_members))
MEMBERS_BY_PHONE = MEMBERS.where(member.c.phone == bindparam("phone"))
MEMBERS_BY_NAME = MEMBERS.where(member.c.name == bindparam("name"))
LOANS = (
    select(loan.c.id, loan.c.member_id, loan.c.product, loan.c.instalment_amount, loan.c.annual_rate)
    .where(loan.c.member_id.in_(_members))
    .order_by(loan.c.member_id, loan.c.number)
)
INSTALMENTS = (
    select(
        instalment.c.loan_id,
        instalment.c.number,
        instalment.c.due,
        instalment.c.amount,
        instalment.c.paid,
        instalment.c.principal,
        instalment.c.interest,
    )
    .where(instalment.c.loan_id.in_(_loans))
    .order_by(instalment.c.loan_id, instalment.c.number)
)
CHARGES = select(charge.c.loan_id, charge.c.amount, charge.c.paid).where(charge.c.loan_id.in_(_loans))
CONTRACTS = select(contract).where(contract.c.loan_id.in_(_loans))
ENTRIES = (
    select(entry.c.loan_id, entry.c.id, entry.c.day, entry.c.kind, entry.c.amount, entry.c.reverses_id, entry.c.component, entry.c.note)
    .where(entry.c.loan_id.in_(_loans))
    .order_by(entry.c.loan_id, entry.c.day, entry.c.id)
)
PAUSES = select(pause.c.loan_id, pause.c.first, pause.c.last).where(pause.c.loan_id.in_(_loans))
ARRANGEMENTS = (
    select(
        arrangement.c.id,
        arrangement.c.loan_id,
        arrangement.c.kind,
        arrangement.c.status,
        arrangement.c.total,
        arrangement.c.approval,
        arrangement.c.cost,
        arrangement.c.why,
        arrangement.c.made_at,
        part.c.due,
        part.c.amount,
    )
    .select_from(arrangement)
    .outerjoin(part, part.c.arrangement_id == arrangement.c.id)
    .where(arrangement.c.loan_id.in_(_loans))
    .order_by(arrangement.c.id, part.c.number)
)
PROMISES = (
    select(promise.c.id, promise.c.loan_id, promise.c.amount, promise.c.due, promise.c.status, promise.c.made_at)
    .where(promise.c.loan_id.in_(_loans))
    .order_by(promise.c.id)
)
CASES = (
    select(case.c.id, case.c.member_id, case.c.kind, case.c.status, case.c.about, case.c.loan_id, case.c.opened_at)
    .where(case.c.member_id.in_(_members))
    .order_by(case.c.id)
)
NOTICES = (
    select(notice.c.id, notice.c.member_id, notice.c.kind, notice.c.status, notice.c.loan_id)
    .where(notice.c.member_id.in_(_members))
    .order_by(notice.c.id)
)
CONSENTS = (
    select(consent.c.member_id, consent.c.person, consent.c.matter, consent.c.until)
    .where(consent.c.member_id.in_(_members))
    .order_by(consent.c.id)
)
FLAGS = (
    select(flag.c.member_id, flag.c.kind, flag.c.reason, flag.c.until).where(flag.c.member_id.in_(_members)).order_by(flag.c.id)
)
