"""What a member can pay a month by the figures that he or she gave.

A plan counts on the low end of an income range, after the outgoings and other debts named and the living minimum (conversation.md 18).
`region` is the member's, such as 河南周口; empty where the caller does not know it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Literal

from zhuhuan.loans.values import LoanFacts, Part
from zhuhuan.money import FEN, ZERO, to_fen
from zhuhuan.plans.policy import Policy, Terms
from zhuhuan.plans.values import Income, Offer, Said

MONTH_DAYS = 30.4
WEEKS_A_MONTH = Decimal(52) / 12


@dataclass(frozen=True)
class Ceiling:
    """The most a plan may ask a month, in yuan. source: what it comes from: the member's own maximum, all figures, or income alone.

    said: the maximum that the member named, or None; strict, it is never averaged over months. figures: what the figures allow, or None.
    """

    month: Decimal | None = None
    source: Literal["said", "figures", "income", "none"] = "none"
    said: Decimal | None = None
    figures: Decimal | None = None

    def lump(self, day: date, today: date) -> Decimal | None:
        """The most that one sum on `day` may be: what the figures leave over until then, and never above the maximum named."""
        if self.figures is None:
            return self.said
        saved = self.figures * months_of_saving((day - today).days)
        return saved if self.said is None else min(saved, self.said)


def months_of_saving(days: int) -> int:
    """Months' money at hand after so many days; the running month always counts."""
    return max(1, round(days / MONTH_DAYS))


def income_a_month(income: Income, terms: Terms) -> Decimal:
    """The low end of an income in yuan a month, rounded down to the fen; a daily wage counts the policy's workdays."""
    times = {"day": Decimal(terms.workdays_a_month), "week": WEEKS_A_MONTH, "month": Decimal(1), "year": Decimal(1) / 12}[income.per]
    return (income.low * times).quantize(FEN, rounding=ROUND_DOWN)


def kept_back(said: Said, terms: Terms, region: str = "") -> Decimal:
    """Yuan a month that come before any plan, outgoings apart: what other loans take, and the living minimum of the household."""
    return (said.other_debts or ZERO) + terms.living(region, said.dependants or 0)


def affordable(said: Said, terms: Terms, region: str = "") -> Decimal | None:
    """Yuan a month left of the low end of the income after outgoings, other debts and the living minimum of the member's region, never below 0.

    None while income or outgoings are unknown; other debts and dependants that were not named count as none.

    >>> from zhuhuan.plans.policy import load_policy
    >>> terms = load_policy().terms("个人消费贷款", 12, date(2026, 11, 24))
    >>> affordable(Said(income=Income(Decimal("4000"), Decimal("5000")), outgoings=Decimal("2900")), terms)
    Decimal('800.00')
    """
    if said.income is None or said.outgoings is None:
        return None
    return max(ZERO, income_a_month(said.income, terms) - said.outgoings - kept_back(said, terms, region))


def _of_income(said: Said, terms: Terms, region: str) -> Decimal | None:
    """Yuan a month that an income bears while outgoings are unknown: the policy's share of it for all debts, never into the living minimum."""
    if said.income is None:
        return None
    income = income_a_month(said.income, terms)
    share = (income * terms.income_share).quantize(FEN, rounding=ROUND_DOWN) - (said.other_debts or ZERO)
    return max(ZERO, min(share, income - kept_back(said, terms, region)))


def ceiling(said: Said, terms: Terms, region: str = "") -> Ceiling:
    """The most that a plan may ask a month: the member's own maximum or what the figures allow, whichever is lower.

    While outgoings are unknown, the policy's share of the income bounds it. A week's maximum counts four times where no month's was named.
    """
    named = said.at_most_month
    if named is None and said.at_most_week is not None:
        named = said.at_most_week * 4
    figures, source = affordable(said, terms, region), "figures"
    if figures is None:
        figures, source = _of_income(said, terms, region), "income"
    if named is None and figures is None:
        return Ceiling()
    if figures is None or (named is not None and named <= figures):
        return Ceiling(named, "said", named, figures)
    return Ceiling(figures, "figures" if source == "figures" else "income", named, figures)


def fits_means(schedule: Sequence[Part], a_month: Decimal, today: date | None = None) -> bool:
    """Whether a schedule can be paid out of `a_month` yuan left over each month.

    Between any payment and the one before the first of a run (or `today`), the run must not come to more than the months between leave over.
    """
    fen, allowed = [to_fen(p.amount) for p in schedule], to_fen(a_month)
    starts = [today or schedule[0].due, *(p.due for p in schedule[:-1])]
    to_first = months_of_saving((schedule[0].due - starts[0]).days)
    for i, start in enumerate(starts):
        run = 0
        for j in range(i, len(schedule)):
            run += fen[j]
            days = (schedule[j].due - start).days
            # To the first payment the running month counts, and from there every month to a later one.
            months = months_of_saving(days) if i else to_first + round((schedule[j].due - schedule[0].due).days / MONTH_DAYS)
            if run > allowed * months:
                return False
    return True


def beyond_means(
    offer: Offer, said: Said, policy: Policy, loan: LoanFacts | None = None, today: date | None = None, region: str = ""
) -> Decimal | None:
    """Yuan a month that the member's own figures allow, where the plan asks for more; None where it fits or the figures are unknown.

    For the one kind question of conversation.md 19. `loan` gives the product's living minimum (else that of class other); `today` lets
    the months until the first payment count.
    """
    day = today or offer.schedule[0].due
    terms = policy.terms(loan.product if loan else "", loan.days_past_due if loan else 0, day)
    allowed = affordable(said, terms, region or (loan.region if loan else ""))
    if allowed is None or fits_means(offer.schedule, allowed, today):
        return None
    return allowed
