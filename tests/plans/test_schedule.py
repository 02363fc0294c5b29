"""Days and sums of schedules."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st
from plans_given import TODAY, sums

from zhuhuan.calendar import is_workday
from zhuhuan.money import split, to_fen, yuan
from zhuhuan.plans.schedule import (
    day_of_month,
    equal,
    fewest_parts,
    first_then,
    in_months,
    interest_fen,
    lay_out,
    monthly,
    of_each,
    on_workdays,
    run,
    weekday_from,
    weekly,
)

days = st.dates(date(2024, 1, 1), date(2032, 12, 31))


def test_the_last_day_of_a_month_stays_the_last_day() -> None:
    assert list(islice(monthly(date(2026, 12, 31), 31), 4)) == [date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)]


def test_the_pay_day_after_a_day_is_that_day_itself_or_the_next_months() -> None:
    assert day_of_month(15, date(2026, 11, 15)) == date(2026, 11, 15)
    assert day_of_month(15, date(2026, 11, 16)) == date(2026, 12, 15)
    assert day_of_month(31, date(2026, 11, 24)) == date(2026, 11, 30)


def test_the_next_saturday_may_be_today() -> None:
    assert weekday_from(5, date(2026, 11, 28)) == date(2026, 11, 28)
    assert weekday_from(5, date(2026, 11, 24)) == date(2026, 11, 28)


def test_months_of_payment_go_on_year_after_year() -> None:
    assert list(islice(in_months([10, 6], 20, TODAY), 3)) == [date(2027, 6, 20), date(2027, 10, 20), date(2028, 6, 20)]


def test_a_week_that_falls_into_the_spring_festival_gives_way_to_the_next() -> None:
    on, moves = on_workdays(weekly(date(2027, 1, 29)), 4, TODAY)  # Fridays; the holidays end on Sunday 14 February
    assert on == (date(2027, 1, 29), date(2027, 2, 15), date(2027, 2, 19), date(2027, 2, 26))
    assert moves == ((date(2027, 2, 5), date(2027, 2, 15)),)


@given(days, st.integers(1, 31), st.integers(1, 60), days)
def test_every_day_of_a_run_is_a_workday_and_later_than_the_one_before(first: date, day: int, number: int, today: date) -> None:
    on, moves = run(day_of_month(day, first), day, number, today)
    assert len(on) == number
    assert list(on) == sorted(set(on))
    assert all(is_workday(d) or d == today for d in on)
    assert all(not is_workday(wanted) and wanted < moved and moved in on for wanted, moved in moves)
    assert (on, moves) == on_workdays(monthly(day_of_month(day, first), day), number, today)


@given(sums(1, 90000), st.integers(1, 90))
def test_equal_parts_are_those_of_money_split(total: Decimal, number: int) -> None:
    assert [Decimal(fen) / 100 for fen in equal(number)(to_fen(total))] == list(split(total, number))


@given(st.integers(1, 10**7), st.integers(10**4, 10**6), st.lists(st.integers(1, 10**6), max_size=4), st.integers(1, 20))
def test_every_shape_adds_up(total: int, each: int, first: list[int], number: int) -> None:
    for shape in (equal(number), of_each(each), of_each(each, each // 2), first_then(first, equal(number)), first_then(first, of_each(each))):
        assert sum(shape(total)) == total
        assert all(fen >= 0 for fen in shape(total))


def test_interest_is_actual_days_over_360_of_each_part_rounded_once() -> None:
    parts, on = [100000, 50000], [TODAY + timedelta(days=10), TODAY + timedelta(days=40)]
    # 1000 × 0.072 × 10 / 360 = 2.00 and 500 × 0.072 × 40 / 360 = 4.00
    assert interest_fen(parts, on, Decimal("0.072"), TODAY) == 600
    assert interest_fen([1], [TODAY + timedelta(days=1)], Decimal("0.072"), TODAY) == 0
    assert interest_fen(parts, on, None, TODAY) == 0


@given(sums(1, 90000), st.integers(1, 40), st.none() | st.integers(0, 3600).map(lambda b: Decimal(b) / 10000))
def test_what_is_laid_out_comes_to_debt_and_cost(debt: Decimal, number: int, rate: Decimal | None) -> None:
    laid = lay_out(debt, equal(number), lambda n: run(date(2026, 12, 8), 8, n, TODAY), rate, TODAY)
    assert sum(p.amount for p in laid.schedule) == debt + laid.cost
    assert laid.cost >= 0 and (rate is not None or laid.cost == 0)


@given(sums(1, 20000), sums(1, 3000), st.integers(1, 60), st.none() | st.integers(0, 3600).map(lambda b: Decimal(b) / 10000))
def test_the_fewest_parts_below_a_ceiling_are_the_fewest(debt: Decimal, cap: Decimal, most: int, rate: Decimal | None) -> None:
    def on(number: int) -> tuple[date, ...]:
        return run(date(2026, 12, 8), 8, number, TODAY)[0]

    def largest(number: int) -> Decimal:
        laid = lay_out(debt, equal(number), lambda n: run(date(2026, 12, 8), 8, n, TODAY), rate, TODAY)
        return max(p.amount for p in laid.schedule)

    found = fewest_parts(debt, cap, most, on, rate, TODAY)
    fitting = [n for n in range(1, most + 1) if largest(n) <= cap]
    assert found == (fitting[0] if fitting else None)


def test_more_parts_than_anyone_may_grant_are_not_laid_out() -> None:
    laid = lay_out(yuan("90000"), of_each(100), lambda n: run(date(2026, 12, 8), 8, n, TODAY), None, TODAY, most=60)
    assert laid.schedule == () and laid.parts == 90000
