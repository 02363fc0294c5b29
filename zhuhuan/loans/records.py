"""Writing the records of `values` in an open unit of work, each with the meaning that its docstring gives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from zhuhuan.loans import tables as t
from zhuhuan.loans.agreements import Event, day_of, end_standing, event_of, last_entry, note_lateness, settle
from zhuhuan.loans.errors import BadRecord, UnknownRecord
from zhuhuan.loans.keeping import Grace, check_move
from zhuhuan.loans.values import (
    AddArrangement,
    AddPromise,
    CancelStanding,
    ChangeContact,
    CloseCase,
    FollowUp,
    IssueNotice,
    NoteLateness,
    OpenCase,
    RaiseFlag,
    Record,
)
from zhuhuan.money import ZERO

JOIN = "；"
Events = tuple[Event, ...]


def write_record(session: Session, member_id: str, record: Record, now: datetime) -> tuple[Event, ...]:
    """Carry out one record for a member; returns what the audit trail keeps of it beside the turn that it came from.

    Raises UnknownRecord for a loan that is not the member's, BadRecord where it must not be written.
    """
    loan_id = getattr(record, "loan_id", None)
    if loan_id is not None:
        owner = session.execute(select(t.Loan.member_id).where(t.Loan.id == loan_id)).scalar_one_or_none()
        if owner != member_id:
            raise UnknownRecord(f"会员 {member_id} 名下没有贷款 {loan_id}")
    return _WRITERS[type(record)](session, member_id, record, now) or ()


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
        entries_after=last_entry(session, loan_id),
    )
    session.add(row)
    session.flush()
    session.add_all(
        t.ArrangementPart(arrangement_id=row.id, number=number, due=part.due, amount=part.amount)
        for number, part in enumerate(record.schedule, 1)
    )
    session.flush()


def _add_arrangement(session: Session, member_id: str, record: AddArrangement, now: datetime) -> Events:
    check_move("arrangement", None, record.status)
    changed = end_standing(session, record.loan_id, "superseded", now)
    insert_arrangement(session, record, record.loan_id, now)
    return tuple(map(event_of, changed))


def _add_promise(session: Session, member_id: str, record: AddPromise, now: datetime) -> Events:
    if record.amount <= 0:
        raise BadRecord(f"承诺还款的金额 {record.amount} 元不大于 0")
    changed = end_standing(session, record.loan_id, "superseded", now)
    known = last_entry(session, record.loan_id)
    session.add(t.Promise(loan_id=record.loan_id, amount=record.amount, due=record.due, status="open", made_at=now, entries_after=known))
    session.flush()
    return tuple(map(event_of, changed))


def _cancel_standing(session: Session, member_id: str, record: CancelStanding, now: datetime) -> Events:
    return tuple(map(event_of, end_standing(session, record.loan_id, "cancelled", now)))


def _note_lateness(session: Session, member_id: str, record: NoteLateness, now: datetime) -> Events:
    return (note_lateness(session, record, now),)


def _follow_up(session: Session, member_id: str, record: FollowUp, now: datetime) -> Events:
    grace = Grace(record.late_days, record.late_days_with_reason)
    return tuple(map(event_of, settle(session, [record.loan_id], day_of(now), now, lambda _: grace)))


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


def _issue_notice(session: Session, member_id: str, record: IssueNotice, now: datetime) -> Events:
    if record.for_day is not None and (record.due is None or record.loan_id is None):
        raise BadRecord("提醒要写明是哪笔贷款、哪天的还款")
    notice: Any = t.Notice
    of_loan = notice.loan_id == record.loan_id if record.loan_id is not None else notice.loan_id.is_(None)
    of_due = notice.due == record.due if record.due is not None else notice.due.is_(None)
    waits = notice.status == "drafted"
    if record.for_day is not None:
        waits = or_(waits, and_(notice.for_day == record.for_day, notice.status != "cancelled"))
    queued = select(notice.id).where(notice.member_id == member_id, notice.kind == record.kind, of_loan, of_due, waits)
    if session.execute(queued).first() is not None:
        return ()
    values = {"kind": record.kind, "loan_id": record.loan_id, "about": record.about, "due": record.due, "for_day": record.for_day}
    session.add(t.Notice(member_id=member_id, status="drafted", drafted_at=now, **values))
    session.flush()
    return (("notice_drafted", values),) if record.due is not None else ()


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


_WRITERS: dict[type, Callable[[Session, str, Any, datetime], Events | None]] = {
    AddArrangement: _add_arrangement,
    AddPromise: _add_promise,
    CancelStanding: _cancel_standing,
    OpenCase: _open_case,
    CloseCase: _close_case,
    IssueNotice: _issue_notice,
    ChangeContact: _change_contact,
    RaiseFlag: _raise_flag,
    NoteLateness: _note_lateness,
    FollowUp: _follow_up,
}
