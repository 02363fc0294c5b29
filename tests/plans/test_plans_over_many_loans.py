"""Twenty thousand members a run, with and without a contract, saying all kinds of things: no offer breaks the policy, the member's words or the calendar."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from plans_given import POLICY

from benchmarks.plan_cases import TODAY, talks
from zhuhuan.calendar import is_workday
from zhuhuan.loans.values import LoanFacts
from zhuhuan.money import ZERO, to_fen
from zhuhuan.plans.frame import frame_of
from zhuhuan.plans.policy import APPROVERS
from zhuhuan.plans.propose import propose
from zhuhuan.plans.values import Offer, Said

LOANS, RUNS = 100, 200  # together 20,000 loans
REST_DAYS = (5, 6)


def faults(loan: LoanFacts, said: Said, offer: Offer) -> list[str]:
    """What is wrong with an offer."""
    frame, days, sums = frame_of(loan, said, POLICY, TODAY), [p.due for p in offer.schedule], [p.amount for p in offer.schedule]
    own_months = {m.month: m.at_most for m in said.pay_months if m.at_most is not None}
    named = said.at_most_month
    owed = frame.debt if offer.kind != "extension" or frame.whole_loan else frame_of(loan, Said(basis="balance"), POLICY, TODAY).debt
    if offer.kind in ("extension", "settlement", "interest_only"):  # their own limits are held by test_relief.py
        approved = True
    else:
        lowest = frame.terms.approver(offer.schedule, frame.debt, TODAY, offer.kind)
        approved = lowest is not None and APPROVERS.index(offer.approval) >= APPROVERS.index(lowest)
    checks = {
        "parts do not add up": sum(sums, ZERO) != offer.total,
        "total is not debt and cost": offer.kind != "settlement" and offer.total != owed + offer.cost,
        "cost below zero": offer.cost < 0,
        "a part of nothing": any(to_fen(amount) <= 0 for amount in sums),
        "days do not rise": any(b <= a for a, b in pairwise(days)),
        "before today or the start": days[0] < frame.floor,
        "a rest day": any(not is_workday(day) and day != TODAY for day in days) and said.weekday not in REST_DAYS,
        "above the maximum": named is not None and not own_months and max(sums) > named,
        "above a week's maximum": not own_months and said.at_most_week is not None and len(sums) > 1 and frame.weekly and frame.week_cap is not None and max(sums) > frame.week_cap,
        "above the first": said.first_at_most is not None and sums[0] > said.first_at_most,
        "nobody may agree": not approved,
        "no reason": not offer.why,
    }
    return [name for name, wrong in checks.items() if wrong]


@settings(max_examples=RUNS, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])
@given(st.integers(0, 2**40))
def test_no_offer_breaks_the_policy_or_what_was_said(seed: int) -> None:
    for loan, said in talks(LOANS, seed):
        proposal = propose(loan, said, POLICY, TODAY)
        assert proposal.offers or proposal.declined, (loan, said)
        wrong = [(found, offer, said) for offer in proposal.offers if (found := faults(loan, said, offer))]
        assert not wrong, wrong[0]
