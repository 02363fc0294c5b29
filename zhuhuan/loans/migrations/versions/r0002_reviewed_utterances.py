"""The review list: utterances that the language model was not sure of, or that a collector put right."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "utterance",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("last_question", sa.String(32)),
        sa.Column("understood", sa.JSON, nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("label", sa.JSON),
        sa.CheckConstraint("source IN ('unsure', 'corrected')", name="source_known"),
        sa.CheckConstraint("status IN ('open', 'labelled', 'dropped')", name="status_known"),
    )
    op.create_index("ix_utterance_status_at", "utterance", ["status", "at"])


def downgrade() -> None:
    op.drop_index("ix_utterance_status_at", "utterance")
    op.drop_table("utterance")
