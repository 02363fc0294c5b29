"""Understanding (guide 5.2, 3.1): what happened and what is possible; told once, answered with feeling, never asked again."""

from __future__ import annotations

import re

from zhuhuan.guide.detours import detoured
from zhuhuan.guide.dispute import open_dispute
from zhuhuan.guide.identity import house_facts
from zhuhuan.guide.refused import refuse_to_talk
from zhuhuan.guide.scene import acknowledged, begin, hardship
from zhuhuan.guide.step import back_to, next_step
from zhuhuan.guide.turn import Desk, Outcome, Say, Turn

NO_TALK = re.compile(r"(?:没|莫|冇)(?:什么|啥|得|什麼)?(?:话)?好?(?:说|谈|聊|讲)的|(?:没|无)话(?:可|好)?说|不(?:想)?(?:谈|聊)|(?:别|不要|莫|甭)(?:再)?(?:问了|烦|跟我说)|懒得(?:理|跟)|说不着|无可奉告|选择沉默|不说了")

@detoured
def reason(turn: Turn, desk: Desk) -> Outcome:
    """Why the payment was missed."""
    says, scene = acknowledged(begin(turn, desk))
    if not says and turn.question == "reason":
        says = (Say("utter_ack_plain"),)
    if turn.understood.reason == "payment_failure" and scene.loan is not None:
        says = (*says, Say("utter_ways_around", house_facts(desk)))
    if scene.said.reason == "disputed":
        return open_dispute(scene, *says)
    if turn.question in ("accept_plan", "date", "amount", "periods") and not says:
        return back_to(scene, Say("utter_ack_plain"))
    return next_step(scene, *says).writing(*hardship(scene, "困难情况：" + turn.understood.text[:60]))


@detoured
def means(turn: Turn, desk: Desk) -> Outcome:
    """What comes in, what goes out, what is possible."""
    says, scene = acknowledged(begin(turn, desk))
    return next_step(scene, *(says or (Say("utter_ack_means"),)))


def not_telling(turn: Turn, desk: Desk) -> Outcome:
    """The question just asked is not answered: respected, not asked again, on to what would help (conversation.md 5).

    Who wants no talk at all is left in peace (guide 6.1).
    """
    if NO_TALK.search(turn.understood.text):
        return refuse_to_talk(turn, desk)
    scene = begin(turn, desk)
    declined = scene.memory.declined + ((turn.question,) if turn.question else ())
    scene = type(scene)(scene.turn, desk, scene.file, scene.memory.with_(declined=declined), scene.loan, scene.before)
    return next_step(scene, Say("utter_declined_respected"))


def which_loan(turn: Turn, desk: Desk) -> Outcome:
    """The loan just chosen; asked again with the list where it is still open."""
    scene = begin(turn, desk)
    if scene.loan is None:
        return next_step(scene, Say("utter_which_loan_unclear"))
    return next_step(scene, Say("utter_loan_chosen", {"product": scene.loan.product}))
