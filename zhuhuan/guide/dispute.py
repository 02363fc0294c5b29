"""What the member says is wrong: paid already, not owed, complained about. Neither denied nor simply believed: looked into by a person.

A complaint and a negotiation are independent of each other (conversation.md 20).
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from zhuhuan.calendar import day_in_words, next_workday
from zhuhuan.guide.handing import case_of
from zhuhuan.guide.hearing import bounds_of
from zhuhuan.guide.identity import house_facts
from zhuhuan.guide.scene import Scene, acknowledged, begin
from zhuhuan.guide.step import back_to, pick_loan
from zhuhuan.guide.turn import Desk, Outcome, Say, Turn
from zhuhuan.guide.words import loan_words
from zhuhuan.loans.values import ChangeContact, CloseCase, OpenCase, Record
from zhuhuan.money import speak

RECEIPT = re.compile(r"(?:有|要|给|开|看|查|打).{0,6}(?:回单|凭证|收据|电子单|明细|流水)|(?:回单|收据|凭证).{0,4}(?:吗|不|么|哪|怎)")
CHECK_DAYS = 3  # own default: a claimed payment is looked up within three days
COMPLAINT_DAYS = 15  # 银行业保险业消费投诉处理管理办法 (rules.md)


def answer_day(scene: Scene) -> date:
    """By when a claimed payment is looked up: the day told before while it is open, else a few days from now."""
    told = scene.file.contact.paused_until
    if scene.file.open_cases("claim_paid") and told is not None and told >= scene.turn.today:
        return told
    return next_workday(scene.turn.today + timedelta(days=CHECK_DAYS))


def part_due(scene: Scene) -> Decimal | None:
    """What of a standing agreement was to be paid by today: the sum meant by `转了` without a figure."""
    assert scene.loan is not None
    agreement = scene.file.standing(scene.loan.loan_id)
    due = [part.amount for part in getattr(agreement, "schedule", ()) if part.due <= scene.turn.today]
    return due[-1] if due else None


def open_claim(scene: Scene, *lead: Say) -> Outcome:
    """A payment that the book does not show: a case with the sum, no reminder until it is answered."""
    assert scene.loan is not None
    by = answer_day(scene)
    sums = [span[0] for e in scene.turn.understood.values("amount") if (span := bounds_of(e, scene.loan.overdue_amount))]
    claimed = sums[-1] if sums else scene.memory.claimed or part_due(scene)
    facts = {**loan_words(scene.loan, scene), **house_facts(scene.desk), "by": day_in_words(by, scene.turn.today)}
    again = bool(scene.file.open_cases("claim_paid"))
    earlier = scene.memory.claimed
    if sums and earlier is not None and earlier + sums[-1] == scene.loan.overdue_amount and again:
        facts |= {"claimed": speak(earlier), "rest": speak(sums[-1])}
        name, claimed = "utter_claim_complete", scene.loan.overdue_amount
    elif claimed is not None and claimed < scene.loan.overdue_amount:
        facts |= {"claimed": speak(claimed), "rest": speak(scene.loan.overdue_amount - claimed)}
        name = "utter_claim_part_again" if again else "utter_claim_part"
    else:
        name = "utter_claim_paid_again" if again else "utter_claim_paid"
    about = f"客户称已还{speak(claimed) if claimed is not None else '（未说金额）'}：{scene.turn.understood.text[:60]}"
    records = () if again and claimed == scene.before.claimed else (OpenCase("claim_paid", about, scene.loan.loan_id), ChangeContact(paused_until=by))
    receipt = (Say("utter_receipt", house_facts(scene.desk)),) if RECEIPT.search(scene.turn.understood.text) else ()
    return scene.outcome(*lead, Say(name, facts), *receipt, claimed=claimed, stage="inform", why="payment claimed").writing(*records)


def claim_paid(turn: Turn, desk: Desk) -> Outcome:
    """`我昨天就还了啊`."""
    says, scene = acknowledged(begin(turn, desk))
    return open_claim(scene, *says) if scene.loan else pick_loan(scene, *says)


def open_dispute(scene: Scene, *lead: Say) -> Outcome:
    """The debt or its amount is denied: a dispute case, collection of it rests until it is answered."""
    assert scene.loan is not None
    by = next_workday(scene.turn.today + timedelta(days=COMPLAINT_DAYS))
    heard = scene.turn.understood
    fraud = "fraud_victim" in heard.risk
    name = "utter_dispute_fraud" if fraud else "utter_dispute_guarantee" if heard.reason == "for_someone_else" else "utter_dispute_again" if scene.file.open_cases(
        "dispute") else "utter_dispute"
    facts = {**loan_words(scene.loan, scene), **house_facts(scene.desk), "by": day_in_words(by, scene.turn.today)}
    out = scene.outcome(*lead, Say(name, facts), stage="inform", why="debt disputed")
    records: tuple[Record, ...] = (case_of(scene, "fraud" if fraud else "dispute", "客户提出异议：" + heard.text[:60]), ChangeContact(paused_until=by))
    return out.writing(*records)


def dispute_debt(turn: Turn, desk: Desk) -> Outcome:
    """`这贷款不是我办的`, `数不对`."""
    says, scene = acknowledged(begin(turn, desk))
    return open_dispute(scene, *says) if scene.loan else pick_loan(scene, *says)


def complain(turn: Turn, desk: Desk) -> Outcome:
    """A complaint is taken, its term told, the member's own ways named; the talk goes on if the member wants."""
    scene = begin(turn, desk)
    by = scene.turn.today + timedelta(days=COMPLAINT_DAYS)
    again = bool(scene.file.open_cases("complaint"))
    facts = {**house_facts(desk), "by": day_in_words(by, scene.turn.today)}
    out = back_to(scene, Say("utter_complaint_again" if again else "utter_complaint", facts))
    return out.writing(OpenCase("complaint", "客户投诉：" + turn.understood.text[:80]))


def withdraw_complaint(scene: Scene) -> CloseCase:
    """A complaint stays open until withdrawn in words (conversation.md 26)."""
    return CloseCase("complaint", scene.turn.understood.text[:60])
