"""The life of arrangements and promises in an open unit of work: followed by the ledger, kept or broken, ended, approved.

Every status is written by `set_status` alone, which checks the move by the table in `keeping`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, get_args

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session, aliased

from zhuhuan.loans import tables as t
from zhuhuan.loans.columns import CHINA
from zhuhuan.loans.errors import BadRecord, UnknownRecord
from zhuhuan.loans.keeping import (
    FOLLOWED,
    IN_FORCE,
    NAMES,
    AgreementKind,
    AgreementStatus,
    Changed,
    Followed,
    Grace,
    Receipt,
    check_move,
    ended,
    match,
    status_by,
)
from zhuhuan.loans.values import STANDING_ARRANGEMENT, Approver, LoanFacts, MemberFile, NoteLateness, Part

STAY = {"synchronize_session": False}
TABLES: Mapping[AgreementKind, Any] = {"arrangement": t.Arrangement, "promise": t.Promise}
STANDING = STANDING_ARRANGEMENT | {"open"}
REMINDER = "reminder"
ROLES: tuple[Approver, ...] = get_args(Approver)
Event = tuple[str, Mapping[str, Any]]
"""Name and facts of an entry of the audit trail."""
Reschedule = Callable[[Followed, LoanFacts], Sequence[Part]]


def day_of(now: datetime) -> date:
    """The day of a moment in China Standard Time, in which the book keeps its moments."""
    return (now if now.tzinfo is None else now.astimezone(CHINA)).date()


# --- following ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Stored:
    """An agreement's row. after, to: ledger entries up to `after` were known when it was made, those beyond `to` came when it had ended."""

    kind: AgreementKind
    id: int
    loan_id: str
    status: AgreementStatus
    made_at: datetime | None
    after: int | None
    to: int | None
    schedule: tuple[Part, ...]


def _stored(session: Session, loan_ids: Sequence[str]) -> list[_Stored]:
    a, part, p = t.Arrangement, t.ArrangementPart, t.Promise
    schedules: dict[int, list[Part]] = defaultdict(list)
    of_loans = select(a.id).where(a.loan_id.in_(loan_ids))
    for number, due, amount in session.execute(
        select(part.arrangement_id, part.due, part.amount).where(part.arrangement_id.in_(of_loans)).order_by(part.arrangement_id, part.number)
    ):
        schedules[number].append(Part(due, amount))
    arrangements = select(a.id, a.loan_id, a.status, a.made_at, a.entries_after, a.entries_to).where(a.loan_id.in_(loan_ids)).order_by(a.id)
    promises = select(p.id, p.loan_id, p.status, p.made_at, p.entries_after, p.entries_to, p.due, p.amount).where(p.loan_id.in_(loan_ids)).order_by(p.id)

    def stored(kind: AgreementKind, row: Any, schedule: tuple[Part, ...]) -> _Stored:
        return _Stored(kind, row.id, row.loan_id, row.status, row.made_at, row.entries_after, row.entries_to, schedule)

    found = [stored("arrangement", row, tuple(schedules[row.id])) for row in session.execute(arrangements)]
    return found + [stored("promise", row, (Part(row.due, row.amount),)) for row in session.execute(promises)]


def _receipts(session: Session, loan_ids: Sequence[str]) -> Mapping[str, list[tuple[int, Receipt]]]:
    """The payments of loans that were not reversed, each with its number in the ledger."""
    entry, undone = t.LedgerEntry, aliased(t.LedgerEntry)
    query = (
        select(entry.loan_id, entry.id, entry.day, entry.amount)
        .where(entry.loan_id.in_(loan_ids), entry.kind == "payment", ~select(undone.id).where(undone.reverses_id == entry.id).exists())
        .order_by(entry.day, entry.id)
    )
    found: dict[str, list[tuple[int, Receipt]]] = defaultdict(list)
    for loan_id, number, day, amount in session.execute(query):
        found[loan_id].append((number, Receipt(day, amount)))
    return found


def _told(session: Session, loan_ids: Sequence[str]) -> Mapping[tuple[AgreementKind, int], dict[int, date]]:
    note = t.Lateness
    found: dict[tuple[AgreementKind, int], dict[int, date]] = defaultdict(dict)
    for row in session.execute(select(note.arrangement_id, note.promise_id, note.number, note.day).where(note.loan_id.in_(loan_ids))):
        key: tuple[AgreementKind, int] = ("arrangement", row.arrangement_id) if row.promise_id is None else ("promise", row.promise_id)
        found[key][row.number] = row.day
    return found


def follow(session: Session, loan_ids: Sequence[str], today: date) -> tuple[Followed, ...]:
    """Every arrangement and promise of these loans with what the ledger received for each part up to `today`.

    A payment counts for an agreement where it was received on the day it was made or later, was not in the ledger yet when its sums were figured,
    and came before it ended: so it counts once, also where one agreement follows another on the same day. Reversed payments count nowhere.
    Parts due before an agreement came into the book (one that a source told of) are not judged; nor is one that a source told of as ended.
    """
    if not loan_ids:
        return ()
    receipts, told = _receipts(session, loan_ids), _told(session, loan_ids)

    def followed(s: _Stored) -> Followed:
        made = date.max if ended(s.kind, s.status) and s.to is None else s.made_at.date() if s.made_at else None
        counted = [
            receipt
            for number, receipt in receipts.get(s.loan_id, ())
            if (made is None or receipt.day >= made) and (s.after is None or number > s.after) and (s.to is None or number <= s.to)
        ]
        return Followed(s.kind, s.id, s.loan_id, s.status, match(s.schedule, counted, today, told.get((s.kind, s.id)), made), s.made_at)

    return tuple(map(followed, _stored(session, loan_ids)))


def loans_of(session: Session, member_id: str) -> list[str]:
    """Ids of the member's loans."""
    return list(session.execute(select(t.Loan.id).where(t.Loan.member_id == member_id).order_by(t.Loan.number)).scalars())


def last_entry(session: Session, loan_id: str) -> int:
    """The number of the newest line of a loan's ledger, 0 where it has none: what an agreement made or ended now knows of it."""
    return session.execute(select(func.max(t.LedgerEntry.id)).where(t.LedgerEntry.loan_id == loan_id)).scalar_one() or 0


# --- statuses -------------------------------------------------------------------------------------------------------------


def set_status(session: Session, agreement: Followed, after: AgreementStatus, now: datetime) -> Changed:
    """Write a new status. Raises BadRecord where the move is not allowed, or the agreement is no longer what it was read as.

    With an agreement's end its reminders end that nobody has sent yet.
    """
    check_move(agreement.kind, agreement.status, after)
    table, over = TABLES[agreement.kind], ended(agreement.kind, after)
    values = {"status": after, "changed_at": now, **({"entries_to": last_entry(session, agreement.loan_id)} if over else {})}
    same = update(table).where(table.id == agreement.id, table.status == agreement.status)
    written: Any = session.execute(same.values(**values), execution_options=STAY)
    if written.rowcount != 1:
        raise BadRecord(f"编号 {agreement.id} 的{NAMES[agreement.kind]}刚刚已被改动，请重新查看后再办")
    if over:
        unsent = (t.Notice.loan_id == agreement.loan_id, t.Notice.kind == REMINDER, t.Notice.status == "drafted")
        session.execute(update(t.Notice).where(*unsent).values(status="cancelled"), execution_options=STAY)
    return Changed(replace(agreement, status=after), agreement.status)


def end_standing(session: Session, loan_id: str, status: AgreementStatus, now: datetime) -> tuple[Changed, ...]:
    """What stands for a loan (arrangement and promise) becomes `status`; what was received in full by now ends as kept."""
    today, changed = day_of(now), []
    for agreement in follow(session, [loan_id], today):
        if agreement.status in STANDING:
            kept = status_by(agreement.status, agreement.parts, today, Grace()) == "kept"
            changed.append(set_status(session, agreement, "kept" if kept else status, now))
    return tuple(changed)


def settle(
    session: Session, loan_ids: Sequence[str], today: date, now: datetime, grace_of: Callable[[str], Grace], in_order: Collection[str] = ()
) -> tuple[Changed, ...]:
    """Mark the promises and arrangements of these loans that were kept or broken by `today`; returns those that changed. `grace_of`: by loan id.

    in_order: loans known by their source's figures alone that owe nothing overdue: what was paid there did not pass this ledger, nothing of them is broken.
    """
    changed = []
    for agreement in follow(session, loan_ids, today):
        after = status_by(agreement.status, agreement.parts, today, grace_of(agreement.loan_id)) if agreement.status in FOLLOWED else agreement.status
        if after == "broken" and agreement.loan_id in in_order:
            continue
        if after != agreement.status:
            changed.append(set_status(session, agreement, after, now))
    return tuple(changed)


def event_of(changed: Changed) -> Event:
    """What the audit trail keeps of a change of status."""
    now = changed.followed
    parts = [{"due": p.due, "amount": p.amount, "received": p.received, "paid_on": p.paid_on, "late_days": p.late_days, "told": p.told} for p in now.parts]
    return f"{now.kind}_{now.status}", {"id": now.id, "loan": now.loan_id, "before": changed.before, "parts": parts}


# --- what the member tells ------------------------------------------------------------------------------------------------


def note_lateness(session: Session, record: NoteLateness, now: datetime) -> Event:
    """Keep the day that the member named for a part of what stands; a later word on the same part takes its place.

    Raises BadRecord where nothing in force on that loan has a part due on that day, or the day named does not come after it.
    """
    if record.day <= record.due:
        raise BadRecord(f"说好晚到的日子 {record.day} 不晚于应还日 {record.due}")
    for agreement in follow(session, [record.loan_id], day_of(now)):
        number = next((part.number for part in agreement.parts if part.due == record.due), None)
        if agreement.status in IN_FORCE and number is not None:
            break
    else:
        raise BadRecord(f"贷款 {record.loan_id} 没有生效的、在 {record.due} 该还的安排或承诺")
    owner = {"arrangement_id": agreement.id, "promise_id": None} if agreement.kind == "arrangement" else {"arrangement_id": None, "promise_id": agreement.id}
    same = t.Lateness.arrangement_id == agreement.id if agreement.kind == "arrangement" else t.Lateness.promise_id == agreement.id
    session.execute(delete(t.Lateness).where(same, t.Lateness.number == number), execution_options=STAY)
    session.execute(insert(t.Lateness).values(loan_id=record.loan_id, number=number, day=record.day, reason=record.reason, noted_at=now, **owner))
    facts = {"kind": agreement.kind, "id": agreement.id, "loan": record.loan_id, "part": number, "due": record.due, "day": record.day, "reason": record.reason}
    return "lateness_noted", facts


# --- approval -------------------------------------------------------------------------------------------------------------


def members_with(session: Session, statuses: Iterable[str]) -> list[str]:
    """Ids of the members who have an arrangement or promise of one of these statuses, in order."""
    wanted = sorted(statuses)
    of = [select(t.Loan.member_id).join(table, table.loan_id == t.Loan.id).where(table.status.in_(wanted)) for table in TABLES.values()]
    return sorted({member_id for query in of for member_id in session.execute(query).scalars()})


def member_of(session: Session, arrangement_id: int) -> str:
    """Whose arrangement it is. Raises UnknownRecord for no such arrangement."""
    query = select(t.Loan.member_id).join(t.Arrangement, t.Arrangement.loan_id == t.Loan.id).where(t.Arrangement.id == arrangement_id)
    found = session.execute(query).scalar_one_or_none()
    if found is None:
        raise UnknownRecord(f"账本中没有编号 {arrangement_id} 的还款安排")
    return str(found)


def awaiting(session: Session, file: MemberFile, arrangement_id: int, by: str, role: str, today: date) -> Followed:
    """The arrangement that `by` may decide on in `role`. Raises BadRecord where it does not wait for approval or the role does not suffice."""
    plan = next(a for a in file.arrangements if a.id == arrangement_id)
    if not by.strip():
        raise BadRecord("请写明审批人")
    if role not in ROLES:
        raise BadRecord(f"没有“{role}”这个角色，只有 {'、'.join(ROLES)}")
    if plan.status != "awaiting_approval":
        raise BadRecord(f"编号 {arrangement_id} 的还款安排现在是“{plan.status}”，不是等待审批")
    if ROLES.index(role) < ROLES.index(plan.approval):
        raise BadRecord(f"编号 {arrangement_id} 的还款安排要 {plan.approval} 以上审批，{role} 的权限不够")
    return next(f for f in follow(session, [plan.loan_id], today) if (f.kind, f.id) == ("arrangement", arrangement_id))


def approve(
    session: Session, agreement: Followed, loan: LoanFacts, now: datetime, reschedule: Reschedule | None
) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Put an arrangement in force, its parts moved by `reschedule` where the wait was ours; returns the schedule before and after.

    Raises BadRecord where `reschedule` changes a sum or the number of parts.
    """
    set_status(session, agreement, "active", now)
    before = tuple(Part(part.due, part.amount) for part in agreement.parts)
    after = tuple(reschedule(agreement, loan)) if reschedule else before
    if [part.amount for part in after] != [part.amount for part in before]:
        raise BadRecord("审批只能把日子往后挪，不能改动各期金额")
    if after != before:
        part = t.ArrangementPart
        for number, moved in enumerate(after, 1):
            session.execute(update(part).where(part.arrangement_id == agreement.id, part.number == number).values(due=moved.due), execution_options=STAY)
    return before, after
