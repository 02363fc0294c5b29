"""Plans are told in words with every figure exact."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from plans_given import POLICY, TODAY, loan, loans, words

from zhuhuan.loans.values import LoanFacts, Part
from zhuhuan.money import yuan
from zhuhuan.plans.explain import SMS_LENGTH, cost_in_words, in_sms, in_words, moves_in_words, running_on, schedule_in_words
from zhuhuan.plans.propose import propose
from zhuhuan.plans.values import Offer, Said


def parts(*pairs: tuple[date, str]) -> tuple[Part, ...]:
    return tuple(Part(day, yuan(amount)) for day, amount in pairs)


def test_equal_parts_are_told_by_number_sum_first_and_last_day() -> None:
    six = parts(*((date(2027, m, 8), "600") for m in range(1, 7)))
    assert schedule_in_words(six, TODAY) == "分6期，每期600.00元，第一期1月8日，最后一期6月8日"


def test_an_odd_fen_is_told_and_not_rounded_away() -> None:
    three = parts((date(2026, 12, 15), "1126.67"), (date(2027, 1, 15), "1126.67"), (date(2027, 2, 15), "1126.66"))
    assert schedule_in_words(three, TODAY) == "分3期，每期1126.67元（最后一期1126.66元），第一期12月15日，最后一期2月15日"


def test_unequal_parts_are_listed() -> None:
    two = parts((date(2026, 11, 24), "1380"), (date(2026, 12, 7), "2000"))
    assert schedule_in_words(two, TODAY) == "11月24日还1380.00元，12月7日还2000.00元"


def test_a_long_stepped_plan_is_told_by_its_runs() -> None:
    steps = parts(*((date(2027, m, 8), "300" if m < 4 else "700") for m in range(1, 8)))
    assert schedule_in_words(steps, TODAY) == "分7期，1月8日起3期，每期300.00元，4月8日起4期，每期700.00元，最后一期7月8日"


def test_a_day_a_year_away_is_told_with_its_year() -> None:
    assert schedule_in_words(parts((date(2027, 12, 8), "100")), TODAY) == "2027年12月8日还100.00元"


def test_a_schedule_of_nothing_cannot_be_told() -> None:
    with pytest.raises(ValueError, match="without payments"):
        schedule_in_words((), TODAY)


def test_total_and_cost_are_told_apart() -> None:
    offer = Offer("instalments", parts((date(2026, 12, 8), "505"), (date(2027, 1, 8), "505")), yuan("1010"), yuan("10"), "assistant", "…")
    assert in_words(offer, TODAY) == "分2期，每期505.00元，第一期12月8日，最后一期1月8日，一共1010.00元，其中利息10.00元"


def test_several_moved_days_are_told_by_the_first_and_their_number() -> None:
    moves = [(date(2027, 2, 8), date(2027, 2, 15)), (date(2027, 5, 8), date(2027, 5, 10))]
    assert moves_in_words(moves, TODAY) == "2月8日是节假日，顺延到2月15日（周一），另有1期碰上休息日也顺延到下一个工作日"


def test_a_cost_is_explained_by_rate_and_days_or_by_the_rule_alone() -> None:
    offer = Offer("whole", parts((date(2026, 12, 8), "1002.80")), yuan("1002.80"), yuan("2.80"), "assistant", "…")
    assert "6.75%" in cost_in_words(offer, loan("3600.00", rate="0.0675")) and "2.80元" in cost_in_words(offer, loan("3600.00", rate="0.0675"))
    assert not re.search(r"\d", cost_in_words(offer, loan("3600.00")))


def test_later_instalments_are_mentioned_only_where_there_are_any() -> None:
    assert running_on(loan("1000.00", balance="5000.00"))
    assert running_on(loan("1000.00")) is None


@settings(max_examples=150, deadline=None)
@given(loans(), words())
def test_an_sms_is_short_and_every_sum_in_it_is_one_of_the_plans(facts: LoanFacts, said: Said) -> None:
    for offer in propose(facts, said, POLICY, TODAY).offers:
        sms = in_sms(offer, TODAY)
        assert 0 < len(sms) <= SMS_LENGTH
        known = {str(p.amount) for p in offer.schedule} | {str(offer.total), str(offer.cost)}
        assert set(re.findall(r"\d+\.\d\d(?=元)", sms)) <= known
