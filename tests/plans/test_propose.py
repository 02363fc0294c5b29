"""Proposals answer what was said."""

from __future__ import annotations

from datetime import date

import pytest
from plans_given import POLICY, TODAY, dated, loan

from zhuhuan.loans.values import LoanFacts
from zhuhuan.money import yuan
from zhuhuan.plans.propose import propose
from zhuhuan.plans.values import Income, NamedPart, Offer, PayMonth, Proposal, Said


def offered(facts: LoanFacts, **said: object) -> Proposal:
    return propose(facts, Said(**said), POLICY, TODAY)  # type: ignore[arg-type]


def kinds(proposal: Proposal) -> list[str]:
    return [o.kind for o in proposal.offers]


def of_kind(proposal: Proposal, kind: str) -> Offer:
    return next(o for o in proposal.offers if o.kind == kind)


def test_a_maximum_a_month_puts_instalments_below_it_first_and_names_it() -> None:
    first = offered(loan("3380.00"), at_most_month=yuan("800"), pay_day=15).offers[0]
    assert first.kind == "instalments"
    assert dated(first)[0] == ("2026-12-15", "676.00") and len(first.schedule) == 5
    assert first.why == "您说每月最多800.00元，每期都不超过它"


def test_two_or_three_kinds_are_offered_where_all_was_left_open() -> None:
    assert len(kinds(offered(loan("3380.00")))) == 3


def test_a_forgotten_payment_is_offered_a_day_soon() -> None:
    assert kinds(offered(loan("1860.00"), reason="forgot"))[0] == "whole"


def test_unemployment_is_offered_time_first() -> None:
    assert kinds(offered(loan("1860.00"), reason="unemployment"))[0] == "deferral"


def test_a_lost_harvest_is_offered_the_next_one_first() -> None:
    proposal = offered(loan("8000.00", product="农户种植贷款", days=60), reason="crop_disaster")
    assert of_kind(proposal, "seasonal").schedule[0].due == date(2027, 6, 21)


def test_months_with_money_bind_the_plan_to_them() -> None:
    first = offered(loan("8000.00"), pay_months=(PayMonth(6, yuan("4000")), PayMonth(10, yuan("4000")))).offers[0]
    assert (first.kind, dated(first)) == ("seasonal", [("2027-06-21", "4000.00"), ("2027-10-20", "4000.00")])


def test_the_members_own_plan_comes_first() -> None:
    parts = (NamedPart(yuan("500"), date(2026, 11, 30)), NamedPart(None, date(2027, 1, 27)))
    assert dated(offered(loan("3380.00"), parts=parts).offers[0]) == [("2026-11-30", "500.00"), ("2027-01-27", "2880.00")]


def test_a_number_of_periods_above_the_ceiling_gives_more_periods_and_says_so() -> None:
    first = offered(loan("3380.00"), periods=3, at_most_month=yuan("500"), start=date(2026, 12, 15)).offers[0]
    assert len(first.schedule) == 7
    assert any("分3期" in note and "7期" in note for note in first.notes)


def test_figures_size_the_plan_where_no_sum_was_named() -> None:
    proposal = offered(loan("3000.00"), income=Income(yuan("4000"), yuan("4500")), outgoings=yuan("3200"))
    first = of_kind(proposal, "instalments")
    assert max(p.amount for p in first.schedule) <= yuan("500")
    assert "500.00元" in first.why


def test_figures_that_leave_nothing_decline_with_the_reason_and_who_could_decide() -> None:
    proposal = offered(loan("3000.00"), income=Income(yuan("3000"), yuan("3000")), outgoings=yuan("3200"))
    assert proposal.offers == ()
    assert any(d.approver == "collector" and "匀不出钱" in d.why for d in proposal.declined)


def test_a_pause_longer_than_anyone_grants_is_declined_and_the_longest_is_offered() -> None:
    proposal = offered(loan("3000.00"), defer_months=20)
    assert any(d.kind == "deferral" and "12个月" in d.why for d in proposal.declined)
    assert of_kind(proposal, "deferral").approval == "committee"


def test_a_weeks_maximum_makes_weekly_payments() -> None:
    first = offered(loan("900.00"), at_most_week=yuan("200"), weekday=0).offers[0]
    assert dated(first)[:2] == [("2026-11-30", "180.00"), ("2026-12-07", "180.00")]


def test_an_account_without_a_rate_costs_nothing_and_one_with_a_rate_names_its_cost() -> None:
    assert all(o.cost == 0 and o.total == yuan("3380") for o in offered(loan("3380.00")).offers)
    costly = offered(loan("3380.00", rate="0.0675"))
    assert all(o.cost > 0 and o.total == yuan("3380") + o.cost for o in costly.offers)
    assert costly.cost_of_today == yuan("3380")


def test_what_the_assistant_can_settle_comes_before_what_others_must_approve() -> None:
    approvals = [o.approval for o in offered(loan("15000.00", days=60), reason="business_loss").offers]
    assert approvals == sorted(approvals, key=lambda a: a != "assistant")


def test_the_whole_balance_is_spread_where_that_is_meant() -> None:
    first = offered(loan("3000.00", balance="9000.00"), basis="balance", periods=12, start=date(2026, 12, 8)).offers[0]
    assert first.total == yuan("9000") and len(first.schedule) == 12


def test_a_loan_with_nothing_to_pay_is_declined() -> None:
    proposal = propose(loan("0.00", instalment="0.00"), Said(), POLICY, TODAY)
    assert not proposal.offers and proposal.declined


@pytest.mark.parametrize("said", [{"at_most_month": yuan("0")}, {"at_most_month": yuan("1")}, {"at_most_week": yuan("1")}])
def test_a_ceiling_of_next_to_nothing_goes_to_a_person(said: dict[str, object]) -> None:
    proposal = offered(loan("3380.00"), **said)
    assert not proposal.offers
    assert any(d.approver == "collector" for d in proposal.declined)


def test_a_month_end_pay_day_is_the_last_day_of_each_month_or_the_workday_after() -> None:
    first = offered(loan("3000.00"), pay_day=31, periods=4).offers[0]
    assert [day for day, _ in dated(first)] == ["2026-11-30", "2026-12-31", "2027-02-01", "2027-03-01"]


def test_nothing_is_proposed_outside_the_months_with_money() -> None:
    proposal = offered(loan("8000.00", product="农户种植贷款"), pay_months=(PayMonth(6), PayMonth(10)))
    assert proposal.offers
    assert all(p.due.month in (6, 10) for o in proposal.offers for p in o.schedule)


def test_a_month_without_a_maximum_takes_what_the_others_leave() -> None:
    first = offered(loan("8000.00"), pay_months=(PayMonth(6, yuan("3000")), PayMonth(10))).offers[0]
    assert dated(first) == [("2027-06-21", "3000.00"), ("2027-10-20", "5000.00")]
