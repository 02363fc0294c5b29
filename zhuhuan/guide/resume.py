"""What was asked before verification is answered after it: intent to the decision that answers it."""

from __future__ import annotations

from dataclasses import replace

from zhuhuan.guide import dispute, inform, solve
from zhuhuan.guide.late import announced
from zhuhuan.guide.scene import Scene
from zhuhuan.guide.step import next_step
from zhuhuan.guide.turn import Outcome, Say
from zhuhuan.guide.words import tell_facts

TOPICS = {
    "claim_paid": dispute.open_claim, "dispute_debt": dispute.open_dispute, "ask_charges": inform.tell_charges,
    "ask_consequences": inform.tell_consequences, "ask_how_to_pay": inform.tell_how_to_pay, "request_waiver": solve.ask_waiver,
    "request_settlement": solve.ask_settlement,
}


TERMS = frozenset({"promise_to_pay", "offer_partial", "propose_terms", "request_deferral", "request_instalments"})


def resume(topic: str, scene: Scene, *lead: Say) -> Outcome:
    """Answer `topic`, an intent of before verification, now that the person is known."""
    if scene.loan is None:
        return next_step(scene, *lead)
    if topic in TOPICS:
        scene = replace(scene, memory=scene.memory.with_(facts_told=True, topic=None))
        return TOPICS[topic](scene, *lead, tell_facts(scene))
    if topic in TERMS and (late := announced(scene, *lead, topic=topic)):
        return late
    open_again = topic in TERMS  # other terms than those that stand were named
    return next_step(replace(scene, memory=scene.memory.with_(topic=None, agreed=scene.memory.agreed and not open_again)), *lead)
