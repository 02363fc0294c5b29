from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.carrying import carry_out
from actions.desk import ReadOnce, Settings, load_house
from zhuhuan.guide import close, inform, open
from zhuhuan.guide.turn import Desk, Outcome, Turn
from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.migrations import upgrade
from zhuhuan.plans.policy import load_policy

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 24)
PHONE = "19900000001"
ACCOUNT = {"name": "林晓燕", "id_tail": "4410", "birth_date": "1990-02-08", "product": "个人消费贷款", "overdue_amount": "1860.00", "days_overdue": 12,
           "phone": PHONE}
LISTEN = {"event": "followup", "timestamp": None, "name": "action_listen"}


@pytest.fixture
def config(tmp_path: Path) -> Settings:
    url = f"sqlite:///{tmp_path}/book.db"
    upgrade(url)
    with LoanBook(url) as book:
        book.add_account(ACCOUNT, TODAY)
    return Settings(url, ZONE, True, True, load_policy(), load_house())


def heard(intent: str, text: str, slots: dict[str, Any] | None = None, entities: list[dict[str, Any]] | None = None, message_id: str | None = None) -> Tracker:
    metadata = {"now": datetime(2026, 11, 24, 10, tzinfo=ZONE).isoformat(), "message_id": message_id}
    message = {"text": text, "intent": {"name": intent, "confidence": 0.9}, "entities": entities or [], "metadata": metadata}
    return Tracker(PHONE, slots or {"verified": False, "stage": "open"}, message, [], False, None, {}, "action_listen")


def slots_of(events: list[dict[str, Any]]) -> dict[str, Any]:
    return {event["name"]: event["value"] for event in events if event["event"] == "slot"}


def verified(config: Settings) -> dict[str, Any]:
    """The slots of a conversation after the identity details were found right."""
    entities = [{"entity": "id_tail", "value": "4410"}, {"entity": "birth_date", "value": "1990-02-08"}]
    tracker = heard("provide_verification", "4410 90年2月8号", entities=entities)
    slots = slots_of(carry_out(open.verification, "action_verification", CollectingDispatcher(), tracker, config))
    assert slots["verified"] is True
    return tracker.slots | slots


def test_after_an_action_rasa_listens_even_when_the_action_verified_the_member(config: Settings) -> None:
    entities = [{"entity": "id_tail", "value": "4410"}, {"entity": "birth_date", "value": "1990-02-08"}]
    events = carry_out(open.verification, "action_verification", CollectingDispatcher(), heard("provide_verification", "4410", entities=entities), config)
    assert events[-1] == LISTEN


def test_after_a_failure_and_after_a_repeated_message_rasa_listens_too(config: Settings) -> None:
    def broken(turn: Turn, desk: Desk) -> Outcome:
        raise RuntimeError("broken")

    assert carry_out(broken, "action_thank", CollectingDispatcher(), heard("thank", "谢谢"), config) == [LISTEN]
    assert carry_out(close.thank, "action_thank", CollectingDispatcher(), heard("thank", "谢谢", message_id="m1"), config)[-1] == LISTEN
    assert carry_out(close.thank, "action_thank", CollectingDispatcher(), heard("thank", "谢谢", message_id="m1"), config) == [LISTEN]


def test_only_slots_that_changed_are_sent_back(config: Settings) -> None:
    slots = verified(config)
    events = carry_out(inform.overdue_details, "action_overdue_details", CollectingDispatcher(), heard("ask_overdue_details", "我欠多少", slots), config)
    changed = slots_of(events)
    assert "memory" in changed
    assert "verified" not in changed
    assert all(slots.get(name) != value for name, value in changed.items())


def test_a_decision_reads_each_member_s_file_once(config: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    slots, reads = verified(config), []
    read = LoanBook._files

    def counted(book: LoanBook, *arguments: Any) -> Any:
        reads.append(arguments)
        return read(book, *arguments)

    monkeypatch.setattr(LoanBook, "_files", counted)
    carry_out(inform.overdue_details, "action_overdue_details", CollectingDispatcher(), heard("ask_overdue_details", "我欠多少", slots), config)
    assert len(reads) == 1


def test_a_file_read_by_its_number_is_the_one_read_by_its_id(config: Settings) -> None:
    with LoanBook(config.url) as book:
        desk = ReadOnce(book)
        own = desk.file_by_phone(PHONE, TODAY)
        assert own is not None
        assert desk.file_of(own.member.id, TODAY) is own
        assert desk.file_by_phone("19912345678", TODAY) is None
        assert desk.find("林晓燕", TODAY) == (own,)

