"""Adjusting (guide 6.3): ask what does not fit, change that and keep the rest, say what cannot change and who could."""

from __future__ import annotations

import re

from zhuhuan.guide.asking import ask
from zhuhuan.guide.detours import detoured
from zhuhuan.guide.handing import to_person
from zhuhuan.guide.offers import present
from zhuhuan.guide.scene import Scene, acknowledged, begin
from zhuhuan.guide.settle import settle
from zhuhuan.guide.step import next_step, pick_loan, terms_named
from zhuhuan.guide.turn import Desk, Outcome, Say, Turn
from zhuhuan.plans import negotiation
from zhuhuan.plans.values import Declined, Objection

OBJECTIONS: tuple[tuple[Objection, str], ...] = (
    ("interest", "利息|罚息|手续费|多还|费用|成本"),
    ("start", "太早|太快了?.{0,3}开始|下个?月(?:就)?(?:不行|没有|还不)|来不及|日子|日期|时间太(?:早|紧|赶)|太赶|几号"),
    ("length", "太长|太久|拖.{0,3}长|这么多期|期数太多|拖不起"),
    ("amount", "多|高|还不起|拿不出|够呛|不够|压力|负担|承受|太重|吃不消|钱数|金额|少点|低点|降|紧|短|期太少|凑不"),
    ("trust", "骗|信不过|不信|说话算|反悔|变卦|忽悠|套路|书面|凭啥信|靠谱"),
)


def objection_in(text: str) -> Objection | None:
    """What is objected to, by the member's own words; None where it is not said."""
    return next((name for name, words in OBJECTIONS if re.search(words, text)), None)


@detoured
def reject(turn: Turn, desk: Desk) -> Outcome:
    """The plan does not fit: asked what, where it was not said; else that is changed."""
    says, scene = acknowledged(begin(turn, desk))
    if scene.loan is None:
        return pick_loan(scene, *says)
    objection = objection_in(turn.understood.text)
    if not scene.memory.offers:
        return next_step(scene, *says)
    if scene.said != scene.before.said and terms_named(scene.said):
        return settle(scene, *says)
    if objection is None and turn.question != "objection":
        return ask(scene, "objection", *says)
    return change(scene, objection, *says)


def change(scene: Scene, objection: Objection | None, *lead: Say) -> Outcome:
    """Change what was objected to, keep the rest; a refused plan never comes again."""
    assert scene.loan is not None
    state, changed = negotiation.answer(scene.negotiation, scene.loan, scene.said, objection, scene.desk.policy, scene.turn.today)
    scene = scene.negotiated(state)
    if isinstance(changed, Declined):
        lead = (*lead, Say("utter_cannot_change", {"why": changed.why}))
        return to_person(scene, f"方案没谈拢（{objection or '未说明'}）：{changed.why}", *lead)
    if not changed.offers:
        return to_person(scene, f"方案没谈拢（{objection or '未说明'}）", *lead, Say("utter_no_plan_fits", {"why": changed.declined[0].why if changed.declined else ""}))
    return present(scene, state.table, *lead, Say(f"utter_adjusted_{objection or 'other'}"), why=negotiation.explain(state.steps[-1]), stage="adjust")


@detoured
def terms(turn: Turn, desk: Desk) -> Outcome:
    """Own terms, or a correction of one of them, also after acceptance (conversation.md 17)."""
    says, scene = acknowledged(begin(turn, desk))
    if scene.loan is None:
        return pick_loan(scene, *says)
    if scene.said == scene.before.said and not terms_named(scene.said):
        return next_step(scene, *says)
    return settle(scene, *says)


def nothing_to_object(turn: Turn, desk: Desk) -> Outcome:
    """`没有` after "what does not fit": then one plain yes is asked for."""
    scene = begin(turn, desk)
    if scene.memory.offers:
        return present(scene, scene.memory.offers[:1], why="nothing objected to", stage="adjust")
    return next_step(scene)


@detoured
def corrected(turn: Turn, desk: Desk) -> Outcome:
    """`不对 是十六号`: that one value is changed, all else stays."""
    scene: Scene = begin(turn, desk)
    if scene.said != scene.before.said and scene.loan is not None:
        return settle(scene, Say("utter_corrected"))
    return ask(scene, "objection", response="utter_ask_what_is_wrong")
