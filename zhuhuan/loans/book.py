"""The loan book's unit of work: enter, act, commit or roll back.

>>> from zhuhuan.loans.migrations import upgrade
>>> upgrade("sqlite://")
>>> with LoanBook("sqlite://") as book:
...     member_id = book.add_account({"name": "林晓燕", "id_tail": "4410", "birth_date": "1990-02-08", "product": "个人消费贷款",
...                                   "overdue_amount": "1860.00", "days_overdue": 12}, date(2026, 11, 24))
...     book.file_of(member_id, date(2026, 11, 25)).loans[0].days_past_due
13
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from types import TracebackType
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from zhuhuan.loans import agreements, entries, ledger, queries, reviewing
from zhuhuan.loans import tables as t
from zhuhuan.loans.contract import book_as_contract, schedule_as_contract
from zhuhuan.loans.engines import engine_of
from zhuhuan.loans.errors import AlreadyHandled, BadRecord, LoanBookError, NoTables, UnknownRecord
from zhuhuan.loans.keeping import Changed, Followed, Grace, status_by
from zhuhuan.loans.masking import mask_facts
from zhuhuan.loans.owing.position import Posted
from zhuhuan.loans.owing.values import Component, DayStatement
from zhuhuan.loans.payments import Share
from zhuhuan.loans.reading import read_files
from zhuhuan.loans.records import write_record
from zhuhuan.loans.statement import LoanStatement
from zhuhuan.loans.statements import every_statement
from zhuhuan.loans.values import IssueNotice, LoanFacts, Member, MemberFile, OpenCase, Part, Record

BATCH = 200
GraceOf = Callable[[LoanFacts], Grace]


class LoanBook:
    """One unit of work on the loan book at a database URL: `with LoanBook(url) as book: ...`.

    What was written is committed when the block ends and rolled back when it raises. Reading takes no lock; the first writing
    takes it (SQLite: the one writer's; PostgreSQL: the member's row), so that two units of work at once follow one another.
    The database has to be made by `migrations.upgrade` first, else NoTables is raised. Not for two threads at once: open one each.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._open: Session | None = None
        self._writing = False
        self._seen: dict[str, Member] = {}

    def __enter__(self) -> LoanBook:
        if self._open is not None:
            raise LoanBookError("这个账本单元已经打开，请另开一个")
        self._open = Session(engine_of(self.url), future=True, expire_on_commit=False)
        self._writing = False
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        session, self._open = self._session, None
        try:
            if error is None:
                session.commit()
            else:
                session.rollback()
        finally:
            session.close()
        if isinstance(error, (OperationalError, ProgrammingError)) and _no_tables(error):
            raise NoTables("数据库里还没有账本的表，请先运行 zhuhuan loans migrate") from error

    @property
    def _session(self) -> Session:
        if self._open is None:
            raise LoanBookError("账本没有打开：请写 with LoanBook(url) as book")
        return self._open

    @property
    def _sqlite(self) -> bool:
        return engine_of(self.url).dialect.name == "sqlite"

    def lock(self, member_id: str | None = None) -> None:
        """Become the writer: on SQLite the only one, on PostgreSQL the only one of that member. Raises UnknownRecord for no such member."""
        if not self._writing and self._sqlite:
            self._session.connection().exec_driver_sql("BEGIN IMMEDIATE")
        self._writing = True
        if member_id is not None:
            found = select(t.Member.id).where(t.Member.id == member_id).with_for_update()
            if self._session.execute(found).first() is None:
                raise UnknownRecord(f"账本中没有会员 {member_id}")

    @contextmanager
    def _one_moment(self) -> Iterator[Connection]:
        """All reads inside see the book of one moment, though others write meanwhile."""
        connection = self._session.connection()
        if self._writing or not self._sqlite:
            yield connection
            return
        connection.exec_driver_sql("BEGIN")
        try:
            yield connection
        finally:
            connection.exec_driver_sql("ROLLBACK")

    # --- reading ------------------------------------------------------------------------------------------------------

    def _files(self, statement: Any, parameters: dict[str, Any], today: date) -> tuple[MemberFile, ...]:
        with self._one_moment() as connection:
            files = read_files(connection, statement, parameters, today)
        self._seen.update((file.member.id, file.member) for file in files)
        return files

    def files_by_phone(self, phone: str, today: date) -> tuple[MemberFile, ...]:
        """The files of all members with that number (+86, blanks and dashes do not matter)."""
        return self._files(queries.MEMBERS_BY_PHONE, {"phone": ledger.plain_phone(phone)}, today)

    def file_by_phone(self, phone: str, today: date) -> MemberFile | None:
        """The file of the one member with that number; None where nobody has it, and where several share it (then ask for the name)."""
        files = self.files_by_phone(phone, today)
        return files[0] if len(files) == 1 else None

    def file_of(self, member_id: str, today: date) -> MemberFile:
        """A member's file as it stands on `today`. Raises UnknownRecord for no such member."""
        files = self._files(queries.MEMBERS_BY_ID, {"members": [member_id]}, today)
        if not files:
            raise UnknownRecord(f"账本中没有会员 {member_id}")
        return files[0]

    def find(self, name: str, today: date) -> tuple[MemberFile, ...]:
        """The files of all members of exactly that name."""
        return self._files(queries.MEMBERS_BY_NAME, {"name": name.strip()}, today)

    def every_file(self, today: date) -> Iterator[MemberFile]:
        """All members' files by id, read in batches so that memory stays flat."""
        ids = list(self._session.execute(select(t.Member.id).order_by(t.Member.id)).scalars())
        for start in range(0, len(ids), BATCH):
            yield from self._files(queries.MEMBERS_BY_ID, {"members": ids[start : start + BATCH]}, today)

    def every_statement(self, day: date) -> Iterator[tuple[str, DayStatement]]:
        """Loan id and statement of `day` of every loan with a contract, by loan id, streamed so that memory stays flat."""
        with self._one_moment() as connection:
            yield from every_statement(connection, day)

    def number_of_members(self) -> int:
        """How many members the book holds."""
        return int(self._session.execute(select(func.count(t.Member.id))).scalar_one())

    def as_contract(self, member_id: str, today: date) -> dict[str, Any]:
        """The member's records as contract.md's `book`, ready for JSON."""
        return book_as_contract(self.file_of(member_id, today))

    # --- writing ------------------------------------------------------------------------------------------------------

    def write(self, member_id: str, record: Record, now: datetime) -> None:
        """Carry out a record of `values`. Raises UnknownRecord (no such member, another's loan) and BadRecord (must not be written)."""
        self._write(member_id, record, now)

    def _write(self, member_id: str, record: Record, now: datetime) -> tuple[agreements.Event, ...]:
        self.lock(member_id)
        events = write_record(self._session, member_id, record, now)
        for event, facts in events:
            self.audit(event, member_id, now, **facts)
        return events

    def record_contact(self, member_id: str, channel: str, direction: str, at: datetime, outcome: str) -> None:
        """Note a contact made or tried. `direction`: out (from us) or in."""
        self.lock(member_id)
        self._session.add(t.Contact(member_id=member_id, channel=channel, direction=direction, at=at, outcome=outcome))
        self._session.flush()

    def audit(self, event: str, member_id: str | None, now: datetime, **facts: Any) -> None:
        """Append to the audit trail; ID numbers, tails, phones, cards and birth dates in `facts` are masked first."""
        self.lock()
        known = self._seen.get(member_id) if member_id is not None else None
        self._session.add(t.AuditEvent(event=event, member_id=member_id, at=now, facts=mask_facts(facts, known)))
        self._session.flush()

    def note_utterance(self, text: str, last_question: str | None, understood: Mapping[str, Any], confidence: float, source: reviewing.Source, now: datetime,
                       member_id: str | None = None) -> None:
        """Put an utterance on the review list, masked; see reviewing.note."""
        self.lock()
        reviewing.note(self._session, text, last_question, understood, confidence, source, now, self._seen.get(member_id) if member_id is not None else None)

    def utterances(self, limit: int = 50) -> tuple[reviewing.Reviewed, ...]:
        """What is on the review list, `limit` at most."""
        return reviewing.listed(self._session, limit)

    def utterance(self, number: int) -> reviewing.Reviewed:
        """The open utterance of that number on the review list. Raises UnknownRecord."""
        return reviewing.waiting(self._session, number)

    def settle_utterance(self, number: int, label: Mapping[str, Any] | None, now: datetime) -> reviewing.Reviewed:
        """Label an utterance of the review list, or drop it (None); audited. Raises UnknownRecord."""
        self.lock()
        found = reviewing.settle(self._session, number, label)
        self.audit("utterance_labelled" if label else "utterance_dropped", None, now, number=number, label=dict(label or {}))
        return found

    def handled(self, message_id: str) -> dict[str, Any] | None:
        """What `remember` stored for a message of that id; None for a message never seen."""
        found = select(t.HandledMessage.outcome).where(t.HandledMessage.message_id == message_id)
        return self._session.execute(found).scalar_one_or_none()

    def remember(self, message_id: str, outcome: Mapping[str, Any], now: datetime) -> None:
        """Store what was answered to a message. Raises AlreadyHandled where another unit of work was first: let it end this one."""
        self.lock()
        self._session.add(t.HandledMessage(message_id=message_id, outcome=dict(outcome), at=now))
        try:
            self._session.flush()
        except IntegrityError as error:
            raise AlreadyHandled(f"消息 {message_id} 已经处理过") from error

    def receive_payment(self, loan_id: str, amount: Decimal, day: date, now: datetime | None = None) -> tuple[Share, ...]:
        """Book `amount` yuan paid on `day` in the order of the contract (without one: instalments due by then, oldest first, charges, later instalments).

        Returns the shares. Raises UnknownRecord for no such loan, BadRecord for an amount not above 0 or, without a contract, above what is owed.
        """
        self.lock(ledger.loan_owner(self._session, loan_id))
        return entries.take_payment(self._session, loan_id, amount, day, now)

    def reverse_payment(self, loan_id: str, entry_id: int, day: date, now: datetime | None = None, note: str = "") -> None:
        """Book that the payment `entry_id` never counted (a bounced transfer). Raises UnknownRecord, BadRecord."""
        self.lock(ledger.loan_owner(self._session, loan_id))
        entries.reverse(self._session, loan_id, entry_id, day, now, note)

    def waive(self, loan_id: str, amount: Decimal, component: Component, day: date, now: datetime | None = None, note: str = "") -> None:
        """Book an authorised waiver of `component` (penalty, compound, fee). Raises BadRecord where it is more than is owed of it."""
        self.lock(ledger.loan_owner(self._session, loan_id))
        entries.waive(self._session, loan_id, amount, component, day, now, note)

    def charge_fee(self, loan_id: str, amount: Decimal, day: date, now: datetime | None = None, note: str = "") -> None:
        """Book a cost of the loan. Raises UnknownRecord, BadRecord."""
        self.lock(ledger.loan_owner(self._session, loan_id))
        entries.charge_fee(self._session, loan_id, amount, day, now, note)

    def pause_delinquency(self, loan_id: str, first: date, last: date, reason: str, now: datetime | None = None) -> None:
        """Days `first` to `last` (both included, also past ones) do not count as delinquent. Raises BadRecord where they do not rise."""
        self.lock(ledger.loan_owner(self._session, loan_id))
        entries.pause_delinquency(self._session, loan_id, first, last, reason, now)

    def owner_of(self, loan_id: str) -> str:
        """The id of the member whose loan it is. Raises UnknownRecord for no such loan."""
        return ledger.loan_owner(self._session, loan_id)

    def ledger_of(self, loan_id: str, day: date) -> tuple[Posted, ...]:
        """The ledger of a loan with a contract up to `day`: each entry, where it went, what was owed after it. Raises UnknownRecord, BadRecord."""
        ledger.loan_owner(self._session, loan_id)
        return entries.ledger_of(self._session, loan_id, day)

    # --- what was agreed ----------------------------------------------------------------------------------------------

    def members_with(self, statuses: Iterable[str]) -> tuple[str, ...]:
        """Ids of the members who have an arrangement or promise of one of these statuses, in order."""
        return tuple(agreements.members_with(self._session, statuses))

    def files_of(self, member_ids: Sequence[str], today: date) -> tuple[MemberFile, ...]:
        """The files of these members by id, read together."""
        return self._files(queries.MEMBERS_BY_ID, {"members": list(member_ids)}, today) if member_ids else ()

    def followed(self, member_id: str, today: date) -> tuple[Followed, ...]:
        """Every arrangement and promise of the member with what came in for each of its parts up to `today`; none where the book has no such member."""
        with self._one_moment():
            return agreements.follow(self._session, agreements.loans_of(self._session, member_id), today)

    def followed_by_member(self, files: Iterable[MemberFile], today: date) -> dict[str, tuple[Followed, ...]]:
        """The same of many members at once, by member id."""
        owner = {loan.loan_id: file.member.id for file in files for loan in file.loans}
        with self._one_moment():
            found = agreements.follow(self._session, list(owner), today)
        return {member: tuple(f for f in found if owner[f.loan_id] == member) for member in dict.fromkeys(owner.values())}

    def settle(self, member_id: str, today: date, now: datetime, grace_of: GraceOf = lambda loan: Grace()) -> tuple[Changed, ...]:
        """Mark promises and arrangements kept or broken by the payments received; returns those that changed, audited. Never done unasked."""
        return tuple(changed for _, changed in self.settle_members([member_id], today, now, grace_of))

    def settle_members(self, member_ids: Sequence[str], today: date, now: datetime, grace_of: GraceOf = lambda loan: Grace()) -> list[tuple[MemberFile, Changed]]:
        """`settle` for many members, read together; only those with something to mark are locked. Each change comes with its member's file."""
        files = self.files_of(member_ids, today)
        seen, done = self.followed_by_member(files, today), []
        for file in files:
            grace = {loan.loan_id: grace_of(loan) for loan in file.loans}
            if any(status_by(f.status, f.parts, today, grace[f.loan_id]) != f.status for f in seen.get(file.member.id, ())):
                self.lock(file.member.id)
                in_order = [loan.loan_id for loan in file.loans if loan.contract is None and not loan.overdue]
                for changed in agreements.settle(self._session, list(grace), today, now, grace.__getitem__, in_order):
                    event, facts = agreements.event_of(changed)
                    self.audit(event, file.member.id, now, **facts)
                    done.append((file, changed))
        return done

    def queue(self, member_id: str, notice: IssueNotice, now: datetime) -> bool:
        """Queue a reminder; whether it is a new one. Raises UnknownRecord, BadRecord."""
        return bool(self._write(member_id, notice, now))

    def approve(
        self, arrangement_id: int, by: str, role: str, now: datetime, reschedule: agreements.Reschedule | None = None
    ) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
        """`by`, in `role`, agrees to an arrangement that waits: it is in force from now on, and a notice tells the member.

        Returns its schedule before and after.

        `reschedule`: the days that hold where the wait was ours; no sum may change. Audited with the schedule before and after.
        Raises UnknownRecord for no such arrangement, BadRecord where it does not wait for approval or the role is below the one it needs.
        """
        member_id = agreements.member_of(self._session, arrangement_id)
        self.lock(member_id)
        file = self.file_of(member_id, agreements.day_of(now))
        waiting = agreements.awaiting(self._session, file, arrangement_id, by, role, agreements.day_of(now))
        before, after = agreements.approve(self._session, waiting, file.loan(waiting.loan_id), now, reschedule)
        facts = {"id": arrangement_id, "loan": waiting.loan_id, "by": by, "role": role}
        self.audit("arrangement_approved", member_id, now, **facts, before=schedule_as_contract(before), after=schedule_as_contract(after))
        self.write(member_id, IssueNotice("approved", waiting.loan_id), now)
        return before, after

    def decline(self, arrangement_id: int, by: str, role: str, why: str, now: datetime) -> None:
        """`by`, in `role`, does not agree: the arrangement is cancelled, and a person gets the case to tell the member kindly. Audited.

        Raises as `approve`, and BadRecord where no reason is given.
        """
        if not why.strip():
            raise BadRecord("请写明不同意的原因，好让同事跟会员说清楚")
        member_id = agreements.member_of(self._session, arrangement_id)
        self.lock(member_id)
        waiting = agreements.awaiting(self._session, self.file_of(member_id, agreements.day_of(now)), arrangement_id, by, role, agreements.day_of(now))
        agreements.set_status(self._session, waiting, "cancelled", now)
        self.audit("arrangement_declined", member_id, now, id=arrangement_id, loan=waiting.loan_id, by=by, role=role, why=why)
        about = f"编号 {arrangement_id} 的还款安排没有获批（{by}）：{why}。请好好告诉会员，再一起想别的办法"
        self.write(member_id, OpenCase("hand_over", about, waiting.loan_id), now)

    # --- filling the book ---------------------------------------------------------------------------------------------

    def add_member(self, member: Member) -> bool:
        """Store a member or bring phone and region up to date; returns whether anything changed. Raises BadRecord for another's id."""
        self.lock()
        return ledger.put_member(self._session, member)

    def add_loan(self, member_id: str, loan_id: str, statement: LoanStatement, as_of: date, digest: str | None = None) -> str:
        """Store a loan as the statement of `as_of` tells it: added, updated, or unchanged (same digest). Raises BadRecord, BadStatement."""
        self.lock(member_id)
        return ledger.put_loan(self._session, member_id, loan_id, statement, as_of, digest)

    def bulk(self) -> Connection:
        """The connection of this unit of work, locked for writing, for the importer's batches."""
        self.lock()
        return self._session.connection()

    def add_account(self, account: Mapping[str, Any], today: date) -> str:
        """Store an account of contract.md, as it stands on `today`; returns the member's id. Raises BadAccount with the place."""
        self.lock()
        return ledger.put_account(self._session, account, today)


def _no_tables(error: Exception) -> bool:
    text = str(error)
    return "no such table" in text or "no such column" in text or "UndefinedTable" in text or "UndefinedColumn" in text
