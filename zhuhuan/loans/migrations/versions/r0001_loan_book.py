"""The loan book: members, loans, ledger, agreements, cases, contacts, audit trail."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

AGREED = "'proposed', 'awaiting_approval', 'active', 'kept', 'broken', 'superseded', 'cancelled'"
PROMISED = "'open', 'kept', 'broken', 'superseded', 'cancelled'"
CASES = "'hand_over', 'dispute', 'claim_paid', 'complaint', 'crisis', 'hardship', 'waiver', 'fraud'"

TABLES = (
    "member",
    "loan",
    "instalment",
    "charge",
    "payment",
    "allocation",
    "contact",
    "contact_state",
    "consent",
    "flag",
    "arrangement",
    "arrangement_part",
    "promise",
    "case_file",
    "notice",
    "handled_message",
    "audit_event",
)


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.Integer, primary_key=True)


def _text(name: str, length: int, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length), **{"nullable": False, **options})


def _fen(name: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(f"{name}_fen", sa.BigInteger, nullable=False, **options)


def _to(table: str, **options: Any) -> sa.Column[Any]:
    kind = sa.String(64) if table in ("member", "loan") else sa.Integer()
    return sa.Column(f"{table}_id", kind, sa.ForeignKey(f"{table}.id"), **{"nullable": False, **options})


def _one_of(name: str, words: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"{name} IN ({words})", name=f"{name}_known")


def _positive() -> sa.CheckConstraint:
    return sa.CheckConstraint("amount_fen > 0", name="amount_positive")


def _paid_within() -> sa.CheckConstraint:
    return sa.CheckConstraint("paid_fen BETWEEN 0 AND amount_fen", name="paid_within_amount")


def _only_one(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def upgrade() -> None:
    _people_and_loans()
    _agreements()
    _contacts()
    _cases_and_trail()


def _people_and_loans() -> None:
    op.create_table(
        "member",
        _text("id", 64, primary_key=True),
        _text("name", 64),
        _text("id_tail", 4),
        sa.Column("birth_date", sa.Date, nullable=False),
        _text("phone", 20),
        _text("region", 64, server_default=""),
        sa.UniqueConstraint("name", "id_tail", "birth_date"),
    )
    op.create_index("ix_member_phone", "member", ["phone"])
    op.create_table(
        "loan",
        _text("id", 64, primary_key=True),
        _to("member"),
        sa.Column("number", sa.Integer, nullable=False),
        _text("product", 64),
        _fen("instalment_amount"),
        sa.Column("annual_rate_millionths", sa.Integer),
        _text("source_digest", 64, nullable=True),
        sa.UniqueConstraint("member_id", "number"),
    )
    op.create_table(
        "instalment",
        _to("loan", primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("due", sa.Date, nullable=False),
        _fen("amount"),
        _fen("paid", server_default="0"),
        _positive(),
        _paid_within(),
    )
    op.create_index("ix_instalment_due", "instalment", ["due"])
    op.create_table(
        "charge",
        _id(),
        _to("loan"),
        _text("kind", 32),
        sa.Column("day", sa.Date, nullable=False),
        _fen("amount"),
        _fen("paid", server_default="0"),
        _positive(),
        _paid_within(),
    )
    op.create_index("ix_charge_loan_id", "charge", ["loan_id"])
    op.create_table("payment", _id(), _to("loan"), _fen("amount"), sa.Column("day", sa.Date, nullable=False), _positive())
    op.create_index("ix_payment_loan_id_day", "payment", ["loan_id", "day"])
    op.create_table(
        "allocation",
        _id(),
        _to("payment"),
        sa.Column("instalment_number", sa.Integer),
        sa.Column("instalment_due", sa.Date),
        _text("charge_kind", 32, nullable=True),
        _fen("amount"),
        sa.CheckConstraint("(instalment_number IS NULL) <> (charge_kind IS NULL)", name="one_target"),
    )
    op.create_index("ix_allocation_payment_id", "allocation", ["payment_id"])


def _agreements() -> None:
    op.create_table(
        "arrangement",
        _id(),
        _to("loan"),
        _text("kind", 32),
        _text("status", 32),
        _fen("total"),
        _fen("cost", server_default="0"),
        _text("approval", 32),
        sa.Column("why", sa.Text, nullable=False, server_default=""),
        sa.Column("made_at", sa.DateTime),
        sa.Column("changed_at", sa.DateTime),
        _one_of("status", AGREED),
    )
    op.create_index("ix_arrangement_loan_id", "arrangement", ["loan_id"])
    _only_one("uq_arrangement_standing", "arrangement", ["loan_id"], "status IN ('active', 'awaiting_approval', 'proposed')")
    op.create_table(
        "arrangement_part",
        _to("arrangement", primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("due", sa.Date, nullable=False),
        _fen("amount"),
        _positive(),
    )
    op.create_index("ix_arrangement_part_due", "arrangement_part", ["due"])
    op.create_table(
        "promise",
        _id(),
        _to("loan"),
        _fen("amount"),
        sa.Column("due", sa.Date, nullable=False),
        _text("status", 32),
        sa.Column("made_at", sa.DateTime),
        sa.Column("changed_at", sa.DateTime),
        _one_of("status", PROMISED),
        _positive(),
    )
    op.create_index("ix_promise_loan_id", "promise", ["loan_id"])
    _only_one("uq_promise_open", "promise", ["loan_id"], "status = 'open'")


def _contacts() -> None:
    op.create_table(
        "contact",
        _id(),
        _to("member"),
        _text("channel", 32),
        _text("direction", 3),
        sa.Column("at", sa.DateTime, nullable=False),
        _text("outcome", 64),
        _one_of("direction", "'in', 'out'"),
    )
    op.create_index("ix_contact_member_id_at", "contact", ["member_id", "at"])
    op.create_table(
        "contact_state",
        _to("member", primary_key=True),
        sa.Column("paused_until", sa.Date),
        sa.Column("stopped", sa.JSON, nullable=False),
        sa.Column("wrong_number", sa.Boolean, nullable=False),
        sa.Column("has_preferred_hours", sa.Boolean, nullable=False),
        sa.Column("preferred_from", sa.Time),
        sa.Column("preferred_to", sa.Time),
        _text("preferred_way", 32, nullable=True),
        sa.Column("no_third_party", sa.Boolean, nullable=False),
    )
    op.create_table(
        "consent",
        _id(),
        _to("member"),
        _text("person", 128),
        _text("matter", 256),
        sa.Column("until", sa.Date),
        sa.UniqueConstraint("member_id", "person", "matter"),
    )
    op.create_table(
        "flag",
        _id(),
        _to("member"),
        _text("kind", 64),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("until", sa.Date),
        sa.Column("raised_at", sa.DateTime),
        sa.UniqueConstraint("member_id", "kind"),
    )


def _cases_and_trail() -> None:
    op.create_table(
        "case_file",
        _id(),
        _to("member"),
        _to("loan", nullable=True),
        _text("kind", 32),
        _text("status", 32),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("opened_at", sa.DateTime),
        sa.Column("closed_at", sa.DateTime),
        sa.Column("closed_why", sa.Text),
        _one_of("kind", CASES),
        _one_of("status", "'open', 'waiting_for_member', 'closed'"),
    )
    op.create_index("ix_case_file_member_id", "case_file", ["member_id"])
    _only_one(
        "uq_case_file_open_loan", "case_file", ["member_id", "kind", "loan_id"], "status <> 'closed' AND loan_id IS NOT NULL"
    )
    _only_one("uq_case_file_open_member", "case_file", ["member_id", "kind"], "status <> 'closed' AND loan_id IS NULL")
    op.create_table(
        "notice",
        _id(),
        _to("member"),
        _to("loan", nullable=True),
        _text("kind", 64),
        _text("status", 32),
        sa.Column("drafted_at", sa.DateTime),
        _one_of("status", "'drafted', 'sent', 'cancelled'"),
    )
    op.create_index("ix_notice_member_id", "notice", ["member_id"])
    _only_one("uq_notice_drafted_loan", "notice", ["member_id", "kind", "loan_id"], "status = 'drafted' AND loan_id IS NOT NULL")
    _only_one("uq_notice_drafted_member", "notice", ["member_id", "kind"], "status = 'drafted' AND loan_id IS NULL")
    op.create_table(
        "handled_message",
        _text("message_id", 200, primary_key=True),
        sa.Column("outcome", sa.JSON, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "audit_event",
        _id(),
        sa.Column("at", sa.DateTime, nullable=False),
        _text("event", 64),
        _text("member_id", 64, nullable=True),
        sa.Column("facts", sa.JSON, nullable=False),
    )
    op.create_index("ix_audit_event_member_id_at", "audit_event", ["member_id", "at"])


def downgrade() -> None:
    for table in reversed(TABLES):  # children before what they refer to; indexes go with their tables
        op.drop_table(table)
