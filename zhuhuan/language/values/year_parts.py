"""Parts of months and years without a number of day: 月底, 中旬, 年底, 明年, 上半年, 下个季度."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from zhuhuan.calendar import add_months, month_end
from zhuhuan.language.values.utterance import Utterance
from zhuhuan.language.values.value import Found

YEARS = {"今年": 0, "本年": 0, "明年": 1, "来年": 1, "后年": 2, "去年": -1, "前年": -2}
NAMED_YEAR = rf"(?<![然之以最本原历多近几])(?:{'|'.join(YEARS)})"  # not 然后年底, 本来年初
SHIFTS = {"下下": 2, "下": 1, "次": 1, "这": 0, "本": 0, "上": -1, "上上": -2}
SHIFT = r"(?<![眼剩底乡手当余私一以])(?P<shift>下下|下|次|这|本|上上|上)个?"
_BARE_PART = re.compile(
    r"(?P<part>(?<!个)(?:月底|月末|月尾|月初|月头|月中旬?|月的?最后N天)|(?<!N)[上中下]旬|(?<![个下这本上])月内)"
)
_YEAR_PART = re.compile(
    rf"(?P<year>{NAMED_YEAR}|(?<![A-Z])N年)?的?(?P<part>年底|年末|年尾|岁末|年内|年初|年头|(?<![海路船岸地车床网班学手身山线])[上下]半年)"
    r"|(?<![然之以最本原历多近几])(?P<named>明年|来年|后年|今年|去年)(?P<end>底|末|尾|初|内|之内|上半年|下半年)?"
)
_QUARTER = re.compile(rf"(?:(?P<year>{'|'.join(YEARS)})的?)?(?:{SHIFT}|第?(?P<number>N)个?)季度")


def in_month(first: date, part: str | None) -> str:
    """A part of the month that begins on `first`: 初 the 1st, 底 the last day, 中 the 15th; 旬 ten days; all of it where None."""
    last = month_end(first)
    match (part or "").removeprefix("月"):
        case "底" | "末" | "尾" | "内" | "最后N天" | "的最后N天":
            return last.isoformat()
        case "初" | "头":
            return first.isoformat()
        case "中":
            return first.replace(day=15).isoformat()
        case "上旬":
            return f"{first}/{first.replace(day=10)}"
        case "中旬":
            return f"{first.replace(day=11)}/{first.replace(day=20)}"
        case "下旬":
            return f"{first.replace(day=21)}/{last}"
        case _:
            return f"{first}/{last}"


def year_said(u: Utterance, match: re.Match[str]) -> int | None:
    """The year of a match's group `year`, None where none is said; -1 where it is no year of ours (三年)."""
    said = match["year"]
    if said is None:
        return None
    if said in YEARS:
        return u.today.year + YEARS[said]
    number = u.tape.number(match.start("year")).whole
    if number is None or not (2000 <= number < 2100 or 20 <= number <= 40):
        return -1
    return number if number > 100 else 2000 + number


def _parts_of_month(u: Utterance) -> Iterator[Found]:
    """月初 and 中旬 that are over are next month's; 月底 is this month's."""
    for match in _BARE_PART.finditer(u.line):
        first, part = u.today.replace(day=1), match["part"]
        past = u.past(*match.span())
        over = {"月初": 1, "月头": 1, "上旬": 10, "月中": 15, "月中旬": 20, "中旬": 20}.get(part, 31)
        if u.today.day > over and not past:
            first = add_months(first, 1)
        yield Found("date", in_month(first, part), *match.span())


def _parts_of_year(u: Utterance) -> Iterator[Found]:
    for match in _YEAR_PART.finditer(u.line):
        year = u.today.year + YEARS[match["named"]] if match["named"] else year_said(u, match)
        part = match["end"] or match["part"]
        if year == -1 or (match["named"] in ("今年", "去年") and part is None):
            continue  # 今年 alone tells no day
        if match["named"] and part is None and u.setting.last_question is None and not u.pays(*match.span()):
            continue  # 我儿子明年当兵
        if year is None:
            year = u.today.year + (part in ("年初", "年头", "上半年") and u.today.month > 3)
        if part in ("上半年", "下半年"):
            value = f"{year}-01-01/{year}-06-30" if part == "上半年" else f"{year}-07-01/{year}-12-31"
        elif part is None:
            value = f"{year}-01-01/{year}-12-31"
        else:
            value = f"{year}-01-01" if part[-1] in "初头" else f"{year}-12-31"
        yield Found("date", value, *match.span())


def _quarters(u: Utterance) -> Iterator[Found]:
    """The three months of a quarter; one by number is the next such. 一季度还两千 tells of every quarter."""
    for match in _QUARTER.finditer(u.line):
        quarter = (u.today.month - 1) // 3 + SHIFTS.get(match["shift"] or "", 0)
        year = u.today.year + YEARS.get(match["year"] or "", 0)
        if match["number"]:
            number = u.tape.number(match.start("number")).whole or 0
            every = match.group() == "N季度" and u.line[match.end() : match.end() + 1] in tuple("还给交付NRV")
            if not 1 <= number <= 4 or "个" in match.group() or every:
                continue
            year += not match["year"] and number - 1 < quarter
            quarter = number - 1
        first = date(year + quarter // 4, quarter % 4 * 3 + 1, 1)
        yield Found("date", f"{first}/{month_end(add_months(first, 2))}", *match.span())


def year_parts(u: Utterance) -> Iterator[Found]:
    """Parts of months, years and quarters, as a day or as their first and last day."""
    yield from _parts_of_month(u)
    yield from _parts_of_year(u)
    yield from _quarters(u)
