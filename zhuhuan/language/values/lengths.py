"""Lengths of time (三个月, 半年, 一年半, 俩月, 三个礼拜), shared by dates, periods and durations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from zhuhuan.calendar import add_months
from zhuhuan.language.values.tape import Tape
from zhuhuan.language.values.value import Unit

# As part of larger patterns; what it matches is read by `length`.
LENGTH = (
    "(?:N天N天|N年半载|[NRV]天半个?月|[NRV]个半月|[NRV]年半|[NRV]个[多来]?月|[NRV][多来]?月(?![份底初末中])|[NRV](?:个?多?(?:星期|礼拜)|多?周)(?![一二三四五六日天末])"
    "|[NRV]多?天(?!天)|[NRV]多?年(?![底初末前关])|[NRV]个季度?|[NRV]季度|一?[大小]?半年|半[个拉]?多?月|半个?(?:星期|礼拜)"
    ")"
)
_YEARS, _MONTHS, _WEEKS, _SEASONS = re.compile("年"), re.compile("月"), re.compile("周|星期|礼拜"), re.compile("季")


@dataclass(frozen=True)
class Length:
    """`count` months or days; None where the number is vague (几天, 两三天)."""

    count: int | None
    unit: Unit

    def after(self, day: date) -> date | None:
        """The day so much later; None where the length is vague."""
        if self.count is None:
            return None
        return add_months(day, self.count) if self.unit == "month" else day + timedelta(days=self.count)

    def before(self, day: date) -> date | None:
        return None if self.count is None else Length(-self.count, self.unit).after(day)


def length(tape: Tape, start: int, end: int) -> Length | None:
    """The length said at [start, end) of the line; None where it is none (三月 is March).

    A half month is 15 days, so that a month and a half is 45; a week has 7 days, a season three months.
    """
    said = tape.line[start:end]
    at = next((i for i in range(start, end) if tape.line[i] in "NRV"), None)
    if at is None:
        if "年" in said:
            return Length(6, "month")
        return Length(15, "day") if "月" in said else Length(None, "day")
    numeral = tape.number(at)
    whole = numeral.whole  # 个把月 and 一个多月 are a month, about
    if "天半" in said or said.count("天") > 1 or "半载" in said:
        return Length(None, "month" if "载" in said else "day")  # 十天半个月, 三天五天, 一年半载
    if _YEARS.search(said):
        return Length(None if whole is None else 12 * whole + 6 * ("半" in said), "month")
    if _MONTHS.search(said):
        if "个" not in said and not numeral.counts and not numeral.approx and "多" not in said:
            return None
        if "半" in said:
            return Length(None if whole is None else 30 * whole + 15, "day")
        return Length(whole, "month")
    if _SEASONS.search(said):
        return Length(None if whole is None else 3 * whole, "month")
    return Length(None if whole is None else whole * (7 if _WEEKS.search(said) else 1), "day")
