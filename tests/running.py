"""What a test marked `server` talks to: the running servers, with a loan book and a clock of its own for every sender."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.values import MemberFile
from zhuhuan.serve.books import Books
from zhuhuan.serve.client import Client
from zhuhuan.serve.pace import Pace
from zhuhuan.serve.understood import understood_of

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 24)  # a Tuesday
ACCOUNT = {"name": "林晓燕", "id_tail": "4410", "birth_date": "1990-02-08", "product": "个人消费贷款", "overdue_amount": "3600.00",
           "days_overdue": 68, "instalment_amount": "1200.00", "due_date": "2026-09-17"}  # fmt: skip
LOUD = re.compile(r"\b(ERROR|CRITICAL)\b|\[(error|critical) *\]|Traceback", re.MULTILINE)


@dataclass(frozen=True)
class Talker:
    """Who writes: the number that messages come from, and the member's id in that number's book ('' for an empty book)."""

    sender: str
    member_id: str


class Running:
    """The servers as a test uses them. Every sender has a clock that starts on TODAY at 10:00 and moves a minute a message."""

    def __init__(self, client: Client, books: Books, logs: tuple[Path, ...]) -> None:
        self.client, self._books, self._logs = client, books, logs
        self._talkers: dict[str, Talker] = {}
        self._clocks: dict[str, Pace] = {}
        self._moments: dict[str, datetime] = {}

    def account(self, account: Mapping[str, Any] | None = None, sender: str | None = None, today: date = TODAY) -> Talker:
        """A fresh book with `account` (contract.md; None: ACCOUNT) as it stands on `today`, whose member's phone is the sender, unless one is given."""
        given = dict(account or ACCOUNT)
        number = sender or str(given.get("phone") or f"1990001{len(self._talkers):04d}")
        given.setdefault("phone", number)
        return self._enter(number, given, today)

    def stranger(self, sender: str) -> Talker:
        """A sender whom no member of the (empty) book has as phone."""
        return self._enter(sender, None, TODAY)

    def _enter(self, number: str, account: Mapping[str, Any] | None, today: date) -> Talker:
        talker = self._talkers[number] = Talker(number, self._books.open(number, account, today))
        self._clocks[number] = Pace(today, ZONE)
        return talker

    def say(self, who: Talker | str, text: str, now: datetime | None = None, channel: str = "chat", message_id: str | None = None) -> list[str]:
        """The replies to a message. Without `now` a minute after that sender's last message."""
        number = who.sender if isinstance(who, Talker) else who
        if number not in self._talkers:
            self.stranger(number)
        moment = self._moments[number] = now or self._clocks[number].next()
        return self.client.say(number, text, now=moment, channel=channel, message_id=message_id)

    def tracker(self, who: Talker | str) -> dict[str, Any]:
        """Slots and latest message of the conversation."""
        return self.client.tracker(who.sender if isinstance(who, Talker) else who)

    def understood(self, who: Talker | str) -> dict[str, Any]:
        """What was understood of the last message, as contract.md has it."""
        return understood_of(self.tracker(who)["latest_message"])

    def book(self, who: Talker | str) -> dict[str, Any]:
        """The member's records in the form of contract.md's `book`, on the day of the last message."""
        talker = self._talkers[who.sender if isinstance(who, Talker) else who]
        return self._books.records(talker.sender, talker.member_id, self._moments[talker.sender].date())

    def file(self, who: Talker | str) -> MemberFile:
        """The member's file on the day of the last message."""
        talker = self._talkers[who.sender if isinstance(who, Talker) else who]
        with LoanBook(self._books.url_of(talker.sender)) as book:
            return book.file_of(talker.member_id, self._moments[talker.sender].date())

    def loud(self) -> list[str]:
        """Lines of both servers' logs that are above WARNING."""
        return [line for log in self._logs for line in log.read_text(encoding="utf-8").splitlines() if LOUD.search(line)]
