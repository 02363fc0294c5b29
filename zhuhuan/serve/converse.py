"""Whole conversations against the real servers (contract.md, `zhuhuan converse`)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from zhuhuan.serve.books import Books
from zhuhuan.serve.client import Client
from zhuhuan.serve.dialogues import Dialogue
from zhuhuan.serve.pace import Pace
from zhuhuan.serve.understood import understood_of

AT_ONCE = 3  # conversations side by side: Rasa uses one core, the action server the other


@dataclass(frozen=True)
class Sender:
    """Who speaks in a dialogue: the number that messages come from, and the member's registered one."""

    number: str
    registered: str


def senders(dialogues: Sequence[Dialogue]) -> list[Sender]:
    """A number of its own for every dialogue, so that none sees another's conversation or book.

    The account's own `phone` where it has one that no earlier dialogue uses; else a made-up one. `sender: other` is a number that is not the member's.
    """
    taken: set[str] = set()

    def own(wanted: str | None, made_up: str) -> str:
        number = wanted if wanted and wanted not in taken else made_up
        taken.add(number)
        return number

    found = []
    for place, dialogue in enumerate(dialogues):
        phone = dialogue.account.get("phone")
        registered = own(str(phone) if phone else None, f"1990{place:07d}")
        found.append(Sender(own(None, f"1880{place:07d}") if dialogue.other else registered, registered))
    return found


def converse(
    dialogues: Sequence[Dialogue],
    client: Client,
    books: Books,
    today: date,
    zone: ZoneInfo,
    channel: str = "chat",
    on_turn: Callable[[], None] = lambda: None,
) -> Iterator[list[dict[str, Any]]]:
    """Hold every dialogue and give the output lines of each, in the order of the file; `on_turn` is called after each turn.

    `today` is the base date of all of them. Raises NoAnswer where the server fails.
    """

    ended = threading.Event()

    def hold(dialogue: Dialogue, sender: Sender) -> list[dict[str, Any]]:
        lines = _lines(replace(dialogue, channel=dialogue.channel or channel), sender, client, books, Pace(today, zone), today)
        held = []
        for line in lines:
            held.append(line)
            on_turn()
            if ended.is_set():  # Ctrl-C, or another conversation failed: nobody waits for the rest of this one
                break
        return held

    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            yield from pool.map(hold, dialogues, senders(dialogues))
        except BaseException:
            ended.set()
            pool.shutdown(cancel_futures=True)
            raise


def _lines(dialogue: Dialogue, sender: Sender, client: Client, books: Books, pace: Pace, today: date) -> Iterator[dict[str, Any]]:
    member_id = books.open(sender.number, {**dialogue.account, "phone": sender.registered}, today)
    for number, turn in enumerate(dialogue.turns, 1):
        now = pace.next(turn.gap_days, turn.at)
        replies = client.say(sender.number, turn.text, now=now, channel=dialogue.channel or "chat")
        tracker = client.tracker(sender.number)
        yield {
            "id": dialogue.id,
            "turn": number,
            "member": turn.text,
            "replies": replies,
            "understood": understood_of(tracker.get("latest_message") or {}),
            "stage": tracker["slots"].get("stage"),
            "verified": bool(tracker["slots"].get("verified")),
            "book": books.records(sender.number, member_id, now.date()),
            "at": now.isoformat(timespec="minutes"),
        }
    books.close(sender.number)
