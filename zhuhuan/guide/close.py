"""Closing (guide 7) and what may come at any point: thanks, a person, once more please, something else altogether."""

from __future__ import annotations

import re
from dataclasses import replace

from zhuhuan.guide.detours import UNSURE, detour, detoured
from zhuhuan.guide.handing import to_person
from zhuhuan.guide.identity import house_facts, identify
from zhuhuan.guide.offers import present
from zhuhuan.guide.open import consented, unverified
from zhuhuan.guide.refused import refuse_to_pay
from zhuhuan.guide.scene import Scene, acknowledged, begin
from zhuhuan.guide.second_thoughts import cancel
from zhuhuan.guide.settle import settle, standing_words
from zhuhuan.guide.step import back_to, next_step, terms_named
from zhuhuan.guide.turn import Desk, Memory, Outcome, Say, Turn
from zhuhuan.guide.understand import not_telling, reason
from zhuhuan.loans.values import OpenCase

WILL_NOT = re.compile(r"我?(?:就是|坚决)?不(?:会|想)?还(?!起|上|清|完)|一个(?:也|都)不(?:要|选|行)")


def goodbye(turn: Turn, desk: Desk) -> Outcome:
    """What was agreed once more, thanks, the door open."""
    if not turn.memory.verified:
        return Outcome((Say("utter_goodbye_open", house_facts(desk)),), turn.memory.with_(question=None, last_seen=turn.now), why="goodbye")
    scene = begin(turn, desk)
    standing = standing_words(scene)
    name = "utter_goodbye_agreed" if standing else "utter_goodbye_open"
    return scene.outcome(Say(name, {**house_facts(desk), **(standing or {})}), stage="close", why="goodbye")


@detoured
def thank(turn: Turn, desk: Desk) -> Outcome:
    """`谢谢`: warm and short; no new question, unless one is open."""
    if not turn.memory.verified:
        return Outcome((Say("utter_welcome"),), turn.memory.with_(last_seen=turn.now), why="thanks")
    if WILL_NOT.search(turn.understood.text):
        return refuse_to_pay(turn, desk)  # `一个都不要 我不还 谢谢你费心`
    scene = begin(turn, desk)
    standing = standing_words(scene)
    if standing:
        return scene.outcome(Say("utter_welcome_agreed", standing), stage="close", why="thanks")
    return back_to(scene, Say("utter_welcome"))


def ask_human(turn: Turn, desk: Desk) -> Outcome:
    """A person is asked for: at once, with everything said so far."""
    if not turn.memory.verified:
        found = identify(turn, desk)
        memory = found.memory if found else turn.memory
        own = desk.book.file_by_phone(turn.sender, turn.today)
        records = (OpenCase("hand_over", "客户要求人工：" + turn.understood.text[:40]),) if own and not memory.denied else ()
        return Outcome((Say("utter_human", house_facts(desk)),), memory.with_(question=None, last_seen=turn.now), records, own.member.id if own else None, why="asks for a person")
    if turn.understood.confidence < UNSURE and (other := detour(begin(turn, desk))):
        return other  # `能给我个书面的不` is no wish for a person
    says, scene = acknowledged(begin(turn, desk))
    return to_person(scene, "客户要求人工：" + turn.understood.text[:40], *says)


def ask_repeat(turn: Turn, desk: Desk) -> Outcome:
    """The last thing said, once more; after an outburst what lay on the table, not the words that answered it."""
    if turn.memory.verified and turn.memory.offers and any(name.split("_")[1] in ("anger", "distress") for name, _ in turn.memory.last_says):
        scene = begin(turn, desk)
        return present(scene, scene.memory.offers, why="back to the plans after an outburst")
    says = tuple(Say(name, dict(facts)) for name, facts in turn.memory.last_says) or (Say("utter_introduce", house_facts(desk)),)
    return Outcome((Say("utter_once_more"), *says), turn.memory.with_(last_seen=turn.now), why="repeated")


@detoured
def out_of_scope(turn: Turn, desk: Desk) -> Outcome:
    """Something else: who can help with it, and back."""
    if not turn.memory.verified:
        return unverified(turn, desk, lambda memory: Outcome((Say("utter_out_of_scope", house_facts(desk)),), memory, why="out of scope"))
    if turn.understood.reason and turn.question in ("reason", "means", None) and not turn.memory.agreed:
        return reason(turn, desk)  # a hardship told is heard, whatever else the sentence looked like
    return back_to(begin(turn, desk), Say("utter_out_of_scope", house_facts(desk)))


@detoured
def clarify(turn: Turn, desk: Desk) -> Outcome:
    """Unsure what was meant: one question with the two likeliest meanings; the second time a person is offered."""
    told_at_length = turn.question == "reason" and len(turn.understood.text) >= TOLD  # an open question was answered: heard, not questioned
    if turn.memory.verified and (told_at_length or (turn.question in ("reason", "means") and turn.understood.reason)):
        return reason(turn, desk)

    def reply(memory: Memory) -> Outcome:
        if memory.denied:
            return Outcome((Say(f"utter_denied_{memory.denied}", house_facts(desk)),), memory.with_(question=None), why="sender is not the member")
        again = "unclear" in memory.acknowledged[-1:]
        pair = [MEANINGS[i] for i in turn.understood.ranking if i in MEANINGS][:2]
        if not turn.memory.verified:
            say = Say("utter_unclear_unverified", house_facts(desk))
        elif again or len(pair) < 2:
            say = Say("utter_unclear_again", house_facts(desk))
        else:
            say = Say("utter_unclear", {"first": pair[0], "second": pair[1]})
        return Outcome((say,), memory.with_(acknowledged=(*memory.acknowledged, "unclear"), last_seen=turn.now), why="unsure")

    return reply(turn.memory) if turn.memory.verified else unverified(turn, desk, reply)


TOLD = 10  # characters from which on an unclear answer to the open question is a story and no riddle
MEANINGS = {
    "ask_overdue_details": "想问欠多少", "ask_charges": "想问利息怎么算", "ask_consequences": "担心有什么影响", "ask_how_to_pay": "想问怎么还", "ask_plan_options": "想看看有什么办法",
    "state_reason": "在说遇到的难处", "state_means": "在说手头的情况", "claim_paid": "说已经还过了", "dispute_debt": "觉得这笔账不对", "promise_to_pay": "打算到某天还上",
    "offer_partial": "想先还一部分", "request_instalments": "想分期还", "request_deferral": "想缓一缓再还", "request_waiver": "想减免一些", "request_settlement": "想一次结清",
    "accept_plan": "同意刚才的安排", "reject_plan": "觉得刚才的安排不合适", "propose_terms": "想按自己的办法还", "need_time": "想过会儿再说", "refuse_to_talk": "现在不想谈",
    "complain": "想投诉", "ask_human": "想找人工", "stop_contact": "不想再被联系",
}


@detoured
def yes(turn: Turn, desk: Desk) -> Outcome:
    """Yes to the question just asked; what it means is decided by that question."""
    says, scene = acknowledged(begin(turn, desk))
    confirm = scene.memory.confirm
    if turn.question == "confirm" and confirm == "consent":
        return consented(scene)
    if turn.question == "confirm" and confirm == "cancel":
        return cancel(scene)
    if turn.question == "confirm" and confirm == "beyond_means":
        return to_person(scene, "客户坚持的安排超过了所说的收支", Say("utter_beyond_means_person"))
    if turn.question == "callback_time":
        return next_step(scene, *says)
    if scene.said != scene.before.said and terms_named(scene.said):
        return settle(scene, *says)
    return _on(scene, *says)


@detoured
def no(turn: Turn, desk: Desk) -> Outcome:
    """No to the question just asked; a question not answered is respected and not put again."""
    says, scene = acknowledged(begin(turn, desk))
    if turn.question == "confirm" and scene.memory.confirm == "consent":
        return next_step(replace(scene, memory=scene.memory.with_(confirm=None, helper=None)), Say("utter_consent_declined"))
    if turn.question == "confirm" and scene.memory.confirm == "cancel":
        return scene.outcome(*says, Say("utter_agreement_stands"), stage="close", confirm=None, why="the agreement stands")
    if turn.question == "confirm" and scene.memory.confirm == "beyond_means":
        return next_step(replace(scene, memory=scene.memory.with_(confirm=None, offers=(), wish=None)), Say("utter_ack_plain"))
    if turn.question in ("reason", "means", "amount", "date", "periods", "callback_time"):
        return not_telling(turn, desk)
    return _on(scene, *says)


def _on(scene: Scene, *says: Say) -> Outcome:
    if scene.turn.question is None and scene.memory.agreed:
        return scene.outcome(*says, Say("utter_anything_else"), stage="close", why="nothing open")
    if scene.turn.question:
        return back_to(scene, *says)
    return next_step(scene, *says)
