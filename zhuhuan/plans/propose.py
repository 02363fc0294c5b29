"""Two or three plans that fit what the member said, the best first (guide 5.3).

>>> from zhuhuan.money import yuan
>>> from zhuhuan.plans.policy import load_policy
>>> loan = LoanFacts("L1", "个人消费贷款", yuan("1860"), 12, date(2026, 11, 12), yuan("1860"), yuan("1860"))
>>> found = propose(loan, Said(at_most_month=yuan("800"), pay_day=15), load_policy(), date(2026, 11, 24))
>>> [(o.kind, len(o.schedule), o.approval) for o in found.offers][0]
('instalments', 3, 'assistant')
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from zhuhuan.loans.values import LoanFacts
from zhuhuan.money import speak
from zhuhuan.plans.affordability import fits_means
from zhuhuan.plans.explain import KIND_WORDS
from zhuhuan.plans.frame import Frame, frame_of
from zhuhuan.plans.kinds import BUILDERS
from zhuhuan.plans.own_terms import own_terms
from zhuhuan.plans.policy import APPROVERS, Policy
from zhuhuan.plans.values import Declined, Offer, OfferKey, PlanKind, Proposal, Said

MOST_OFFERS = 3
WISHED = 10  # what the member asked for goes before whatever else fits


def ranked(frame: Frame) -> list[PlanKind]:
    """The kinds that the policy allows for this loan, in the order in which they fit what was said."""
    order = frame.terms.order(frame.said.reason)
    wished = wishes(frame.said)
    if not wished:
        return list(order)
    return [kind for _, _, kind in sorted([(i - wished.get(kind, 0), i, kind) for i, kind in enumerate(order)])]


def wishes(said: Said) -> dict[PlanKind, int]:
    """The kinds that what was said points to, with the weight of each; WISHED places outweigh any reason."""
    found: dict[PlanKind, int] = {}
    if said.pay_months:
        found["seasonal"] = WISHED
    if said.defer_months or said.defer_days:
        found["deferral"] = WISHED + 2
    if said.defer_days:
        found["grace"] = WISHED - 1
    if said.periods or said.each or said.at_most_month or said.at_most_week:
        found["instalments"] = WISHED - 1
    if said.first_at_most or said.parts:
        found["partial"] = found["stepped"] = WISHED // 2
    if said.until:
        found["whole"] = WISHED
    if (wish := kind_wished(said)) is not None:
        found[wish] = 2 * WISHED
    return found


def kind_wished(said: Said) -> PlanKind | None:
    """The kind that was asked for in so many words; who wants less penalty asks for a settlement."""
    return "settlement" if said.wish == "waiver" else said.wish


def _variant(frame: Frame, kind: PlanKind, refused: Collection[object], taken: Collection[object]) -> tuple[Offer | None, Declined | None]:
    """The first variant of a kind that was neither refused nor is on the table already, and what was declined on the way."""
    declined: Declined | None = None
    for found in BUILDERS[kind](frame):
        if isinstance(found, Declined):
            declined = declined or found
        elif found.schedule not in refused and found.schedule not in taken:
            return found, declined
    return None, declined


def named_plan(frame: Frame, policy: Policy) -> Offer | None:
    """The plan that the member's own words describe, where it keeps every ceiling named and the figures allow it."""
    said = frame.said
    if kind_wished(said) == "settlement" or not (said.parts or said.each or said.until or said.periods or said.pay_months or said.first_at_most):
        return None
    own = own_terms(frame.loan, said, policy, frame.today)
    if not isinstance(own, Offer) or own.kind not in frame.terms.kinds:
        return None
    figures = frame.cap.figures
    in_reach = figures is None or any(m.at_most for m in said.pay_months) or fits_means(own.schedule, figures, frame.today)
    return own if in_reach and frame.holds(own.kind, own.schedule) else None


def nothing_fits(frame: Frame) -> Declined:
    """Why no plan fits, in words, and who could decide otherwise."""
    month = frame.cap.month
    if month is not None and frame.cap.source != "said":
        reason = f"按您说的收入和开支，每月大约能匀出{speak(month)}，现有的办法您都会吃力"
    elif month is not None:
        reason = f"每月最多{speak(month)}，现有的办法都排不下{speak(frame.debt)}"
    else:
        reason = f"按您说的条件，现有的办法都排不下{speak(frame.debt)}"
    return Declined("instalments", reason, next(a for a in APPROVERS if a != "assistant"))


def propose(loan: LoanFacts, said: Said, policy: Policy, today: date, refused: Collection[OfferKey] = (), region: str = "") -> Proposal:
    """Two or three plans of different kinds for a loan, ranked by how they fit what was said, and what was declined. `region`: the member's.

    Every maximum and start in `said` is kept; a plan that the member's own figures do not allow is not offered; a schedule in `refused`
    is not offered again. Costs: see `schedule.interest_fen`. Where nothing fits, `declined` says why and who could decide.
    """
    frame = frame_of(loan, said, policy, today, region)
    if frame.debt <= 0:
        return Proposal((), (Declined("whole", "这笔贷款现在没有要还的钱", None),), said, frame.debt)
    turned_down = [schedule for _, schedule in refused]  # a list: comparing is cheaper than hashing long schedules
    offers: list[Offer] = []
    declined: dict[PlanKind, Declined] = {}
    own = named_plan(frame, policy)
    if own is not None and own.schedule not in turned_down:
        offers.append(own)
    for kind in ranked(frame):
        if len(offers) == MOST_OFFERS:
            break
        if any(o.kind == kind for o in offers):
            continue
        offer, refusal = _variant(frame, kind, turned_down, [o.schedule for o in offers])
        if refusal is not None:
            declined[kind] = refusal
        if offer is not None and not _alike(offer, offers):
            offers.append(offer)
    wish = kind_wished(said)
    if wish is not None and wish not in frame.terms.kinds:
        declined[wish] = Declined(wish, f"“{KIND_WORDS[wish]}”这个办法我这里定不了", "collector")
    asked_for = wishes(said)
    offers.sort(key=lambda o: o != own and o.kind not in asked_for and o.approval != "assistant")  # what can be settled now comes first
    if not offers:
        declined["instalments"] = declined.get("instalments") or nothing_fits(frame)
    return Proposal(tuple(offers), tuple(declined.values()), said, frame.debt)


def _alike(offer: Offer, others: Collection[Offer]) -> bool:
    """Whether another single payment within a week of this one is on the table: to the member that is the same plan."""
    return len(offer.schedule) == 1 and any(
        len(o.schedule) == 1 and abs((o.schedule[0].due - offer.schedule[0].due).days) < 7 for o in others
    )
