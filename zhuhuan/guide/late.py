"""`明天才能到账`: the member's own word that a payment comes later. Thanked for and written down; that one part is then not broken."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from zhuhuan.calendar import DAY, day_in_words
from zhuhuan.guide.broken import followed
from zhuhuan.guide.hearing import bounds_of
from zhuhuan.guide.scene import Scene
from zhuhuan.guide.turn import Outcome, Say
from zhuhuan.loans.keeping import IN_FORCE, Kept, status_by
from zhuhuan.loans.values import NoteLateness
from zhuhuan.money import speak
from zhuhuan.plans.lifecycle import grace_of

LATE = re.compile(r"晚|迟|拖|推|才(?:能|会|给)?(?:到|发|打|还|有|下来|转)|到不了|没到账|来不及|赶不上|差[一两几]?天|宽限")
COMMITS = frozenset({"promise_to_pay", "request_deferral", "propose_terms"})  # a day named with these is when it comes
ANOTHER_MATTER = frozenset({"claim_paid", "dispute_debt", "complain", "refuse_to_pay", "refuse_to_talk", "stop_contact", "ask_human"})
SURE = 0.6  # of another matter; below it the words and the day say more
NEAR = 1  # days ahead of a due date from which on a later day is lateness and no other plan


def announced(scene: Scene, *lead: Say, topic: str | None = None) -> Outcome | None:
    """The note of a late payment where that is what the message tells; None where it is about something else.

    topic: intent of what was told before verification; then the day is the one remembered from there.
    """
    standing = scene.file.standing(scene.loan.loan_id) if scene.loan else None
    heard = scene.turn.understood
    if scene.loan is None or standing is None or standing.status not in IN_FORCE or scene.turn.question not in (None, "verify"):
        return None
    if heard.intent in ANOTHER_MATTER and heard.confidence >= SURE:
        return None
    if topic not in COMMITS and heard.intent not in COMMITS and not LATE.search(heard.text):
        return None
    one = followed(scene, standing)
    grace = grace_of(scene.desk.policy.terms(scene.loan.product, scene.loan.days_past_due, scene.turn.today))
    today = scene.turn.today
    if one is None or status_by(one.status, one.parts, today, grace) != one.status:
        return None
    near = [p for p in one.parts if p.outstanding > 0 and not p.earlier and p.due <= today + NEAR * DAY]
    part = near[0] if near else None
    day = _day_named(scene, part, topic) if part else None
    if part is None or day is None or not part.due < day <= part.due + timedelta(days=grace.with_reason) or not _of_this_sum(scene, part):
        return None
    facts = {"product": standing.product, "due": day_in_words(part.due, today), "day": day_in_words(day, today), "amount": speak(part.outstanding)}
    said = scene.before.said if topic is None else replace(scene.said, until=None, start=None, defer_days=None)
    record = NoteLateness(scene.loan.loan_id, part.due, day, heard.text[:60] if topic is None else "核实身份前说的")
    out = scene.outcome(*lead, Say("utter_late_noted", facts), stage="close", agreed=True, said=said, wish=None, why=f"late payment announced for {day}")
    return out.writing(record)


def _day_named(scene: Scene, part: Kept, topic: str | None) -> date | None:
    if topic is not None:
        return scene.memory.mentioned
    heard = scene.turn.understood
    days = [date.fromisoformat(e.value.rpartition("/")[2]) for e in heard.values("date") if e.value]
    waits = [int(e.value) for e in heard.values("duration") if e.value and e.value.isdigit() and e.unit == "day"]
    if len(days) + len(waits) != 1 or heard.values("periods"):
        return None
    return days[0] if days else max(part.due, scene.turn.today) + waits[0] * DAY


def _of_this_sum(scene: Scene, part: Kept) -> bool:
    """Whether no other sum than that of the part is named."""
    assert scene.loan is not None
    sums = [span for e in scene.turn.understood.values("amount") if (span := bounds_of(e, scene.loan.overdue_amount))]
    return all(span in ((part.amount, part.amount), (part.outstanding, part.outstanding)) for span in sums)
