"""Days: workdays and holidays of mainland China, lunar dates, months. `today` is always passed in.

chinesecalendar knows the State Council's holiday orders up to the last one published. Later years are worked out from the statutory
holidays (全国年节及纪念日放假办法, 2024 revision) and the usual long weeks, without the make-up workdays, which nobody can know yet.

>>> next_workday(date(2027, 1, 1))
datetime.date(2027, 1, 4)
>>> spring_festival(2027)
datetime.date(2027, 2, 6)
>>> add_months(date(2026, 12, 31), 2)
datetime.date(2027, 2, 28)
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar
from lunardate import LunarDate

DAY = timedelta(days=1)


def lunar(year: int, month: int, day: int, leap: bool = False) -> date:
    """The solar day of a lunar one; day 30 of a month that has 29 gives the 29th. Raises ValueError for no such month."""
    try:
        solar: date = LunarDate(year, month, day, leap).to_solar_date()
        return solar
    except (ValueError, AttributeError):
        if day == 30:
            return lunar(year, month, 29, leap)
        raise ValueError(f"there is no lunar {year}-{month}-{day}") from None


def spring_festival(year: int) -> date:
    """First day of the lunar year that begins in solar `year`."""
    return lunar(year, 1, 1)


@lru_cache(maxsize=64)
def _expected_holidays(year: int) -> frozenset[date]:
    new_year_eve = spring_festival(year) - DAY
    qingming = date(year, 4, 4 if year % 4 in (0, 1) else 5)  # right for 2008 to 2040
    spans = [(date(year, 1, 1), 1), (new_year_eve, 8), (qingming, 1), (date(year, 5, 1), 5), (lunar(year, 5, 5), 1),
             (lunar(year, 8, 15), 1), (date(year, 10, 1), 7)]
    return frozenset(first + i * DAY for first, days in spans for i in range(days))


def is_workday(day: date) -> bool:
    """Whether banks and offices work on `day`."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5 and day not in _expected_holidays(day.year)


def next_workday(day: date) -> date:
    """`day` itself when it is a workday, else the first one after it."""
    while not is_workday(day):
        day += DAY
    return day


def month_end(day: date) -> date:
    """Last day of the month of `day`."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


@lru_cache(maxsize=16384)
def add_months(day: date, months: int, day_of_month: int | None = None) -> date:
    """`months` later, on `day_of_month` (default: the same day); the last day of the month where there is no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    wanted = day_of_month or day.day
    return date(year, month + 1, min(wanted, calendar.monthrange(year, month + 1)[1]))


def day_in_words(day: date, today: date) -> str:
    """A day as people say it: 12月15日, with the year when it is not this one, and the weekday.

    >>> day_in_words(date(2027, 1, 8), date(2026, 11, 24))
    '2027年1月8日（周五）'
    """
    year = f"{day.year}年" if day.year != today.year else ""
    return f"{year}{day.month}月{day.day}日（周{'一二三四五六日'[day.weekday()]}）"
