"""ID tails, birth dates and phone numbers; the tails of cards are none."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from told import told

from zhuhuan.language.values import birth_dates, id_tails

TAILS = {
    "尾号3621": "3621", "尾號3621": "3621", "末四码 1029": "1029", "最后四位是3621": "3621", "后四位 502X": "502X", "后四位502x": "502X",
    "身份证后四位是4410": "4410", "身份证尾号四四幺零": "4410", "身份证号最后四位 九九零叉": "990X", "证件尾数 0617": "0617", "502X": "502X", "九九零叉": "990X",
    "身份证后6位120034": "120034", "330106199002084410": "4410", "33010619900208441X": "441X", "我身份证号码后四位：8823": "8823",
    "４４１０结尾的": "4410", "尾号是三六二幺": "3621",
}  # fmt: skip
ANSWERED_TAILS = {
    "4410": "4410", "四四幺零": "4410", "4410 90年2月8号": "4410", "林晓燕 4410": "4410", "90年2月8号 502x": "502X",
    "我叫王建国 3621 1971年2月17": "3621", "九九零叉": "990X", "4 4 1 0": "4410", "4410，900208": "4410", "１０２９": "1029",
}  # fmt: skip
NO_TAILS = ["卡尾号3621", "尾号3621的卡", "工资卡号尾数3621", "尾号8890的账户", "我还3000", "尾号1234那张银行卡扣的", "手机尾号5566", "转到6217001234567890123"]
BIRTHS = {
    "90年2月8号": [date(1990, 2, 8)], "1990-02-08": [date(1990, 2, 8)], "1990.2.8": [date(1990, 2, 8)],
    "1990/02/08": [date(1990, 2, 8)], "19900208": [date(1990, 2, 8)], "900208": [date(1990, 2, 8)],
    "1971年2月17": [date(1971, 2, 17)], "八二年六月初二": [date(1982, 6, 2), date(1982, 7, 22)], "一九九零年二月八号": [date(1990, 2, 8)],
    "九零年二月八日": [date(1990, 2, 8)], "九零零二零八": [date(1990, 2, 8)], "一九九零零二零八": [date(1990, 2, 8)],
    "05年10月1号": [date(2005, 10, 1)], "二零零一年三月五号": [date(2001, 3, 5)], "330106199002084410": [date(1990, 2, 8)],
    "4410 90年2月8号": [date(1990, 2, 8)], "1990 02 08": [date(1990, 2, 8)], "七八年腊月十二": [date(1978, 12, 12)], "90年2月30号": [],
    "3000": [], "下月15号": [], "991332": [], "66年十一月二十三": [date(1966, 11, 23)], "90.2.8": [date(1990, 2, 8)],
}  # fmt: skip
PHONES = {
    "13812345678": "13812345678", "138 1234 5678": "13812345678", "138-1234-5678": "13812345678", "幺三八一二三四五六七八": "13812345678",
    "打我座机0571-88881234": "057188881234", "打这个电话 88881234": "88881234", "+86 13812345678": "13812345678",
    "我新号码是１３９００００１１１１": "13900001111", "联系我老公 15900001234": "15900001234", "给我打一三八一二三四五六七八": "13812345678",
}  # fmt: skip


@pytest.mark.parametrize(("text", "tail"), TAILS.items())
def test_an_id_tail_is_read_where_it_is_called_one(text: str, tail: str) -> None:
    assert told(text) == [f"#{tail}"]


@pytest.mark.parametrize(("text", "tail"), ANSWERED_TAILS.items())
def test_four_figures_in_answer_to_verification_are_a_tail(text: str, tail: str) -> None:
    assert told(text, "verify") == [f"#{tail}"]
    assert id_tails(text) == (tail,)


@pytest.mark.parametrize("text", NO_TAILS)
def test_the_tail_of_a_card_or_account_is_none(text: str) -> None:
    assert not [value for value in told(text) if value[0] == "#"]


@pytest.mark.parametrize(("text", "days"), BIRTHS.items())
def test_birth_dates_are_read_for_verification(text: str, days: list[date]) -> None:
    assert list(birth_dates(text)) == days


@pytest.mark.parametrize("text", ["90年2月8号", "1990-02-08", "19900208", "900208", "八二年六月初二"])
def test_a_birth_date_is_no_day_of_payment_and_no_sum(text: str) -> None:
    assert told(text, "verify") == []


@pytest.mark.parametrize(("text", "number"), PHONES.items())
def test_a_phone_number_is_read_as_digits(text: str, number: str) -> None:
    assert told(text) == [f"p{number}"]


@pytest.mark.parametrize("text", ["12378", "95588", "打96110", "12345热线"])
def test_a_hot_line_is_no_phone_number_of_the_member(text: str) -> None:
    assert told(text) == []


@given(st.dates(date(1935, 1, 1), date(2010, 12, 31)))
def test_a_birth_date_is_found_in_every_spelling(day: date) -> None:
    in_words = f"{day.year}年{day.month}月{day.day}"
    for text in (f"{day:%Y%m%d}", f"{day:%Y-%m-%d}", f"{in_words}号", f"我是{in_words}日生的"):
        assert birth_dates(text) == (day,)


@given(st.from_regex(r"\A[0-9]{3}[0-9X]\Z"))
def test_any_tail_is_given_back_as_said(tail: str) -> None:
    assert id_tails(f"身份证后四位{tail}") == (tail,)
