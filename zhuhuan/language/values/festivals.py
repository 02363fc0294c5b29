"""Days that have a name: holidays, solar terms, lunar days; and the seasons, which name none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar

from zhuhuan.calendar import lunar, spring_festival
from zhuhuan.language.values.utterance import Utterance
from zhuhuan.language.values.value import Found

_DAY = timedelta(days=1)
_TERMS = "立春|惊蛰|春分|清明|谷雨|立夏|芒种|夏至|立秋|处暑|白露|秋分|寒露|霜降|立冬|冬至"
_WEATHER = "小寒|大寒|小雪|大雪|雨水|小暑|大暑|小满"  # days only where they are said as days
_SOLAR = {
    "元旦": (1, 1), "阳历年": (1, 1), "情人节": (2, 14), "妇女节": (3, 8), "五一": (5, 1), "劳动节": (5, 1), "六一": (6, 1), "儿童节": (6, 1),
    "教师节": (9, 10), "国庆": (10, 1), "十一": (10, 1), "双十一": (11, 11), "双11": (11, 11), "双十二": (12, 12), "双12": (12, 12),
    "平安夜": (12, 24), "圣诞": (12, 25),
}  # fmt: skip
_MOON = {
    "春节": (1, 1), "大年初一": (1, 1), "农历新年": (1, 1), "元宵": (1, 15), "灯节": (1, 15), "龙抬头": (2, 2), "二月二": (2, 2), "三月三": (3, 3),
    "端午": (5, 5), "五月节": (5, 5), "六月六": (6, 6), "七夕": (7, 7), "七月半": (7, 15), "中元": (7, 15), "中秋": (8, 15), "八月节": (8, 15),
    "重阳": (9, 9), "九月九": (9, 9), "腊八": (12, 8), "小年": (12, 23), "祭灶": (12, 23), "除夕": (12, 30), "大年三十": (12, 30),
    "年三十": (12, 30), "三十晚": (12, 30), "年夜饭": (12, 30),
}  # fmt: skip
# Holidays of several days off: "after" them means no single day (labels.md: after a season or long holiday null).
_LONG = frozenset({"春节", "农历新年", "国庆", "十一", "五一", "劳动节"})
_AFTER = r"(?:节|假期?|长假)*(?:以后|之后|过后|过完|完了?|后)"
_YEARS = {"今年": 0, "明年": 1, "来年": 1, "后年": 2, "去年": -1}
_YEAR = rf"(?P<year>{'|'.join(_YEARS)})?的?"
_NAME = re.compile(
    rf"{_YEAR}(?P<over>过完|过了)?(?P<name>{'|'.join(sorted((*_SOLAR, *_MOON), key=len, reverse=True))}"
    rf"|(?:{_TERMS})(?<!我是[^A-Z ]..)(?<!我叫[^A-Z ]..)|(?:{_WEATHER})(?=节气|那[天日]|前|以前|之前|以后|之后|当天))节?(?P<after>{_AFTER})?(?!底|的?(?:货|钱|款|尾款|生意|活动|那批|订单|奖|礼|的单|促销|销量)|节?(?:好|快乐|愉快|安康|晚会))"
)
_LUNAR_DAY = re.compile(
    rf"{_YEAR}(?P<moon>农历|阴历|旧历|老历)?的?(?P<month>正月|冬月|腊月|N月)的?(?P<first>初)?(?P<day>[NRV])(?P<hao>[号日])?"
)
_LUNAR_PART = re.compile(rf"{_YEAR}(?P<month>(?<![反真改])正月|冬月|腊月)(?P<part>底|末|尾|初|头|里|间)?")
_FIRST_DAYS = re.compile(rf"{_YEAR}(?:大年|年|正月)初(?P<day>[NR])")
_BARE_FIRST = re.compile(r"(?:(?<![年月历大高正腊冬A-Z])|(?P<next>下个?月))初(?P<day>N)(?!中|级|[A-Z块元千百])")
_OFF_YEAR = re.compile(r"[^前后之以那一还就再夜当,，。 ]")  # 小年 of fruit trees
_LATE = re.compile("腊|冬月|小年|除夕|三十|祭灶|年夜饭")
_NEW_YEAR = re.compile("年三十|大年|过年|春节|除夕|正月|拜年|放假")
_LUNAR_MONTHS = {"正月": 1, "冬月": 11, "腊月": 12}

# "before the year" is New Year's Eve where a payment is promised by it, else no day (labels.md).
_BEFORE_YEAR = re.compile(r"(?:赶在|在)?(?:过年|春节|年关|(?<![NRV今去明后前本来半几多小大])年)(?:以|之)?前(?!年)")
_PAYS = re.compile(r"还|凑(?!不)|拿(?!不)|补(?!不)|付清|交清|结清|补上|补齐|凑齐|给你|给上|清掉|弄好|搞定|解决")
_LATER = re.compile(r"再说|再|说|还|能|吧|行|可以|给")
_PAYS_NOT = re.compile(r"还不|没钱|没法|没办法|拿不出|凑不|够呛|怕是|难|不行|还没|不了")
_VAGUE = re.compile(
    r"(?:过完|过了|过罢|过咗|翻过|翻了|等过)(?:个)?年|收(?:罢|完|了)[秋麦夏]|(?<![NRV今去明后前半几多])年(?:以|之|过)?后(?!年)|过年(?:以|之)?后|年一过|开年|翻年|出了?正月"
    r"|(?:明年|来年|后年)?(?:开春|打春|春上|开了春|入冬|开冬|秋后|秋收|麦收|夏收|午收|双抢|收秋|收麦|新粮|春天|夏天|秋天|冬天)(?:以后|之后|过后|完了?|后)?"
)
_SEASON = re.compile(r"春|冬|秋|夏|麦|双抢|粮")
_WAITED = re.compile(r"(?:等到?|到|拖到|缓到|推到|延到|挨到|过了|过完|明年|来年)(?:我们?)?$")
_THEN = re.compile(
    r"(?:的?时候|那会儿?|那阵子?|那时|了)?(?:我)?[也都]?(?:就|再|才|一定|肯定|保证|立马|马上|能|可以|给)?[^,，。!?]{0,4}(?:还|付|交|结|清|说|给|凑|来)"
)


@lru_cache(maxsize=64)
def _terms(year: int) -> dict[str, date]:
    return {name: day for day, name in chinese_calendar.get_solar_terms(date(year, 1, 1), date(year, 12, 31))}


def _of_moon(month: int, day: int) -> Callable[[int], date]:
    """That lunar day, by the solar year in which people count it: the last two lunar months end in the year after theirs."""
    return lambda year: lunar(year - (month > 10), month, day)


def _of_name(name: str) -> Callable[[int], date]:
    if name in _MOON:
        return _of_moon(*_MOON[name])
    if name in _SOLAR:
        return lambda year: date(year, *_SOLAR[name])
    return lambda year: _terms(year)[name]


def _nearest(resolve: Callable[[int], date], u: Utterance, match: re.Match[str]) -> date:
    """The day in the year said, else the next such day (the last one where the clause tells of the past)."""
    if match["year"]:  # 今年腊月 ends next year by the sun
        return resolve(u.today.year + _YEARS[match["year"]] + bool(_LATE.search(match.group())))
    days = [resolve(u.today.year + shift) for shift in (-1, 0, 1, 2)]
    return max(d for d in days if d <= u.today) if u.past(*match.span()) else min(d for d in days if d >= u.today)


def _named_days(u: Utterance) -> Iterator[Found]:
    for match in _NAME.finditer(u.line):
        if match["name"] == "小年" and _OFF_YEAR.match(u.line, match.end()):
            continue
        gone = match["name"] in _LONG and (match["after"] or match["over"])
        value = None if gone else _nearest(_of_name(match["name"]), u, match).isoformat()
        yield Found("date", value, *match.span())


def _lunar_days(u: Utterance) -> Iterator[Found]:
    for match in (*_LUNAR_DAY.finditer(u.line), *_FIRST_DAYS.finditer(u.line)):
        name = match["month"] if match.re is _LUNAR_DAY else "正月"
        month = _LUNAR_MONTHS.get(name) or u.tape.number(match.start("month")).whole
        day = u.tape.number(match.start("day"))
        # 六月初二 and 八月十五 without 号 are lunar as 正月 and 腊月 are.
        by_moon = name in _LUNAR_MONTHS or (
            match.re is _LUNAR_DAY and (match["moon"] or match["first"] or (month, day.text, match["hao"]) == (8, "十五", None))
        )
        if by_moon and day.low is None and day.text != "几":
            yield Found("date", None, *match.span())
        if not by_moon or not month or month > 12 or day.low is None or day.high is None or not 1 <= day.low <= day.high <= 30:
            continue
        last_day = _nearest(_of_moon(month, int(day.high)), u, match)
        first_day = last_day - int(day.high - day.low) * _DAY
        yield Found("date", last_day.isoformat() if day.low == day.high else f"{first_day}/{last_day}", *match.span())
    for match in _BARE_FIRST.finditer(u.line):
        number = u.tape.number(match.start("day")).whole or 0
        if 1 <= number <= 10:
            months = (1,) if _NEW_YEAR.search(u.line) else range(1, 13)
            firsts = (lunar(u.today.year + y, m, 1) for y in (-1, 0, 1) for m in months)
            ahead = (first + (number - 1) * _DAY for first in firsts if not match["next"] or first > u.today)
            yield Found("date", min(d for d in ahead if d >= u.today).isoformat(), *match.span())
    for match in _LUNAR_PART.finditer(u.line):
        month = _LUNAR_MONTHS[match["month"]]
        last_day = _nearest(_of_moon(month, 30), u, match)
        first_day = max(d for y in (-1, 0, 1) if (d := _of_moon(month, 1)(last_day.year + y)) <= last_day)
        first, last = first_day.isoformat(), last_day.isoformat()
        value = last if match["part"] in ("底", "末", "尾") else first if match["part"] in ("初", "头") else f"{first}/{last}"
        yield Found("date", value, *match.span())


def _before_new_year(u: Utterance) -> Iterator[Found]:
    for match in _BEFORE_YEAR.finditer(u.line):
        words = u.words(*match.span())
        promised = (_PAYS.search(words) or u.setting.last_question == "date") and not _PAYS_NOT.search(words)
        eve = min(d for y in (0, 1) if (d := spring_festival(u.today.year + y) - _DAY) >= u.today)
        if promised or _LATER.search(words) or words == match.group():
            yield Found("date", eve.isoformat() if promised else None, *match.span())


def _vague_seasons(u: Utterance) -> Iterator[Found]:
    """Seasons and "after the New Year": dates to ask about, where something is put off until then."""
    for match in _VAGUE.finditer(u.line):
        said = match.group()
        waited = (
            said[0] in "明来后"
            or said[-1] in "后完"
            or _WAITED.search(u.line, 0, match.start())
            or _THEN.match(u.line, match.end())
        )
        if waited or not _SEASON.search(said) or u.words(*match.span()) == said:
            yield Found("date", None, *match.span())


def named_days(u: Utterance) -> Iterator[Found]:
    """Holidays, solar terms, lunar days, New Year's Eve, and seasons (without value), longest readings first."""
    yield from _before_new_year(u)
    yield from _lunar_days(u)
    yield from _vague_seasons(u)
    yield from _named_days(u)
