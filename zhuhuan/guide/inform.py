"""Informing (guide 3.2, 2.2): amounts, days, charges, consequences, ways to pay: exact, plain, never as a threat.

After the answer the conversation goes back to where it was; nothing said before is lost.
"""

from __future__ import annotations

from dataclasses import replace

from zhuhuan.guide.charges import charges_say
from zhuhuan.guide.detours import detoured
from zhuhuan.guide.identity import house_facts
from zhuhuan.guide.scene import Scene, acknowledged, begin
from zhuhuan.guide.settle import standing_words
from zhuhuan.guide.step import back_to, calm_enough, next_step, pick_loan
from zhuhuan.guide.turn import Desk, Outcome, Say, Turn
from zhuhuan.guide.words import loan_words, tell_facts
from zhuhuan.money import speak


def _return(scene: Scene, *lead: Say) -> Outcome:
    """Back to the pending question, to what stands, or on with the flow."""
    if scene.turn.question and scene.turn.question not in ("verify", "which_loan"):
        return back_to(scene, *lead)
    if scene.memory.agreed and standing_words(scene):
        return scene.outcome(*lead, Say("utter_agreement_stands"), stage="close", why="agreement stands")
    return next_step(replace(scene, memory=scene.memory.with_(facts_told=True)), *lead)


def overdue_details(turn: Turn, desk: Desk) -> Outcome:
    """How much, how long, which loan; every overdue loan apart where there are several."""
    says, scene = acknowledged(begin(turn, desk))
    if scene.loan is None:
        return pick_loan(scene, *says)
    scene = replace(scene, memory=scene.memory.with_(facts_told=True))
    return _return(scene, *says, tell_facts(scene), *_made_of(scene))


def _made_of(scene: Scene) -> tuple[Say, ...]:
    """What the arrears are made of, where there is more than one unpaid instalment or a penalty."""
    assert scene.loan is not None
    unpaid = [i for i in scene.loan.instalments if i.outstanding > 0 and i.due < scene.turn.today]
    if len(unpaid) < 2 and not scene.loan.penalty:
        return ()
    listing = "、".join(f"{i.due.month}月{i.due.day}日{speak(i.outstanding)}" for i in unpaid[:6])
    more = f"等{len(unpaid)}期" if len(unpaid) > 6 else ""
    penalty = f"，罚息{speak(scene.loan.penalty)}" if scene.loan.penalty else ""
    return (Say("utter_made_of", {"listing": listing + more + penalty}),)


def tell_charges(scene: Scene, *lead: Say) -> Outcome:
    """The member's own sum, or the rule in words where the book has no contract; figures only where the book has them (conversation.md 2)."""
    return _return(scene, *lead, charges_say(scene))


def tell_consequences(scene: Scene, *lead: Say) -> Outcome:
    """What follows from staying overdue, honestly (guide 2.2), and what the member can do about it."""
    assert scene.loan is not None
    text = scene.turn.understood.text
    topics = (("arrest", "抓|坐牢|坐监|判刑|拘|警察|公安|犯法"), ("family", "孩子|儿子|闺女|女儿|上学|考公|参军|当兵|家里人|老婆|老公|爸妈|父母|担保"),
              ("credit", "征信|黑名单|信用|记录|污点|失信"), ("court", "法院|起诉|告我|打官司|律师|强制|冻结|查封|拍卖|房子|抵押"), ("visit", "上门|单位|公司|老板|村里|找我|通讯录|打电话"))
    import re

    found = next((name for name, words in topics if re.search(words, text)), "general")
    return _return(scene, *lead, Say(f"utter_consequences_{found}", loan_words(scene.loan, scene)))


def tell_how_to_pay(scene: Scene, *lead: Say) -> Outcome:
    """Where to pay: only the member's own repayment account, in the app or at a branch; never a private account."""
    assert scene.loan is not None
    facts = {**loan_words(scene.loan, scene), **house_facts(scene.desk)}
    standing = standing_words(scene)
    name = "utter_how_to_pay_agreed" if standing else "utter_how_to_pay"
    return _return(scene, *lead, Say(name, {**facts, **(standing or {})}))


@detoured
def charges(turn: Turn, desk: Desk) -> Outcome:
    """`罚息怎么算的`."""
    says, scene = acknowledged(begin(turn, desk))
    return tell_charges(scene, *says) if scene.loan else pick_loan(scene, *says)


def consequences(turn: Turn, desk: Desk) -> Outcome:
    """`会上征信吗`."""
    says, scene = acknowledged(begin(turn, desk))
    if scene.loan is None:
        return pick_loan(scene, *says)
    if not says and turn.understood.emotion == "anxious" and calm_enough(scene):
        says = (Say("utter_ack_anxious"),)
    return tell_consequences(scene, *says)


@detoured
def how_to_pay(turn: Turn, desk: Desk) -> Outcome:
    """`钱转到哪个账户`."""
    says, scene = acknowledged(begin(turn, desk))
    return tell_how_to_pay(scene, *says) if scene.loan else pick_loan(scene, *says)
