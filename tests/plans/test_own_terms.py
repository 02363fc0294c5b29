"""The member's own words come back as the plan that they describe, with exact days and sums."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from plans_given import POLICY, TODAY, dated, loan

from zhuhuan.loans.values import LoanFacts
from zhuhuan.money import yuan
from zhuhuan.plans.affordability import beyond_means
from zhuhuan.plans.own_terms import own_terms
from zhuhuan.plans.values import Declined, Income, Missing, NamedPart, Offer, PayMonth, Said


def plan(facts: LoanFacts, **said: object) -> Offer:
    found = own_terms(facts, Said(**said), POLICY, TODAY)  # type: ignore[arg-type]
    assert isinstance(found, Offer), found
    return found


def missing(facts: LoanFacts, **said: object) -> Missing:
    found = own_terms(facts, Said(**said), POLICY, TODAY)  # type: ignore[arg-type]
    assert isinstance(found, Missing), found
    return found


def part(amount: str | None, due: date | None = None) -> NamedPart:
    return NamedPart(None if amount is None else yuan(amount), due)


def test_eight_hundred_a_month_from_the_fifteenth() -> None:
    offer = plan(loan("3380.00"), each=yuan("800"), start=date(2026, 12, 15))
    assert offer.kind == "instalments"
    assert dated(offer) == [("2026-12-15", "800.00"), ("2027-01-15", "800.00"), ("2027-02-15", "800.00"), ("2027-03-15", "800.00"), ("2027-04-15", "180.00")]
    assert offer.cost == 0 and offer.approval == "assistant"


def test_eight_hundred_a_month_on_the_pay_day() -> None:
    assert dated(plan(loan("1600.00"), each=yuan("800"), pay_day=10)) == [("2026-12-10", "800.00"), ("2027-01-11", "800.00")]


def test_three_periods_from_the_fifteenth() -> None:
    offer = plan(loan("3380.00"), periods=3, start=date(2026, 12, 15))
    assert dated(offer) == [("2026-12-15", "1126.67"), ("2027-01-15", "1126.67"), ("2027-02-15", "1126.66")]


def test_a_first_part_of_2000_at_most_leaves_the_number_of_parts_as_it_was() -> None:
    offer = plan(loan("6500.00"), periods=3, start=date(2026, 12, 15), first_at_most=yuan("2000"))
    assert dated(offer) == [("2026-12-15", "2000.00"), ("2027-01-15", "2250.00"), ("2027-02-15", "2250.00")]


@pytest.mark.parametrize("said", [
    {"parts": (part("3000", date(2026, 12, 10)),), "periods": 2},
    {"parts": (part("3000", date(2026, 12, 10)), part(None), part(None))},
])
def test_3000_before_the_tenth_and_the_rest_in_two_parts(said: dict[str, object]) -> None:
    offer = plan(loan("5000.00"), **said)
    assert offer.kind == "partial"
    assert dated(offer) == [("2026-12-10", "3000.00"), ("2027-01-11", "1000.00"), ("2027-02-15", "1000.00")]
    assert any("1月10日是周日，顺延到1月11日" in note for note in offer.notes)


def test_500_on_30_november_and_the_rest_on_27_january() -> None:
    offer = plan(loan("3380.00"), parts=(part("500", date(2026, 11, 30)), part(None, date(2027, 1, 27))))
    assert offer.kind == "partial"
    assert dated(offer) == [("2026-11-30", "500.00"), ("2027-01-27", "2880.00")]


def test_1380_today_and_2000_by_saturday_5_december_moves_to_monday_and_says_so() -> None:
    offer = plan(loan("3380.00"), parts=(part("1380", TODAY), part("2000", date(2026, 12, 5))))
    assert dated(offer) == [("2026-11-24", "1380.00"), ("2026-12-07", "2000.00")]
    assert offer.notes == ("12月5日是周六，顺延到12月7日（周一）",)


def test_a_payment_of_today_stays_today_though_it_is_a_saturday() -> None:
    saturday = date(2026, 11, 28)
    found = own_terms(loan("3380.00"), Said(parts=(part("1380", saturday), part(None, date(2026, 12, 10)))), POLICY, saturday)
    assert isinstance(found, Offer)
    assert dated(found) == [("2026-11-28", "1380.00"), ("2026-12-10", "2000.00")]


def test_the_whole_by_a_day_is_a_promise() -> None:
    offer = plan(loan("1860.00"), until=date(2026, 12, 10))
    assert (offer.kind, offer.promise) == ("whole", True)
    assert dated(offer) == [("2026-12-10", "1860.00")]


def test_the_whole_by_a_far_day_is_a_plan_but_no_promise() -> None:
    offer = plan(loan("1860.00"), until=date(2027, 3, 10))
    assert (offer.kind, offer.promise, offer.approval) == ("whole", False, "collector")


def test_a_deferral_until_a_day() -> None:
    offer = plan(loan("1860.00"), start=date(2027, 1, 8), until=date(2027, 1, 8))
    assert offer.kind == "deferral"
    assert dated(offer) == [("2027-01-08", "1860.00")]


def test_a_deferral_until_some_day_of_a_month_leaves_that_month() -> None:
    assert dated(plan(loan("1860.00"), start=date(2027, 1, 1), until=date(2027, 1, 29))) == [("2027-01-29", "1860.00")]


def test_a_pause_of_two_months_ends_on_the_pay_day_after_it() -> None:
    offer = plan(loan("1860.00"), defer_months=2, pay_day=15)
    assert (offer.kind, offer.approval) == ("deferral", "collector")
    assert dated(offer) == [("2027-02-15", "1860.00")]


def test_a_pause_then_instalments() -> None:
    offer = plan(loan("1800.00"), defer_months=1, periods=3)
    assert offer.kind == "deferral"
    assert dated(offer) == [("2026-12-24", "600.00"), ("2027-01-25", "600.00"), ("2027-02-24", "600.00")]


def test_a_few_days_grace_with_no_number_named() -> None:
    offer = plan(loan("1860.00"), wish="grace")
    assert offer.kind == "grace"
    assert dated(offer) == [("2026-12-04", "1860.00")]


def test_sums_on_saturdays_stay_on_saturdays() -> None:
    offer = plan(loan("900.00"), each=yuan("200"), each_per="week", weekday=5)
    assert dated(offer) == [("2026-11-28", "200.00"), ("2026-12-05", "200.00"), ("2026-12-12", "200.00"), ("2026-12-19", "200.00"), ("2026-12-26", "100.00")]
    assert offer.notes == ()


def test_at_most_so_much_a_week_makes_even_weeks() -> None:
    offer = plan(loan("900.00"), at_most_week=yuan("200"), weekday=0)
    assert dated(offer) == [("2026-11-30", "180.00"), ("2026-12-07", "180.00"), ("2026-12-14", "180.00"), ("2026-12-21", "180.00"), ("2026-12-28", "180.00")]


def test_two_harvests_with_a_maximum_each() -> None:
    offer = plan(loan("8000.00", product="农户种植贷款"), pay_months=(PayMonth(6, yuan("5000")), PayMonth(10, yuan("5000"))))
    assert offer.kind == "seasonal"
    assert dated(offer) == [("2027-06-21", "5000.00"), ("2027-10-20", "3000.00")]


def test_the_rest_after_a_named_sum_goes_on_monthly_in_the_sum_named() -> None:
    offer = plan(loan("2100.00"), parts=(part("500", date(2026, 11, 30)),), each=yuan("800"))
    assert dated(offer) == [("2026-11-30", "500.00"), ("2026-12-30", "800.00"), ("2027-02-01", "800.00")]


def test_a_start_after_the_named_sum_is_that_of_the_rest() -> None:
    offer = plan(loan("3380.00"), parts=(part("1380", TODAY),), start=date(2027, 1, 15), periods=2)
    assert dated(offer) == [("2026-11-24", "1380.00"), ("2027-01-15", "1000.00"), ("2027-02-15", "1000.00")]


def test_sums_beyond_the_debt_are_capped_and_it_is_said() -> None:
    offer = plan(loan("3380.00"), parts=(part("2000", date(2026, 11, 30)), part("2000", date(2026, 12, 30)), part("100", date(2027, 1, 29))))
    assert dated(offer) == [("2026-11-30", "2000.00"), ("2026-12-30", "1380.00")]
    assert "4100.00元" in offer.notes[0] and "3380.00元" in offer.notes[0]


def test_one_sum_beyond_the_debt_is_the_debt() -> None:
    offer = plan(loan("600.00"), each=yuan("800"), start=date(2026, 12, 8))
    assert (offer.kind, dated(offer)) == ("whole", [("2026-12-08", "600.00")])
    assert offer.notes


def test_two_sums_that_fall_on_one_workday_become_one() -> None:
    offer = plan(loan("3380.00"), parts=(part("1380", date(2026, 12, 5)), part("2000", date(2026, 12, 7))))
    assert dated(offer) == [("2026-12-07", "3380.00")]


def test_interest_joins_the_last_of_the_named_sums_and_is_said() -> None:
    offer = plan(loan("3380.00", rate="0.0675"), parts=(part("1380", TODAY), part("2000", date(2026, 12, 4))))
    # 2000 × 0.0675 × 10 / 360 = 3.75
    assert offer.cost == yuan("3.75")
    assert dated(offer) == [("2026-11-24", "1380.00"), ("2026-12-04", "2003.75")]
    assert any("3.75元" in note for note in offer.notes)


def test_even_sums_take_their_interest_into_the_last_one() -> None:
    offer = plan(loan("2400.00", rate="0.0675"), each=yuan("800"), start=date(2026, 12, 15))
    assert [str(p.amount) for p in offer.schedule[:-1]] == ["800.00", "800.00"]
    assert offer.schedule[-1].amount == 800 + offer.cost


@pytest.mark.parametrize(("said", "what", "rest"), [
    ({}, "amount", None),
    ({"start": date(2026, 12, 8)}, "amount", None),
    ({"each": yuan("800")}, "date", None),
    ({"periods": 3}, "date", None),
    ({"wish": "whole"}, "date", None),
    ({"wish": "deferral"}, "date", None),
    ({"first_at_most": yuan("1000"), "start": date(2026, 12, 8)}, "periods", yuan("2380")),
    ({"parts": (part("500"),)}, "date", yuan("500")),
    ({"parts": (part("500", date(2026, 11, 30)),)}, "date", yuan("2880")),
    ({"parts": (part("500", date(2026, 11, 30)), part(None))}, "date", yuan("2880")),
    ({"parts": (part("500", date(2026, 11, 30)), part("1000", date(2026, 12, 30)))}, "date", yuan("1880")),
])
def test_the_one_thing_missing_is_named(said: dict[str, object], what: str, rest: Decimal | None) -> None:
    found = missing(loan("3380.00"), **said)
    assert (found.what, found.rest, found.why) == (what, rest, "")


@pytest.mark.parametrize(("said", "what", "words"), [
    ({"each": yuan("800"), "periods": 3, "start": date(2026, 12, 15)}, "periods", "还差980.00元"),
    ({"at_most_month": yuan("500"), "periods": 3, "start": date(2026, 12, 15)}, "amount", "1126.67元"),
    ({"each": yuan("800"), "at_most_month": yuan("500"), "start": date(2026, 12, 15)}, "amount", "500.00元"),
    ({"until": date(2026, 11, 10)}, "date", "已经过去了"),
    ({"parts": (part("500", date(2026, 11, 10)),)}, "date", "已经过去了"),
    ({"until": date(2026, 12, 10), "start": date(2026, 12, 20)}, "date", "12月20日"),
    ({"parts": (part("3380", date(2026, 12, 10)),), "start": date(2026, 12, 20)}, "date", "12月20日"),
    ({"periods": 12, "start": date(2026, 12, 15), "until": date(2027, 3, 15)}, "periods", "3月15日"),
])
def test_figures_that_contradict_each_other_are_named_with_the_question(said: dict[str, object], what: str, words: str) -> None:
    found = missing(loan("3380.00"), **said)
    assert found.what == what and words in found.why


def test_terms_beyond_the_assistant_are_an_offer_that_names_who_decides() -> None:
    assert plan(loan("30000.00"), periods=12, start=date(2026, 12, 15)).approval == "collector"
    assert plan(loan("30000.00"), periods=36, start=date(2026, 12, 15)).approval == "committee"


def test_terms_beyond_everyone_are_declined_with_the_limit() -> None:
    found = own_terms(loan("30000.00"), Said(periods=72, start=date(2026, 12, 15)), POLICY, TODAY)
    assert isinstance(found, Declined)
    assert found.approver is None and "60期" in found.why
    paused = own_terms(loan("30000.00"), Said(defer_months=24), POLICY, TODAY)
    assert isinstance(paused, Declined) and "12个月" in paused.why


def test_sums_too_small_to_ever_end_are_declined_at_once() -> None:
    found = own_terms(loan("90000.00"), Said(each=yuan("0.01"), start=date(2026, 12, 15)), POLICY, TODAY)
    assert isinstance(found, Declined) and "9000000期" in found.why


def test_one_sum_each_of_the_parts_that_comes_to_all_is_the_whole() -> None:
    offer = plan(loan("3380.00"), parts=(part("3380", date(2026, 12, 10)),))
    assert (offer.kind, offer.promise) == ("whole", True)


def test_a_loan_that_is_not_overdue_defers_its_next_instalment_and_costs_only_from_its_due_day() -> None:
    facts = LoanFacts("L1", "个人消费贷款", yuan("0"), 0, date(2026, 12, 12), yuan("1000"), yuan("5000"), Decimal("0.072"))
    offer = plan(facts, until=date(2027, 1, 11))
    assert offer.cost == yuan("6.00")  # 1000 × 0.072 × 30 / 360, from 12 December
    assert dated(offer) == [("2027-01-11", "1006.00")]


def test_nothing_owed_is_declined() -> None:
    assert isinstance(own_terms(loan("0.00", instalment="0"), Said(until=date(2026, 12, 10)), POLICY, TODAY), Declined)


def test_an_own_offer_above_the_figures_is_an_offer_and_is_reported() -> None:
    said = Said(each=yuan("1500"), start=date(2026, 12, 15), income=Income(yuan("3000"), yuan("3600")), outgoings=yuan("2200"))
    facts = loan("4500.00")
    offer = own_terms(facts, said, POLICY, TODAY)
    assert isinstance(offer, Offer)
    assert beyond_means(offer, said, POLICY, facts, TODAY) == yuan("500")  # 3000 - 2200 - 300 kept back
    assert beyond_means(offer, Said(income=said.income), POLICY, facts, TODAY) is None


def test_an_own_offer_within_the_figures_is_not_reported() -> None:
    said = Said(each=yuan("500"), start=date(2026, 12, 15), income=Income(yuan("3000"), yuan("3600")), outgoings=yuan("2200"))
    facts = loan("1500.00")
    offer = own_terms(facts, said, POLICY, TODAY)
    assert isinstance(offer, Offer) and beyond_means(offer, said, POLICY, facts, TODAY) is None
