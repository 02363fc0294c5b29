"""Which payments count for an agreement, the member's word of a late part, what a reminder is about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OF_LOAN = "status = 'drafted' AND loan_id IS NOT NULL"


def _only_one(name: str, columns: list[str], where: str) -> None:
    op.create_index(name, "notice", columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def upgrade() -> None:
    for table in ("arrangement", "promise"):
        op.add_column(table, sa.Column("entries_after", sa.Integer))
        op.add_column(table, sa.Column("entries_to", sa.Integer))
    op.create_table(
        "lateness",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("loan_id", sa.String(64), sa.ForeignKey("loan.id"), nullable=False),
        sa.Column("arrangement_id", sa.Integer, sa.ForeignKey("arrangement.id")),
        sa.Column("promise_id", sa.Integer, sa.ForeignKey("promise.id")),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.Column("noted_at", sa.DateTime),
        sa.CheckConstraint("(arrangement_id IS NULL) <> (promise_id IS NULL)", name="one_agreement"),
        sa.UniqueConstraint("arrangement_id", "number"),
        sa.UniqueConstraint("promise_id", "number"),
    )
    op.create_index("ix_lateness_loan_id", "lateness", ["loan_id"])
    op.add_column("notice", sa.Column("about", sa.Text, nullable=False, server_default=""))
    op.add_column("notice", sa.Column("due", sa.Date))
    op.add_column("notice", sa.Column("for_day", sa.Date))
    op.drop_index("uq_notice_drafted_loan", "notice")
    _only_one("uq_notice_drafted_loan", ["member_id", "kind", "loan_id"], f"{OF_LOAN} AND due IS NULL")
    _only_one("uq_notice_drafted_due", ["member_id", "kind", "loan_id", "due"], "status = 'drafted' AND due IS NOT NULL")
    _only_one("uq_notice_for_day", ["member_id", "kind", "loan_id", "due", "for_day"], "status <> 'cancelled' AND for_day IS NOT NULL")


def downgrade() -> None:
    for index in ("uq_notice_for_day", "uq_notice_drafted_due", "uq_notice_drafted_loan"):
        op.drop_index(index, "notice")
    op.execute("UPDATE notice SET status = 'cancelled' WHERE status = 'drafted' AND due IS NOT NULL")  # several a loan are not possible there
    _only_one("uq_notice_drafted_loan", ["member_id", "kind", "loan_id"], OF_LOAN)
    for column in ("for_day", "due", "about"):
        op.drop_column("notice", column)
    op.drop_table("lateness")
    for table in ("promise", "arrangement"):
        op.drop_column(table, "entries_to")
        op.drop_column(table, "entries_after")
