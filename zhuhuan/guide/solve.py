"""Solving (guide 5.3): plans that fit, the member's own wishes, and the plain yes that makes an agreement."""

from __future__ import annotations

import re
from dataclasses import replace

from zhuhuan.guide.adjust import change, objection_in
from zhuhuan.guide.detours import detoured
from zhuhuan.guide.handing import case_of, to_person
from zhuhuan.guide.identity import house_facts
from zhuhuan.guide.offers import offer_plans, present
from zhuhuan.guide.scene import Scene, acknowledged, begin, hardship
from zhuhuan.guide.settle import agree, settle
from zhuhuan.guide.step import next_step, pick_loan, tell_standing, terms_named
from zhuhuan.guide.turn import Desk, Outcome, Say, Turn
from zhuhuan.guide.words import APPROVERS, loan_words, offer_words
from zhuhuan.money import speak
from zhuhuan.plans.negotiation import on_table
from zhuhuan.plans.own_terms import own_terms
from zhuhuan.plans.values import Declined, Missing, Offer, Said

YES_FIRST = re.compile(r"(?:行|好|可以|中|要得|成|嗯嗯|同意|没问题|得|妥)(?!不|吗|么|不行)[的吧啊呀嘛哈，, ]")
PLAIN_YES = re.compile(r"(?:对|對|是|好|行|可以|中|要得|成|同意|没问题|没錯|没错|就这样|得)[的了啊呀嘞哈吧。！]*")
LESS = re.compile(r"(?<![多至])少|减|免|优惠|打折|折|便宜|让|抹|去掉|不算|划掉|勾掉")
HOW_MUCH = re.compile(r"多少|几多|几钱|啥数|什么数|怎么算|咋算")
NOD = re.compile(r"[嗯恩哦噢唔喔额呃m]+[。，!！~ ]*", re.IGNORECASE)
SURE_YES = 0.5  # below it a yes is read out once more: an agreement is never guessed
KIND_WORDS = {"instalments": "分期|分", "stepped": "先少后多|递增", "deferral": "缓|延|推|往后", "partial": "先还一", "grace": "宽限", "seasonal": "收|季", "whole": "一次|一把",
              "interest_only": "先还利息|只还利息|利息", "extension": "展期", "settlement": "结清"}
ORDINALS = (("第一|头一|①|^1$|^一$|前面|1号|方案一|方案1", 0), ("第二|②|^2$|^二$|方案二|方案2|中间", 1), ("第三|③|^3$|^三$|方案三|方案3|最后|后面", 2))


@detoured
def ask_options(turn: Turn, desk: Desk) -> Outcome:
    """`都有什么方案`, `哪个花的利息少`."""
    says, scene = acknowledged(begin(turn, desk))
    if scene.loan is None:
        return pick_loan(scene, *says)
    if terms_named(scene.said) and not isinstance(own_terms(scene.loan, scene.said, desk.policy, turn.today), Missing):
        return settle(scene, *says)
    return offer_plans(scene, *says)


@detoured
def wish(turn: Turn, desk: Desk) -> Outcome:
    """The member asks for instalments, a delay, a part now, or promises a day: own terms first, one question for what is missing."""
    if turn.question == "accept_plan" and turn.memory.offers and YES_FIRST.match(turn.understood.text):
        return accept(turn, desk)  # "行 从15号起"
    says, scene = acknowledged(begin(turn, desk))
    if scene.loan is None:
        return pick_loan(scene, *says)
    if not terms_named(scene.said) and scene.memory.wish in ("instalments", "terms"):
        return settle(scene, *says) if scene.said.at_most_month else next_step(scene, *says)
    return settle(scene, *says).writing(*hardship(scene, "困难情况，要求安排：" + turn.understood.text[:60]))


def ask_waiver(scene: Scene, *lead: Say) -> Outcome:
    """A waiver is nothing that the assistant can give: the case goes to who decides, the principal's plan goes on (conversation.md 20)."""
    facts = house_facts(scene.desk)
    again = bool(scene.file.open_cases("waiver"))
    out = _on(scene, *lead, Say("utter_waiver_again" if again else "utter_waiver", facts))
    return out.writing(case_of(scene, "waiver", f"客户申请减免：{scene.turn.understood.text[:60]}{_within_policy(scene)}"))


def _within_policy(scene: Scene) -> str:
    """What policy lets whom waive, for the person who decides; never said to the member."""
    loan = scene.loan
    if loan is None:
        return ""
    penalty = loan.owed.penalty if loan.owed is not None else loan.penalty
    debt = loan.owed.payoff if loan.owed is not None else loan.balance
    found = scene.desk.policy.terms(loan.product, loan.days_past_due, scene.turn.today).waiver(penalty, debt)
    if found is None:
        return ""
    return f"（罚息{speak(penalty)}，政策内{APPROVERS.get(found[0], found[0])}最多可减{speak(found[1])}）"


def _on(scene: Scene, *lead: Say) -> Outcome:
    if scene.memory.agreed:
        return scene.outcome(*lead, stage="close", why="agreement stands")
    if scene.memory.offers and scene.turn.question == "accept_plan":
        return scene.outcome(*lead, Say("utter_back_accept_plan"), question="accept_plan", why="back to the plan")
    return next_step(replace(scene, memory=scene.memory.with_(wish=None)), *lead)


@detoured
def waiver(turn: Turn, desk: Desk) -> Outcome:
    """`罚息能免了吗`."""
    says, scene = acknowledged(begin(turn, desk))
    return ask_waiver(scene, *says) if scene.loan else pick_loan(scene, *says)


def ask_settlement(scene: Scene, *lead: Say) -> Outcome:
    """All at once: the balance of the day, and who decides on less."""
    assert scene.loan is not None
    facts = {**loan_words(scene.loan, scene), **house_facts(scene.desk)}
    less = LESS.search(scene.turn.understood.text)
    if not less and scene.said.until is not None and not HOW_MUCH.search(scene.turn.understood.text):  # all at once on a day that was named is a promise
        return settle(replace(scene, memory=scene.memory.with_(wish="whole", said=replace(scene.said, wish="whole"))), *lead)
    if less:  # "if you waive, I pay" is no promise: what was said of days and sums goes into the case alone (conversation.md 20)
        scene = replace(scene, memory=scene.memory.with_(said=scene.before.said, wish=scene.before.wish))
    out = scene.outcome(*lead, Say("utter_settlement_less" if less else "utter_settlement", facts), stage="solve", why="settlement asked")
    return out.writing(case_of(scene, "waiver" if less else "hand_over", "客户想一次结清：" + scene.turn.understood.text[:60] + (_within_policy(scene) if less else "")))


@detoured
def settlement(turn: Turn, desk: Desk) -> Outcome:
    """`一次性还清能少点不`."""
    says, scene = acknowledged(begin(turn, desk))
    if scene.loan and scene.memory.wish == "instalments":
        return settle(scene, *says)  # `这笔分四次给吧` is no single payment, whatever it looked like
    return ask_settlement(scene, *says) if scene.loan else pick_loan(scene, *says)


def chosen(text: str, offers: tuple[Offer, ...]) -> Offer | None:
    """The plan that a yes means: the only one, or the one named by number or kind."""
    if len(offers) == 1:
        return offers[0]
    text = text.strip()
    for words, index in ORDINALS:
        if re.search(words, text) and index < len(offers):
            return offers[index]
    fits = [offer for offer in offers if re.search(KIND_WORDS.get(offer.kind, offer.kind), text)]
    return fits[0] if len(fits) == 1 else None


@detoured
def accept(turn: Turn, desk: Desk) -> Outcome:
    """A plain yes to a plan; with a day or sum of the member's own it changes that one thing first."""
    if NOD.fullmatch(turn.understood.text.strip()):
        return hedged(turn, desk)  # a nod to everything is no consent (conversation.md 14)
    says, scene = acknowledged(begin(turn, desk))
    if scene.loan is None:
        return pick_loan(scene, *says)
    if scene.memory.offers and turn.understood.confidence < SURE_YES and (objection := objection_in(turn.understood.text)):
        return change(scene, objection, *says)  # `听着还行 可我信不过你们`
    if not scene.memory.offers:
        return settle(scene, *says) if terms_named(scene.said) else offer_plans(scene, *says)
    if scene.memory.agreed and turn.question is None and scene.said == scene.before.said:
        return tell_standing(scene, *says) if scene.file.standing(scene.loan.loan_id) else next_step(scene, *says)
    offer = chosen(turn.understood.text, scene.memory.offers)
    if scene.said != scene.before.said and offer is None:
        return settle(scene, *says)  # `那我分四次总可以吧` of several plans: terms of the member's own, to be read out before a yes
    if scene.said != scene.before.said:  # "行 从15号起"
        changed = own_terms(scene.loan, _with_terms_of(offer, scene), desk.policy, turn.today)
        if isinstance(changed, Declined):
            return present(scene, scene.memory.offers, *says, Say("utter_terms_declined", {"why": changed.why}), why="change declined")
        if isinstance(changed, Missing):
            return settle(scene, *says)
        plain = turn.understood.confidence >= SURE_YES and offer is not None and _same_sums(changed, offer)
        return agree(scene, changed, *says) if plain else present(scene, (changed,), *says, why="changed, to be confirmed")
    if offer is not None and turn.understood.confidence < SURE_YES:
        return hedged(turn, desk)
    if offer is None:
        count = {2: "两", 3: "三"}.get(len(scene.memory.offers), str(len(scene.memory.offers)))
        return scene.outcome(*says, Say("utter_which_plan", {"count": count}), question="accept_plan", why="which plan is meant")
    return agree(scene, offer, *says)


def _same_sums(changed: Offer, offer: Offer) -> bool:
    """Whether a change left the sums as they were offered, give or take what other days cost: only then a yes needs no second one."""
    pairs = zip(changed.schedule, offer.schedule, strict=False)
    return len(changed.schedule) == len(offer.schedule) and all(abs(a.amount - b.amount) <= b.amount / 100 for a, b in pairs)


def _with_terms_of(offer: Offer | None, scene: Scene) -> Said:
    """What was said, completed by the plan on the table, so that one changed thing leaves the rest as it was offered."""
    said = scene.said
    if offer is None or offer.kind not in ("instalments", "stepped"):
        return said
    first = offer.schedule[0].due
    return replace(said, periods=said.periods or len(offer.schedule), start=said.start or first, pay_day=said.pay_day or (None if said.start else first.day))


def hedged(turn: Turn, desk: Desk) -> Outcome:
    """`都行`, `嗯` after a plan: never consent; the plan is read out once more and one plain yes is asked for (conversation.md 14)."""
    if PLAIN_YES.fullmatch(turn.understood.text.strip()) and len(turn.memory.offers) == 1 and turn.understood.confidence >= SURE_YES:
        return accept(turn, desk)
    scene = begin(turn, desk)
    if not scene.memory.offers:
        return next_step(scene)
    offer = chosen(turn.understood.text, scene.memory.offers) or scene.memory.offers[0]
    scene = scene.negotiated(on_table(scene.negotiation, scene.said, (offer,), turn.today))
    return scene.outcome(Say("utter_one_plain_yes", {"plan": offer_words(offer, scene)}), question="accept_plan", offers=(offer,), why="no plain yes")


def beyond_means_confirmed(turn: Turn, desk: Desk) -> Outcome:
    """The member stands by more than the figures allow: to a person, neither silently accepted nor refused (conversation.md 19)."""
    scene = begin(turn, desk)
    return to_person(scene, "客户坚持的安排超过了所说的收支", Say("utter_beyond_means_person"))


def approver_words(offer: Offer) -> str:
    """Who has to agree, in words; empty where the assistant may."""
    return APPROVERS.get(offer.approval, "")
