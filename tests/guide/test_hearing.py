"""What was said finds its field, and nothing else is forgotten."""

from datetime import date
from decimal import Decimal

import pytest

from zhuhuan.guide.hearing import hear, wish_of, with_mentioned
from zhuhuan.guide.turn import Entity, Understood
from zhuhuan.plans.values import Income, NamedPart, Said

TODAY = date(2026, 11, 24)
ARREARS = Decimal("3600.00")


def amount(text: str, words: str, value: str, bound: str = "exact", per: str | None = None) -> Entity:
    start = text.index(words)
    return Entity("amount", value, start, start + len(words), bound, per)


def day(text: str, words: str, value: str | None) -> Entity:
    start = text.index(words)
    return Entity("date", value, start, start + len(words))


def heard(intent: str, text: str, *entities: Entity, reason: str | None = None) -> Understood:
    return Understood(text, intent, 1.0, tuple(entities), reason=reason)


def take(said: Said, message: Understood, question: str | None = None, wish: str | None = None, mentioned: date | None = None) -> Said:
    now = wish_of(message, question, wish)
    return hear(said, message, question, now, ARREARS, TODAY, mentioned)


def test_income_and_rent_are_told_apart() -> None:
    text = "工资到手三千二 房租八百"
    said = take(Said(), heard("state_means", text, amount(text, "三千二", "3200.00"), amount(text, "八百", "800.00")), "means")
    assert (said.income, said.outgoings) == (Income(Decimal("3200.00"), Decimal("3200.00")), Decimal("800.00"))


def test_what_stands_behind_a_comma_belongs_to_the_next_sum() -> None:
    text = "月入三千到五千，花销两千"
    said = take(Said(), heard("state_means", text, amount(text, "三千到五千", "3000.00/5000.00", "range", "month"), amount(text, "两千", "2000.00")), "means")
    assert (said.income, said.outgoings) == (Income(Decimal("3000.00"), Decimal("5000.00")), Decimal("2000.00"))


@pytest.mark.parametrize(("text", "words", "value", "pay_day"), [
    ("工资三千二 15号发工资", "15号", "2026-12-15", 15), ("一个月四千，工资月底到账", "月底", "2026-11-30", 31), ("四千 老板说腊月二十工资到", "腊月二十", "2027-01-27", None)])
def test_a_pay_day_told_beside_means_is_kept_where_it_comes_every_month(text: str, words: str, value: str, pay_day: int | None) -> None:
    assert take(Said(), heard("state_means", text, day(text, words, value)), "means").pay_day == pay_day


def test_other_loans_and_people_who_live_on_the_income_are_heard() -> None:
    text = "工资四千 房贷一千五 吃用一千 还供着两个孩子"
    amounts = [amount(text, "四千", "4000.00"), amount(text, "一千五", "1500.00"), amount(text, "一千 ", "1000.00")]
    said = take(Said(), heard("state_means", text, *amounts), "means")
    assert (said.income and said.income.low, said.other_debts, said.outgoings, said.dependants) == (Decimal("4000.00"), Decimal("1500.00"), Decimal("1000.00"), 2)
    assert take(Said(), heard("state_means", "家里五口人就我一个挣钱"), "means").dependants == 4


def test_a_bare_sum_after_the_question_what_goes_out_is_what_goes_out() -> None:
    earns = Said(income=Income(Decimal("4000.00"), Decimal("4000.00")))
    said = take(earns, heard("state_means", "两千五", amount("两千五", "两千五", "2500.00")), "outgoings")
    assert (said.outgoings, said.at_most_month, said.income) == (Decimal("2500.00"), None, earns.income)


def test_a_bare_sum_after_the_question_of_means_is_what_can_be_paid_a_month() -> None:
    said = take(Said(), heard("state_means", "五百", amount("五百", "五百", "500.00")), "means")
    assert said.at_most_month == Decimal("500.00")


def test_an_income_range_keeps_both_ends() -> None:
    text = "一天挣一百五到两百"
    said = take(Said(), heard("state_means", text, amount(text, "一百五到两百", "150.00/200.00", "range", "day")), "means")
    assert said.income == Income(Decimal("150.00"), Decimal("200.00"), "day")


def test_a_maximum_a_month_and_a_first_day() -> None:
    text = "一个月顶多六百 一月八号开始"
    said = take(Said(), heard("propose_terms", text, amount(text, "六百", "600.00", "at_most", "month"), day(text, "一月八号", "2027-01-08")))
    assert (said.at_most_month, said.start) == (Decimal("600.00"), date(2027, 1, 8))


def test_a_part_now_and_its_day_in_the_next_message() -> None:
    first = take(Said(until=date(2027, 1, 27)), heard("offer_partial", "先交五百", amount("先交五百", "五百", "500.00")))
    assert first.parts == (NamedPart(Decimal("500.00"), None),)
    second = take(first, heard("promise_to_pay", "月底吧", day("月底吧", "月底", "2026-11-30")), "date", "partial")
    assert second.parts == (NamedPart(Decimal("500.00"), date(2026, 11, 30)),)
    assert second.until == date(2027, 1, 27)


def test_two_sums_get_the_days_that_stand_beside_them() -> None:
    text = "1600今天 两千5号之前"
    said = take(Said(), heard("offer_partial", text, amount(text, "1600", "1600.00"), day(text, "今天", "2026-11-24"),
                              amount(text, "两千", "2000.00"), day(text, "5号之前", "2026-12-05")))
    assert said.parts == (NamedPart(Decimal("1600.00"), TODAY), NamedPart(Decimal("2000.00"), date(2026, 12, 5)))


def test_a_correction_of_the_day_leaves_the_rest() -> None:
    before = Said(at_most_month=Decimal("600.00"), start=date(2026, 12, 15), periods=6, reason="income_drop")
    said = take(before, heard("propose_terms", "不是15号 是25号", day("不是15号 是25号", "25号", "2026-12-25")), "accept_plan", "instalments")
    assert said == Said(at_most_month=Decimal("600.00"), start=date(2026, 12, 25), periods=6, reason="income_drop", wish="instalments")


def test_the_first_instalment_can_be_made_smaller_without_losing_the_plan() -> None:
    before = Said(periods=3, wish="instalments")
    text = "头一期能不能少一点 八百"
    said = take(before, heard("offer_partial", text, amount(text, "八百", "800.00")), "accept_plan", "instalments")
    assert (said.first_at_most, said.periods, said.parts) == (Decimal("800.00"), 3, ())


def test_the_whole_debt_named_in_a_wish_is_no_instalment() -> None:
    text = "这3600分六期"
    said = take(Said(), heard("request_instalments", text, amount(text, "3600", "3600.00"), Entity("periods", "6", 7, 9)))
    assert (said.each, said.periods) == (None, 6)


def test_half_is_half_of_the_arrears() -> None:
    text = "先还一半 10号"
    said = take(Said(), heard("offer_partial", text, amount(text, "一半", "0.5", "fraction"), day(text, "10号", "2026-12-10")))
    assert said.parts == (NamedPart(Decimal("1800.00"), date(2026, 12, 10)),)


def test_then_means_the_day_named_before() -> None:
    message = heard("promise_to_pay", "到时候一把还清")
    assert take(Said(), message, mentioned=date(2027, 1, 27)).until == date(2027, 1, 27)


def test_a_day_of_its_own_is_not_replaced_by_the_one_named_before() -> None:
    message = heard("promise_to_pay", "到时候 10号还", day("到时候 10号还", "10号", "2026-12-10"))
    assert with_mentioned(message, date(2027, 1, 27)) == message


def test_a_day_already_past_leaves_no_trace() -> None:
    text = "10月5号就该还了"
    assert take(Said(), heard("promise_to_pay", text, day(text, "10月5号", "2026-10-05"))).until is None


def test_a_pay_day_is_remembered_as_day_of_the_month() -> None:
    text = "15号发工资就还"
    said = take(Said(), heard("promise_to_pay", text, day(text, "15号", "2026-12-15")))
    assert (said.pay_day, said.until) == (15, date(2026, 12, 15))


@pytest.mark.parametrize(("intent", "question", "wish", "expected"), [
    ("request_instalments", None, None, "instalments"), ("promise_to_pay", "date", "partial", "partial"), ("promise_to_pay", None, None, "whole"),
    ("affirm", "accept_plan", "deferral", "deferral"), ("propose_terms", None, None, "terms"),
])
def test_a_bare_answer_goes_on_with_the_last_wish(intent: str, question: str | None, wish: str | None, expected: str) -> None:
    assert wish_of(heard(intent, "嗯"), question, wish) == expected


def test_a_delay_in_months_and_one_in_days_replace_each_other() -> None:
    months = take(Said(), heard("request_deferral", "缓两个月", Entity("duration", "2", 1, 4, unit="month")))
    days = take(months, heard("request_deferral", "缓十天就行", Entity("duration", "10", 1, 3, unit="day")), None, "deferral")
    assert (months.defer_months, days.defer_months, days.defer_days) == (2, None, 10)
