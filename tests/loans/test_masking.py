from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuhuan.loans.masking import mask_facts, mask_phone, mask_text
from zhuhuan.loans.values import Member

MEMBER = Member("M1", "林晓燕", "441X", date(1990, 2, 8), "19900000088")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("身份证 11010119900208441X", "身份证 ******************"),
        ("电话 138 0000 1234", "电话 138****1234"),
        ("+86-13800001234打这个", "138****1234打这个"),
        ("尾号4410", "尾号****"),
        ("身份证后四位是 441x 对吧", "身份证后四位是 **** 对吧"),
        ("1990-02-08", "****年**月**日"),
        ("90年2月8号的", "****年**月**日的"),
        ("19900208", "****年**月**日"),
        ("900208", "****年**月**日"),
        ("卡号6222 0000 1111 2222 333", "卡号**** **** ****"),
    ],
)
def test_personal_data_in_a_text_is_masked(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "12月15日还1860.00元",
        "2026-12-15",
        "2026年12月15日",
        "26年12月15日",
        "每月最多800 分12期",
        "欠120500元",
        "20261215",
        "尾数不对",
        "15号发工资",
    ],
)
def test_sums_and_due_dates_are_left_readable(text: str) -> None:
    assert mask_text(text) == text


def test_the_members_own_tail_is_masked_when_it_stands_alone_but_not_as_a_sum() -> None:
    assert mask_text("441x 90年2月8号", MEMBER) == "**** ****年**月**日"
    plain = Member("M1", "林晓燕", "4410", date(1990, 2, 8), "19900000088")
    assert mask_text("4410，一共4410.00元 或4410元 14410", plain) == "****，一共4410.00元 或4410元 14410"


def test_facts_of_any_depth_are_masked_and_what_is_no_text_stays() -> None:
    facts = {
        "said": ["尾号4410", {"phone": "13800001234"}],
        "id_tail": "4410",
        "n": 3,
        "due": date(2026, 12, 1),
        "none": None,
        "birth_date": None,
    }
    assert mask_facts(facts) == {
        "said": ["尾号****", {"phone": "138****1234"}],
        "id_tail": "****",
        "n": 3,
        "due": "2026-12-01",
        "none": None,
        "birth_date": None,
    }


@given(
    st.text(alphabet="我是的电话 ，。x", min_size=1, max_size=8),
    st.integers(10_000_000_00, 19_999_999_99),
    st.dates(date(1930, 1, 1), date(2010, 12, 31)),
)
def test_no_phone_and_no_birth_date_survives_whatever_stands_around_it(around: str, number: int, born: date) -> None:
    phone = f"1{number}"
    text = f"{around}{phone}{around}{born.isoformat()}{around}{born:%Y年%m月%d日}"
    masked = mask_text(text)
    assert phone not in masked
    assert born.isoformat() not in masked and f"{born:%Y年}" not in masked


def test_a_short_number_is_masked_whole() -> None:
    assert mask_phone("0551123") == "*******"
