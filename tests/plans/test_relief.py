"""Interest alone, a longer loan, a settlement with a waiver: offered where the book has what they need, and never promised."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plans_given import POLICY, TODAY, dated, loan, sums

from zhuhuan.calendar import add_months, is_workday
from zhuhuan.loans.delinquency import contract_facts
from zhuhuan.loans.owing.day import statement
from zhuhuan.loans.owing.methods import due_dates, schedule
from zhuhuan.loans.owing.position import replay
from zhuhuan.loans.owing.values import Contract, Entry, Method
from zhuhuan.loans.values import LoanFacts
from zhuhuan.money import ZERO, to_fen, yuan
from zhuhuan.plans.frame import frame_of
from zhuhuan.plans.policy import months_between
from zhuhuan.plans.propose import propose
from zhuhuan.plans.relief import extension, interest_first, interest_only, settlement
from zhuhuan.plans.schedule import run
from zhuhuan.plans.values import Declined, Income, Offer, Said

TERMS = POLICY.terms("农户种植贷款", 12, TODAY)


def contracted(principal: str = "24000", *, method: Method = "equal_instalments", disbursed: date = date(2026, 2, 10), periods: int = 24, step: int = 1,
               rate: str = "0.072", product: str = "农户种植贷款", uplift: str = "0.5") -> LoanFacts:
    """A loan with a contract on which nothing was paid yet."""
    contract = Contract(yuan(principal), Decimal(rate), method, disbursed, periods, step, penalty_uplift=Decimal(uplift))
    return contract_facts(loan_id="L1", product=product, contract=contract, ledger=replay(contract, schedule(contract), (), TODAY), today=TODAY)


def first(facts: LoanFacts, kind: str, **said: object) -> Offer:
    """The first variant of a kind for what was said."""
    makers = {"interest_only": interest_only, "extension": extension, "settlement": settlement}
    found = next(makers[kind](frame_of(facts, Said(**said), POLICY, TODAY)), None)  # type: ignore[arg-type]
    assert isinstance(found, Offer), found
    return found


def refused(facts: LoanFacts, kind: str, **said: object) -> Declined:
    makers = {"interest_only": interest_only, "extension": extension, "settlement": settlement}
    found = next(makers[kind](frame_of(facts, Said(**said), POLICY, TODAY)), None)  # type: ignore[arg-type]
    assert isinstance(found, Declined), found
    return found


def none(facts: LoanFacts, kind: str, **said: object) -> bool:
    makers = {"interest_only": interest_only, "extension": extension, "settlement": settlement}
    return next(makers[kind](frame_of(facts, Said(**said), POLICY, TODAY)), None) is None  # type: ignore[arg-type]


# --- interest alone ---------------------------------------------------------------------------------------------------


def test_three_months_of_interest_alone_then_the_debt_in_one_sum() -> None:
    offer = first(loan("12000.00", rate="0.072"), "interest_only", pay_day=10)
    # 12000 × 0.072 / 360 = 2.40 a day: 16 days to 10 December, 32 to Monday 11 January, 30 to 10 February, which is a holiday until 15 February
    assert dated(offer)[:2] == [("2026-12-10", "38.40"), ("2027-01-11", "76.80")]
    assert [p.due for p in offer.schedule] == [date(2026, 12, 10), date(2027, 1, 11), date(2027, 2, 15), date(2027, 3, 10)]
    assert offer.cost == yuan("2.40") * (date(2027, 3, 10) - TODAY).days
    assert offer.total == 12000 + offer.cost
    assert "前3个月每月只还利息，最多84.00元" in offer.why


def test_a_lasting_hardship_is_offered_parts_after_the_interest() -> None:
    offer = first(loan("12000.00", rate="0.072"), "interest_only", reason="business_loss")
    assert len(offer.schedule) == 3 + TERMS.hardship_periods
    assert offer.schedule[0].amount < yuan("100") < offer.schedule[3].amount


def test_interest_alone_needs_a_rate_and_interest_worth_a_payment() -> None:
    assert none(loan("12000.00"), "interest_only")
    assert none(loan("2000.00", rate="0.072"), "interest_only")  # 12 yuan a month
    assert none(loan("12000.00", rate="0.072"), "interest_only", defer_months=2)  # a pause is one in which nothing is paid


def test_who_asks_for_interest_alone_in_vain_is_told_why() -> None:
    assert "利率" in refused(loan("12000.00"), "interest_only", wish="interest_only").why
    assert "不到30.00元" in refused(loan("2000.00", rate="0.072"), "interest_only", wish="interest_only").why
    assert [d.kind for d in propose(loan("2000.00", rate="0.072"), Said(wish="interest_only"), POLICY, TODAY).declined] == ["interest_only"]


def test_interest_alone_keeps_the_ceiling_named() -> None:
    offer = first(loan("12000.00", rate="0.072"), "interest_only", at_most_month=yuan("800"))
    assert max(p.amount for p in offer.schedule) <= 800
    assert none(loan("12000.00", rate="0.072"), "interest_only", at_most_month=yuan("50"))


def test_the_smallest_payment_does_not_bind_interest_but_the_months_do() -> None:
    few = first(loan("8000.00", rate="0.072"), "interest_only", reason="illness", periods=4)
    assert (len(few.schedule), few.approval) == (3 + 4, "collector")  # three months of interest are beyond the assistant
    assert few.schedule[1].amount < POLICY.terms("个人消费贷款", 12, TODAY).limits[0].minimum_part


def test_on_arrears_of_a_contract_it_is_the_penalty_interest_that_is_paid_and_the_ledger_is_cleared() -> None:
    facts = contracted("12000", method="bullet", disbursed=date(2025, 10, 15), periods=12, product="个人消费贷款")
    assert facts.contract is not None and facts.overdue_amount == yuan("13008.00")  # 864 of interest and 144 for 40 days at 10.8 %
    offer = first(facts, "interest_only", pay_day=10)
    assert dated(offer)[:2] == [("2026-12-10", "57.60"), ("2027-01-11", "115.20")]  # 12000 × 0.108 / 360 = 3.60 a day, 16 and 32 days
    paid = [Entry(n, p.due, "payment", p.amount) for n, p in enumerate(offer.schedule, 1)]
    assert statement(facts.contract, schedule(facts.contract), paid, offer.schedule[-1].due).payoff == 0


@settings(max_examples=300, deadline=None)
@given(sums(500, 90000), st.integers(1, 3600).map(lambda b: Decimal(b) / 10000), st.integers(1, 12), st.integers(1, 40), st.integers(1, 31))
def test_interest_first_adds_up_and_bears_simple_interest_on_what_is_owed(debt: Decimal, rate: Decimal, months: int, number: int, day: int) -> None:
    frame = frame_of(loan(str(debt), rate=str(rate)), Said(pay_day=day), POLICY, TODAY)
    laid = interest_first(frame, lambda n: run(frame.first_day(), day, n, TODAY), months, number)
    if not laid.schedule:
        return
    assert sum(p.amount for p in laid.schedule) == debt + laid.cost
    assert [p.due for p in laid.schedule] == sorted({p.due for p in laid.schedule}) and len(laid.schedule) == months + number
    daily = to_fen(debt) * rate / 360
    assert abs(sum(to_fen(p.amount) for p in laid.schedule[:months]) - daily * (laid.schedule[months - 1].due - TODAY).days) <= Decimal(months) / 2
    assert max(p.amount for p in laid.schedule[months:]) - min(p.amount for p in laid.schedule[months:]) <= Decimal("0.01")


# --- a longer loan ----------------------------------------------------------------------------------------------------


def test_a_longer_loan_is_all_that_is_owed_in_equal_parts_up_to_half_its_term_more() -> None:
    facts = contracted()
    assert facts.contract is not None and facts.owed is not None
    offer = first(facts, "extension", basis="balance")
    ends = due_dates(facts.contract)[-1]
    assert ends == date(2028, 2, 10)
    assert offer.total - offer.cost == facts.owed.payoff
    assert ends < offer.schedule[-1].due <= add_months(ends, 6)  # half of what the rule allows first
    assert offer.approval == "collector" and offer.papers == TERMS.papers("extension")
    assert any("到期日（2028年2月10日）之前申请" in note for note in offer.notes)
    assert any("展期申请书" in note for note in offer.notes)
    assert "往后放" in offer.why


@pytest.mark.parametrize(("periods", "step", "months"), [(12, 1, 12), (1, 12, 12), (6, 1, 6), (24, 1, 12), (60, 1, 30), (120, 1, 36), (10, 12, 36)])
def test_the_longest_extension_is_that_of_the_rule(periods: int, step: int, months: int) -> None:
    assert TERMS.extension_months(periods * step) == months
    facts = contracted(periods=periods, step=step, disbursed=date(2026, 8, 10), method="bullet" if periods == 1 else "equal_instalments")
    assert facts.contract is not None
    ends = due_dates(facts.contract)[-1]
    for offer in extension(frame_of(facts, Said(basis="balance"), POLICY, TODAY)):
        if isinstance(offer, Offer):
            assert ends < offer.schedule[-1].due <= add_months(ends, months)


def test_a_loan_paid_once_stays_one_payment_later() -> None:
    facts = contracted("30000", method="bullet", disbursed=date(2026, 1, 15), periods=12)
    offer = first(facts, "extension", wish="extension")
    assert len(offer.schedule) == 1 and offer.schedule[0].due == date(2027, 7, 15)
    assert is_workday(offer.schedule[0].due)


def test_a_loan_of_interest_first_goes_on_so() -> None:
    facts = contracted("30000", method="interest_first", disbursed=date(2026, 1, 15), periods=12)
    offer = first(facts, "extension", wish="extension")
    assert len(offer.schedule) > 6 and offer.schedule[0].amount < offer.schedule[-1].amount
    assert all(p.amount < 300 for p in offer.schedule[:-1]) and offer.schedule[-1].amount > 30000


def test_a_ceiling_makes_as_many_parts_as_it_needs() -> None:
    offer = first(contracted(), "extension", basis="balance", at_most_month=yuan("1300"))
    assert max(p.amount for p in offer.schedule) <= 1300
    assert none(contracted(), "extension", basis="balance", at_most_month=yuan("300"))


def test_a_longer_loan_is_offered_only_for_all_that_is_owed_before_its_last_day_and_with_a_contract() -> None:
    assert none(contracted(), "extension")
    over = contracted("8000", method="bullet", disbursed=date(2025, 11, 1), periods=12)
    assert "11月1日已经到期" in refused(over, "extension", wish="extension").why
    assert none(over, "extension", basis="balance")
    unknown = refused(loan("3000.00", balance="9000.00", rate="0.072"), "extension", wish="extension")
    assert "合同" in unknown.why and unknown.approver == "collector"
    assert none(loan("3000.00", balance="9000.00", rate="0.072"), "extension", basis="balance")


def test_a_longer_loan_is_ranked_among_the_others_where_all_is_to_be_cleared() -> None:
    kinds = [o.kind for o in propose(contracted(), Said(basis="balance", reason="crop_disaster"), POLICY, TODAY).offers]
    assert kinds[:2] == ["seasonal", "extension"] and len(kinds) == 3
    assert propose(contracted(), Said(wish="extension"), POLICY, TODAY).offers[0].kind == "extension"


@settings(max_examples=200, deadline=None)
@given(
    sums(3000, 200000), st.integers(2, 130), st.sampled_from(["equal_instalments", "equal_principal", "interest_first", "bullet"]), st.integers(30, 900),
    st.integers(0, 1500), st.none() | sums(50, 9000), st.none() | st.integers(1, 31), st.none() | st.integers(2, 60),
)
def test_an_extension_is_sound_whatever_the_contract(principal: Decimal, periods: int, method: Method, ago: int, rate: int, cap: Decimal | None,
                                                     pay_day: int | None, number: int | None) -> None:
    facts = contracted(str(principal), method=method, disbursed=TODAY - timedelta(days=ago), periods=periods, rate=str(Decimal(rate) / 10000))
    assert facts.contract is not None and facts.owed is not None
    ends = due_dates(facts.contract)[-1]
    for offer in extension(frame_of(facts, Said(basis="balance", at_most_month=cap, pay_day=pay_day, periods=number), POLICY, TODAY)):
        if isinstance(offer, Declined):
            assert offer.why
            continue
        days = [p.due for p in offer.schedule]
        assert sum(p.amount for p in offer.schedule) == offer.total == facts.owed.payoff + offer.cost
        assert days == sorted(set(days)) and days[0] >= TODAY and all(is_workday(d) for d in days)
        assert ends < days[-1] <= add_months(ends, TERMS.extension_months(periods))
        assert cap is None or max(p.amount for p in offer.schedule) <= cap
        assert offer.approval != "assistant" and offer.cost >= 0 and all(p.amount > 0 for p in offer.schedule)
        beyond = months_between(ends, days[-1])
        limit = next(row for row in TERMS.limits if row.approver == offer.approval)
        assert beyond <= limit.extension_months and limit.covers(facts.owed.payoff)


# --- a settlement -----------------------------------------------------------------------------------------------------


def test_a_settlement_is_all_that_is_owed_less_what_may_be_waived_and_says_who_decides() -> None:
    facts = contracted(disbursed=date(2025, 11, 10))
    assert facts.owed is not None and facts.owed.penalty > 0
    offer = first(facts, "settlement", wish="settlement")
    waived = facts.owed.payoff + offer.cost - offer.total
    assert waived == (facts.owed.penalty * Decimal("0.5")).quantize(Decimal("0.01"), rounding="ROUND_DOWN")
    assert offer.approval == "supervisor" and not offer.promise
    assert any(f"减的这{waived}元要主管批了才算数" in note for note in offer.notes)
    assert TODAY < offer.schedule[0].due <= TODAY + timedelta(days=TERMS.settlement_within_days)
    assert offer.papers == TERMS.papers("settlement")


def test_a_settlement_is_offered_only_to_who_asks_for_it() -> None:
    facts = contracted(disbursed=date(2025, 11, 10))
    assert none(facts, "settlement")
    assert "settlement" not in {o.kind for o in propose(facts, Said(basis="balance"), POLICY, TODAY).offers}
    assert propose(facts, Said(wish="settlement"), POLICY, TODAY).offers[0].kind == "settlement"
    assert propose(facts, Said(wish="waiver"), POLICY, TODAY).offers[0].kind == "settlement"


def test_a_waiver_alone_is_about_the_arrears() -> None:
    facts = contracted(disbursed=date(2025, 11, 10))
    assert facts.owed is not None
    offer = first(facts, "settlement", wish="waiver")
    assert offer.total < facts.owed.overdue < facts.owed.payoff


def test_the_day_named_is_the_day_of_the_settlement_unless_it_is_too_far() -> None:
    facts = contracted(disbursed=date(2025, 11, 10))
    assert first(facts, "settlement", wish="settlement", until=date(2026, 12, 3)).schedule[0].due == date(2026, 12, 3)
    assert "12月9日之前" in refused(facts, "settlement", wish="settlement", until=date(2027, 3, 3)).why


def test_without_penalty_in_the_book_nothing_is_waived() -> None:
    offer = first(loan("3380.00"), "settlement", wish="settlement")
    assert (dated(offer), offer.cost, offer.approval, offer.papers) == ([("2026-11-24", "3380.00")], ZERO, "assistant", ())
    told = refused(loan("3380.00"), "settlement", wish="waiver")
    assert "没有记罚息" in told.why and told.approver == "supervisor"


def test_a_settlement_beyond_the_members_own_figures_goes_to_a_person() -> None:
    facts = contracted(disbursed=date(2025, 11, 10))
    for said in ({"at_most_month": yuan("800")}, {"income": Income(yuan("4000"), yuan("4000")), "outgoings": yuan("3000")}):
        told = refused(facts, "settlement", wish="settlement", **said)
        assert "比您说的能拿出的多" in told.why and told.approver == "collector"


@settings(max_examples=300, deadline=None)
@given(sums(3000, 400000), st.integers(2, 60), st.integers(40, 900), st.integers(100, 1500), st.integers(0, 20), st.sampled_from(["settlement", "waiver"]))
def test_no_settlement_gives_more_than_its_approver_may(principal: Decimal, periods: int, ago: int, rate: int, wait: int, wish: str) -> None:
    facts = contracted(str(principal), disbursed=TODAY - timedelta(days=ago), periods=periods, rate=str(Decimal(rate) / 10000))
    frame = frame_of(facts, Said(wish=wish, until=TODAY + timedelta(days=wait)), POLICY, TODAY)  # type: ignore[arg-type]
    terms = POLICY.terms(facts.product, facts.days_past_due, TODAY)
    for offer in settlement(frame) if frame.debt > 0 else ():
        if isinstance(offer, Declined):
            assert offer.why
            continue
        waived = frame.debt + offer.cost - offer.total
        assert len(offer.schedule) == 1 and offer.total == offer.schedule[0].amount > 0
        if waived:
            limit = next(row for row in terms.limits if row.approver == offer.approval)
            assert waived <= frame.penalty * limit.waiver_share and waived <= limit.waiver_amount and limit.covers(frame.debt)
            assert str(waived) in offer.why and any("批了才算数" in note for note in offer.notes)
