"""The tables of the loan book. Amounts are Decimal yuan here and whole fen in the database (columns `..._fen`)."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, get_args

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    Time,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped

from zhuhuan.loans.columns import Base, Moment, Rate, column, metadata, money
from zhuhuan.loans.owing.values import Accrual, Across, EntryKind, Method
from zhuhuan.loans.values import STANDING_ARRANGEMENT, ArrangementStatus, CaseKind, CaseStatus, PromiseStatus


def one_of(name: str, allowed: Any) -> CheckConstraint:
    """A check that column `name` holds one of the allowed words."""
    words = ", ".join(f"'{word}'" for word in get_args(allowed))
    return CheckConstraint(f"{name} IN ({words})", name=f"{name}_known")


def only_one(name: str, *columns: str, where: str) -> Index:
    """A unique index over the rows that satisfy `where`: the database itself refuses a second one."""
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))


__all__ = ["metadata"]  # every table of the loan book hangs on it

STANDING = f"status IN ({', '.join(repr(status) for status in sorted(STANDING_ARRANGEMENT))})"


class Member(Base):
    __tablename__ = "member"
    id: Mapped[str] = column(String(64), primary_key=True)
    name: Mapped[str] = column(String(64), nullable=False)
    id_tail: Mapped[str] = column(String(4), nullable=False)
    birth_date: Mapped[date] = column(Date, nullable=False)
    phone: Mapped[str] = column(String(20), nullable=False, index=True)
    region: Mapped[str] = column(String(64), nullable=False, server_default="")
    __table_args__ = (UniqueConstraint("name", "id_tail", "birth_date"),)


class Loan(Base):
    """`number`: 1 for the member's first loan. `source_digest`: fingerprint of the imported row, so that the same row changes nothing."""

    __tablename__ = "loan"
    id: Mapped[str] = column(String(64), primary_key=True)
    member_id: Mapped[str] = column(ForeignKey("member.id"), nullable=False)
    number: Mapped[int] = column(Integer, nullable=False)
    product: Mapped[str] = column(String(64), nullable=False)
    instalment_amount: Mapped[Decimal] = money("instalment_amount")
    annual_rate: Mapped[Decimal | None] = column("annual_rate_millionths", Rate, key="annual_rate")
    source_digest: Mapped[str | None] = column(String(64))
    __table_args__ = (UniqueConstraint("member_id", "number"),)


class Instalment(Base):
    """principal, interest: what `amount` is made of, where the source tells. paid: for loans without a contract; else worked out from the ledger."""

    __tablename__ = "instalment"
    loan_id: Mapped[str] = column(ForeignKey("loan.id"), primary_key=True)
    number: Mapped[int] = column(Integer, primary_key=True, autoincrement=False)
    due: Mapped[date] = column(Date, nullable=False, index=True)
    amount: Mapped[Decimal] = money("amount")
    paid: Mapped[Decimal] = money("paid", server_default="0")
    principal: Mapped[Decimal | None] = money("principal", nullable=True)
    interest: Mapped[Decimal | None] = money("interest", nullable=True)
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint("paid_fen BETWEEN 0 AND amount_fen", name="paid_within_amount"),
        CheckConstraint("principal_fen + interest_fen = amount_fen", name="parts_add_up"),
    )


class Charge(Base):
    """What is owed beside the instalments: kind penalty (penalty interest) or fee."""

    __tablename__ = "charge"
    id: Mapped[int] = column(Integer, primary_key=True)
    loan_id: Mapped[str] = column(ForeignKey("loan.id"), nullable=False, index=True)
    kind: Mapped[str] = column(String(32), nullable=False)
    day: Mapped[date] = column(Date, nullable=False)
    amount: Mapped[Decimal] = money("amount")
    paid: Mapped[Decimal] = money("paid", server_default="0")
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        CheckConstraint("paid_fen BETWEEN 0 AND amount_fen", name="paid_within_amount"),
    )


class LoanContract(Base):
    """What the contract of a loan says of money (owing.values.Contract); loans known by a statement alone have none."""

    __tablename__ = "loan_contract"
    loan_id: Mapped[str] = column(ForeignKey("loan.id"), primary_key=True)
    principal: Mapped[Decimal] = money("principal")
    annual_rate: Mapped[Decimal] = column("annual_rate_millionths", Rate, key="annual_rate", nullable=False)
    method: Mapped[str] = column(String(32), nullable=False)
    disbursed: Mapped[date] = column(Date, nullable=False)
    periods: Mapped[int] = column(Integer, nullable=False)
    period_months: Mapped[int] = column(Integer, nullable=False)
    first_due: Mapped[date | None] = column(Date)
    accrual: Mapped[str] = column(String(16), nullable=False)
    penalty_uplift: Mapped[Decimal | None] = column("penalty_uplift_millionths", Rate, key="penalty_uplift")
    compound: Mapped[bool] = column(Boolean, nullable=False)
    year_days: Mapped[int] = column(Integer, nullable=False)
    allocation_order: Mapped[list[str]] = column(JSON, nullable=False)
    across: Mapped[str] = column(String(16), nullable=False)
    grace_days: Mapped[int] = column(Integer, nullable=False)
    __table_args__ = (
        one_of("method", Method),
        one_of("accrual", Accrual),
        one_of("across", Across),
        CheckConstraint("principal_fen > 0", name="principal_positive"),
        CheckConstraint("periods > 0", name="periods_positive"),
    )


class LedgerEntry(Base):
    """A line of a loan's ledger (owing.values.Entry), append-only: what was paid is never changed, only reversed by another line.

    `source_id`: the line's id in the system that it was imported from, so that the same line is booked once.
    """

    __tablename__ = "ledger_entry"
    id: Mapped[int] = column(Integer, primary_key=True)
    loan_id: Mapped[str] = column(ForeignKey("loan.id"), nullable=False)
    day: Mapped[date] = column(Date, nullable=False)
    kind: Mapped[str] = column(String(16), nullable=False)
    amount: Mapped[Decimal] = money("amount")
    reverses_id: Mapped[int | None] = column(ForeignKey("ledger_entry.id"))
    component: Mapped[str | None] = column(String(16))
    note: Mapped[str] = column(Text, nullable=False, server_default="")
    source_id: Mapped[str | None] = column(String(64))
    booked_at: Mapped[datetime | None] = column(Moment)
    __table_args__ = (
        Index("ix_ledger_entry_loan_id_day", "loan_id", "day"),
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        one_of("kind", EntryKind),
        CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reversal_of_something"),
        CheckConstraint("(kind = 'waiver') = (component IS NOT NULL)", name="waiver_of_something"),
        UniqueConstraint("reverses_id"),
        UniqueConstraint("loan_id", "source_id"),
    )


class Allocation(Base):
    """What part of a payment went to which instalment (by its number then) or to which kind of charge.

    No foreign key to either: a newer statement of the loan replaces those, while the ledger of what was paid stays.
    """

    __tablename__ = "allocation"
    id: Mapped[int] = column(Integer, primary_key=True)
    entry_id: Mapped[int] = column(ForeignKey("ledger_entry.id"), nullable=False, index=True)
    instalment_number: Mapped[int | None] = column(Integer)
    instalment_due: Mapped[date | None] = column(Date)
    charge_kind: Mapped[str | None] = column(String(32))
    amount: Mapped[Decimal] = money("amount")
    __table_args__ = (CheckConstraint("(instalment_number IS NULL) <> (charge_kind IS NULL)", name="one_target"),)


class DelinquencyPause(Base):
    """Days that do not count as delinquent (both ends included), as agreed; may begin on a past day."""

    __tablename__ = "delinquency_pause"
    id: Mapped[int] = column(Integer, primary_key=True)
    loan_id: Mapped[str] = column(ForeignKey("loan.id"), nullable=False, index=True)
    first: Mapped[date] = column(Date, nullable=False)
    last: Mapped[date] = column(Date, nullable=False)
    reason: Mapped[str] = column(Text, nullable=False, server_default="")
    made_at: Mapped[datetime | None] = column(Moment)
    __table_args__ = (CheckConstraint("first <= last", name="days_rise"),)


class Contact(Base):
    """A contact that was made or tried. `direction`: out (from us) or in."""

    __tablename__ = "contact"
    id: Mapped[int] = column(Integer, primary_key=True)
    member_id: Mapped[str] = column(ForeignKey("member.id"), nullable=False)
    channel: Mapped[str] = column(String(32), nullable=False)
    direction: Mapped[str] = column(String(3), nullable=False)
    at: Mapped[datetime] = column(Moment, nullable=False)
    outcome: Mapped[str] = column(String(64), nullable=False)
    __table_args__ = (
        Index("ix_contact_member_id_at", "member_id", "at"),
        CheckConstraint("direction IN ('in', 'out')", name="direction_known"),
    )


class ContactState(Base):
    """How the member may be reached; `stopped` is a JSON list of ways. No row: nothing was ever said about it."""

    __tablename__ = "contact_state"
    member_id: Mapped[str] = column(ForeignKey("member.id"), primary_key=True)
    paused_until: Mapped[date | None] = column(Date)
    stopped: Mapped[list[str]] = column(JSON, nullable=False)
    wrong_number: Mapped[bool] = column(Boolean, nullable=False, default=False)
    has_preferred_hours: Mapped[bool] = column(Boolean, nullable=False, default=False)
    preferred_from: Mapped[time | None] = column(Time)
    preferred_to: Mapped[time | None] = column(Time)
    preferred_way: Mapped[str | None] = column(String(32))
    no_third_party: Mapped[bool] = column(Boolean, nullable=False, default=False)


class Consent(Base):
    __tablename__ = "consent"
    id: Mapped[int] = column(Integer, primary_key=True)
    member_id: Mapped[str] = column(ForeignKey("member.id"), nullable=False)
    person: Mapped[str] = column(String(128), nullable=False)
    matter: Mapped[str] = column(String(256), nullable=False)
    until: Mapped[date | None] = column(Date)
    __table_args__ = (UniqueConstraint("member_id", "person", "matter"),)


class Flag(Base):
    __tablename__ = "flag"
    id: Mapped[int] = column(Integer, primary_key=True)
    member_id: Mapped[str] = column(ForeignKey("member.id"), nullable=False)
    kind: Mapped[str] = column(String(64), nullable=False)
    reason: Mapped[str] = column(Text, nullable=False)
    until: Mapped[date | None] = column(Date)
    raised_at: Mapped[datetime | None] = column(Moment)
    __table_args__ = (UniqueConstraint("member_id", "kind"),)


class Arrangement(Base):
    """entries_after: newest line of the loan's ledger when it was made; entries_to: when it ended. Only payments between the two can count for it."""

    __tablename__ = "arrangement"
    id: Mapped[int] = column(Integer, primary_key=True)
    loan_id: Mapped[str] = column(ForeignKey("loan.id"), nullable=False, index=True)
    kind: Mapped[str] = column(String(32), nullable=False)
    status: Mapped[str] = column(String(32), nullable=False)
    total: Mapped[Decimal] = money("total")
    cost: Mapped[Decimal] = money("cost", server_default="0")
    approval: Mapped[str] = column(String(32), nullable=False)
    why: Mapped[str] = column(Text, nullable=False, server_default="")
    made_at: Mapped[datetime | None] = column(Moment)
    changed_at: Mapped[datetime | None] = column(Moment)
    entries_after: Mapped[int | None] = column(Integer)
    entries_to: Mapped[int | None] = column(Integer)
    __table_args__ = (one_of("status", ArrangementStatus), only_one("uq_arrangement_standing", "loan_id", where=STANDING))


class ArrangementPart(Base):
    __tablename__ = "arrangement_part"
    arrangement_id: Mapped[int] = column(ForeignKey("arrangement.id"), primary_key=True)
    number: Mapped[int] = column(Integer, primary_key=True, autoincrement=False)
    due: Mapped[date] = column(Date, nullable=False, index=True)
    amount: Mapped[Decimal] = money("amount")
    __table_args__ = (CheckConstraint("amount_fen > 0", name="amount_positive"),)


class Promise(Base):
    """entries_after, entries_to: as of an arrangement."""

    __tablename__ = "promise"
    id: Mapped[int] = column(Integer, primary_key=True)
    loan_id: Mapped[str] = column(ForeignKey("loan.id"), nullable=False, index=True)
    amount: Mapped[Decimal] = money("amount")
    due: Mapped[date] = column(Date, nullable=False)
    status: Mapped[str] = column(String(32), nullable=False)
    made_at: Mapped[datetime | None] = column(Moment)
    changed_at: Mapped[datetime | None] = column(Moment)
    entries_after: Mapped[int | None] = column(Integer)
    entries_to: Mapped[int | None] = column(Integer)
    __table_args__ = (
        one_of("status", PromiseStatus),
        CheckConstraint("amount_fen > 0", name="amount_positive"),
        only_one("uq_promise_open", "loan_id", where="status = 'open'"),
    )


class Lateness(Base):
    """The member's own word that part `number` of an arrangement or promise comes on `day`, later than it was due."""

    __tablename__ = "lateness"
    id: Mapped[int] = column(Integer, primary_key=True)
    loan_id: Mapped[str] = column(ForeignKey("loan.id"), nullable=False, index=True)
    arrangement_id: Mapped[int | None] = column(ForeignKey("arrangement.id"))
    promise_id: Mapped[int | None] = column(ForeignKey("promise.id"))
    number: Mapped[int] = column(Integer, nullable=False)
    day: Mapped[date] = column(Date, nullable=False)
    reason: Mapped[str] = column(Text, nullable=False, server_default="")
    noted_at: Mapped[datetime | None] = column(Moment)
    __table_args__ = (
        CheckConstraint("(arrangement_id IS NULL) <> (promise_id IS NULL)", name="one_agreement"),
        UniqueConstraint("arrangement_id", "number"),
        UniqueConstraint("promise_id", "number"),
    )


class Case(Base):
    __tablename__ = "case_file"  # CASE is a word of SQL
    id: Mapped[int] = column(Integer, primary_key=True)
    member_id: Mapped[str] = column(ForeignKey("member.id"), nullable=False, index=True)
    loan_id: Mapped[str | None] = column(ForeignKey("loan.id"))
    kind: Mapped[str] = column(String(32), nullable=False)
    status: Mapped[str] = column(String(32), nullable=False)
    about: Mapped[str] = column(Text, nullable=False)
    opened_at: Mapped[datetime | None] = column(Moment)
    closed_at: Mapped[datetime | None] = column(Moment)
    closed_why: Mapped[str | None] = column(Text)
    __table_args__ = (
        one_of("kind", CaseKind),
        one_of("status", CaseStatus),
        only_one("uq_case_file_open_loan", "member_id", "kind", "loan_id", where="status <> 'closed' AND loan_id IS NOT NULL"),
        only_one("uq_case_file_open_member", "member_id", "kind", where="status <> 'closed' AND loan_id IS NULL"),
    )


class Notice(Base):
    """about: what it is to say. due, for_day: of a reminder, the day of the payment and the day on which to remind."""

    __tablename__ = "notice"
    id: Mapped[int] = column(Integer, primary_key=True)
    member_id: Mapped[str] = column(ForeignKey("member.id"), nullable=False, index=True)
    loan_id: Mapped[str | None] = column(ForeignKey("loan.id"))
    kind: Mapped[str] = column(String(64), nullable=False)
    status: Mapped[str] = column(String(32), nullable=False)
    drafted_at: Mapped[datetime | None] = column(Moment)
    about: Mapped[str] = column(Text, nullable=False, server_default="")
    due: Mapped[date | None] = column(Date)
    for_day: Mapped[date | None] = column(Date)
    __table_args__ = (
        CheckConstraint("status IN ('drafted', 'sent', 'cancelled')", name="status_known"),
        only_one("uq_notice_drafted_loan", "member_id", "kind", "loan_id", where="status = 'drafted' AND loan_id IS NOT NULL AND due IS NULL"),
        only_one("uq_notice_drafted_due", "member_id", "kind", "loan_id", "due", where="status = 'drafted' AND due IS NOT NULL"),
        only_one("uq_notice_for_day", "member_id", "kind", "loan_id", "due", "for_day", where="status <> 'cancelled' AND for_day IS NOT NULL"),
        only_one("uq_notice_drafted_member", "member_id", "kind", where="status = 'drafted' AND loan_id IS NULL"),
    )


class HandledMessage(Base):
    """What was answered to a message: a channel that sends it again gets the same, and nothing is done twice."""

    __tablename__ = "handled_message"
    message_id: Mapped[str] = column(String(200), primary_key=True)
    outcome: Mapped[dict[str, Any]] = column(JSON, nullable=False)
    at: Mapped[datetime] = column(Moment, nullable=False)


class Utterance(Base):
    """The review list: what a member said (masked) and was not surely understood, or was put right by a collector. It names no member."""

    __tablename__ = "utterance"
    id: Mapped[int] = column(Integer, primary_key=True)
    at: Mapped[datetime] = column(Moment, nullable=False)
    text: Mapped[str] = column(Text, nullable=False)
    last_question: Mapped[str | None] = column(String(32))
    understood: Mapped[dict[str, Any]] = column(JSON, nullable=False)
    confidence: Mapped[float] = column(Float, nullable=False)
    source: Mapped[str] = column(String(16), nullable=False)
    status: Mapped[str] = column(String(16), nullable=False)
    label: Mapped[dict[str, Any] | None] = column(JSON)
    __table_args__ = (
        CheckConstraint("source IN ('unsure', 'corrected')", name="source_known"),
        CheckConstraint("status IN ('open', 'labelled', 'dropped')", name="status_known"),
        Index("ix_utterance_status_at", "status", "at"),
    )


class AuditEvent(Base):
    """Append-only; `facts` are masked. `member_id` has no foreign key: an event may name a sender whom the book does not know."""

    __tablename__ = "audit_event"
    id: Mapped[int] = column(Integer, primary_key=True)
    at: Mapped[datetime] = column(Moment, nullable=False)
    event: Mapped[str] = column(String(64), nullable=False)
    member_id: Mapped[str | None] = column(String(64))
    facts: Mapped[dict[str, Any]] = column(JSON, nullable=False)
    __table_args__ = (Index("ix_audit_event_member_id_at", "member_id", "at"),)
