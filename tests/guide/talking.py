"""A conversation without Rasa: what was understood is given, the guide decides, a real loan book holds what is written."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from actions.desk import load_house
from zhuhuan.guide import adjust, care, close, de_escalate, dispute, inform, open, refused, solve, understand
from zhuhuan.guide.turn import Channel, Desk, Entity, Memory, Outcome, Turn, Understood
from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.migrations import upgrade
from zhuhuan.plans.policy import load_policy

ZONE = ZoneInfo("Asia/Shanghai")
ACCOUNT = {"name": "林晓燕", "id_tail": "4410", "birth_date": "1990-02-08", "product": "个人消费贷款", "overdue_amount": "3600.00", "days_overdue": 68,
           "instalment_amount": "1200.00", "due_date": "2026-09-17"}
PHONE = "19900000001"


class Talk:
    """Says things as a member and keeps what the assistant remembers."""

    def __init__(self, folder: Path, account: dict[str, Any] | None = None, channel: Channel = "chat", sender: str = PHONE) -> None:
        self.url = f"sqlite:///{folder}/book.db"
        self.now = datetime(2026, 11, 24, 10, 0, tzinfo=ZONE)
        self.channel, self.sender = channel, sender
        self.memory = Memory()
        self.policy, self.house = load_policy(), load_house()
        upgrade(self.url)
        with LoanBook(self.url) as book:
            self.member = book.add_account({**(account or ACCOUNT), "phone": PHONE}, self.now.date())

    def hear(self, decide: Any, intent: str, text: str = "", *, reason: str | None = None, emotion: str = "calm", risk: tuple[str, ...] = (),
             entities: tuple[Entity, ...] = (), minutes: int = 1, confidence: float = 1.0) -> Outcome:
        """One turn: `decide` is the guide's function that the rules would choose."""
        self.now += timedelta(minutes=minutes)
        heard = Understood(text or intent, intent, confidence, entities, emotion, 0.8 if emotion != "calm" else 0.0, reason, frozenset(risk), frozenset(risk), (intent,))
        turn = Turn(heard, self.sender, self.channel, self.now, self.memory, None)
        with LoanBook(self.url) as book:
            outcome = decide(turn, Desk(book, self.policy, self.house))
            for record in outcome.records:
                book.write(outcome.member_id, record, self.now)
        self.memory = outcome.memory
        return outcome

    def verify(self) -> Outcome:
        """Both details of the account, at once."""
        return self.hear(open.verification, "provide_verification", "4410 90年2月8号",
                         entities=(Entity("id_tail", "4410"), Entity("birth_date", "1990-02-08")))

    @property
    def book(self) -> dict[str, Any]:
        """contract.md's `book` of the member."""
        with LoanBook(self.url) as book:
            return book.as_contract(self.member, self.now.date())


def said(outcome: Outcome) -> list[str]:
    """Names of the responses."""
    return [say.response for say in outcome.says]


__all__ = ["ACCOUNT", "PHONE", "Talk", "adjust", "care", "close", "de_escalate", "dispute", "inform", "open", "refused", "said", "solve", "understand"]
