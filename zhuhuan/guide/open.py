"""Opening (guide 5.1): who, for whom, why, care. Before verification nothing is said or hinted of a debt.

Every decision here takes identity details first, whatever else the message is; what else was said is heard and kept for later.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from zhuhuan.calendar import day_in_words
from zhuhuan.guide.detours import detoured
from zhuhuan.guide.dispute import COMPLAINT_DAYS
from zhuhuan.guide.hearing import day_to_come, hear, wish_of
from zhuhuan.guide.identity import answered, house_facts, identify
from zhuhuan.guide.resume import resume
from zhuhuan.guide.scene import Scene, acknowledge, begin, flags_heard
from zhuhuan.guide.step import back_to, next_step, tell_standing
from zhuhuan.guide.turn import Desk, Memory, Outcome, Say, Turn
from zhuhuan.guide.words import tell_facts
from zhuhuan.loans.values import ChangeContact, Consent, OpenCase, Record
from zhuhuan.money import ZERO

CONSENTS = re.compile(r"答应|同意|可以|愿意|行|好|让.{0,6}(?:帮|替|说|办|弄)")
SURE_REFUSAL = 0.7
REFUSES = re.compile(r"不(?!好意思|知)|别|甭|莫|勿|唔|凭(?:什么|啥)|没必要|拒绝|干嘛|为(?:什么|啥)|骗")
SURE_DENIAL = 0.6
ABSENT = re.compile(r"不在|没在|出去|出门|不用|没带|打不通|联系不上|走了|住院|上班去")
BESIDE = re.compile(r"旁边|身边|在这|帮(?:我|他|她|老)?[妈爸爹娘奶爷老]|替(?:我)?[妈爸爹娘奶爷老]|念给|代我|我帮.{0,4}(?:打字|回|问|说)|不识字|不会(?:打字|用)|眼睛")
PAYS_FOR = re.compile(r"替[他她].{0,3}(?:还|交|付|给)|帮[他她].{0,3}(?:还|交|付)|我(?:来|给)[他她]?.{0,2}(?:还|付|交|垫)|说个数|多少钱.{0,4}我")


def keep_what_was_said(turn: Turn, memory: Memory) -> Memory:
    """What is told before verification is not asked again after it."""
    wish = wish_of(turn.understood, turn.question, memory.wish)
    substantive = _is_topic(turn)
    return memory.with_(said=hear(memory.said, turn.understood, turn.question, wish, ZERO, turn.today), wish=wish, last_seen=turn.now,
                        mentioned=day_to_come(turn.understood, turn.today) or memory.mentioned,
                        topic=turn.understood.intent if substantive else memory.topic)


LATER = frozenset({"claim_paid", "dispute_debt", "ask_charges", "ask_consequences", "ask_how_to_pay", "ask_plan_options", "request_waiver",
                   "request_settlement", "request_instalments", "request_deferral", "offer_partial", "promise_to_pay", "propose_terms"})
SURE_TOPIC = 0.5  # confidence of the intent from which on it is come back to: half of those below it were meant otherwise


def _is_topic(turn: Turn) -> bool:
    return turn.understood.intent in LATER and turn.understood.confidence >= SURE_TOPIC


def unverified(turn: Turn, desk: Desk, reply: Callable[[Memory], Outcome]) -> Outcome:
    """Identity first; `reply` answers a message without identity details."""
    if turn.memory.locked:
        return Outcome((Say("utter_locked", house_facts(desk)),), turn.memory.with_(question=None), why="locked")
    found = identify(turn, desk)
    if found is None:
        return reply(keep_what_was_said(turn, turn.memory))
    if found.file is None:
        out = answered(found)
        says, memory = acknowledge(turn, keep_what_was_said(turn, out.memory))
        return Outcome((*says, *(Say(s.response, house_facts(desk)) for s in out.says)), memory, out.records, out.member_id, out.why)
    return welcome(turn, desk, found.memory)


def welcome(turn: Turn, desk: Desk, memory: Memory) -> Outcome:
    """The person is verified: thank, answer what was told, greet with what was agreed, else go on with the guide's flow."""
    kept = keep_what_was_said(turn, memory) if turn.understood.intent != "provide_verification" else memory
    verified = Turn(turn.understood, turn.sender, turn.channel, turn.now, kept, turn.message_id)
    scene = begin(verified, desk)
    says, memory = acknowledge(verified, scene.memory)
    scene = type(scene)(scene.turn, desk, scene.file, memory, scene.loan, scene.before)
    lead = (Say("utter_verified", {"name": scene.file.member.name}), *says)
    if memory.helper and not any(consent.person == memory.helper for consent in scene.file.contact.consents):
        return scene.outcome(*lead, Say("utter_ask_consent"), question="confirm", confirm="consent", why="consent to the helper asked")
    topic = turn.understood.intent if _is_topic(turn) else turn.memory.topic
    if topic:
        return resume(topic, scene, *lead)
    if scene.loan and scene.file.standing(scene.loan.loan_id):
        return tell_standing(scene, *lead)
    return next_step(scene, *lead)


def _own_record(turn: Turn, desk: Desk, *records: Record) -> tuple[tuple[Record, ...], str | None]:
    """Records for the file of the member whose number this is, if it is one."""
    own = desk.book.file_by_phone(turn.sender, turn.today)
    return (records, own.member.id) if own else ((), None)


def _simple(turn: Turn, desk: Desk, response: str) -> Outcome:
    def reply(memory: Memory) -> Outcome:
        if memory.denied == "third_party" and (day := _day_named(turn)):
            return Outcome((Say("utter_third_party_day", {**house_facts(desk), "day": day}),), memory.with_(question=None), why="day noted, told nothing")
        if memory.denied:
            return Outcome((Say(f"utter_denied_{memory.denied}", house_facts(desk)),), memory.with_(question=None), why="sender is not the member")
        says, memory2 = acknowledge(turn, memory)
        return Outcome((*says, Say(response, house_facts(desk))), memory2.with_(question="verify", stage="open", asked=(*memory2.asked, "verify") if "verify" not in memory2.asked else memory2.asked), why=response)

    return unverified(turn, desk, reply)


def greet(turn: Turn, desk: Desk) -> Outcome:
    """Who, for whom, why, care; then identity (guide 5.1)."""
    return _simple(turn, desk, "utter_introduce_again" if "verify" in turn.memory.asked else "utter_introduce")


def say_who(turn: Turn, desk: Desk) -> Outcome:
    """Who is calling, that it is an assistant, and how to check that it is genuine."""
    return _simple(turn, desk, "utter_who")


def say_purpose(turn: Turn, desk: Desk) -> Outcome:
    """What it is about can be said to the member alone."""
    return _simple(turn, desk, "utter_purpose_private")


def identity_claimed(turn: Turn, desk: Desk) -> Outcome:
    """`我就是王建国`: thanks, and the details asked for."""
    return _simple(turn, desk, "utter_ask_verify")


def verification(turn: Turn, desk: Desk) -> Outcome:
    """Identity details, or what was meant as such and holds none."""
    return _simple(turn, desk, "utter_verify_unclear")


def hold(turn: Turn, desk: Desk) -> Outcome:
    """Anything about the matter itself: heard and kept, answered once the person is known."""
    return _simple(turn, desk, "utter_hold_until_verified")


def will_not_verify(turn: Turn, desk: Desk) -> Outcome:
    """The sender would rather not give details: respected, with another way."""
    if turn.understood.confidence < SURE_REFUSAL and not REFUSES.search(turn.understood.text):
        return greet(turn, desk)  # `前天那个有信儿没` asks, it does not refuse
    return _simple(turn, desk, "utter_verify_declined")


def complaint(turn: Turn, desk: Desk) -> Outcome:
    """A complaint of someone not verified: taken for the number's file, nothing about any matter said."""
    def reply(memory: Memory) -> Outcome:
        records, owner = _own_record(turn, desk, OpenCase("complaint", "投诉（未核实身份）：" + turn.understood.text[:80]))
        facts = {**house_facts(desk), "by": day_in_words(turn.today + timedelta(days=COMPLAINT_DAYS), turn.today)}
        return Outcome((Say("utter_complaint_unverified", facts),), memory, records, owner, why="complaint before verification")

    return unverified(turn, desk, reply)


def wrong_person(turn: Turn, desk: Desk) -> Outcome:
    """Apology, the number marked, nothing confirmed or denied, now or later in this conversation."""
    records, owner = _own_record(turn, desk, ChangeContact(wrong_number=True))
    memory = turn.memory.with_(denied="wrong_person", question=None, last_seen=turn.now)
    return Outcome((Say("utter_wrong_person", house_facts(desk)),), memory, records, owner, why="wrong number marked")


def third_party(turn: Turn, desk: Desk) -> Outcome:
    """Someone who knows the member: told nothing (rules.md); a helper beside the member may read and type once the member is verified."""
    heard = turn.understood
    if BESIDE.search(heard.text) and not ABSENT.search(heard.text) and not turn.memory.denied:
        found = identify(turn, desk)
        if found is not None and found.file is not None:
            out = welcome(turn, desk, found.memory.with_(helper=heard.text[:40]))
            return out
        memory = turn.memory.with_(helper=heard.text[:40], question="verify", last_seen=turn.now)
        return Outcome((Say("utter_helper_beside", house_facts(desk)),), memory, why="helper beside the member")
    name = "utter_third_party_pays" if PAYS_FOR.search(heard.text) else "utter_third_party_again" if turn.memory.denied else "utter_third_party"
    if day := _day_named(turn):
        memory = turn.memory.with_(denied="third_party", question=None, last_seen=turn.now)
        return Outcome((Say("utter_third_party_day", {**house_facts(desk), "day": day}),), memory, why="day noted, told nothing")
    first = () if turn.memory.denied or turn.memory.last_says else (Say("utter_who_to_others", house_facts(desk)),)
    memory = turn.memory.with_(denied="third_party", question="callback_time" if name == "utter_third_party" else None, last_seen=turn.now)
    return Outcome((*first, Say(name, house_facts(desk))), memory, why="third party, told nothing")


def _day_named(turn: Turn) -> str | None:
    days = [date.fromisoformat(e.value.partition("/")[0]) for e in turn.understood.values("date") if e.value]
    return day_in_words(days[0], turn.today) if days and days[0] >= turn.today else None


@detoured
def verified_third_party(turn: Turn, desk: Desk) -> Outcome:
    """In a verified conversation someone else speaks or is drawn in: the member's own consent is asked in one sentence."""
    scene = begin(turn, desk)
    return scene.outcome(Say("utter_ask_consent"), question="confirm", confirm="consent", helper=turn.understood.text[:40], why="consent asked")


def consented(scene: Scene) -> Outcome:
    """The member's own consent to a helper: recorded with person and matter, then on with the talk (conversation.md 10)."""
    record = ChangeContact(consents=(Consent(scene.memory.helper or "在场家人", "代为沟通本次安排"),))
    return next_step(replace(scene, memory=scene.memory.with_(confirm=None)), Say("utter_consent_recorded")).writing(record)


@detoured
def verified_wrong_person(turn: Turn, desk: Desk) -> Outcome:
    """After verification the sender says not to be the member: nothing more is told, the conversation is closed to facts."""
    scene = begin(turn, desk)
    if turn.understood.confidence < SURE_DENIAL:  # a verified conversation is not thrown away on a guess
        return scene.outcome(Say("utter_unclear_again", house_facts(desk)), question=turn.question, why="unsure whether the sender is the member")
    memory = Memory(denied="wrong_person", last_seen=turn.now)
    return Outcome((Say("utter_wrong_person", house_facts(desk)),), memory, flags_heard(scene), scene.file.member.id, why="sender takes back being the member")


@detoured
def verified_again(turn: Turn, desk: Desk) -> Outcome:
    """Identity given once more, or a greeting, in a verified conversation: go on where we were, with what was agreed."""
    if turn.question == "confirm" and turn.memory.confirm == "consent" and CONSENTS.search(turn.understood.text):
        return consented(begin(turn, desk))
    scene = begin(turn, desk)
    if scene.loan and turn.question is None and scene.file.standing(scene.loan.loan_id):
        return tell_standing(scene, Say("utter_greet_verified"))
    return back_to(scene, Say("utter_greet_verified")) if turn.question else next_step(scene, Say("utter_greet_verified"))


def verified_who(turn: Turn, desk: Desk) -> Outcome:
    """Who is speaking, once more, and back to where we were."""
    return back_to(begin(turn, desk), Say("utter_who_short", house_facts(desk)))


@detoured
def verified_purpose(turn: Turn, desk: Desk) -> Outcome:
    """`找我什么事` or `问这个干啥`: why we ask, with the facts once told."""
    scene = begin(turn, desk)
    if turn.question in ("means", "reason", "amount", "date", "periods"):
        return back_to(scene, Say(f"utter_why_{turn.question}"))
    return back_to(scene, tell_facts(scene)) if scene.loan else next_step(scene)
