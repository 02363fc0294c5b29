"""A turn of the conversation and what was decided about it, as frozen values (architecture.md, "The shape of an action").

`decide(turn, desk) -> Outcome` functions live in the stage modules beside this one. They know nothing of Rasa.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Protocol

from zhuhuan.loans.keeping import Followed
from zhuhuan.loans.values import MemberFile, Record
from zhuhuan.plans.negotiation import Step
from zhuhuan.plans.policy import Policy
from zhuhuan.plans.values import Offer, Said

Channel = Literal["chat", "sms", "assist"]
Stage = Literal["prepare", "open", "understand", "inform", "solve", "adjust", "de_escalate", "refused", "close"]
Question = Literal["verify", "reason", "means", "amount", "date", "periods", "accept_plan", "objection", "confirm", "callback_time", "which_loan"]


@dataclass(frozen=True)
class Entity:
    """A value that was said, as contract.md has it; `start` and `end` are offsets in the member's own text."""

    entity: str
    value: str | None
    start: int = 0
    end: int = 0
    bound: str | None = None
    per: str | None = None
    unit: str | None = None


@dataclass(frozen=True)
class Understood:
    """What the language model made of one message (labels.md). `sure`: the risk flags that are more likely than not; the others are faint signs."""

    text: str
    intent: str
    confidence: float = 1.0
    entities: tuple[Entity, ...] = ()
    emotion: str = "calm"
    intensity: float = 0.0
    reason: str | None = None
    risk: frozenset[str] = frozenset()
    sure: frozenset[str] = frozenset()
    ranking: tuple[str, ...] = ()

    def values(self, entity: str) -> tuple[Entity, ...]:
        """The entities of one kind, in the order said."""
        return tuple(e for e in self.entities if e.entity == entity)


@dataclass(frozen=True)
class Say:
    """One response by its name in data/responses, with the facts that fill it."""

    response: str
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Memory:
    """What a conversation keeps from turn to turn; goes into one slot as JSON (`remember.py`).

    denied: the sender said that he or she is not the member. given_*: identity details heard so far. failures: wrong details, three lock.
    said: everything about paying, growing turn by turn. mentioned: last day to come that was named, for a later `到时候`. offers: plans on the table. turned_down: plans refused. steps: the negotiation's answers so far. topic: intent of what was asked before verification, to come back to.
    asked: questions put so far. declined: questions the member would not answer. acknowledged: what was answered with feeling already.
    agreed: an agreement was reached in this conversation. confirm: what a pending `confirm` question is about. crisis: a sign of self-harm was heard.
    """

    verified: bool = False
    member_id: str | None = None
    denied: Literal["wrong_person", "third_party"] | None = None
    helper: str | None = None
    given_name: str | None = None
    given_tail: str | None = None
    given_birth: date | None = None
    failures: int = 0
    locked: bool = False
    stage: Stage = "open"
    question: Question | None = None
    loan_id: str | None = None
    said: Said = field(default_factory=Said)
    wish: str | None = None
    mentioned: date | None = None
    offers: tuple[Offer, ...] = ()
    turned_down: tuple[Offer, ...] = ()
    steps: tuple[Step, ...] = ()
    topic: str | None = None
    asked: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    acknowledged: tuple[str, ...] = ()
    facts_told: bool = False
    anger: int = 0
    crisis: bool = False
    agreed: bool = False
    confirm: str | None = None
    claimed: Decimal | None = None
    last_says: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    last_seen: datetime | None = None

    def with_(self, **changes: object) -> Memory:
        """A copy with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Turn:
    """One message and all that is needed to decide about it. `now` is in the member's time zone."""

    understood: Understood
    sender: str
    channel: Channel
    now: datetime
    memory: Memory
    message_id: str | None = None

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def question(self) -> Question | None:
        """What the assistant asked last."""
        return self.memory.question


@dataclass(frozen=True)
class Outcome:
    """What is to be said, remembered and written. `member_id`: whose file the records go to (None: nobody's, nothing is written)."""

    says: tuple[Say, ...]
    memory: Memory
    records: tuple[Record, ...] = ()
    member_id: str | None = None
    why: str = ""

    def then(self, *says: Say) -> Outcome:
        """The same outcome with more said after it."""
        return replace(self, says=self.says + says)

    def first(self, *says: Say) -> Outcome:
        """The same outcome with something said before it."""
        return replace(self, says=says + self.says)

    def writing(self, *records: Record) -> Outcome:
        """The same outcome with more to write."""
        return replace(self, records=self.records + records)


class Book(Protocol):
    """What the guide reads of the loan book (LoanBook has it)."""

    def file_by_phone(self, phone: str, today: date) -> MemberFile | None: ...

    def file_of(self, member_id: str, today: date) -> MemberFile | None: ...

    def find(self, name: str, today: date) -> tuple[MemberFile, ...]: ...

    def followed(self, member_id: str, today: date) -> tuple[Followed, ...]: ...


@dataclass(frozen=True)
class House:
    """What the credit union calls itself and how it is reached; shown to members. Set in house.yml."""

    name: str
    assistant: str
    phone: str
    hours: str
    app: str
    branch: str


@dataclass(frozen=True)
class Desk:
    """What lies on the desk when a turn is decided: the book, the policy, the house."""

    book: Book
    policy: Policy
    house: House
