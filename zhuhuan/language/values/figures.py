"""Days written in figures only: 2027-01-08, 2027.1.8, 20270108, 1/8, 12.20 before a word of time or paying."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from zhuhuan.calendar import month_end
from zhuhuan.language.values.tape import Mark
from zhuhuan.language.values.value import Setting

_FULL = re.compile(
    r"(?<![\d.])(?P<y>20[2-4]\d)(?P<sign>[-./])(?P<m>1[0-2]|0?[1-9])(?P=sign)(?P<d>3[01]|[12]\d|0?[1-9])(?!\d)"
    r"|(?<!\d)(?P<y8>20[2-4]\d)(?P<m8>0[1-9]|1[0-2])(?P<d8>0[1-9]|[12]\d|3[01])(?!\d)"
)
_SHORT = re.compile(
    r"(?<![\d.,/:-])(?P<m>1[0-2]|0?[1-9])(?P<sign>[-./])(?P<d>3[01]|[12]\d|0?[1-9])(?![\d.,/:-]|%"
    r"| ?[万千百元块折倍个期天年斤亩分成kw月])(?P<hao>[号日])?"
)
_SHORT_THEN = re.compile(r"(?:之|以)?前|左右|开始|起|还|给|交|付|到(?!\d)|之?后|以后|那天|发|一定|再|我|就|能|可以|之内")


def days_in_figures(text: str, setting: Setting) -> Iterator[Mark]:
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
