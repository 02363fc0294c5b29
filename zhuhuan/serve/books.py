"""Loan books of scripted conversations: an SQLite file for each sender, in one folder, made from an empty book with its tables."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.engines import close
from zhuhuan.loans.migrations import upgrade


class Books:
    """A folder of loan books; `url` with its `{sender}` is what the action server is told (ZHUHUAN_DB)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self.url = f"sqlite:///{self._folder.as_posix()}/{{sender}}.db"
        self._empty = self._folder / "empty.book"
        empty = f"sqlite:///{self._empty.as_posix()}"
        upgrade(empty)
        close(empty)

    def url_of(self, sender: str) -> str:
        """The URL of a sender's book, as the action server reads it."""
        return self.url.replace("{sender}", re.sub(r"\W", "_", sender))

    def open(self, sender: str, account: Mapping[str, Any] | None, today: date) -> str:
        """A fresh book for `sender` that holds `account` as it stands on `today`; returns the member's id ('' for no account).

        Raises BadAccount, and ValueError for a sender that has a book already: the action server may have it open.
        """
        file = self._folder / Path(self.url_of(sender)).name
        if file.exists():
            raise ValueError(f"{sender} 已经有一本账本")
        shutil.copyfile(self._empty, file)
        if account is None:
            return ""
        with LoanBook(self.url_of(sender)) as book:
            return book.add_account(account, today)

    def records(self, sender: str, member_id: str, today: date) -> dict[str, Any]:
        """The member's records in that book, in the form of contract.md's `book`."""
        with LoanBook(self.url_of(sender)) as book:
            return book.as_contract(member_id, today)

    def close(self, sender: str) -> None:
        """Let go of the sender's file."""
        close(self.url_of(sender))
