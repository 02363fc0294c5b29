"""Facts in the words in which they are said: amounts to the fen, days with their weekday."""

from __future__ import annotations

from zhuhuan.calendar import day_in_words
from zhuhuan.guide.scene import Scene
from zhuhuan.guide.turn import Say
from zhuhuan.loans.values import Arrangement, LoanFacts, Promise
from zhuhuan.money import speak
from zhuhuan.plans.explain import in_sms, in_words, schedule_in_words
from zhuhuan.plans.values import Offer

MOVED = "顺延到"  # in the note that days of rest moved (explain.moves_in_words)
APPROVERS = {"collector": "信贷员", "supervisor": "主管", "committee": "审批小组"}


def loan_words(loan: LoanFacts, scene: Scene) -> dict[str, str]:
    """The facts of an overdue loan as they are said: product, amount to the fen, days past due, day of the oldest unpaid instalment.

    balance: what settles the loan today where its statement is known, else the balance in the book.
    """
    due = day_in_words(loan.due_date, scene.turn.today) if loan.due_date else ""
    return {"product": loan.product, "amount": speak(loan.overdue_amount), "days": str(loan.days_past_due), "due": due, "balance": speak(loan.owed.payoff if loan.owed else loan.balance)}


def tell_facts(scene: Scene) -> Say:
    """Amount and days of the loan, exactly (guide 3.2)."""
    assert scene.loan is not None
    return Say("utter_facts_one" if scene.loan.days_past_due <= 30 else "utter_facts_long", loan_words(scene.loan, scene))


def agreement_words(agreement: Arrangement | Promise, scene: Scene) -> dict[str, str]:
    """What stands, as it is repeated."""
    today = scene.turn.today
    if isinstance(agreement, Promise):
        return {"schedule": f"{day_in_words(agreement.due, today)}还{speak(agreement.amount)}", "total": speak(agreement.amount), "product": agreement.product}
    waiting = f"（还要等{APPROVERS.get(agreement.approval, '审批')}点头，定了才算数）" if agreement.status == "awaiting_approval" else ""
    return {"schedule": schedule_in_words(agreement.schedule, today) + waiting, "total": speak(agreement.total), "product": agreement.product}


def offer_words(offer: Offer, scene: Scene) -> str:
    """One plan in the words that fit the channel, with what has to be said openly."""
    if scene.turn.channel == "sms":
        notes = dict.fromkeys("遇休息日顺延" if MOVED in note else note for note in offer.notes)
        return in_sms(offer, scene.turn.today) + "".join(f"（{note}）" for note in notes)
    return in_words(offer, scene.turn.today) + "".join(f"（{note}）" for note in offer.notes)
