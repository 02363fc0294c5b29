"""Values in whole turns: what a story tells is none, what every month brings or takes is a month's, what is waited for has no value."""

from datetime import date

import pytest

from zhuhuan.language.values import extract

TODAY = date(2026, 11, 24)


def said(text: str, question: str | None = None, intent: str | None = None) -> list[tuple[str, str | None, str | None]]:
    return [(v.entity, v.value, v.per) for v in extract(text, TODAY, question, None, intent)]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("从七月拖到现在一分没给我们开", None), ("失业以后天天跑劳务市场", None), ("下班走夜路当心点", None), ("晚上好", None), ("晚上好呀", "greet"),
        ("今天蹲在棚里看着那些死苗", "state_reason"), ("今晚吃鱼", "out_of_scope"), ("6027", "provide_verification"),
        ("不想看见明天的太阳", "express_distress"), ("厂子八月倒闭了我到现在还没找着活", "state_reason"),
    ],
)  # fmt: skip
def test_what_a_story_tells_is_no_day_time_or_sum(text: str, intent: str | None) -> None:
    assert [v for v in said(text, None, intent) if v[0] in ("date", "time", "amount")] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一个月到手五千二 房贷两千六", [("5200.00", "month"), ("2600.00", "month")]), ("每月还别家三千六 工资才三千八", [("3600.00", "month"), ("3800.00", "month")]),
        ("种烟的好年景三万多", [("30000.00", "year")]), ("贷了五万 住院花了两万", [("50000.00", None), ("20000.00", None)]),
    ],
)  # fmt: skip
def test_regular_sums_beside_a_monthly_one_are_a_months(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(value, per) for entity, value, per in said(text) if entity == "amount"] == expected


@pytest.mark.parametrize("text", ["杀年猪那天给你们", "等这批羊出了栏 我立马还上", "补贴一下来就还", "交粮那天给你们送过去"])
def test_an_event_that_a_payment_waits_for_is_a_day_without_value(text: str) -> None:
    assert [v for v in said(text) if v[0] == "date"] == [("date", None, None)]


def test_a_time_at_which_something_was_done_is_none() -> None:
    assert said("今早在柜台还的", None, "claim_paid") == [("date", "2026-11-24", None)]


def test_times_that_stay_open_or_vague() -> None:
    assert said("三点半往后我有空") == [("time", "15:30/", None)]
    assert said("晚些再联系") == [("time", None, None)]
    assert said("待会再打行不") == [("time", None, None)]


@pytest.mark.parametrize(("text", "value"), [("先给千二", "1200.00"), ("可唔可以先畀千二住", "1200.00"), ("先交万五行不", "15000.00"), ("百五块", "150.00")])
def test_a_unit_in_front_is_one_of_it(text: str, value: str) -> None:
    assert [v for v in said(text) if v[0] == "amount"] == [("amount", value, None)]


def test_idioms_with_a_unit_in_front_are_no_sums() -> None:
    assert [v for text in ("千万别打电话", "万一还不上", "说了百八十遍了", "百分之百还") for v in said(text) if v[0] == "amount"] == []


def test_parts_counts_and_corrections() -> None:
    assert said("三分之一我现在就能付") == [("amount", "0.3333", None)]
    assert said("切成八份来还") == [("periods", "8", None)]
    assert said("多分几期呗") == [("periods", None, None)]
    assert said("一千八 说岔了 一千六", "amount") == [("amount", "1600.00", "month")]
    assert said("元旦那天我把逾期的都缴掉") == [("date", "2027-01-01", None)]


def test_a_plans_sum_called_too_much_is_not_the_members_terms() -> None:
    assert said("一千九太高了", "accept_plan") == [("amount", "1900.00", None)]
    assert said("一千五都悬", "amount") == [("amount", "1500.00", "month")]
