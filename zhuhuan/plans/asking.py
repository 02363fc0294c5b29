"""What is worth asking the member: only what could change the plans on offer.

>>> from zhuhuan.money import yuan
>>> from zhuhuan.plans.policy import load_policy
>>> policy, today = load_policy(), date(2026, 11, 24)
>>> small = LoanFacts("L1", "个人消费贷款", yuan("300"), 12, date(2026, 11, 12), yuan("300"), yuan("300"))
>>> large = LoanFacts("L1", "个人消费贷款", yuan("9000"), 12, date(2026, 11, 12), yuan("9000"), yuan("9000"))
>>> worth_asking(large, Said(at_most_month=yuan("200")), policy, today), worth_asking(large, Said(), policy, today)
((), ('income', 'outgoings'))
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import ROUND_DOWN, Decimal

from zhuhuan.loans.values import LoanFacts
from zhuhuan.money import FEN, ZERO
from zhuhuan.plans.affordability import income_a_month
from zhuhuan.plans.frame import Frame, frame_of
from zhuhuan.plans.kinds import SOON
from zhuhuan.plans.policy import Policy, Terms
from zhuhuan.plans.propose import named_plan, propose
from zhuhuan.plans.values import Income, Offer, Said


def worth_asking(loan: LoanFacts, said: Said, policy: Policy, today: date, region: str = "") -> tuple[str, ...]:
    """Which of income, outgoings, dependants and other_debts are unknown and could change the offers, in the order in which to ask for them.

    Each is tried in the hardest case that the policy holds plausible: where the member could still keep every plan that would be offered
    now, the question is not worth the time. Outgoings are tried beside the hardest income while that is unknown; the other two only once
    there is an income that they could lessen. Nothing is asked where the member's own words make a whole plan, or where only the moment
    was wrong (`forgot`) and no smaller sums were asked for.
    """
    frame = frame_of(loan, said, policy, today, region)
    if frame.debt <= 0 or named_plan(frame, policy) is not None or (said.reason in SOON and frame.part_cap is None):
        return ()
    offers = propose(loan, said, policy, today, region=region).offers
    if said.income is None:
        poor = _hardest("income", said, frame.terms)
        if _all_kept(replace(frame, said=poor), offers):
            return ()
        spent = _hardest("outgoings", poor, frame.terms)
        known = said.outgoings is not None or _all_kept(replace(frame, said=spent), offers)
        return ("income",) if known else ("income", "outgoings")
    unknown = [name for name in ("outgoings", "dependants", "other_debts") if getattr(said, name) is None]
    return tuple(name for name in unknown if not _all_kept(replace(frame, said=_hardest(name, said, frame.terms)), offers))


def _all_kept(frame: Frame, offers: Sequence[Offer]) -> bool:
    """Whether the member could keep every one of these plans by the figures of the frame."""
    return all(frame.holds(offer.kind, offer.schedule) for offer in offers)


def _hardest(name: str, said: Said, terms: Terms) -> Said:
    """`said` with one unknown in the hardest case that is plausible."""
    case = terms.plausible
    if name == "income":
        return replace(said, income=Income(case.income, case.income))
    if name == "dependants":
        return replace(said, dependants=case.dependants)
    income = income_a_month(said.income, terms) if said.income is not None else ZERO
    if name == "outgoings":
        return replace(said, outgoings=_part(income, case.outgoings_share))
    return replace(said, other_debts=_part(income, case.other_debts_share))


def _part(amount: Decimal, share: Decimal) -> Decimal:
    return (amount * share).quantize(FEN, rounding=ROUND_DOWN)
