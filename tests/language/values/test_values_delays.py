"""Delays asked for, numbers of instalments, times of day, and which of several loans."""

import pytest
from told import told

DELAYS = {
    "缓三个月": "+3month", "能不能缓两个月": "+2month", "失业了 能不能缓三个月": "+3month", "缓半年行不行": "+6month", "宽限一年": "+12month",
    "缓一年半": "+18month", "再宽俺一个月中不": "+1month", "缓俩月": "+2month", "缓仨月": "+3month", "缓兩個月": "+2month", "延期三个礼拜": "+21day",
    "推迟十天还": "+10day", "晚十天还行吗": "+10day", "晚半个月": "+15day", "缓一个半月": "+45day", "再给我半个月": "+15day", "再給我半個月時間": "+15day",
    "给我三个月时间": "+3month", "等我一个礼拜": "+7day", "再容我一个月": "+1month", "通融十天": "+10day", "拖个把月": "+1month", "缓一个来月": "+1month",
    "往后推两个月": "+2month", "顺延一个月": "+1month", "停三个月再还": "+3month", "先停两个月": "+2month", "展期六个月": "+6month", "申请延期90天": "+90day",
    "宽限几天": "+?day", "宽限几天行不": "+?day", "缓几个月": "+?month", "晚几天还": "+?day", "缓两三个月": "+?month", "再等十天半月": "+?day",
    "拖几日": "+?day", "能不能宽限一段时间": "+?day", "过三个月再还可以吗": "+3month", "三个月以后再还行不行": "+3month", "半年后再还好不好": "+6month",
    "最多再拖一个月": "+1month", "迟一个星期": "+7day", "先不还本金 停半年": "+6month", "延长宽限期到两个月": "+2month", "让我考虑三天": "+3day",
    "给我两天时间想想": "+2day", "唔該寬限一個月": "+1month", "緩多半年": "+6month", "一个季度以后再还行吗": "+3month", "晚交五天": "+5day", "多给一个月": "+1month",
    "等两周行不行": "+14day",
}  # fmt: skip
PAST_LENGTHS = [
    "三个月没发工资", "住院半个月了", "拖了三个月", "逾期两个月了", "等了三天也没人理", "失业半年了", "我在工地干了两年", "打了三个月官司", "延了两个月了", "停工三个月", "病了大半年", "三年没回家了",
    "坐了两年牢", "养了一年猪", "缓过两个月了", "三个月前失业了",
]  # fmt: skip
INSTALMENTS = {
    "分十二期": "x12", "能分12期吗": "x12", "12期": "x12", "分12个月还": "x12", "分一年还": "x12", "一年还清": "x12", "半年还清": "x6", "三年还完": "x36",
    "两年慢慢还清": "x24", "分三次还": "x3", "分两回还": "x2", "分四笔还": "x4", "分成六期": "x6", "分六个月": "x6", "分半年": "x6", "分一年半": "x18",
    "分24期行不行": "x24", "改成18期": "x18", "延长到36期": "x36", "做24期": "x24", "12期太短": "x12", "十二期太多了": "x12", "分期一年": "x12",
    "一年分期": "x12", "办个二十四期的": "x24", "四五期": "x?", "分十几期": "x?", "分三四期": "x?", "拉长到两年": "x24", "分俩月还": "x2", "分兩年還": "x24",
    "按10期来": "x10", "两年还完行不": "x24", "十个月还清": "x10", "太短啦 八个月都不够": "x8", "分六十期": "x60", "三十六期": "x36",
}  # fmt: skip
NO_INSTALMENTS = [
    "第三期", "欠了三期", "我已经还了8期", "还剩10期", "逾期两期了", "三期没还", "上一期", "这期没还", "每期多少", "分几期", "一期还多少", "前两期", "到期了", "长期没活干",
    "总共欠了三期没还", "我还过六期了", "最后两期", "差你们两期",
]  # fmt: skip
TIMES = {
    "下午三点以后": "t15:00/", "晚上八点": "t20:00", "下午三點": "t15:00", "上午": "t08:00/12:00", "中午": "t11:30/13:30", "下午": "t13:00/18:00",
    "晚上": "t18:00/21:00", "上午十点半": "t10:30", "15点": "t15:00", "8:30": "t08:30", "20:00以后": "t20:00/", "三点": "t15:00",
    "九点": "t09:00", "三点半": "t15:30", "三点一刻": "t15:15", "下午两点二十": "t14:20", "六点前": "t/18:00", "下午三点到五点": "t15:00/17:00",
    "上午十点到下午两点": "t10:00/14:00", "晚上七点以后": "t19:00/", "下午一点": "t13:00", "中午十二点": "t12:00", "晚上之后": "t18:00/",
    "傍晚": "t18:00/21:00", "下班以后": "t?", "晚黑八点": "t20:00",
}  # fmt: skip
LOANS = ["第二笔", "种植的那笔", "养猪那笔", "三万的那笔", "大的那笔", "房贷那笔", "前面那笔", "消费贷款那笔", "去年那笔", "大棚那一笔", "第2筆"]


@pytest.mark.parametrize(("text", "value"), DELAYS.items())
def test_a_delay_asked_for_is_a_duration(text: str, value: str) -> None:
    assert told(text) == [value]


@pytest.mark.parametrize("text", PAST_LENGTHS)
def test_a_length_of_time_that_is_past_is_no_delay(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(("text", "value"), INSTALMENTS.items())
def test_a_number_of_instalments_is_read(text: str, value: str) -> None:
    assert told(text) == [value]


@pytest.mark.parametrize("text", NO_INSTALMENTS)
def test_instalments_paid_missed_or_asked_about_are_no_wish(text: str) -> None:
    assert [value for value in told(text) if value[0] == "x"] == []


@pytest.mark.parametrize(("text", "value"), TIMES.items())
def test_a_time_of_day_is_read(text: str, value: str) -> None:
    assert told(text) == [value]


@pytest.mark.parametrize("text", LOANS)
def test_a_loan_is_named_by_product_sum_or_place_in_the_words_said(text: str) -> None:
    assert f"~{text}" in told(text, "which_loan")


DAYS_WITH_TIMES = {
    "明天下午三点": ["@2026-11-25", "t15:00"],
    "明晚八点打给我": ["@2026-11-25", "t20:00"],
    "周六上午": ["@2026-11-28", "t08:00/12:00"],
}


@pytest.mark.parametrize(("text", "values"), DAYS_WITH_TIMES.items())
def test_a_day_and_a_time_stand_beside_each_other(text: str, values: list[str]) -> None:
    assert sorted(told(text)) == sorted(values)
