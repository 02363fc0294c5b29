"""Settings of the action server, read once from the environment, and what lies on the desk of every decision.

ZHUHUAN_DB: the loan book's URL (default sqlite:///var/zhuhuan.db); `{sender}` in it stands for the conversation, one book each (converse, tests).
ZHUHUAN_ZONE: the members' time zone (default Asia/Shanghai). ZHUHUAN_TRUST_CLOCK=1: `now` in a message's metadata is the clock (tests, converse).
ZHUHUAN_POLICY, ZHUHUAN_HOUSE: files of one's own instead of the shipped ones.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from zhuhuan.guide.turn import Desk, House
from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.keeping import Followed
from zhuhuan.loans.values import MemberFile
from zhuhuan.plans.policy import Policy, load_policy


@dataclass(frozen=True)
class Settings:
    """What the action server runs with."""

    url: str
    zone: ZoneInfo
    trust_clock: bool
    debug: bool
    policy: Policy
    house: House

    def book_url(self, sender: str) -> str:
        """The loan book of a conversation; only word characters of the sender enter a file name."""
        return self.url.replace("{sender}", re.sub(r"\W", "_", sender))


def load_house(path: str | None = None) -> House:
    """The house's names and numbers; raises TypeError where the file lacks one or has one too many."""
    text = Path(path).read_text(encoding="utf-8") if path else files("zhuhuan.guide").joinpath("house.yml").read_text(encoding="utf-8")
    return House(**yaml.safe_load(text))


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Settings of this process; policy and house are checked here, at start."""
    env = os.environ
    return Settings(
        url=env.get("ZHUHUAN_DB", "sqlite:///var/zhuhuan.db"),
        zone=ZoneInfo(env.get("ZHUHUAN_ZONE", "Asia/Shanghai")),
        trust_clock=env.get("ZHUHUAN_TRUST_CLOCK") == "1",
        debug=env.get("ZHUHUAN_DEBUG") == "1",
        policy=load_policy(Path(env["ZHUHUAN_POLICY"]) if "ZHUHUAN_POLICY" in env else None),
        house=load_house(env.get("ZHUHUAN_HOUSE")),
    )


class ReadOnce:
    """The loan book as one decision reads it: every file once. Nothing is written before the decision has been made, so none grows old meanwhile."""

    def __init__(self, book: LoanBook) -> None:
        self._book = book
        self._by_id: dict[tuple[str, date], MemberFile] = {}
        self._by_phone: dict[tuple[str, date], MemberFile | None] = {}

    def file_by_phone(self, phone: str, today: date) -> MemberFile | None:
        """As LoanBook has it."""
        key = (phone, today)
        if key not in self._by_phone:
            self._by_phone[key] = found = self._book.file_by_phone(phone, today)
            if found is not None:
                self._by_id[found.member.id, today] = found
        return self._by_phone[key]

    def file_of(self, member_id: str, today: date) -> MemberFile:
        """As LoanBook has it; raises UnknownRecord for no such member."""
        key = (member_id, today)
        if key not in self._by_id:
            self._by_id[key] = self._book.file_of(member_id, today)
        return self._by_id[key]

    def find(self, name: str, today: date) -> tuple[MemberFile, ...]:
        """As LoanBook has it."""
        return self._book.find(name, today)

    def followed(self, member_id: str, today: date) -> tuple[Followed, ...]:
        """As LoanBook has it."""
        return self._book.followed(member_id, today)


def desk_of(book: LoanBook) -> Desk:
    """The desk of one unit of work."""
    return Desk(ReadOnce(book), settings().policy, settings().house)
