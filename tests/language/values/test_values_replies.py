"""What the last question makes of a bare reply, and what stands of values that are corrected, refused or only said again."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from told import told

from zhuhuan.language.values import extract

REPLIES = {
    ("三千", "amount"): ["¥3000.00 month"], ("一千二三吧", "amount"): ["¥1200.00/1300.00 range month"],
    ("五十", "amount"): ["¥50.00 month"], ("最多八百", "amount"): ["¥800.00 at_most month"], ("四千", "means"): ["¥4000.00 month"],
    ("两百都够呛", "means"): ["¥200.00 month"], ("工资三千 房租八百", "means"): ["¥3000.00 month", "¥800.00 month"],
    ("一天一百五", "means"): ["¥150.00 day"], ("一年两万", "means"): ["¥20000.00 year"], ("十二", "periods"): ["x12"],
    ("12个月吧", "periods"): ["x12"], ("一年", "periods"): ["x12"], ("半年", "periods"): ["x6"], ("两年行不", "periods"): ["x24"],
    ("24", "periods"): ["x24"], ("一个月五百", "periods"): ["¥500.00 month"], ("15号", "date"): ["@2026-12-15"],
    ("1.8", "date"): ["@2027-01-08"], ("12/20", "date"): ["@2026-12-20"], ("一半", "amount"): ["¥0.5 fraction"],
    ("三千", None): ["¥3000.00"], ("先还三千", "amount"): ["¥3000.00"], ("每个月一号", "date"): ["@2026-12-01"],
    ("明天下午三点", "callback_time"): ["@2026-11-25", "t15:00"],
}  # fmt: skip
CORRECTED = {
    "三千 不对 三千二": ["¥3200.00"], "15号 不是 25号": ["@2026-11-25"], "不是15号 是25号": ["@2026-11-25"], "不是15號，是25號": ["@2026-11-25"],
    "是15号 不是25号": ["@2026-12-15"], "不对 是十六号": ["@2026-12-16"], "八百 哦不 九百": ["¥900.00"], "三千 说错了 两千": ["¥2000.00"],
    "下个月15号 不对 25号": ["@2026-12-25"], "最多八百 不对 九百": ["¥900.00 at_most"], "8号改成18号": ["@2026-12-18"], "12期 啊不 24期": ["x24"],
    "三千不对三千二": ["¥3200.00"], "缓两个月 不对 三个月": ["+2month"], "每个月五百 打错了 六百": ["¥600.00 month"], "不是三千 是三千二": ["¥3200.00"],
    "周五 不是 周六还": ["@2026-11-28"], "两千不行 一千五吧": ["¥1500.00 month"], "九期太赶了 十五期可以": ["x15"], "两千太多了": ["¥2000.00"],
    "一个月七百就七百吧": ["¥700.00 month"], "先还一半 我只能先还一半": ["¥0.5 fraction"], "一次两千一 又一次两千一": ["¥2100.00", "¥2100.00"],
    "工资三千 房租三千": ["¥3000.00 month", "¥3000.00"],
}  # fmt: skip


@pytest.mark.parametrize(("text", "question", "values"), [(*key, values) for key, values in REPLIES.items()])
def test_a_bare_reply_is_read_by_the_last_question(text: str, question: str | None, values: list[str]) -> None:
    assert sorted(told(text, question)) == sorted(values)


@pytest.mark.parametrize(("text", "values"), CORRECTED.items())
def test_only_what_is_meant_in_the_end_counts(text: str, values: list[str]) -> None:
    assert told(text) == values


def test_the_contracts_example_comes_out_as_written() -> None:
    values = [v.as_dict() for v in extract("最多八百 下月15号开始", date(2026, 11, 24))]
    assert values == [
        {"entity": "amount", "value": "800.00", "bound": "at_most", "per": None, "start": 0, "end": 4},
        {"entity": "date", "value": "2026-12-15", "start": 5, "end": 10},
    ]


def test_offsets_are_those_of_the_original_text() -> None:
    text = "  我最多　８００塊　下個月１５號還"
    amount, day = extract(text, date(2026, 11, 24))
    assert text[amount.start : amount.end].strip() == "最多　８００塊" and text[day.start : day.end] == "下個月１５號"


ODD = [
    "", " ", "😀😀", "。。。", "a" * 5000, "一" * 5000, "1" * 5000, "万" * 300, "select * from loans where 1=1", "<b>3000</b>", "九九九九",
    "零", "点", "1.2.3.4.5", "二月三十日", "0号", "99999999999999999999万亿", "每个月" * 200, "不是" * 300, "1,2,3,4", "初初初", "百分之",
    "分之一", "N月R号V天",
]  # fmt: skip


@pytest.mark.parametrize("text", ODD)
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    for value in extract(text, date(2026, 11, 24)):
        assert 0 <= value.start < value.end <= len(text)


@given(st.text(alphabet="一二两三十百千万半几多0123456789.-/:% 年月日号天周期点块元毛个每最还缓分不是前后内到初腊正国庆尾卡x", max_size=40))
def test_no_heap_of_numerals_and_units_breaks_it(text: str) -> None:
    for question in (None, "verify", "amount", "periods", "date"):
        for value in extract(text, date(2028, 2, 29), question, pay_day=31):
            assert 0 <= value.start < value.end <= len(text)
            assert (value.bound is not None) == (value.entity == "amount") and (value.unit is not None) == (value.entity == "duration")
            if value.entity == "date" and value.value:
                days = [date.fromisoformat(day) for day in value.value.split("/")]
                assert days == sorted(days) and len(days) <= 2
            if value.entity == "amount" and value.value:
                assert (value.bound == "range") == ("/" in value.value) and [Decimal(v) for v in value.value.split("/")]
