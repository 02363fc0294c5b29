"""What a message is about although its intent says something else, by what is going on: a payment being looked into, plans on the table, a paper wanted.

These are few and each needs its own words in the message; everything else is Rasa's rules' to decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import wraps
from typing import TypeVar, cast

from zhuhuan.calendar import day_in_words, month_end
from zhuhuan.guide.charges import WORKING, charges_say, sum_told
from zhuhuan.guide.dispute import answer_day, open_claim
from zhuhuan.guide.hearing import FIRST_PART, after_new_year
from zhuhuan.guide.late import announced
from zhuhuan.guide.offers import compare, offer_plans
from zhuhuan.guide.refused import stop_contact
from zhuhuan.guide.scene import Scene, acknowledged, begin
from zhuhuan.guide.second_thoughts import awaited, stood_by, taken_back
from zhuhuan.guide.settle import settle
from zhuhuan.guide.step import back_to, next_step
from zhuhuan.guide.turn import Desk, Entity, Outcome, Say, Turn
from zhuhuan.loans.values import Arrangement, IssueNotice

PAID = re.compile(r"扣(?:了|过|款|走)|转(?:了|过去|过)|[还交存汇]过|[还交存汇打]了|到账|划走|入账")
PART_NOW = re.compile(r"先(?:[还给交付打转拿]|把)|先给你")
STOPS = re.compile(r"(?:别|不要|莫|少)(?:再|老|总|天天)?(?:给我)?(?:发短信|发信息|打电话|打了|联系)")
CORRECTS = re.compile(r"不是|不对|错了|改[成到为]|换[成到]|应该是")
PAYS_ALL = re.compile(r"还清|结清|全还|都还|还完|一把还|一次性?还|还上")
OTHERS_PAY = re.compile(r"(?:老板|厂|公司|单位|工头|包工头|甲方|对方|客户|保险|政府|村里|人家|他们?).{0,14}(?:给|发|结|赔|补|还)")  # 老板说腊月二十给结清
UNSURE = 0.6  # below it the values of a message say more than its intent
RESULT = re.compile(r"(?:查|核|对|弄|有)(?:好|完|清|到|出|明白|结果|消息|信)[了儿]?.{0,8}(?:告诉|说|发|通知|回|讲|联系)")
DAY_ALONE = re.compile(r"[0-9一二两三四五六七八九十廿]{1,3}[号號日](?:以?前|之前)?")
CHEAPER = re.compile(r"(?:哪|那)(?:个|种|样|一个).{0,6}(?:便宜|划算|省|少|合算|利息|好)|(?:利息|花钱|花费|花的).{0,4}(?:最)?少")
WRITTEN = re.compile(r"书面|纸质|纸面|白纸黑字|打印|盖章|协议|单子给我|写下来|写个(?:条|东西)|凭证")
DISPUTES = re.compile(r"不是我|没(?:有)?(?:借|欠|贷|签|办|用)|不对|弄错|搞错|算错|错了|不欠|冒|骗|盗|多收|不认|凭(?:什么|啥)|谁借|哪来|担保")
Decide = TypeVar("Decide", bound=Callable[[Turn, Desk], Outcome])


def detour(scene: Scene) -> Outcome | None:
    """The decision that what is going on calls for; None where the intent's own one stands."""
    heard = scene.turn.understood
    text = heard.text
    if scene.loan is None:
        return None
    if late := announced(scene):
        return late
    if scene.before.loan_id not in (None, scene.loan.loan_id) and heard.intent in ("affirm", "deny", "out_of_scope", "nlu_fallback", "ask_overdue_details", "accept_plan"):
        turned = replace(scene, memory=scene.memory.with_(facts_told=False, question=None))
        return next_step(turned, Say("utter_loan_chosen", {"product": scene.loan.product}))
    if (other := stood_by(scene) or taken_back(scene)) is not None:
        return other
    if heard.intent == "claim_paid" and heard.confidence < UNSURE and not PAID.search(text):
        return back_to(scene) if scene.turn.question in ("accept_plan", "confirm", "which_loan") else next_step(scene)
    if heard.confidence < UNSURE and (waits := awaited(scene)) is not None:
        return waits
    if heard.intent == "dispute_debt" and heard.confidence < UNSURE and not DISPUTES.search(text):
        return back_to(scene) if scene.turn.question else next_step(scene)
    if PAID.search(text) and (_being_looked_into(scene) or (heard.values("amount") and _names_past_day(scene))):
        # what was paid says nothing of what can be paid
        return open_claim(replace(scene, memory=scene.memory.with_(said=scene.before.said, wish=scene.before.wish)))
    if heard.confidence < UNSURE and heard.intent != "offer_partial" and PART_NOW.search(text) and heard.values("amount"):
        return settle(_heard_as(scene, "offer_partial"))
    if heard.confidence < UNSURE and scene.turn.question in ("accept_plan", "amount", "periods") and FIRST_PART.search(text) and heard.values("amount"):
        return settle(_heard_as(scene, "propose_terms"))
    if (heard.confidence < UNSURE or heard.intent == "deny") and (scene.before.agreed or len(scene.before.offers) == 1) and CORRECTS.search(text) and (heard.values("date") or heard.values("amount")):
        return settle(_heard_as(scene, "propose_terms", _of_the_month(scene)))
    if heard.confidence < UNSURE and heard.intent != "promise_to_pay" and PAYS_ALL.search(text) and not OTHERS_PAY.search(text) and any(e.value for e in heard.values("date")):
        says, promised = acknowledged(_heard_as(scene, "promise_to_pay"))
        return settle(promised, *says)
    if heard.confidence < UNSURE and STOPS.search(text):
        return stop_contact(scene.turn, scene.desk)
    if _being_looked_into(scene) and RESULT.search(text):
        return scene.outcome(Say("utter_claim_result_told", {"by": day_in_words(answer_day(scene), scene.turn.today)}), why="the result will be told")
    if scene.turn.question == "date" and not any(e.value for e in heard.values("date")) and (day := after_new_year(text, scene.turn.today)):
        return settle(_heard_as(scene, "request_deferral", (Entity("date", day.isoformat(), 0, len(text)),)))
    if heard.confidence < UNSURE and scene.turn.question == "date" and any(e.value is None for e in heard.values("date")):
        return offer_plans(scene)  # no day can be named: plans with days of ours instead of the same question again
    if len(scene.memory.offers) > 1 and scene.turn.question == "accept_plan" and CHEAPER.search(text):
        return compare(scene)
    if WORKING.search(text) and sum_told(scene):
        return back_to(scene, charges_say(scene))
    if WRITTEN.search(text) and (scene.memory.agreed or scene.memory.offers):
        return written(scene)
    return None


def _heard_as(scene: Scene, intent: str, entities: tuple[Entity, ...] | None = None) -> Scene:
    """The scene of the same message, heard with another intent (and other values)."""
    heard = scene.turn.understood
    other = replace(heard, intent=intent, confidence=UNSURE, entities=heard.entities if entities is None else entities)
    return begin(replace(scene.turn, understood=other), scene.desk)


def _of_the_month(scene: Scene) -> tuple[Entity, ...]:
    """Entities of a correction: a day without its month (`是28号`) is of the month that stands or lies on the table."""
    assert scene.loan is not None
    heard, standing = scene.turn.understood, scene.file.standing(scene.loan.loan_id)
    due = getattr(standing, "due", None) or (standing.schedule[0].due if isinstance(standing, Arrangement) else None)
    if len(scene.before.offers) == 1 and scene.turn.question == "accept_plan":
        due = scene.before.offers[0].schedule[0].due

    def moved(e: Entity) -> Entity:
        said = DAY_ALONE.fullmatch(heard.text[e.start : e.end]) if e.entity == "date" and e.value else None
        if said is None or due is None:
            return e
        day = date(due.year, due.month, min(int(date.fromisoformat(str(e.value)[-10:]).day), month_end(due).day))
        return replace(e, value=day.isoformat()) if day >= scene.turn.today else e

    return tuple(moved(e) for e in heard.entities)


def _being_looked_into(scene: Scene) -> bool:
    return scene.before.stage == "inform" and bool(scene.file.open_cases("claim_paid"))


def _names_past_day(scene: Scene) -> bool:
    days = [e.value.partition("/")[0] for e in scene.turn.understood.values("date") if e.value]
    return any(day < scene.turn.today.isoformat() for day in days)


def written(scene: Scene) -> Outcome:
    """A paper of what was agreed: drafted now, never claimed as sent (guide 6.1, 7)."""
    assert scene.loan is not None
    question = scene.turn.question if scene.turn.question == "accept_plan" else None
    says = (Say("utter_written", {"branch": scene.desk.house.branch}), *((Say("utter_back_accept_plan"),) if question else ()))
    return scene.outcome(*says, question=question, why="written form asked").writing(IssueNotice("agreement", scene.loan.loan_id))


def detoured(decide: Decide) -> Decide:
    """A decision that looks first at what is going on."""

    @wraps(decide)
    def first(turn: Turn, desk: Desk) -> Outcome:
        return (detour(begin(turn, desk)) if turn.memory.verified else None) or decide(turn, desk)

    return cast(Decide, first)
