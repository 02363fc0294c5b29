"""The database's schema by Alembic: every loan book is made by `upgrade`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.engine import Connection, make_url

from zhuhuan.loans.engines import engine_of
from zhuhuan.loans.errors import LoanBookError, NoTables

HERE = "zhuhuan.loans:migrations"


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", HERE)
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database at `url` up to `revision`, making an SQLite file and its folder where there is none."""
    file = database_file(url)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    _run(url, command.upgrade, revision)


def downgrade(url: str, revision: str = "base") -> None:
    """Take the database at `url` back to `revision`; "base" drops every table with all that is in it."""
    _run(url, command.downgrade, revision)


def _run(url: str, step: Callable[[Config, str], None], revision: str) -> None:
    try:
        with engine_of(url).begin() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")  # all of it or nothing, and one at a time
            step(_config(connection), revision)
    except CommandError as error:
        raise LoanBookError(f"没有“{revision}”这一版（{error}）；最新的是 {head()}") from error


def database_file(url: str) -> Path | None:
    """The file of an SQLite database; None for one in memory or of another kind."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return None
    return Path(str(parsed.database))


def check(url: str) -> None:
    """Raises NoTables where the database at `url` is not there or not at the newest revision."""
    file = database_file(url)
    if file is not None and not file.exists():
        raise NoTables(f"没有数据库文件 {file}：请先运行 zhuhuan loans migrate 或 import，或用 --db 给出数据库地址")
    found = current(url)
    if found != head():
        raise NoTables(f"数据库的版本是 {found or '（空）'}，要用的是 {head()}：请先运行 zhuhuan loans migrate")


def make_ready(url: str) -> None:
    """Make the tables where there are none yet; raises NoTables where they are of another version (a person should migrate those)."""
    file = database_file(url)
    if (file is not None and not file.exists()) or current(url) is None:
        upgrade(url)
    check(url)


def current(url: str) -> str | None:
    """The revision that the database at `url` has; None where it has no tables yet."""
    with engine_of(url).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The newest revision."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())
