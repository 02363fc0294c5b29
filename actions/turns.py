"""From Rasa's tracker to the guide's Turn: the only place that knows how Rasa spells what was understood."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import opencc
from rasa_sdk import Tracker

from actions.desk import Settings
from zhuhuan.guide.remember import recall
from zhuhuan.guide.turn import Channel, Entity, Turn, Understood

CHANNELS: dict[str, Channel] = {"sms": "sms", "assist": "assist"}
SIGNALS = frozenset({"care", "lapsed"})  # entities that only rules look at
UNSURE = "nlu_fallback"
SURE = 0.5  # a risk flag below it is a faint sign: answered with a kind question, not with a pause
_TO_SIMPLIFIED = opencc.OpenCC("t2s")


def understood_of(message: Mapping[str, Any]) -> Understood:
    """What the language model made of a message, from `tracker.latest_message`."""
    ranking = tuple(str(i["name"]) for i in message.get("intent_ranking", []) if i.get("name") != UNSURE)
    intent = message.get("intent") or {}
    emotion, reason = message.get("emotion") or {}, message.get("reason") or {}
    return Understood(
        text=simplified(message.get("text") or ""),
        intent=str(intent.get("name") or UNSURE),
        confidence=float(intent.get("confidence") or 0.0),
        entities=tuple(_entity(e) for e in message.get("entities", []) if e.get("entity") not in SIGNALS),
        emotion=str(emotion.get("name", "calm")),
        intensity=float(emotion.get("intensity", 0.0)),
        reason=reason.get("name"),
        risk=frozenset(str(r["name"]) for r in message.get("risk") or []),
        sure=frozenset(str(r["name"]) for r in message.get("risk") or [] if float(r.get("confidence", 1.0)) >= SURE),
        ranking=ranking,
    )


def simplified(text: str) -> str:
    """The text in Simplified characters, in which the guide reads; as it is where the length, and with it the entities' offsets, would change."""
    plain = _TO_SIMPLIFIED.convert(text)
    return plain if len(plain) == len(text) else text


def _entity(found: Mapping[str, Any]) -> Entity:
    value = found.get("value")
    return Entity(str(found["entity"]), None if value is None else str(value), int(found.get("start") or 0), int(found.get("end") or 0),
                  found.get("bound"), found.get("per"), found.get("unit"))


def clock_of(message: Mapping[str, Any], config: Settings) -> datetime:
    """The conversation's now: the real clock, or the one that the message carries where that is allowed."""
    carried = (message.get("metadata") or {}).get("now")
    if config.trust_clock and carried:
        moment = datetime.fromisoformat(carried)
        return moment if moment.tzinfo else moment.replace(tzinfo=config.zone)
    return datetime.now(config.zone)


def turn_of(tracker: Tracker, config: Settings) -> Turn:
    """The turn that the tracker's latest message is. Verified only as long as the rules' own slot says so (it lapses after silence)."""
    message = tracker.latest_message
    memory = recall(tracker.get_slot("memory"))
    if memory.verified and not tracker.get_slot("verified"):
        memory = memory.with_(verified=False, question=None, acknowledged=(), last_says=())
    channel = CHANNELS.get(tracker.get_latest_input_channel() or "", "chat")
    own_id = (message.get("metadata") or {}).get("message_id")
    return Turn(understood_of(message), tracker.sender_id, channel, clock_of(message, config), memory, f"{tracker.sender_id}:{own_id}" if own_id else None)
