"""All values of an utterance: its tape, the grammars over it in turn, what corrections and the last question make of them.

Why a grammar of our own: of 150 expressions of members (tests/language/values/compared.py) the libraries read this many right.
The grammar was written with the list at hand, so its own line says only that it can be done.

| | sums (72) | days (68) | delays, periods (10) | ms a call | memory |
|---|---|---|---|---|---|
| cn2an 0.5.24 | 34 | - | - | 0.03 | 3 MB |
| jionlp 1.5.31 | 34 | 30 | 7 | 0.15 | 34 MB |
| recognizers-text 1.0.2a2 | 40 | 30 | 6 | 11 | 21 MB |
| this module, on cn2an, lunardate and chinesecalendar | 72 | 68 | 10 | 0.4 | 12 MB |

So cn2an reads regular numerals, lunardate lunar days, chinesecalendar solar terms. The heavier two earn no place: they miss 15号,
月底, 腊月二十, 1万2, 一千二三, 千把块, 三到五千, and one takes weights and ages for numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from zhuhuan.language.normalise import normalise
from zhuhuan.language.values.amounts import amounts
from zhuhuan.language.values.corrections import corrected
from zhuhuan.language.values.dates import dates, overlaps
from zhuhuan.language.values.durations import durations
from zhuhuan.language.values.figures import days_in_figures
from zhuhuan.language.values.ids import found_ids
from zhuhuan.language.values.loans import loans
from zhuhuan.language.values.periods import periods
from zhuhuan.language.values.relevance import OF_NO_PAYMENT
from zhuhuan.language.values.replies import by_month
from zhuhuan.language.values.tape import Mark, tape
from zhuhuan.language.values.times import times, times_in_figures
from zhuhuan.language.values.utterance import Utterance
from zhuhuan.language.values.value import Found, Setting, Value

# Days in talk of a birthday are not days of payment, but for those said from today.
_BIRTHDAY = re.compile(r"生日|出生|年生|生的|出世|属[鼠牛虎兔龙蛇马羊猴鸡狗猪]")
_NEAR = re.compile(r"今|明(?!年)|后天|大后|下|周|星期|礼拜|过")
LONGEST = 600  # characters of a message that are read; a longer one is no answer to a question


def _distinct(found: Iterable[Found], taken: list[Found]) -> list[Found]:
    """Those that overlap nothing taken and nothing before them, longest first."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda f: f.start - f.end):
        if not overlaps(one, [*taken, *kept]):
            kept.append(one)
    return kept


def _marks(text: str, setting: Setting, opaque: Iterable[tuple[int, int]]) -> list[Mark]:
    """What is read before the numerals: digits that name something, days and times in figures."""
    marks: list[Mark] = []
    for start, end in sorted(opaque):
        if not marks or start >= marks[-1][1]:
            marks.append((start, end, "P", ""))
    for mark in (*days_in_figures(text, setting), *times_in_figures(text)):
        if not any(mark[0] < end and start < mark[1] for start, end, _, _ in marks):
            marks.append(mark)
    return marks


def _found(text: str, setting: Setting) -> list[Found]:
    """Values of a normalised text in lower case, with offsets in it."""
    verifying = setting.last_question == "verify" or setting.intent == "provide_verification"
    named, opaque = found_ids(text, verifying)
    u = Utterance(tape(text, _marks(text, setting, [*opaque, *((f.start, f.end) for f in named)])), setting)

    found = _distinct(times(u), []) if setting.intent not in OF_NO_PAYMENT else []
    found += _distinct(durations(u), found)
    found += _distinct(periods(u), found)
    # 明晚 is a time and a day; a clock time holds no day.
    found += dates(u, [f for f in found if f.entity != "time" or not u.line[f.start : f.end].strip("NT点")])
    found += amounts(u, found)
    found = corrected(by_month(sorted(found, key=lambda f: f.start), u), u.line)
    found += loans(u)
    if verifying or _BIRTHDAY.search(text):
        found = [f for f in found if f.entity != "date" or _NEAR.match(u.line, f.start)]
    where = u.tape.places
    placed = [Found(f.entity, f.value, where[f.start], where[f.end], f.bound, f.per, f.unit) for f in found]
    return sorted([*corrected(named, text), *placed], key=lambda f: (f.start, f.end))


def extract(
    text: str, today: date, last_question: str | None = None, pay_day: int | None = None, intent: str | None = None
) -> tuple[Value, ...]:
    """Amounts, dates, periods, durations, times, loans, phone numbers and ID tails of an utterance, in the order said.

    today: the conversation's own date. last_question: name of the assistant's last question, which decides what a bare number is.
    pay_day: day of the month on which the member is paid, None where unknown (then 发工资 is a date without value).
    intent: a hint where the value depends on it: 两个月后 is a duration when asked for as delay, a date in a promise.

    >>> [v.as_dict() for v in extract("最多八百", date(2026, 11, 24))]
    [{'entity': 'amount', 'value': '800.00', 'bound': 'at_most', 'per': None, 'start': 0, 'end': 4}]
    """
    said = normalise(text[:LONGEST])
    found = _found(said.text.lower(), Setting(today, last_question, pay_day, intent))
    values = []
    for f in found:
        start, end = said.original(f.start, f.end)
        value = text[start:end] if f.entity == "loan" else f.value
        values.append(Value(f.entity, value, start, end, f.bound, f.per, f.unit))
    return tuple(values)
