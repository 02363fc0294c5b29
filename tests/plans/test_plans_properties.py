"""What holds for every plan, whatever the loan and whatever was said."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plans_given import POLICY, TODAY, loans, maybe, sums, words

from zhuhuan.calendar import is_workday
from zhuhuan.loans.delinquency import contract_facts
from zhuhuan.loans.owing.methods import schedule
from zhuhuan.loans.owing.position import replay
from zhuhuan.loans.owing.values import Contract, Entry
from zhuhuan.loans.values import LoanFacts
from zhuhuan.money import yuan
from zhuhuan.plans.adjust import adjust
from zhuhuan.plans.affordability import affordable, fits_means
from zhuhuan.plans.asking import worth_asking
from zhuhuan.plans.explain import SMS_LENGTH, in_sms, in_words
from zhuhuan.plans.frame import LUMPS, frame_of
from zhuhuan.plans.own_terms import own_terms
from zhuhuan.plans.policy import APPROVERS
from zhuhuan.plans.propose import propose
from zhuhuan.plans.values import Declined, Income, Missing, Offer, Proposal, Said

many = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
WEEKEND_RHYTHM = (5, 6)


REGIONS = st.sampled_from(["", "", "河南周口", "上海", "内蒙古通辽", "不在表里的地方"])


@st.composite
def contracted(draw: st.DrawFn) -> LoanFacts:
    """A loan with a contract, some of it paid, as it stands on TODAY."""
    step = draw(st.sampled_from([1, 1, 1, 3, 12]))
    contract = Contract(
        draw(sums(1000, 90000)), Decimal(draw(st.integers(0, 1500))) / 10000, draw(st.sampled_from(["equal_instalments", "equal_principal", "interest_first", "bullet"])),
        TODAY - timedelta(days=draw(st.integers(10, 900))), draw(st.integers(1, 60 // step)), step, penalty_uplift=draw(st.sampled_from([None, Decimal("0.5")])),
    )  # fmt: skip
    paid = draw(maybe(sums(10, 30000), 2))
    day = contract.disbursed + timedelta(days=draw(st.integers(1, (TODAY - contract.disbursed).days)))
    entries = (Entry(1, day, "payment", paid),) if paid else ()
    product = draw(st.sampled_from(["个人消费贷款", "农户种植贷款", "个人经营贷款", "个人住房贷款"]))
    return contract_facts(loan_id="L1", product=product, contract=contract, ledger=replay(contract, schedule(contract), entries, TODAY), today=TODAY)


@st.composite
def wider_words(draw: st.DrawFn) -> Said:
    """`words` with dependants and other debts, and wishes for every kind of plan."""
    wish = draw(maybe(st.sampled_from(["interest_only", "extension", "settlement", "waiver", "seasonal", "stepped"]), 2))
    said = draw(words())
    return replace(said, wish=wish or said.wish, dependants=draw(maybe(st.integers(0, 6), 2)), other_debts=draw(maybe(sums(0, 3000), 3)))


def debt_of(loan: LoanFacts, said: Said) -> Decimal:
    """What a plan has to clear."""
    if said.basis == "balance" or said.wish in ("settlement", "extension"):
        return loan.owed.payoff if loan.owed is not None else loan.balance
    if loan.overdue:
        return loan.overdue_amount
    return min(loan.instalment_amount, loan.balance) if loan.owed is None else loan.owed.next_amount


def check_sound(loan: LoanFacts, said: Said, offer: Offer) -> None:
    """What must be so of any plan, the member's own included."""
    debt = debt_of(loan, said)
    assert offer.schedule
    assert sum(p.amount for p in offer.schedule) == offer.total
    if offer.kind == "settlement":
        penalty = loan.owed.penalty if loan.owed is not None else loan.penalty
        assert said.wish in ("settlement", "waiver") and 0 <= debt + offer.cost - offer.total <= penalty
        assert offer.approval != "assistant" or offer.total == debt + offer.cost
    else:
        assert offer.total == debt + offer.cost
    assert all(p.amount > 0 and p.amount == p.amount.quantize(Decimal("0.01")) for p in offer.schedule)
    assert offer.cost >= 0
    if loan.annual_rate is None:
        assert offer.cost == 0
    days = [p.due for p in offer.schedule]
    assert days == sorted(set(days))
    assert days[0] >= TODAY
    if said.weekday not in WEEKEND_RHYTHM:
        assert all(is_workday(day) or day == TODAY for day in days)
    assert offer.approval in APPROVERS
    assert offer.why and offer.why[-1] not in "。，"
    assert len(in_sms(offer, TODAY)) <= SMS_LENGTH
    assert all(str(p.amount) in in_words(offer, TODAY) or len(offer.schedule) > 2 for p in offer.schedule)
    if offer.promise:
        assert offer.kind == "whole" and len(offer.schedule) == 1 and offer.approval == "assistant"


def check_kept(said: Said, offer: Offer) -> None:
    """What must be so of a plan that the assistant proposes: every ceiling and start that was named."""
    if said.start is not None:
        assert offer.schedule[0].due >= said.start
    own = {m.month for m in said.pay_months if m.at_most is not None} if offer.kind == "seasonal" else set()
    if said.at_most_month is not None and not own:
        assert all(p.amount <= said.at_most_month for p in offer.schedule)
    if said.first_at_most is not None:
        assert offer.schedule[0].amount <= said.first_at_most


@many
@given(loans(), words())
def test_every_proposal_is_sound_and_keeps_what_was_said(loan: LoanFacts, said: Said) -> None:
    proposal = propose(loan, said, POLICY, TODAY)
    assert proposal.offers or proposal.declined
    assert len(proposal.offers) <= 3
    assert len({o.kind for o in proposal.offers}) == len(proposal.offers)
    assert len({o.schedule for o in proposal.offers}) == len(proposal.offers)
    for offer in proposal.offers:
        check_sound(loan, said, offer)
        check_kept(said, offer)
    for declined in proposal.declined:
        assert declined.why


@many
@given(loans() | contracted(), wider_words(), REGIONS)
def test_every_kind_is_sound_on_loans_with_a_contract_too_and_keeps_what_was_said(loan: LoanFacts, said: Said, region: str) -> None:
    proposal = propose(loan, said, POLICY, TODAY, region=region)
    assert proposal.offers or proposal.declined
    assert len({o.kind for o in proposal.offers}) == len(proposal.offers) <= 3
    terms = POLICY.terms(loan.product, loan.days_past_due, TODAY)
    for offer in proposal.offers:
        check_sound(loan, said, offer)
        check_kept(said, offer)
        assert offer.papers in ((), terms.papers(offer.kind))
        if offer.kind == "extension":
            assert loan.contract is not None and offer.approval != "assistant" and offer.papers
        if offer.kind == "interest_only":
            assert loan.annual_rate


@many
@given(loans() | contracted(), sums(0, 9000), sums(0, 6000), st.integers(0, 5), sums(0, 2000), REGIONS, st.sampled_from(["unemployment", "business_loss", None]),
       st.sampled_from(["arrears", "balance"]), st.sampled_from([None, "settlement", "waiver", "extension", "interest_only"]))
def test_no_plan_is_proposed_that_the_member_cannot_keep_by_own_figures(
    loan: LoanFacts, income: Decimal, outgoings: Decimal, dependants: int, debts: Decimal, region: str, reason: str | None, basis: str, wish: str | None,
) -> None:
    said = Said(income=Income(income, income), outgoings=outgoings, reason=reason, dependants=dependants, other_debts=debts, basis=basis, wish=wish)  # type: ignore[arg-type]
    terms = POLICY.terms(loan.product, loan.days_past_due, TODAY)
    allowed = affordable(said, terms, region)
    assert allowed == max(Decimal(0), income - outgoings - debts - yuan(terms.living(region) * (1 + terms.dependant_share * dependants)))
    for offer in propose(loan, said, POLICY, TODAY, region=region).offers:
        if offer.kind in LUMPS or len(offer.schedule) == 1:
            assert fits_means(offer.schedule[:1], allowed, TODAY)
        if offer.kind not in LUMPS or len(offer.schedule) > 1:
            assert fits_means(offer.schedule, allowed, TODAY) or all(p.amount <= allowed for p in offer.schedule)


@many
@given(loans(), wider_words())
def test_what_is_not_worth_asking_would_leave_every_plan_one_that_can_be_kept(loan: LoanFacts, said: Said) -> None:
    asked = worth_asking(loan, said, POLICY, TODAY)
    assert set(asked) <= {name for name in ("income", "outgoings", "dependants", "other_debts") if getattr(said, name) is None}
    case = POLICY.terms(loan.product, loan.days_past_due, TODAY).plausible
    if said.income is None and "income" not in asked:
        poor = frame_of(loan, replace(said, income=Income(case.income, case.income)), POLICY, TODAY)
        own = bool(said.parts or said.each or said.until or said.periods or said.pay_months or said.first_at_most)
        moment = said.reason in ("forgot", "payment_failure", "not_informed", "away")
        assert own or moment or all(poor.holds(o.kind, o.schedule) for o in propose(loan, said, POLICY, TODAY).offers)


@many
@given(loans(), words())
def test_own_terms_give_a_sound_plan_or_say_what_is_missing(loan: LoanFacts, said: Said) -> None:
    found = own_terms(loan, said, POLICY, TODAY)
    if isinstance(found, Offer):
        check_sound(loan, said, found)
        if said.start is not None and not said.parts:
            assert found.schedule[0].due >= said.start
    elif isinstance(found, Missing):
        assert found.rest is None or found.rest > 0
    else:
        assert found.why


@many
@given(loans(), words())
def test_a_refused_plan_never_comes_again(loan: LoanFacts, said: Said) -> None:
    refused = []
    for _ in range(4):
        offers = propose(loan, said, POLICY, TODAY, refused=[o.key for o in refused]).offers
        assert not {o.schedule for o in offers} & {o.schedule for o in refused}
        refused += offers


@many
@given(loans(), words(), st.sampled_from(["amount", "start", "length", "interest", None]))
def test_an_adjusted_plan_is_sound_and_neither_the_old_one_nor_a_refused_one(loan: LoanFacts, said: Said, objection: str | None) -> None:
    offers = propose(loan, said, POLICY, TODAY).offers
    if not offers:
        return
    old, refused = offers[0], [o.key for o in offers]
    for _ in range(3):
        changed = adjust(loan, said, old, objection, POLICY, TODAY, refused)  # type: ignore[arg-type]
        if isinstance(changed, Declined):
            assert changed.why
            return
        assert isinstance(changed, Proposal) and changed.offers
        for offer in changed.offers:
            check_sound(loan, said, offer)
            check_kept(said, offer)
            assert offer.schedule not in {schedule for _, schedule in refused}
        new = changed.offers[0]
        if objection == "amount":
            assert max(p.amount for p in new.schedule) < max(p.amount for p in old.schedule)
        if objection == "start":
            assert new.schedule[0].due > old.schedule[0].due
        if objection == "interest":
            assert new.cost < old.cost
        refused += [o.key for o in changed.offers]
        old = new


@many
@given(loans(), words())
def test_a_day_that_moved_to_a_workday_is_told(loan: LoanFacts, said: Said) -> None:
    if said.start is None or is_workday(said.start) or said.start < TODAY + timedelta(days=1):
        return
    for offer in propose(loan, said, POLICY, TODAY).offers:
        named = said.pay_day is None and said.weekday is None and not (said.defer_months or said.defer_days or said.pay_months or said.parts or said.until)
        if named and offer.kind in ("instalments", "stepped") and not said.at_most_week and said.start != TODAY and offer.schedule[0].due != said.start:
            assert any("顺延" in note for note in offer.notes)
