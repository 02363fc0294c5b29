"""`converse` without the servers: who speaks, in which book, in which order."""

from __future__ import annotations

import threading
import time as clock
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.values import AddPromise
from zhuhuan.money import yuan
from zhuhuan.serve.books import Books
from zhuhuan.serve.converse import converse, senders
from zhuhuan.serve.dialogues import Dialogue, MemberTurn
from zhuhuan.serve.errors import NoAnswer

TODAY, ZONE = date(2026, 11, 24), ZoneInfo("Asia/Shanghai")
ACCOUNT = {"name": "林晓燕", "id_tail": "4410", "birth_date": "1990-02-08", "product": "个人消费贷款", "overdue_amount": "1860.00", "days_overdue": 12}


class FakeServer:
    """Promises to pay whenever a member speaks, and keeps what was said."""

    def __init__(self, books: Books) -> None:
        self._books, self._lock = books, threading.Lock()
        self.heard: list[tuple[str, str, datetime, str]] = []

    def say(self, sender: str, text: str, *, now: datetime, channel: str) -> list[str]:
        if text == "fail":
            raise NoAnswer("没有应答")
        clock.sleep(0.01 * (len(text) % 3))
        with self._lock:
            self.heard.append((sender, text, now, channel))
        with LoanBook(self._books.url_of(sender)) as book:
            (file,) = book.every_file(now.date())
            book.write(file.member.id, AddPromise(file.loans[0].loan_id, yuan(100), now.date() + timedelta(days=9)), now)
        return [f"听到了：{text}"]

    def tracker(self, sender: str) -> dict[str, Any]:
        last = next(text for who, text, _, _ in reversed(self.heard) if who == sender)
        return {"slots": {"stage": "open", "verified": None}, "latest_message": {"text": last, "intent": {"name": "greet", "confidence": 1}}}


@pytest.fixture
def books(tmp_path: Path) -> Books:
    return Books(tmp_path)


def talk(name: str, *turns: str, **fields: Any) -> Dialogue:
    return Dialogue(name, fields.pop("account", ACCOUNT), tuple(MemberTurn(t) for t in turns), **fields)


def test_each_turn_gives_the_line_of_the_contract_with_the_book_as_it_then_stands(books: Books) -> None:
    ((first, second),) = converse([talk("x01", "你好", "好的")], FakeServer(books), books, TODAY, ZONE)  # type: ignore[arg-type]
    assert {"id", "turn", "member", "replies", "understood", "stage", "verified", "book"} <= set(first)
    assert (first["id"], first["turn"], first["member"], first["replies"]) == ("x01", 1, "你好", ["听到了：你好"])
    assert (first["stage"], first["verified"], first["understood"]["intent"]["name"]) == ("open", False, "greet")
    assert [p["status"] for p in first["book"]["promises"]] == ["open"]
    assert [p["status"] for p in second["book"]["promises"]] == ["superseded", "open"]
    assert {"arrangements", "promises", "notices", "cases", "contact"} <= set(first["book"])


def test_the_output_keeps_the_order_of_the_file_though_conversations_run_side_by_side(books: Books) -> None:
    talks = [talk(f"t{i}", *["话" * (1 + (i + j) % 5) for j in range(4)]) for i in range(9)]
    counted: list[None] = []
    held = list(converse(talks, FakeServer(books), books, TODAY, ZONE, on_turn=lambda: counted.append(None)))  # type: ignore[arg-type]
    assert [[(line["id"], line["turn"]) for line in lines] for lines in held] == [[(f"t{i}", j) for j in (1, 2, 3, 4)] for i in range(9)]
    assert len(counted) == 36


def test_the_same_member_in_two_dialogues_has_two_numbers_and_two_books(books: Books) -> None:
    account = {**ACCOUNT, "phone": "13800000000"}
    talks = [talk("a", "你好", account=account), talk("b", "你好", account=account), talk("c", "你好")]
    numbers = senders(talks)
    assert numbers[0].number == "13800000000" and len({s.number for s in numbers}) == 3
    held = list(converse(talks, FakeServer(books), books, TODAY, ZONE))  # type: ignore[arg-type]
    assert [len(lines[0]["book"]["promises"]) for lines in held] == [1, 1, 1]


def test_the_sender_is_the_members_own_phone_unless_it_is_another(books: Books) -> None:
    server = FakeServer(books)
    list(converse([talk("own", "甲"), talk("other", "乙", other=True)], server, books, TODAY, ZONE))  # type: ignore[arg-type]
    number_of = {text: sender for sender, text, _, _ in server.heard}
    with LoanBook(books.url_of(number_of["甲"])) as book:
        assert book.file_by_phone(number_of["甲"], TODAY) is not None
    with LoanBook(books.url_of(number_of["乙"])) as book:
        assert book.file_by_phone(number_of["乙"], TODAY) is None


def test_the_dialogues_own_channel_wins_and_the_clock_starts_at_ten(books: Books) -> None:
    server = FakeServer(books)
    list(converse([talk("a", "甲", channel="sms"), talk("b", "乙", "丙")], server, books, TODAY, ZONE, "chat"))  # type: ignore[arg-type]
    heard = {text: (f"{now:%F %H:%M}", channel) for _, text, now, channel in server.heard}
    assert heard == {"甲": ("2026-11-24 10:00", "sms"), "乙": ("2026-11-24 10:00", "chat"), "丙": ("2026-11-24 10:01", "chat")}


def test_a_server_that_fails_ends_the_run(books: Books) -> None:
    with pytest.raises(NoAnswer):
        list(converse([talk("a", "你好", "fail", "再见")], FakeServer(books), books, TODAY, ZONE))  # type: ignore[arg-type]
