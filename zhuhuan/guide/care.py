"""People in danger (conversation.md 23 to 25): self-harm, violence at home, a fraud still going on. No word on money.

12356: national help line, at least 18 hours a day, so at night 110 and 120 are given as well (rules.md). Only a person releases the pause.
"""

from __future__ import annotations

from datetime import date

from zhuhuan.guide.identity import house_facts
from zhuhuan.guide.turn import Desk, Memory, Outcome, Say, Turn
from zhuhuan.loans.values import CaseKind, ChangeContact, OpenCase, RaiseFlag, Record

UNTIL_RELEASED = date(9999, 12, 31)  # a pause that only a person ends
FLAGS = {"crisis": "self_harm", "abuse": "abuse_victim", "fraud": "fraud_victim"}


def _owner(turn: Turn, desk: Desk) -> str | None:
    own = desk.book.file_by_phone(turn.sender, turn.today)
    return turn.memory.member_id or (own.member.id if own else None)


def _outcome(turn: Turn, desk: Desk, name: str, kind: CaseKind, about: str, flag: str, *records: Record, memory: Memory | None = None) -> Outcome:
    owner = _owner(turn, desk)
    memory = (memory or turn.memory).with_(question=None, stage="de_escalate", last_seen=turn.now)
    written = (OpenCase(kind, about), RaiseFlag(flag, about[:40]), *records) if owner else ()
    return Outcome((Say(name, house_facts(desk)),), memory, written, owner, why=about)


def crisis(turn: Turn, desk: Desk) -> Outcome:
    """A sign of self-harm: a human voice, the help line and emergency numbers, collection paused, a person alerted."""
    again = turn.memory.crisis
    memory = turn.memory.with_(crisis=True)
    night = turn.now.hour >= 22 or turn.now.hour < 8
    known = _owner(turn, desk) is not None  # nobody can be alerted about a sender whom the book does not know
    name = "utter_crisis_unknown_sender" if not known else "utter_crisis_again" if again else "utter_crisis_night" if night else "utter_crisis"
    about = "客户有自伤征兆，请立即联系：" + turn.understood.text[:40]
    return _outcome(turn, desk, name, "crisis", about, "self_harm", ChangeContact(paused_until=UNTIL_RELEASED), memory=memory)


def crisis_holds(turn: Turn, desk: Desk) -> Outcome:
    """Whatever is said after a crisis sign: kindness, the numbers, a person; no money until a person releases it."""
    if "self_harm" in turn.understood.sure:
        return crisis(turn, desk)
    memory = turn.memory.with_(question=None, last_seen=turn.now)
    return Outcome((Say("utter_crisis_holds", house_facts(desk)),), memory, why="crisis pause stands")


def abuse(turn: Turn, desk: Desk) -> Outcome:
    """Violence suffered at home: safety first, no money talk."""
    return _outcome(turn, desk, "utter_abuse", "crisis", "客户或孩子在家中受到暴力：" + turn.understood.text[:40], "abuse_victim",
                    ChangeContact(paused_until=UNTIL_RELEASED))


def fraud(turn: Turn, desk: Desk) -> Outcome:
    """A fraud still going on: stopping the transfer comes before everything else."""
    return _outcome(turn, desk, "utter_fraud_now", "fraud", "客户可能正在被骗：" + turn.understood.text[:40], "fraud_victim")


def at_once(turn: Turn, desk: Desk) -> Outcome:
    """Whatever the intent: a danger heard now is answered now; a crisis heard before holds until a person releases it."""
    sure = turn.understood.sure
    if "self_harm" in sure or turn.memory.crisis:
        return crisis_holds(turn, desk)
    return abuse(turn, desk) if "abuse_victim" in sure else fraud(turn, desk)


def held(turn: Turn, desk: Desk) -> Outcome | None:
    """The crisis answer where a crisis is open on the sender's file, whatever is said and in whichever conversation; else None."""
    owner = _owner(turn, desk)
    file = desk.book.file_of(owner, turn.today) if owner else None
    if turn.memory.crisis or (file is not None and file.open_cases("crisis")):
        return crisis_holds(turn, desk)
    return None
