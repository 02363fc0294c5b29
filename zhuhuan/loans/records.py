"""Writing the records of `values` in an open unit of work, each with the meaning that its docstring gives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from zhuhuan.loans import tables as t
from zhuhuan.loans.errors import BadRecord, UnknownRecord
from zhuhuan.loans.values import (
    STANDING_ARRANGEMENT,
    AddArrangement,
    AddPromise,
    CancelStanding,
    ChangeContact,
    CloseCase,
    IssueNotice,
    OpenCase,
    RaiseFlag,
    Record,
)
from zhuhuan.money import ZERO

JOIN = "；"


def write_record(session: Session, member_id: str, record: Record, now: datetime) -> None:
    """Carry out one record for a member. Raises UnknownRecord for a loan that is not the member's, BadRecord where it must not be written."""
    loan_id = getattr(record, "loan_id", None)
    if loan_id is not None:
        owner = session.execute(select(t.Loan.member_id).where(t.Loan.id == loan_id)).scalar_one_or_none()
        if owner != member_id:
            raise UnknownRecord(f"会员 {member_id} 名下没有贷款 {loan_id}")
    _WRITERS[type(record)](session, member_id, record, now)


def end_standing(session: Session, loan_id: str, status: str, now: datetime) -> None:
    """What stands for a loan (arrangement and promise) becomes `status`."""
    options = {"synchronize_session": False}
    session.execute(
        update(t.Arrangement)
        .where(t.Arrangement.loan_id == loan_id, t.Arrangement.status.in_(sorted(STANDING_ARRANGEMENT)))
        .values(status=status, changed_at=now),
        execution_options=options,
    )
    session.execute(
        update(t.Promise).where(t.Promise.loan_id == loan_id, t.Promise.status == "open").values(status=status, changed_at=now),
        execution_options=options,
    )


def insert_arrangement(session: Session, record: AddArrangement, loan_id: str, made_at: datetime | None) -> None:
    """Store an arrangement and its schedule beside what is there. Raises BadRecord where the schedule does not add up to the total."""
    if not record.schedule or any(part.amount <= 0 for part in record.schedule):
        raise BadRecord("还款安排至少要有一期，每期金额都要大于 0")
    total = sum((part.amount for part in record.schedule), ZERO)
    if total != record.total:
        raise BadRecord(f"还款安排各期合计 {total} 元，与总额 {record.total} 元不符")
    row = t.Arrangement(
        loan_id=loan_id,
        kind=record.kind,
        status=record.status,
        total=record.total,
        cost=record.cost,
        approval=record.approval,
        why=record.why,
        made_at=made_at,
    )
    session.add(row)
    session.flush()
    session.add_all(
        t.ArrangementPart(arrangement_id=row.id, number=number, due=part.due, amount=part.amount)
        for number, part in enumerate(record.schedule, 1)
    )
    session.flush()


def _add_arrangement(session: Session, member_id: str, record: AddArrangement, now: datetime) -> None:
    if record.status not in STANDING_ARRANGEMENT:
        raise BadRecord(f"新的还款安排不能是 {record.status} 状态，只能是 {'、'.join(sorted(STANDING_ARRANGEMENT))}")
    end_standing(session, record.loan_id, "superseded", now)
    insert_arrangement(session, record, record.loan_id, now)


def _add_promise(session: Session, member_id: str, record: AddPromise, now: datetime) -> None:
    if record.amount <= 0:
        raise BadRecord(f"承诺还款的金额 {record.amount} 元不大于 0")
    end_standing(session, record.loan_id, "superseded", now)
    session.add(t.Promise(loan_id=record.loan_id, amount=record.amount, due=record.due, status="open", made_at=now))
    session.flush()


def _cancel_standing(session: Session, member_id: str, record: CancelStanding, now: datetime) -> None:
    end_standing(session, record.loan_id, "cancelled", now)


def _open_case(session: Session, member_id: str, record: OpenCase, now: datetime) -> None:
    if record.status == "closed":
        raise BadRecord("新立的事项不能一开始就是已办结")
    same_loan = t.Case.loan_id == record.loan_id if record.loan_id is not None else cast(Any, t.Case.loan_id).is_(None)
    found = session.execute(
        select(t.Case).where(t.Case.member_id == member_id, t.Case.kind == record.kind, t.Case.status != "closed", same_loan)
    ).scalar_one_or_none()
    if found is None:
        session.add(
            t.Case(
                member_id=member_id,
                loan_id=record.loan_id,
                kind=record.kind,
                status=record.status,
                about=record.about,
                opened_at=now,
            )
        )
    else:
        if record.about and f"{JOIN}{record.about}{JOIN}" not in f"{JOIN}{found.about}{JOIN}":
            found.about = JOIN.join(text for text in (found.about, record.about) if text)
        found.status = record.status
    session.flush()


def _close_case(session: Session, member_id: str, record: CloseCase, now: datetime) -> None:
    session.execute(
        update(t.Case)
        .where(t.Case.member_id == member_id, t.Case.kind == record.kind, t.Case.status != "closed")
        .values(status="closed", closed_at=now, closed_why=record.why),
        execution_options={"synchronize_session": "fetch"},
    )


def _issue_notice(session: Session, member_id: str, record: IssueNotice, now: datetime) -> None:
    same_loan = t.Notice.loan_id == record.loan_id if record.loan_id is not None else cast(Any, t.Notice.loan_id).is_(None)
    drafted = select(t.Notice.id).where(
        t.Notice.member_id == member_id, t.Notice.kind == record.kind, t.Notice.status == "drafted", same_loan
    )
    if session.execute(drafted).first() is None:
        session.add(t.Notice(member_id=member_id, loan_id=record.loan_id, kind=record.kind, status="drafted", drafted_at=now))
        session.flush()


def _change_contact(session: Session, member_id: str, record: ChangeContact, now: datetime) -> None:
    state = session.get(t.ContactState, member_id)
    if state is None:
        state = t.ContactState(member_id=member_id, stopped=[])
        session.add(state)
    for name in ("paused_until", "wrong_number", "preferred_way", "no_third_party"):
        value = getattr(record, name)
        if value is not None:
            setattr(state, name, value)
    if record.preferred_hours is not None:
        state.has_preferred_hours = True
        state.preferred_from, state.preferred_to = record.preferred_hours
    state.stopped = [*state.stopped, *dict.fromkeys(way for way in record.stop if way not in state.stopped)]
    for consent in record.consents:
        known = session.execute(
            select(t.Consent).where(
                t.Consent.member_id == member_id, t.Consent.person == consent.person, t.Consent.matter == consent.matter
            )
        ).scalar_one_or_none()
        if known is None:
            session.add(t.Consent(member_id=member_id, person=consent.person, matter=consent.matter, until=consent.until))
        else:
            known.until = consent.until
    session.flush()


def _raise_flag(session: Session, member_id: str, record: RaiseFlag, now: datetime) -> None:
    flag = session.execute(select(t.Flag).where(t.Flag.member_id == member_id, t.Flag.kind == record.kind)).scalar_one_or_none()
    if flag is None:
        session.add(t.Flag(member_id=member_id, kind=record.kind, reason=record.reason, until=record.until, raised_at=now))
    else:
        lasting = flag.until is None or record.until is None  # raising a flag again never shortens it
        flag.until = None if lasting else max(cast(Any, flag.until), cast(Any, record.until))
        flag.reason, flag.raised_at = record.reason, now
    session.flush()


_WRITERS: dict[type, Callable[[Session, str, Any, datetime], None]] = {
    AddArrangement: _add_arrangement,
    AddPromise: _add_promise,
    CancelStanding: _cancel_standing,
    OpenCase: _open_case,
    CloseCase: _close_case,
    IssueNotice: _issue_notice,
    ChangeContact: _change_contact,
    RaiseFlag: _raise_flag,
}
