"""Who is speaking (conversation.md 8 to 12): no fact of any debt before the ID tail and the birth date are checked.

The registered number stands for the name; from any other number the name is needed too. What was wrong is never told, a missing part
is no failed attempt, three failures lead to a person, and whoever said not to be the member never becomes the member in that conversation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from zhuhuan.guide.turn import Desk, Memory, Outcome, Say, Turn
from zhuhuan.loans.values import MemberFile, OpenCase, Record

MAX_FAILURES = 3
DAY_ALONE = re.compile(r"(1[0-2]|0?[1-9])月(3[01]|[12]\d|0?[1-9])")
NAME = re.compile(r"(?:我(?:就)?(?:是|叫)|姓名[是:： ]?|名字(?:是|叫)?|本人)?\s*([\u4e00-\u9fff]{2,4})")


@dataclass(frozen=True)
class Identity:
    """What came of a message with identity details. `file` is set when they are right."""

    memory: Memory
    file: MemberFile | None = None
    say: Say | None = None
    records: tuple[Record, ...] = ()
    member_id: str | None = None


def _birth_heard(turn: Turn) -> date | None:
    given = turn.memory.given_birth
    for entity in turn.understood.values("birth_date"):
        if entity.value:
            return date.fromisoformat(entity.value)
    if given and turn.question == "verify":  # "2月17" after a slip: the day is put right, the year stays
        for entity in turn.understood.values("date"):
            if entity.value and "/" not in entity.value:
                day = date.fromisoformat(entity.value)
                try:
                    return given.replace(month=day.month, day=day.day)
                except ValueError:
                    return None
        if (found := DAY_ALONE.search(turn.understood.text)) and not turn.understood.values("id_tail"):
            try:
                return given.replace(month=int(found[1]), day=int(found[2]))
            except ValueError:
                return None
    return None


def _names_heard(turn: Turn) -> str | None:
    text = turn.understood.text
    if turn.understood.intent in ("provide_verification", "confirm_identity") and (found := NAME.match(text.strip())):
        return found.group(1)
    return None


def listen(turn: Turn, desk: Desk) -> Memory:
    """Memory with the identity details of this message."""
    memory = turn.memory
    tails = [e.value for e in turn.understood.values("id_tail") if e.value]
    birth = _birth_heard(turn)
    if tails:
        memory = memory.with_(given_tail=tails[-1].upper())
    if birth:
        memory = memory.with_(given_birth=birth)
    if not desk.book.file_by_phone(turn.sender, turn.today) and (name := _names_heard(turn)):
        memory = memory.with_(given_name=name)
    return memory


def _candidates(turn: Turn, desk: Desk, memory: Memory) -> tuple[MemberFile, ...]:
    own = desk.book.file_by_phone(turn.sender, turn.today)
    if own:
        return (own,)
    return desk.book.find(memory.given_name, turn.today) if memory.given_name else ()


def identify(turn: Turn, desk: Desk) -> Identity | None:
    """Take identity details from a message; None when it holds none (then the message is answered as what else it is)."""
    memory = listen(turn, desk)
    if memory.given_tail == turn.memory.given_tail and memory.given_birth == turn.memory.given_birth and memory.given_name == turn.memory.given_name:
        said_again = turn.understood.values("id_tail") or turn.understood.values("birth_date")
        if not said_again:
            return None
    if memory.denied:
        return Identity(turn.memory, say=Say("utter_takeover"))
    registered = desk.book.file_by_phone(turn.sender, turn.today) is not None
    if not memory.given_tail and not memory.given_birth:
        return None if registered else Identity(memory, say=Say("utter_need_both"))
    if not memory.given_tail:
        return Identity(memory, say=Say("utter_need_tail"))
    if not memory.given_birth:
        return Identity(memory, say=Say("utter_need_birth"))
    if not registered and not memory.given_name:
        return Identity(memory, say=Say("utter_need_name"))
    for file in _candidates(turn, desk, memory):
        if (file.member.id_tail, file.member.birth_date) == (memory.given_tail, memory.given_birth):
            verified = memory.with_(verified=True, member_id=file.member.id, failures=0, given_tail=None, given_birth=None, question=None)
            return Identity(verified, file=file)
    failures = memory.failures + 1
    owner = desk.book.file_by_phone(turn.sender, turn.today)
    if failures >= MAX_FAILURES:
        locked = memory.with_(failures=failures, locked=True, given_tail=None, given_birth=None)
        case = (OpenCase("hand_over", "身份核对三次未通过，需人工核实"),) if owner else ()
        return Identity(locked, say=Say("utter_locked"), records=case, member_id=owner.member.id if owner else None)
    return Identity(memory.with_(failures=failures), say=Say("utter_mismatch"))


def house_facts(desk: Desk) -> dict[str, str]:
    """The facts of the house that responses use."""
    house = desk.house
    return {"house": house.name, "assistant": house.assistant, "phone": house.phone, "hours": house.hours, "app": house.app, "branch": house.branch}


def answered(identity: Identity) -> Outcome:
    """The outcome of details that were incomplete or wrong."""
    says = (identity.say,) if identity.say else ()
    question = None if identity.memory.denied or identity.memory.locked else "verify"
    return Outcome(says, identity.memory.with_(question=question), identity.records, identity.member_id, why="identity")
