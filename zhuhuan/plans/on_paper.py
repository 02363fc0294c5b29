"""A plan as a sheet to be drawn or written (zhuhuan.paper)."""

from __future__ import annotations

from datetime import date

from zhuhuan.loans.values import LoanFacts
from zhuhuan.paper.sheet import Payment, Sheet
from zhuhuan.plans.explain import KIND_WORDS
from zhuhuan.plans.telling_tables import STAFF_WORDS
from zhuhuan.plans.values import Offer


def offer_sheet(offer: Offer, loan: LoanFacts, name: str, today: date) -> Sheet:
    """The payments of a plan for a loan of the member `name`."""
    about = [("贷款", f"{loan.product} {loan.loan_id}"), ("办法", KIND_WORDS[offer.kind]), ("审批", STAFF_WORDS[offer.approval])]
    if offer.papers:
        about.append(("材料", "、".join(offer.papers)))
    payments = tuple(Payment(part.due, part.amount) for part in offer.schedule)
    return Sheet(f"还款方案：{name}", loan.loan_id, today, payments, offer.total, tuple(about), offer.notes)
