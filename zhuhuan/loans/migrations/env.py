"""Alembic's entry: runs the revisions on the connection that `migrations.upgrade` hands over."""

from __future__ import annotations

from alembic import context

from zhuhuan.loans import tables

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=tables.metadata, render_as_batch=True)
context.run_migrations()
