"""Times of day: 下午三点以后 is 15:00/ (an open end left empty), 晚上八点 20:00, 上午 08:00/12:00."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhuhuan.language.values.utterance import Utterance
from zhuhuan.language.values.value import Found

_PARTS = {"上午": "08:00/12:00", "早上": "08:00/12:00", "中午": "11:30/13:30", "下午": "13:00/18:00", "晚上": "18:00/21:00"}
_ALIASES = {
    "早晨": "早上", "一早": "早上", "清早": "早上", "大清早": "早上", "今早": "早上", "明早": "早上", "头晌": "上午", "晌午": "中午", "午间": "中午",
    "后晌": "下午", "午后": "下午", "下昼": "下午", "晏昼": "下午", "傍晚": "晚上", "晚间": "晚上", "夜里": "晚上", "晚黑": "晚上", "今晚": "晚上",
    "明晚": "晚上", "后晚": "晚上", "凌晨": "凌晨", "半夜": "凌晨",
}  # fmt: skip
_PART = "|".join(sorted((*_PARTS, *_ALIASES), key=len, reverse=True))
_POINT = r"(?:T|N点(?:钟|整|半|N刻|N分?(?![A-Z万千百块元个天]))?(?!都|也|办法))"
_CLOCK = re.compile(
    rf"(?<!分之)(?P<part>{_PART})?的?(?P<time>{_POINT})(?:[ ]*(?:到|至|-|~)[ ]*(?P<part2>{_PART})?(?P<to>{_POINT}))?(?P<open>以后"
    rf"|之后|过后|往后|后(?!天)|开始|起|以前|之前|前)?"
)
_PART_ALONE = re.compile(rf"(?P<part>{_PART})(?!好(?:[^,，。]{{0,2}}$|[啊呀吗 ,，]))(?P<open>以后|之后|以前|之前|往后)?")
_AFTER_WORK = re.compile(
    r"(?<![早几][点些])(?:下了?班|收工|放工|放学|下课)(?:以后|之后|后|了)?(?!走|路)"
    r"|(?:晚[些点]|迟[些点]|回头|待会儿?|等会儿?|等一?下)(?=时候|再(?:打|联系|回|聊|来电))"
)
_OVER = re.compile(r"[^,，。!?]{0,8}(?:还|转|存|交|打|扣)(?:的(?!时候|话)|过(?![去来])|完了)|转账算")  # done at that time
_CALLS = re.compile(r"[ ]?(?:打|来|到|见|再|回|联系|找|叫|左右)")
_LITERAL = re.compile(r"(?<![\d:.])([01]?\d|2[0-4])[::]([0-5]\d)(?![\d:])")


def times_in_figures(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Clock times in figures as marks T for the tape: 8:30, 20:00."""
    for match in _LITERAL.finditer(text):
        yield match.start(), match.end(), "T", f"{int(match[1]):02d}:{match[2]}"


def _minutes(u: Utterance, start: int, end: int, part: str | None) -> int | None:
    """Minutes since midnight of the clock time at [start, end); None where it is none.

    Without a part of the day 1 to 7 o'clock is in the afternoon: nobody asks to be called at night.
    """
    token = u.tape.tokens[start]
    if isinstance(token, str):
        hour, minute = (int(x) for x in token.split(":"))
    else:
        whole = u.tape.number(start).whole
        if whole is None or whole > 24:
            return None
        hour, minute, rest = whole, 0, u.line[start + 2 : end]
        if "半" in rest:
            minute = 30
        elif rest[:1] == "N":
            said = u.tape.number(start + 2).whole or 0
            minute = said * 15 if "刻" in rest else said
    part = _ALIASES.get(part or "", part)
    if hour <= 12:
        afternoon = {"下午": 12, "晚上": 12, "中午": 10, None: 8}.get(part, 0)
        if hour < afternoon:
            hour += 12
        elif part in ("凌晨", "晚上") and hour == 12:
            hour = 0
    return (hour % 24) * 60 + minute if minute < 60 else None


def _hhmm(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _opened(value: str, opening: str | None) -> str:
    if not opening:
        return value
    return f"/{value}" if "前" in opening else f"{value}/"


def _a_little(u: Utterance, match: re.Match[str]) -> bool:
    """Whether 一点 is `a little` (拉长一点, 一点力气都没有): it is one o'clock with a part of the day, 钟, 以后, or a verb of calling behind it."""
    start, end = match.span("time")
    number = u.tape.tokens[start]
    bare = not match["part"] and not match["open"] and not match["to"] and u.line[start + 1 : end] == "点"
    return bare and not isinstance(number, str) and u.tape.number(start).text == "一" and not _CALLS.match(u.line, end) and u.setting.last_question != "callback_time"


def times(u: Utterance) -> Iterator[Found]:
    """Times of day and ranges of them; after work has no value."""
    for match in _CLOCK.finditer(u.line):
        begin = _minutes(u, *match.span("time"), match["part"])
        if begin is None or _a_little(u, match):
            continue
        if match["to"]:
            end = _minutes(u, *match.span("to"), match["part2"] or match["part"])
            if end is not None and end <= begin:
                end += 720
            yield Found("time", f"{_hhmm(begin)}/{_hhmm(end % 1440) if end is not None else ''}", *match.span())
        else:
            yield Found("time", _opened(_hhmm(begin), match["open"]), *match.span())
    for match in _PART_ALONE.finditer(u.line):
        if (whole := _PARTS.get(_ALIASES.get(match["part"], match["part"]))) and not _OVER.match(u.line, match.end()):
            first, last = whole.split("/")
            opening = match["open"]
            yield Found("time", _opened(last if "前" in opening else first, opening) if opening else whole, *match.span())
    for match in _AFTER_WORK.finditer(u.line):
        yield Found("time", None, *match.span())
