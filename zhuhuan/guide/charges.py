"""Charges told by the member's own contract: one plain sentence, the whole working when it is asked for (guide 3.2)."""

from __future__ import annotations

import re

from zhuhuan.guide.identity import house_facts
from zhuhuan.guide.scene import Scene
from zhuhuan.guide.turn import Say
from zhuhuan.guide.words import loan_words
from zhuhuan.loans.owing.words import penalty_sentence, percent, short_sentence, uplift_words, working
from zhuhuan.money import speak

WORKING = re.compile(r"算式|明细|细账|清单|过程|一笔一笔|一笔笔|一项一项|一期一期|怎么来的|详细|公式|账目|列出来|拆开")
LINES = {"sms": 1}  # lines of working that one message holds


def wants_working(scene: Scene) -> bool:
    """Whether the working is asked for: by a word for it, or by asking again what was just told in one sentence."""
    return bool(WORKING.search(scene.turn.understood.text)) or (sum_told(scene) and scene.turn.understood.intent == "ask_charges")


def sum_told(scene: Scene) -> bool:
    """Whether the member's own sum was the last thing told."""
    return "utter_charges_own" in {name for name, _ in scene.before.last_says}


def charges_say(scene: Scene) -> Say:
    """What can be said of charges: the member's own sum where the book has the contract, else the rule in words and who gives the figure."""
    loan = scene.loan
    assert loan is not None
    facts = {**loan_words(loan, scene), **house_facts(scene.desk), "penalty": speak(loan.penalty)}
    if loan.owed is not None and loan.contract is not None:
        in_short = scene.turn.channel == "sms"
        sentence = (short_sentence if in_short else penalty_sentence)(loan.owed, loan.contract)
        if sentence is None:
            rate = percent(loan.contract.annual_rate)
            if loan.contract.penalty_uplift is None:
                return Say("utter_charges_no_penalty", {**facts, "rate": rate})
            return Say("utter_charges_none_yet", {**facts, "rate": rate, "uplift": uplift_words(loan.contract.penalty_uplift), "penalty_rate": percent(loan.contract.penalty_rate)})
        if wants_working(scene):
            return Say("utter_charges_working", {**facts, "working": working(loan.owed, loan.contract, LINES.get(scene.turn.channel, 12))})
        return Say("utter_charges_own", {**facts, "own": sentence})
    if loan.penalty:
        return Say("utter_charges_booked", facts)
    if loan.annual_rate is not None:
        return Say("utter_charges_rate", {**facts, "rate": percent(loan.annual_rate)})
    return Say("utter_charges_rule", facts)
