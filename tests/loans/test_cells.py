from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuhuan.loans import cells
from zhuhuan.loans.columns import Fen, Rate
from zhuhuan.money import from_fen

TODAY = date(2026, 11, 24)


@given(st.integers(0, 10**11))
def test_an_amount_written_in_any_usual_way_is_the_same_to_the_fen(fen: int) -> None:
    value = from_fen(fen)
    for text in (str(value), f"{value:,}", f"¥{value}", f"{value:,}元", f"￥ {value}"):
        assert cells.amount(cells.plain(text)) == value


@given(st.integers(-(10**15), 10**15))
def test_fen_in_the_database_come_back_as_the_same_yuan(fen: int) -> None:
    column = Fen()
    assert column.process_bind_param(from_fen(fen), None) == fen
    assert column.process_result_value(fen, None) == from_fen(fen)
    assert str(column.process_result_value(fen, None)) == str(from_fen(fen))


@given(st.integers(0, 999_999))
def test_a_rate_comes_back_from_the_database_as_it_was(millionths: int) -> None:
    rate = Decimal(millionths) / 1_000_000
    column = Rate()
    assert column.process_result_value(column.process_bind_param(rate, None), None) == rate


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_a_day_written_in_any_usual_way_is_the_same(day: date) -> None:
    for text in (
        day.isoformat(),
        f"{day:%Y/%m/%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        f"{day.year}.{day.month}.{day.day}",
    ):
        assert cells.day(text) == day
    assert cells.day(cells.plain(datetime(day.year, day.month, day.day))) == day


@pytest.mark.parametrize(
    ("text", "rate"), [("7.2%", "0.072"), ("7.2", "0.072"), ("0.072", "0.072"), ("0", "0"), ("0.85%", "0.0085")]
)
def test_a_yearly_rate_is_a_fraction_however_written(text: str, rate: str) -> None:
    assert cells.rate(text) == Decimal(rate)


@pytest.mark.parametrize(
    ("parse", "text", "reason"),
    [
        (cells.amount, "一千", "不是金额"),
        (cells.amount, "-5", "负数"),
        (cells.amount, "12.345", "不足一分"),
        (cells.amount, "NaN", "合理"),
        (cells.amount, "99999999999999", "合理"),
        (cells.day, "2026-02-30", "真实"),
        (cells.day, "下个月", "不是日期"),
        (cells.tail, "44", "开头的 0"),
        (cells.tail, "44104", "后四位"),
        (cells.tail, "X410", "后四位"),
        (cells.phone, "12345", "手机号"),
        (cells.phone, "1990000001", "手机号"),
        (cells.id_number, "110101199002084410", "校验位"),
        (cells.id_number, "1.10101E+17", "18 位"),
        (cells.rate, "150", "100%"),
        (cells.rate, "高", "年利率"),
        (cells.whole, "-3", "天数"),
        (cells.name, "123", "姓名"),
        (cells.name, "<b>x</b>", "姓名"),
        (cells.words, "长" * 65, "最多 64"),
        (cells.promises, "2026-10-01 500", "守约"),
        (cells.promises, "2026-10-01 500 open；2026-10-02 500 待履行", "只能有一个"),
        (cells.promises, "2026-10-01 0 守约", "0"),
    ],
)
def test_a_cell_that_is_no_such_value_is_refused_with_the_reason(parse: object, text: str, reason: str) -> None:
    with pytest.raises(cells.BadCell, match=reason):
        parse(text)  # type: ignore[operator]


def test_a_whole_id_number_gives_tail_and_birth_date() -> None:
    assert cells.id_number("110101199003074012") == ("4012", date(1990, 3, 7))
    assert cells.id_number("11010119900307408x") == ("408X", date(1990, 3, 7))


def test_somebody_younger_than_sixteen_is_no_member() -> None:
    assert cells.birth("2010-12-31", TODAY) == date(2010, 12, 31)
    with pytest.raises(cells.BadCell, match="16"):
        cells.birth("2011-01-01", TODAY)
    with pytest.raises(cells.BadCell) as error:
        cells.birth("1985-13-01", TODAY)
    assert "1985" not in str(error.value)


def test_cells_of_a_spreadsheet_read_as_they_look() -> None:
    assert [cells.plain(v) for v in (None, 12.0, 0.5, 7, date(2026, 1, 2), "  １２３．５  ")] == [
        "",
        "12",
        "0.5",
        "7",
        "2026-01-02",
        "123.5",
    ]
