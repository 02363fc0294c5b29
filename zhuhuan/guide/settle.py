"""From the member's own words to an agreement: their own terms, what is still missing, and what is written down when it is settled."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from zhuhuan.guide.asking import ask
from zhuhuan.guide.handing import to_person
from zhuhuan.guide.identity import house_facts
from zhuhuan.guide.offers import offer_plans, present
from zhuhuan.guide.scene import Scene
from zhuhuan.guide.turn import Outcome, Question, Say
from zhuhuan.guide.words import APPROVERS, agreement_words, offer_words
from zhuhuan.loans.values import AddPromise, Arrangement, Part, Promise
from zhuhuan.money import speak
from zhuhuan.plans import why
from zhuhuan.plans.affordability import beyond_means
from zhuhuan.plans.frame import frame_of
from zhuhuan.plans.lifecycle import to_record
from zhuhuan.plans.negotiation import on_table
from zhuhuan.plans.own_terms import own_terms
from zhuhuan.plans.values import Declined, Missing, Offer, Said

PAYS = re.compile(r"还|給|给|付|交|转|轉|存|打(?:过|来|给|进)|清|补上|弄上|凑齐|俾")
SURE_PROMISE = 0.9
COMMITMENTS = frozenset({"promise_to_pay", "offer_partial", "accept_plan", "affirm", "propose_terms", "request_settlement", "deny"})


def said_in_full(said: Said, offer: Offer) -> bool:
    """Whether every day and sum of the plan are the member's own words, so that nothing is left to be asked for a yes."""
    if len(offer.schedule) == 1 and not said.parts:
        return said.until is not None
    dated = [p for p in said.parts if p.due is not None]
    rest_dated = said.until is not None
    return bool(said.parts) and len(dated) == len(said.parts) and len(offer.schedule) in (len(dated), len(dated) + rest_dated)


def _commits(scene: Scene) -> bool:
    """Whether a promise is one: surely understood, of several sums each with its day, or with a word of paying. `补偿金18号到` tells when money comes and is asked about first."""
    heard = scene.turn.understood
    dated = sum(part.due is not None and part.amount is not None for part in scene.said.parts)
    return heard.intent != "promise_to_pay" or heard.confidence >= SURE_PROMISE or dated > 1 or bool(PAYS.search(heard.text))


def _same(standing: Arrangement | Promise, offer: Offer) -> bool:
    """Whether what stands has the days and sums of `offer`."""
    parts = standing.schedule if isinstance(standing, Arrangement) else (Part(standing.due, standing.amount),)
    return tuple(parts) == tuple(offer.schedule)


def agree(scene: Scene, offer: Offer, *lead: Say) -> Outcome:
    """Write the agreement down, in the place of what stood before, and repeat it (guide 7)."""
    assert scene.loan is not None
    record = to_record(scene.loan, offer)
    standing = scene.file.standing(scene.loan.loan_id)
    replaced = standing is not None
    if standing is not None and _same(standing, offer):
        name = "utter_same_again_waiting" if isinstance(standing, Arrangement) and standing.status == "awaiting_approval" else "utter_same_again"
        return scene.outcome(*lead, Say(name, {**agreement_words(standing, scene), **house_facts(scene.desk)}), stage="close", offers=(offer,), agreed=True, why="agreed already")
    scene = scene.negotiated(on_table(scene.negotiation, scene.said, (offer,), scene.turn.today))
    facts = {"schedule": offer_words(offer, scene), "total": speak(offer.total), "approver": APPROVERS.get(offer.approval, ""), **house_facts(scene.desk)}
    name = "utter_agreed_promise" if isinstance(record, AddPromise) else "utter_agreed" if offer.approval == "assistant" else "utter_agreed_waiting"
    before = (Say("utter_replaces"),) if replaced and scene.memory.agreed else ()
    out = scene.outcome(*lead, *before, Say(name, facts), stage="close", offers=(offer,), agreed=True,
                        why=f"agreed: {offer.kind}")
    return out.writing(record)


def settle(scene: Scene, *lead: Say) -> Outcome:
    """What the member's own terms come to: an agreement where all was said, a plan to say yes to, the one question missing, or an honest no."""
    assert scene.loan is not None
    terms = own_terms(scene.loan, scene.said, scene.desk.policy, scene.turn.today)
    if isinstance(terms, Missing):
        question: Question = terms.what
        no_progress = scene.turn.question == question and scene.said == scene.before.said
        if question in scene.memory.declined or no_progress:
            return offer_plans(scene, *lead)
        if terms.why:
            return ask(scene, question, *lead, Say("utter_contradiction", {"why": terms.why}))
        if terms.rest is not None and terms.what == "date":
            undated = [part.amount for part in scene.said.parts if part.due is None and part.amount is not None]
            if len(undated) > 1:
                return ask(scene, question, *lead, response="utter_ask_dates", facts={"sums": "、".join(speak(amount) for amount in undated)})
            return ask(scene, question, *lead, Say("utter_rest_open", {"rest": speak(terms.rest)}))
        if question == "date" and scene.memory.wish in ("instalments", "terms", None):
            return _with_usual_start(scene, *lead)
        return ask(scene, question, *lead, response="utter_ask_until" if question == "date" and scene.memory.wish == "deferral" else None)
    if isinstance(terms, Declined):
        lead = (*lead, Say("utter_terms_declined", {"why": terms.why}))
        if terms.approver:
            return to_person(scene, f"客户提出的安排超出规定：{terms.why}", *lead)
        possible = replace(scene.said, each=None, periods=None, defer_months=None, defer_days=None, parts=(), wish=None)
        return offer_plans(replace(scene, memory=scene.memory.with_(said=possible, wish=None)), *lead)  # what is possible instead
    return _weighed(scene, terms, *lead)


def _weighed(scene: Scene, terms: Offer, *lead: Say) -> Outcome:
    """The member's own plan: questioned kindly once where it is above the figures (conversation.md 19), agreed where all was said, else put to a yes."""
    short = beyond_means(terms, scene.said, scene.desk.policy, scene.loan, scene.turn.today)
    if short is not None and "beyond_means" not in scene.memory.asked:
        asked = (*scene.memory.asked, "beyond_means")
        facts = {"plan": offer_words(terms, scene), "afford": speak(short)}
        scene = scene.negotiated(on_table(scene.negotiation, scene.said, (terms,), scene.turn.today))
        return scene.outcome(*lead, Say("utter_beyond_means", facts), question="confirm", confirm="beyond_means", asked=asked, stage="solve")
    if short is not None:
        return to_person(scene, f"客户自己提出的安排超过了所说的收支：{offer_words(terms, scene)}", *lead, Say("utter_beyond_means_person"))
    if scene.turn.understood.intent in COMMITMENTS and said_in_full(scene.said, terms) and _commits(scene):
        return agree(scene, terms, *lead)
    return present(scene, (terms,), *lead, why="own terms of the member")


def _with_usual_start(scene: Scene, *lead: Say) -> Outcome:
    """Sums or a number of parts without a first day: laid out from the day on which the plan at hand begins, else from the policy's usual day."""
    assert scene.loan is not None
    usual = frame_of(scene.loan, scene.said, scene.desk.policy, scene.turn.today)
    start = _first_day_at_hand(scene) or usual.first_day()
    terms = own_terms(scene.loan, replace(scene.said, start=start), scene.desk.policy, scene.turn.today)
    if not isinstance(terms, Offer) or terms.key in {offer.key for offer in scene.memory.turned_down}:
        return offer_plans(scene, *lead)
    return _weighed(scene, replace(terms, why=why.instalments(usual)), *lead)


def _first_day_at_hand(scene: Scene) -> date | None:
    """The first day of the plan that stands or lies on the table: a change of sums leaves it as it is (conversation.md 17)."""
    standing = scene.file.standing(scene.loan.loan_id) if scene.loan else None
    parts = standing.schedule if isinstance(standing, Arrangement) else scene.memory.offers[0].schedule if len(scene.memory.offers) == 1 else ()
    return next((part.due for part in parts if part.due >= scene.turn.today), None)


def standing_words(scene: Scene) -> dict[str, str] | None:
    """What stands for the loan under discussion, in words; None where nothing does."""
    standing = scene.file.standing(scene.loan.loan_id) if scene.loan else None
    return agreement_words(standing, scene) if standing else None
