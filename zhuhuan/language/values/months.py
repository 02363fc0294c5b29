"""Days by year, month and number: in figures (2027-01-08, 1/8), in words (下个月15号, 月底, 明年三月), quarters and halves of a year."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from zhuhuan.calendar import add_months, month_end
from zhuhuan.language.values.numbers import Numeral
from zhuhuan.language.values.utterance import Utterance
from zhuhuan.language.values.value import Found, Setting

YEARS = {"今年": 0, "本年": 0, "明年": 1, "来年": 1, "后年": 2, "去年": -1, "前年": -2}
SHIFTS = {"下下": 2, "下": 1, "次": 1, "这": 0, "本": 0, "上": -1, "上上": -2}
_SHIFT = r"(?<![眼剩底乡手当余私一以])(?P<shift>下下|下|次|这|本|上上|上)(?:一)?个?"
_NAMED_YEAR = rf"(?<![然之以最本原历多近几])(?:{'|'.join(YEARS)})"  # not 然后年底, 本来年初
_YEAR = rf"(?:(?P<year>{_NAMED_YEAR}|(?<![A-Z])N年)度?的?)?"
_NO_UNIT = r"(?![A-Z元块万千百个天期斤岁年月周%毛角点号日多来头亩人])"
_DAY = rf"(?:(?P<from>N)[号日]?[到至~-])?(?P<day>[NRV])(?:号(?![线楼房院店])|日(?![元子常]|之?内|以内)|{_NO_UNIT})"
_MONTH_DAY = re.compile(
    rf"{_YEAR}(?:{_SHIFT}月|(?:(?P<first>N)月?[到至~-])?(?P<month>N|元)月)份?(?:的?{_DAY}|(?P<inside>之?内|以内)|的?(?P<part>月?底|月?末|月?尾|月?初(?![NRV])|月?头(?!几)|上旬|中旬|下旬|月?中(?![NRV午等])))?"
)
_TWO_DAYS = re.compile(r"(?<!第)(?P<one>N)[号日]?(?:、|或者?|和|,)(?P<two>N)[号日](?![线楼房院店机码人])")
_BARE_DAY = re.compile(r"(?<!第)(?:(?P<from>N)[号日]?[到至~-])?(?<!第)(?P<day>[NRV])(?:号(?![线楼房院店机码人])|日(?![元子常]|之?内|以内))")
_EVERY_MONTH = re.compile(r"每个?月的?(?P<day>N)(?![A-Z号日.块元万千百个天期笔次%])")
_ONLY_DAY = re.compile(r"^(?:就|大概|那就|每个?月|最快|最晚|最迟|[ ])*(?P<day>N)(?:吧|左右|行不?|可以|那天|[ 。.,，!])*$")
_BARE_PART = re.compile(r"(?P<part>(?<!个)(?:月底|月末|月尾|月初|月头|月中旬?|月的?最后N天)|(?<!N)[上中下]旬|(?<![个下这本上])月内)")
_YEAR_PART = re.compile(
    rf"(?P<year>{_NAMED_YEAR}|(?<![A-Z])N年)?的?(?P<part>年底|年末|年尾|岁末|年内|年初|年头|(?<![海路船岸地车床网班学手身山线])[上下]半年)"
    r"|(?<![然之以最本原历多近几])(?P<named>明年|来年|后年|今年|去年)(?P<end>底|末|尾|初|内|之内|上半年|下半年)?"
)
_QUARTER = re.compile(rf"(?:(?P<year>{'|'.join(YEARS)})的?)?(?:{_SHIFT}|第?(?P<number>N)个?)季度")
_FULL = re.compile(
    r"(?<![\d.])(?P<y>20[2-4]\d)(?P<sign>[-./])(?P<m>1[0-2]|0?[1-9])(?P=sign)(?P<d>3[01]|[12]\d|0?[1-9])(?!\d)"
    r"|(?<!\d)(?P<y8>20[2-4]\d)(?P<m8>0[1-9]|1[0-2])(?P<d8>0[1-9]|[12]\d|3[01])(?!\d)"
)
_SHORT = re.compile(
    r"(?<![\d.,/:-])(?P<m>1[0-2]|0?[1-9])(?P<sign>[-./])(?P<d>3[01]|[12]\d|0?[1-9])(?![\d.,/:-]|%| ?[万千百元块折倍个期天年斤亩分成kw月])(?P<hao>[号日])?"
)
_SHORT_THEN = re.compile(r"(?:之|以)?前|左右|开始|起|还|给|交|付|到(?!\d)|之?后|以后|那天|发|一定|再|我|就|能|可以|之内")


def _next_month_day(u: Utterance, month: int, day: int, past: bool) -> str | None:
    """The nearest such day not before today (not after it where the past is told); None for 2月30号."""
    days = []
    for year in range(u.today.year - 1, u.today.year + 3):
        if day <= month_end(date(year, month, 1)).day:
            days.append(date(year, month, day))
    if not days:
        return None
    last, ahead = max(d for d in days if d <= u.today), min(d for d in days if d >= u.today)
    return (last if past else ahead).isoformat()


def next_day_of_month(today: date, day: int, past: bool = False) -> str | None:
    """The next day of that number, today included; None where the month that is meant has none (31号 in November: to be asked)."""
    first = today.replace(day=1)
    months = 0 if (day <= today.day if past else day >= today.day) else (-1 if past else 1)
    month = add_months(first, months)
    return month.replace(day=day).isoformat() if 1 <= day <= month_end(month).day else None


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


def _year(u: Utterance, match: re.Match[str]) -> int | None:
    """The year said, None where none is; -1 where it is no year of ours (三年)."""
    said = match["year"]
    if said is None:
        return None
    if said in YEARS:
        return u.today.year + YEARS[said]
    number = u.tape.number(match.start("year")).whole
    if number is None or not (2000 <= number < 2100 or 20 <= number <= 40):
        return -1
    return number if number > 100 else 2000 + number


def _day_value(u: Utterance, match: re.Match[str], first: date | None, month: int, past: bool) -> str | None:
    """The day or days of `match` in the month that begins on `first`, or in the nearest month of that number."""

    def resolve(day: int) -> str | None:
        if first is None:
            return _next_month_day(u, month, day, past)
        return first.replace(day=day).isoformat() if 1 <= day <= month_end(first).day else None

    numeral = u.tape.number(match.start("day"))
    if numeral.low is None or numeral.high is None or numeral.approx:
        return None
    days = [int(numeral.low), int(numeral.high)]
    if match["from"] and (begin := u.tape.number(match.start("from")).whole):
        days[0] = begin
    values = [resolve(day) for day in dict.fromkeys(days)]
    return None if None in values else "/".join(v for v in values if v)


def _just_gone(u: Utterance, match: re.Match[str], month: int) -> bool:
    """Whether that day is of the last weeks: 11月20日 said on 24 November with no word of paying is no day of next year."""
    day = u.tape.number(match.start("day")).whole
    ahead = _next_month_day(u, month, day, False) if day else None
    return ahead is not None and (date.fromisoformat(ahead) - u.today).days > 300


def _month_days(u: Utterance) -> Iterator[Found]:
    for match in _MONTH_DAY.finditer(u.line):
        start, end = match.span()
        year, past = _year(u, match), u.past(start, end)
        if year == -1:
            continue
        has_day = match["day"] is not None
        counted = has_day and u.line[match.end("day") : match.end("day") + 1] in ("号", "日")
        if has_day and not counted and (number := u.tape.number(match.start("day"))).low is not None and number.low > 31:
            has_day, end = False, match.start("from") if match["from"] else match.start("day")  # 下个月800: a sum
        if match["shift"]:
            first: date | None = add_months(u.today.replace(day=1), SHIFTS[match["shift"]])
            month = 0
        else:
            numeral = Numeral(0, 0, "元", Decimal(1), Decimal(1)) if match["month"] == "元" else u.tape.number(match.start("month"))
            month = numeral.whole or 0
            if numeral.counts or numeral.approx or not 1 <= month <= 12:
                continue
            if u.line[start:end] == "N月" and re.match(r"都?没|都|了", u.line[end:]):
                continue  # 三月没开工资 tells of three months
            if u.line[start:end] == "N月" and numeral.text == "一" and re.match(r"[A-Z]|[能还给挣要最顶才就也得交只](?!清)", u.line[end:]):
                continue  # 一月八百 tells of every month
            first = date(year, month, 1) if year else None
        if has_day and u.tape.number(match.start("day")).text == "几":
            continue  # a question
        if has_day:
            if not past and first is None and not u.pays(start, end) and u.setting.last_question is None:
                past = _just_gone(u, match, month)
            yield Found("date", _day_value(u, match, first, month, past), start, end)
            continue
        if first is None:
            ahead = date(u.today.year, month, 1)
            if past:
                first = ahead if ahead <= u.today else date(u.today.year - 1, month, 1)
            else:
                first = ahead if month >= u.today.month else date(u.today.year + 1, month, 1)
        if re.match("到现在|到今|以来", u.line[end:]):
            continue
        value = in_month(first, "内" if match["inside"] else match["part"])
        if match["first"] and 1 <= (begin := u.tape.number(match.start("first")).whole or 0) <= 12:
            value = f"{first.replace(year=first.year - (begin > month), month=begin)}/{value[-10:]}"  # 3到6月
        yield Found("date", value, start, end)


def _bare_days(u: Utterance) -> Iterator[Found]:
    for match in _BARE_DAY.finditer(u.line):
        numeral = u.tape.number(match.start("day"))
        past = u.past(*match.span())
        if numeral.text in ("几", "两") or (numeral.text == "一" and u.line[match.end() - 1] == "日") or (numeral.low is not None and not 1 <= numeral.low <= 31):
            continue
        if numeral.low is None or numeral.high is None or numeral.approx:
            yield Found("date", None, *match.span())
            continue
        days = [int(numeral.low), int(numeral.high)]
        if match["from"] and (begin := u.tape.number(match.start("from")).whole):
            days[0] = begin
        last = next_day_of_month(u.today, days[1], past)
        if days[0] == days[1] or last is None:
            yield Found("date", last, *match.span(), day=days[0] if days[0] == days[1] else None)
        else:
            begin_day = next_day_of_month(date.fromisoformat(last).replace(day=1), days[0])
            yield Found("date", f"{begin_day}/{last}", *match.span())


def _two_days(u: Utterance) -> Iterator[Found]:
    """15、16号, and 十五、六号, which leaves out the ten of the second."""
    for match in _TWO_DAYS.finditer(u.line):
        one, two = (u.tape.number(match.start(name)).whole or 0 for name in ("one", "two"))
        if not 1 <= one <= 31 or not 1 <= two <= 31:
            continue
        if two < 10 < one:
            two += one // 10 * 10
        first, last = (next_day_of_month(u.today, day) for day in (one, two))
        if two == one + 1 and match["two"] and first and last:
            yield Found("date", f"{first}/{last}", *match.span())
            continue
        yield Found("date", first, match.start(), match.start() + 1)
        yield Found("date", last, match.start("two"), match.end())


def _every_month(u: Utterance) -> Iterator[Found]:
    """每月15 without 号, and a bare number in answer to "when?": the next such day; no sum a month is that small."""
    only = _ONLY_DAY.match(u.line) if u.setting.last_question == "date" else None
    for match in (*_EVERY_MONTH.finditer(u.line), *([only] if only else [])):
        numeral = u.tape.number(match.start("day"))
        if numeral.whole and 1 <= numeral.whole <= 31 and not numeral.approx:
            yield Found("date", next_day_of_month(u.today, numeral.whole), *match.span("day"), day=numeral.whole)


def _parts(u: Utterance) -> Iterator[Found]:
    for match in _BARE_PART.finditer(u.line):
        first, part = u.today.replace(day=1), match["part"]
        if part in ("月初", "月头", "上旬") and not u.past(*match.span()):
            first = add_months(first, 1) if u.today.day > 1 else first
        elif part in ("月中", "月中旬", "中旬") and u.today.day > (15 if part == "月中" else 20):
            first = add_months(first, 1)
        yield Found("date", in_month(first, part), *match.span())
    for match in _YEAR_PART.finditer(u.line):
        year = u.today.year + YEARS[match["named"]] if match["named"] else _year(u, match)
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
    for match in _QUARTER.finditer(u.line):
        quarter = (u.today.month - 1) // 3 + SHIFTS.get(match["shift"] or "", 0)
        year = u.today.year + YEARS[match["year"]] if match["year"] else u.today.year
        if match["number"]:
            number = u.tape.number(match.start("number")).whole or 0
            if not 1 <= number <= 4 or "个" in match.group() or (match.group() == "N季度" and re.match("[还给交付]", u.line[match.end() :])):
                continue
            year += not match["year"] and number - 1 < quarter
            quarter = number - 1
        first = date(year + quarter // 4, quarter % 4 * 3 + 1, 1)
        yield Found("date", f"{first}/{month_end(add_months(first, 2))}", *match.span())


def month_days(u: Utterance) -> Iterator[Found]:
    """Days, months, quarters and years of the calendar; impossible ones (2月30号) and vague ones (二十几号) without value."""
    for at, token in u.tape.tokens.items():
        if isinstance(token, date):
            yield Found("date", token.isoformat(), at, at + 1)
    yield from _month_days(u)
    yield from _two_days(u)
    yield from _bare_days(u)
    yield from _every_month(u)
    yield from _parts(u)


def days_in_figures(text: str, setting: Setting) -> Iterator[tuple[int, int, str, date]]:
    """Days written in figures only, as marks D for the tape: 2027-01-08, 20270108, 1/8, 12.20前."""
    for match in _FULL.finditer(text):
        parts = [int(match[name] or match[f"{name}8"]) for name in "ymd"]
        if parts[2] <= month_end(date(parts[0], parts[1], 1)).day:
            yield match.start(), match.end(), "D", date(*parts)
    for match in _SHORT.finditer(text):
        month, day = int(match["m"]), int(match["d"])
        whole = match.group() == text.strip() or setting.last_question == "date"
        if not (match["hao"] or whole or match["m"][0] == "0" or _SHORT_THEN.match(text, match.end())):
            continue
        if match["sign"] == "-" and match["hao"] and day > month:
            continue  # 10-15号 are days of one month
        for year in (setting.today.year, setting.today.year + 1):
            if day <= month_end(date(year, month, 1)).day and date(year, month, day) >= setting.today:
                yield match.start(), match.end(), "D", date(year, month, day)
                break
