"""The one place that carries out a decision: what every action owes stands here and nowhere else.

The tracker becomes a Turn, one `decide` is asked, its Outcome is written to the loan book, said and remembered. The same message id is
acted on once; a failure gives the member a courteous line, keeps the conversation, writes nothing but an audit event.
"""

from __future__ import annotations

import logging
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.desk import Settings, desk_of, settings
from actions.turns import turn_of
from zhuhuan.guide.care import held
from zhuhuan.guide.remember import keep, negotiated
from zhuhuan.guide.turn import Desk, House, Outcome, Say, Turn
from zhuhuan.loans.book import LoanBook

logger = logging.getLogger(__name__)
Decide = Callable[[Turn, Desk], Outcome]
REVIEW_BELOW = 0.5  # confidence of the intent below which a person looks at the utterance afterwards (zhuhuan language review)
# One action a turn: the policies are not asked again, and a slot that the action changed cannot make them choose another one.
LISTEN = FollowupAction("action_listen")


class GuideAction(Action, ABC):  # type: ignore[misc]
    """An action that asks one `decide` function of the guide; subclasses give it and a name."""

    @staticmethod
    @abstractmethod
    def decide(turn: Turn, desk: Desk) -> Outcome:
        """The guide's decision about one turn."""

    @property
    @abstractmethod
    def action(self) -> str:
        """The action's name in domain.yml."""

    def name(self) -> str:
        return self.action

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[dict[str, Any]]:
        return carry_out(self.decide, self.action, dispatcher, tracker, settings())


def carry_out(decide: Decide, action: str, dispatcher: CollectingDispatcher, tracker: Tracker, config: Settings) -> list[dict[str, Any]]:
    """Decide, write, say, remember; returns the slot events."""
    started = time.perf_counter()
    turn: Turn | None = None
    try:
        turn = turn_of(tracker, config)
        with LoanBook(config.book_url(turn.sender)) as book:
            if turn.message_id and (done := book.handled(turn.message_id)) is not None:
                say_again(dispatcher, done)
                return [LISTEN]
            desk = desk_of(book)
            outcome = held(turn, desk) or decide(turn, desk)
            for record in outcome.records:
                if outcome.member_id:
                    book.write(outcome.member_id, record, turn.now)
            taken = round((time.perf_counter() - started) * 1000)
            book.audit(action, outcome.member_id or turn.memory.member_id, turn.now, intent=turn.understood.intent, why=outcome.why,
                       said=[s.response for s in outcome.says], records=[type(r).__name__ for r in outcome.records], ms=taken,
                       **({"negotiation": steps} if (steps := negotiated(turn.memory, outcome.memory)) else {}))
            if turn.understood.confidence < REVIEW_BELOW:
                heard = turn.understood
                told = {"intent": heard.intent, "ranking": list(heard.ranking), "emotion": heard.emotion, "reason": heard.reason, "risk": sorted(heard.risk)}
                book.note_utterance(heard.text, turn.question, told, heard.confidence, "unsure", turn.now, outcome.member_id or turn.memory.member_id)
            if turn.message_id:
                book.remember(turn.message_id, {"says": [[s.response, dict(s.facts)] for s in outcome.says]}, turn.now)
    except Exception as failure:
        logger.warning("%s failed, the member was told so: %s", action, type(failure).__name__, exc_info=config.debug)
        return courteous_failure(action, failure, turn, dispatcher, config)
    for say in outcome.says:
        utter(dispatcher, say, config.house)
    return [*remembered(outcome, tracker, repeatable=action != "action_ask_repeat"), LISTEN]


def utter(dispatcher: CollectingDispatcher, say: Say, house: House) -> None:
    """Hand a response with its facts to Rasa, which picks the variant for the channel."""
    dispatcher.utter_message(response=say.response, **{**house_facts_of(house), **say.facts})


def house_facts_of(house: House) -> dict[str, str]:
    """The facts of the house, for every response."""
    return {"house": house.name, "assistant": house.assistant, "phone": house.phone, "hours": house.hours, "app": house.app, "branch": house.branch}


def say_again(dispatcher: CollectingDispatcher, done: Mapping[str, Any]) -> None:
    """A repeated message gets the same answer and is not acted on."""
    for name, facts in done.get("says", []):
        utter(dispatcher, Say(name, facts), settings().house)


def remembered(outcome: Outcome, tracker: Tracker, repeatable: bool) -> list[dict[str, Any]]:
    """Slots that the turn changes: the memory, and what the rules look at. Unchanged ones are left out: events travel with every request."""
    memory = outcome.memory
    if repeatable:
        memory = memory.with_(last_says=tuple((s.response, tuple(s.facts.items())) for s in outcome.says))
    slots = {"memory": keep(memory), "verified": memory.verified, "stage": memory.stage, "last_question": memory.question,
             "care": "crisis" if memory.crisis else None}
    return [SlotSet(name, value) for name, value in slots.items() if tracker.get_slot(name) != value]


def courteous_failure(action: str, failure: Exception, turn: Turn | None, dispatcher: CollectingDispatcher, config: Settings) -> list[dict[str, Any]]:
    """A clear, courteous line; nothing half-written; an audit event if the book can still be written at all."""
    utter(dispatcher, Say("utter_failure"), config.house)
    sender = turn.sender if turn else "unknown"
    now = turn.now if turn else datetime.now(config.zone)
    try:
        with LoanBook(config.book_url(sender)) as book:
            book.audit("action_failed", turn.memory.member_id if turn else None, now, action=action, failure=f"{type(failure).__name__}: {failure}"[:300])
    except Exception as unreachable:
        logger.warning("the failure of %s could not be written to the audit trail: %s", action, type(unreachable).__name__)
    return [LISTEN]


