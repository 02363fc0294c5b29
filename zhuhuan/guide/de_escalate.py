"""Anger and despair (guide 6.2): name the feeling, listen, no figures, one question at most; then back to where we were."""

from __future__ import annotations

from dataclasses import replace

from zhuhuan.guide import open, understand
from zhuhuan.guide.care import crisis
from zhuhuan.guide.identity import house_facts
from zhuhuan.guide.scene import Scene, begin, reason_of
from zhuhuan.guide.turn import Desk, Memory, Outcome, Say, Turn
from zhuhuan.loans.values import OpenCase, RaiseFlag

UNLIKELY = 0.4  # confidence below which despair is no more than one reading among several
PATIENCE = 2  # own default: after the second outburst a person or a later time is offered (issue 6, item 5)


def angry(turn: Turn, desk: Desk) -> Outcome:
    """Abuse or anger with no other request, before or after verification: nothing of a debt is said in either."""
    times = turn.memory.anger + 1
    violent = "violence" in turn.understood.sure
    name = "utter_violence" if violent else "utter_anger_first" if times < PATIENCE else "utter_anger_again"
    memory = turn.memory.with_(anger=times, stage="de_escalate", last_seen=turn.now, question=None if violent or times >= PATIENCE or turn.question == "accept_plan" else turn.question)
    own = desk.book.file_by_phone(turn.sender, turn.today)
    owner = memory.member_id or (own.member.id if own else None)
    records = (OpenCase("hand_over", "客户言语中有威胁，请主管处理：" + turn.understood.text[:40]), RaiseFlag("violence", "对话中有威胁言语")) if violent and owner else ()
    return Outcome((Say(name, house_facts(desk)),), memory, records, owner if records else None, why=f"anger {times}")


def distress(turn: Turn, desk: Desk) -> Outcome:
    """Despair or breakdown: with any sign of self-harm the crisis path; else care first, no figures, an ear and a person offered."""
    if "self_harm" in turn.understood.sure:
        return crisis(turn, desk)
    if reason_of(turn):  # a loss or hardship told, with at most a faint sign: answered as such
        return understand.reason(turn, desk) if turn.memory.verified else open.hold(turn, desk)
    if turn.memory.verified and turn.understood.confidence < UNLIKELY and "self_harm" not in turn.understood.risk and turn.understood.emotion != "sad":
        return understand.means(turn, desk)  # hardly a sign of despair: heard as what it says, not answered with a help line
    again = "distress" in turn.memory.acknowledged
    memory = turn.memory.with_(stage="de_escalate", last_seen=turn.now, acknowledged=(*turn.memory.acknowledged, "distress"), question=None)
    name = "utter_distress_again" if again else "utter_distress"
    if not turn.memory.verified:
        return Outcome((Say(name, house_facts(desk)),), memory, why="distress")
    scene: Scene = begin(turn, desk)
    scene = replace(scene, memory=scene.memory.with_(acknowledged=memory.acknowledged))
    return scene.outcome(Say(name, house_facts(desk)), stage="de_escalate", why="distress").writing(OpenCase("hardship", "客户情绪低落：" + turn.understood.text[:40]))


def calmer(memory: Memory) -> bool:
    """Whether the anger of before is over."""
    return memory.stage != "de_escalate"
