"""What a member can pay, by own figures."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from plans_given import POLICY, TODAY, loan

from zhuhuan.loans.values import Part
from zhuhuan.money import yuan
from zhuhuan.plans.affordability import affordable, ceiling, fits_means, income_a_month
from zhuhuan.plans.asking import worth_asking
from zhuhuan.plans.propose import propose
from zhuhuan.plans.values import Income, Said

TERMS = POLICY.terms("个人消费贷款", 12, TODAY)


def income(low: str, high: str | None = None, per: str = "month") -> Income:
    return Income(yuan(low), yuan(high or low), per)  # type: ignore[arg-type]


def test_the_low_end_of_a_range_counts_after_outgoings_and_the_living_minimum() -> None:
    assert affordable(Said(income=income("4000", "6000"), outgoings=yuan("2900")), TERMS) == yuan("800")


def test_nothing_is_known_while_income_or_outgoings_are_unknown() -> None:
    assert affordable(Said(income=income("4000")), TERMS) is None
    assert affordable(Said(outgoings=yuan("2000")), TERMS) is None


def test_outgoings_above_income_leave_nothing_and_never_less() -> None:
    assert affordable(Said(income=income("3000"), outgoings=yuan("4500")), TERMS) == 0


@pytest.mark.parametrize(("said", "month"), [
    (income("150", per="day"), "3300.00"), (income("900", per="week"), "3900.00"), (income("40000", per="year"), "3333.33"), (income("3000"), "3000.00"),
])
def test_daily_weekly_and_yearly_income_is_counted_a_month(said: Income, month: str) -> None:
    assert income_a_month(said, TERMS) == yuan(month)


def test_the_lower_of_the_named_maximum_and_the_figures_is_the_ceiling() -> None:
    said = Said(at_most_month=yuan("800"), income=income("4000"), outgoings=yuan("3200"))
    assert (ceiling(said, TERMS).month, ceiling(said, TERMS).source) == (yuan("500"), "figures")
    assert ceiling(Said(at_most_month=yuan("400"), income=income("4000"), outgoings=yuan("3200")), TERMS).source == "said"


def test_half_the_income_bounds_a_plan_while_outgoings_are_unknown() -> None:
    assert ceiling(Said(income=income("4000")), TERMS).month == yuan("2000")


def test_nothing_said_is_no_ceiling() -> None:
    assert ceiling(Said(), TERMS).month is None


@pytest.mark.parametrize(("parts", "fits"), [
    ([("2026-12-15", "800"), ("2027-01-15", "800")], True),
    ([("2026-12-15", "900")], False),
    ([("2027-01-26", "1600")], True),   # two months' money by then
    ([("2026-12-20", "500"), ("2026-12-28", "500")], False),   # both out of one month's money
    ([("2027-02-24", "900"), ("2027-03-24", "900")], False),   # the second month has no savings left
    ([("2026-12-05", "180"), ("2026-12-12", "180"), ("2026-12-19", "180"), ("2026-12-26", "180")], True),
])
def test_a_schedule_fits_when_each_month_leaves_enough_for_it(parts: list[tuple[str, str]], fits: bool) -> None:
    schedule = [Part(date.fromisoformat(day), yuan(amount)) for day, amount in parts]
    assert fits_means(schedule, Decimal("800.00"), TODAY) is fits


def test_the_living_minimum_is_that_of_the_region_and_grows_with_dependants() -> None:
    assert TERMS.living() == yuan("300") and TERMS.living("河南周口") == yuan("460") and TERMS.living("上海") == yuan("1500")
    assert TERMS.living("没有写的地方") == yuan("300")
    assert TERMS.living("河南周口", dependants=2) == yuan("920")
    said = Said(income=income("4000"), outgoings=yuan("2900"), dependants=2, other_debts=yuan("150"))
    assert affordable(said, TERMS) == yuan("350")  # 4000 - 2900 - 150 - 300 × 2
    assert affordable(said, TERMS, "河南周口") == yuan("30")
    assert affordable(Said(income=income("4000"), outgoings=yuan("2900"), dependants=0, other_debts=yuan("0")), TERMS) == yuan("800")


def test_other_debts_and_a_household_bound_the_plan_while_outgoings_are_unknown() -> None:
    assert ceiling(Said(income=income("4000"), other_debts=yuan("600")), TERMS).month == yuan("1400")  # half the income for all debts
    assert ceiling(Said(income=income("1000"), dependants=4), TERMS).month == yuan("100")  # 1000 - 300 × 3
    assert ceiling(Said(income=income("1000"), other_debts=yuan("900")), TERMS).month == 0


def test_the_region_sizes_a_proposal() -> None:
    said = Said(income=income("3500"), outgoings=yuan("2500"))
    here, there = (propose(loan("6000.00"), said, POLICY, TODAY, region=region).offers for region in ("", "河南周口"))
    assert max(p.amount for o in here for p in o.schedule if o.kind == "instalments") > 540
    assert there and all(p.amount <= 540 for o in there for p in o.schedule if o.kind == "instalments")


@pytest.mark.parametrize(("amount", "said", "asked"), [
    ("300", Said(), ()),  # three parts of 100 can be kept whatever the income
    ("9000", Said(), ("income", "outgoings")),
    ("9000", Said(at_most_month=yuan("200")), ()),  # the member's own maximum is low enough
    ("9000", Said(at_most_month=yuan("2000")), ("income", "outgoings")),
    ("9000", Said(outgoings=yuan("500")), ("income",)),
    ("9000", Said(income=income("4000")), ("outgoings", "other_debts")),
    ("9000", Said(income=income("4000"), outgoings=yuan("1500")), ("dependants", "other_debts")),
    ("9000", Said(income=income("4000"), outgoings=yuan("1500"), dependants=0), ("other_debts",)),
    ("9000", Said(income=income("4000"), outgoings=yuan("1500"), dependants=0, other_debts=yuan("0")), ()),
    ("9000", Said(income=income("40000"), outgoings=yuan("1500")), ()),
    ("9000", Said(income=income("2000"), outgoings=yuan("2500")), ()),  # nothing fits: no question changes that
    ("9000", Said(reason="forgot"), ()),
    ("9000", Said(reason="unemployment"), ("income", "outgoings")),
    ("9000", Said(until=date(2026, 12, 10)), ()),  # the member's own words are a plan
])
def test_only_what_could_change_the_offers_is_worth_asking(amount: str, said: Said, asked: tuple[str, ...]) -> None:
    assert worth_asking(loan(amount), said, POLICY, TODAY) == asked


def test_nothing_is_asked_about_a_loan_with_nothing_to_pay() -> None:
    assert worth_asking(loan("0", instalment="0"), Said(), POLICY, TODAY) == ()
