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

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from types import TracebackType
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from zhuhuan.loans import entries, ledger, queries, reviewing
from zhuhuan.loans import tables as t
from zhuhuan.loans.contract import book_as_contract
from zhuhuan.loans.engines import engine_of
from zhuhuan.loans.errors import AlreadyHandled, LoanBookError, NoTables, UnknownRecord
from zhuhuan.loans.masking import mask_facts
from zhuhuan.loans.owing.position import Posted
from zhuhuan.loans.owing.values import Component
from zhuhuan.loans.payments import Share
from zhuhuan.loans.reading import read_files
from zhuhuan.loans.records import write_record
from zhuhuan.loans.statement import LoanStatement
from zhuhuan.loans.values import Member, MemberFile, Record

BATCH = 200


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

    def as_contract(self, member_id: str, today: date) -> dict[str, Any]:
        """The member's records as contract.md's `book`, ready for JSON."""
        return book_as_contract(self.file_of(member_id, today))

    # --- writing ------------------------------------------------------------------------------------------------------

    def write(self, member_id: str, record: Record, now: datetime) -> None:
        """Carry out a record of `values`. Raises UnknownRecord (no such member, another's loan) and BadRecord (must not be written)."""
        self.lock(member_id)
        write_record(self._session, member_id, record, now)

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

    def ledger_of(self, loan_id: str, day: date) -> tuple[Posted, ...]:
        """The ledger of a loan with a contract up to `day`: each entry, where it went, what was owed after it. Raises UnknownRecord, BadRecord."""
        ledger.loan_owner(self._session, loan_id)
        return entries.ledger_of(self._session, loan_id, day)

    def settle(self, member_id: str, today: date, now: datetime, grace_days: int = 1) -> int:
        """Mark promises and arrangements kept or broken by the payments received; returns how many changed. Never done unasked."""
        self.lock(member_id)
        return ledger.settle_agreements(self._session, self.file_of(member_id, today), today, grace_days, now)

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
