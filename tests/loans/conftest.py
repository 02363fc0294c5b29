"""Fixtures of the loan book's tests: a migrated database of its own for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.engines import close
from zhuhuan.loans.migrations import upgrade

settings.register_profile("steady", deadline=None)  # a busy machine is no failure
settings.load_profile("steady")

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 10, 0)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "empty.db"
    upgrade(f"sqlite:///{path}")
    close(f"sqlite:///{path}")
    return path


@pytest.fixture
def url(template: Path, tmp_path: Path) -> Iterator[str]:
    path = tmp_path / "book.db"
    shutil.copy(template, path)
    yield f"sqlite:///{path}"
    close(f"sqlite:///{path}")


@pytest.fixture
def today() -> date:
    return TODAY


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def account() -> Callable[..., dict[str, Any]]:
    def make(**changes: Any) -> dict[str, Any]:
        plain = {
            "name": "林晓燕",
            "id_tail": "4410",
            "birth_date": "1990-02-08",
            "phone": "19900000088",
            "product": "个人消费贷款",
            "overdue_amount": "1860.00",
            "days_overdue": 12,
            "instalment_amount": "1860.00",
            "due_date": "2026-11-12",
        }
        return {key: value for key, value in {**plain, **changes}.items() if value is not None}

    return make


@pytest.fixture
def member(url: str, account: Callable[..., dict[str, Any]]) -> tuple[str, str]:
    """A member with one loan in the database: the ids of both."""
    with LoanBook(url) as book:
        member_id = book.add_account(account(), TODAY)
        return member_id, book.file_of(member_id, TODAY).loans[0].loan_id
