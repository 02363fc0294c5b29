from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect

from zhuhuan.loans.columns import metadata
from zhuhuan.loans.engines import engine_of
from zhuhuan.loans.errors import LoanBookError, NoTables
from zhuhuan.loans.migrations import check, current, downgrade, head, make_ready, upgrade
from zhuhuan.loans.tables import metadata as with_tables


def described(url: str) -> dict[str, list[str]]:
    found = inspect(engine_of(url))
    names = {}
    for table in found.get_table_names():
        if table != "alembic_version":
            kinds = (found.get_check_constraints, found.get_unique_constraints, found.get_foreign_keys, found.get_indexes)
            names[table] = sorted(str(item["name"]) for kind in kinds for item in kind(table))
            names[table] += [f"{c['name']} {c['type']} {c['nullable']} {c['default']}" for c in found.get_columns(table)]
    return names


def test_the_migrated_database_is_what_the_tables_say(url: str, tmp_path: Path) -> None:
    assert with_tables is metadata
    with engine_of(url).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    by_tables = f"sqlite:///{tmp_path}/tables.db"
    metadata.create_all(engine_of(by_tables))
    assert described(url) == described(by_tables)


def test_migrations_run_down_and_up_again(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new/folder/book.db"
    upgrade(url)
    assert current(url) == head()
    downgrade(url)
    assert current(url) is None
    assert inspect(engine_of(url)).get_table_names() == ["alembic_version"]
    upgrade(url)
    upgrade(url)
    assert set(metadata.tables) <= set(inspect(engine_of(url)).get_table_names())


def test_a_database_that_is_not_there_or_is_empty_is_told_so(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/book.db"
    with pytest.raises(NoTables, match="没有数据库文件"):
        check(url)
    make_ready(url)
    check(url)
    downgrade(url)
    with pytest.raises(NoTables, match="版本"):
        check(url)


def test_an_unknown_revision_is_told_with_the_newest(url: str) -> None:
    with pytest.raises(LoanBookError, match=head()):
        upgrade(url, "nix")


def test_importing_the_room_makes_no_engine_and_loads_no_database_library() -> None:
    code = "import sys, zhuhuan.loans, zhuhuan.loans.values, zhuhuan.loans.cli; assert 'sqlalchemy' not in sys.modules, 'loaded'"
    subprocess.run([sys.executable, "-c", code], check=True)
    code = "from zhuhuan.loans import book, engines, importing; assert not engines._engines"
    subprocess.run([sys.executable, "-c", code], check=True)
