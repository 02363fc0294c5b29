"""A loan's contract, its schedule in principal and interest, a ledger with reversals, waivers and fees, pauses of delinquency."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KINDS = "'payment', 'reversal', 'waiver', 'fee'"


def _positive() -> sa.CheckConstraint:
    return sa.CheckConstraint("amount_fen > 0", name="amount_positive")


def upgrade() -> None:
    op.create_table(
        "loan_contract",
        sa.Column("loan_id", sa.String(64), sa.ForeignKey("loan.id"), primary_key=True),
        sa.Column("principal_fen", sa.BigInteger, nullable=False),
        sa.Column("annual_rate_millionths", sa.Integer, nullable=False),
        sa.Column("method", sa.String(32), nullable=False),
        sa.Column("disbursed", sa.Date, nullable=False),
        sa.Column("periods", sa.Integer, nullable=False),
        sa.Column("period_months", sa.Integer, nullable=False),
        sa.Column("first_due", sa.Date),
        sa.Column("accrual", sa.String(16), nullable=False),
        sa.Column("penalty_uplift_millionths", sa.Integer),
        sa.Column("compound", sa.Boolean, nullable=False),
        sa.Column("year_days", sa.Integer, nullable=False),
        sa.Column("allocation_order", sa.JSON, nullable=False),
        sa.Column("across", sa.String(16), nullable=False),
        sa.Column("grace_days", sa.Integer, nullable=False),
        sa.CheckConstraint("method IN ('equal_instalments', 'equal_principal', 'interest_first', 'bullet')", name="method_known"),
        sa.CheckConstraint("accrual IN ('30/360', 'actual/360', 'actual/365')", name="accrual_known"),
        sa.CheckConstraint("across IN ('component', 'instalment')", name="across_known"),
        sa.CheckConstraint("principal_fen > 0", name="principal_positive"),
        sa.CheckConstraint("periods > 0", name="periods_positive"),
    )
    with op.batch_alter_table("instalment") as batch:
        batch.add_column(sa.Column("principal_fen", sa.BigInteger))
        batch.add_column(sa.Column("interest_fen", sa.BigInteger))
        batch.create_check_constraint("parts_add_up", "principal_fen + interest_fen = amount_fen")
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("loan_id", sa.String(64), sa.ForeignKey("loan.id"), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("reverses_id", sa.Integer, sa.ForeignKey("ledger_entry.id")),
        sa.Column("component", sa.String(16)),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.Column("source_id", sa.String(64)),
        sa.Column("booked_at", sa.DateTime),
        _positive(),
        sa.CheckConstraint(f"kind IN ({KINDS})", name="kind_known"),
        sa.CheckConstraint("(kind = 'reversal') = (reverses_id IS NOT NULL)", name="reversal_of_something"),
        sa.CheckConstraint("(kind = 'waiver') = (component IS NOT NULL)", name="waiver_of_something"),
        sa.UniqueConstraint("reverses_id"),
        sa.UniqueConstraint("loan_id", "source_id"),
    )
    op.create_index("ix_ledger_entry_loan_id_day", "ledger_entry", ["loan_id", "day"])
    op.execute("INSERT INTO ledger_entry (id, loan_id, day, kind, amount_fen) SELECT id, loan_id, day, 'payment', amount_fen FROM payment")
    _allocations("ledger_entry", "entry_id", "payment_id")
    op.drop_table("payment")
    op.create_table(
        "delinquency_pause",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("loan_id", sa.String(64), sa.ForeignKey("loan.id"), nullable=False),
        sa.Column("first", sa.Date, nullable=False),
        sa.Column("last", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.Column("made_at", sa.DateTime),
        sa.CheckConstraint("first <= last", name="days_rise"),
    )
    op.create_index("ix_delinquency_pause_loan_id", "delinquency_pause", ["loan_id"])


def _allocations(target: str, name: str, before: str) -> None:
    """Make the allocation table anew with its foreign key on `target`; the rows stay (SQLite cannot alter a key that has no name)."""
    op.execute("CREATE TABLE allocation_kept AS SELECT * FROM allocation")
    op.drop_table("allocation")
    op.create_table(
        "allocation",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(name, sa.Integer, sa.ForeignKey(f"{target}.id"), nullable=False),
        sa.Column("instalment_number", sa.Integer),
        sa.Column("instalment_due", sa.Date),
        sa.Column("charge_kind", sa.String(32)),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.CheckConstraint("(instalment_number IS NULL) <> (charge_kind IS NULL)", name="one_target"),
    )
    columns = "instalment_number, instalment_due, charge_kind, amount_fen"
    op.execute(f"INSERT INTO allocation (id, {name}, {columns}) SELECT id, {before}, {columns} FROM allocation_kept")
    op.drop_table("allocation_kept")
    op.create_index(f"ix_allocation_{name}", "allocation", [name])
    if op.get_bind().dialect.name == "postgresql":  # rows came with their ids: the counters go on after them
        for table in (target, "allocation"):
            op.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), coalesce(max(id), 1), max(id) IS NOT NULL) FROM {table}")


def downgrade() -> None:
    op.drop_table("delinquency_pause")
    op.create_table(
        "payment",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("loan_id", sa.String(64), sa.ForeignKey("loan.id"), nullable=False),
        sa.Column("amount_fen", sa.BigInteger, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        _positive(),
    )
    op.create_index("ix_payment_loan_id_day", "payment", ["loan_id", "day"])
    op.execute("INSERT INTO payment (id, loan_id, amount_fen, day) SELECT id, loan_id, amount_fen, day FROM ledger_entry WHERE kind = 'payment'")
    op.execute("DELETE FROM allocation WHERE entry_id NOT IN (SELECT id FROM payment)")
    _allocations("payment", "payment_id", "entry_id")
    op.drop_table("ledger_entry")
    with op.batch_alter_table("instalment") as batch:
        batch.drop_constraint("parts_add_up", type_="check")
        batch.drop_column("interest_fen")
        batch.drop_column("principal_fen")
    op.drop_table("loan_contract")
