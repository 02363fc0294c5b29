"""Plans on the table (guide 5.3): two or three that fit what was said, each with dates, amounts and its reason."""

from __future__ import annotations

from zhuhuan.guide.handing import to_person
from zhuhuan.guide.scene import Scene
from zhuhuan.guide.turn import Outcome, Say, Stage
from zhuhuan.guide.words import APPROVERS, offer_words
from zhuhuan.money import speak
from zhuhuan.plans import negotiation
from zhuhuan.plans.values import Offer

MAX_OFFERS = {"chat": 3, "sms": 2, "assist": 3}


def _line(number: int, offer: Offer, scene: Scene) -> str:
    approval = f"，要{APPROVERS[offer.approval]}点头" if offer.approval != "assistant" else ""
    if scene.turn.channel == "sms":
        return f"{number}. {offer_words(offer, scene)}{approval}"
    return f"{number}. {offer_words(offer, scene)}{approval}。{offer.why}"


def present(scene: Scene, offers: tuple[Offer, ...], *lead: Say, why: str, stage: Stage = "solve") -> Outcome:
    """Put plans on the table and ask for one plain yes, or for a choice."""
    scene = scene.negotiated(negotiation.on_table(scene.negotiation, scene.said, offers, scene.turn.today))
    if len(offers) == 1:
        offer = offers[0]
        facts = {"plan": offer_words(offer, scene), "why": offer.why, "total": speak(offer.total), "approver": APPROVERS.get(offer.approval, "")}
        name = "utter_offer_one" if offer.approval == "assistant" else "utter_offer_one_approval"
    else:
        facts = {"plans": "\n".join(_line(n, o, scene) for n, o in enumerate(offers, 1)), "count": {2: "两", 3: "三"}.get(len(offers), str(len(offers)))}
        name = "utter_offer_several"
    return scene.outcome(*lead, Say(name, facts), question="accept_plan", stage=stage, offers=offers, why=why)


def offer_plans(scene: Scene, *lead: Say) -> Outcome:
    """Two or three plans that fit what was said, or honestly why there is none and who could decide."""
    assert scene.loan is not None
    state, proposal = negotiation.offer(scene.negotiation, scene.loan, scene.said, scene.desk.policy, scene.turn.today, MAX_OFFERS[scene.turn.channel])
    scene = scene.negotiated(state)
    if not state.table:
        reason = proposal.declined[0].why if proposal.declined else "已经把能给的方案都看过了"
        return to_person(scene, "没有合适的方案：" + reason, *lead, Say("utter_no_plan_fits", {"why": reason}))
    return present(scene, state.table, *lead, why=negotiation.explain(state.steps[-1]))


def compare(scene: Scene, *lead: Say) -> Outcome:
    """The cheaper of the plans on the table by the very totals shown, and what speaks for the others."""
    offers = sorted(scene.memory.offers, key=lambda offer: (offer.total, offer.schedule[-1].due))
    first, second = offers[0], offers[1]
    number = {offer.key: str(i) for i, offer in enumerate(scene.memory.offers, 1)}
    facts = {"cheap": number[first.key], "cheap_total": speak(first.total), "other": number[second.key], "other_total": speak(second.total),
             "cheap_cost": speak(first.cost), "other_cost": speak(second.cost), "other_why": second.why, "cheap_why": first.why}
    name = "utter_compare_same" if first.total == second.total else "utter_compare"
    return scene.outcome(*lead, Say(name, facts), question="accept_plan", why="plans compared by their totals")
