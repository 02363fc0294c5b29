"""Days told by a length of time: 两个月后, 三天内, 一个月前; and 过几天, 改天, which the assistant has to ask about."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhuhuan.language.values.lengths import LENGTH, length
from zhuhuan.language.values.utterance import Utterance
from zhuhuan.language.values.value import Found

_LATER = (
    re.compile(rf"(?:再?过|等|隔)?(?P<length>{LENGTH})(?:以后|之后|过后|后)(?!悔|面|来|续)"),
    re.compile(rf"(?<![超没顺过不])再过(?P<length>{LENGTH})(?!了)"),
    re.compile(rf"(?<![超没顺过不])过(?P<length>{LENGTH})(?=[ ]?(?:就|再|还|给|交|才|我|来|后|行|吧|可以|能|[,，。]|$))"),
    re.compile(rf"(?:这|近|最近|未来)?(?P<length>{LENGTH}|[NRV]日)(?:以内|之内|内)(?![部容])"),
    re.compile(rf"不(?:超过|出|过)(?P<length>{LENGTH})(?=[,，]?(?:我|就|一定|准|给|还(?!没)))"),
)
_AGO = re.compile(rf"(?P<length>{LENGTH})(?:以前|之前|前)")
_SOON = re.compile(
    r"再?(?:过|等)(?:一?段|一?阵子?|一?些)(?:时间|日子|时候|天)?|改天|改日(?![子期])|过阵(?:子|儿)?|过些(?:天|日子|时候)"
)
_THESE_DAYS = re.compile(r"(?:这|近)(?:个?[NRV]|一N)天(?![内之以里])")


def _is_soon(u: Utterance, match: re.Match[str]) -> bool:
    """Whether 过两天 means no number but some day soon."""
    return match.group().endswith("过N天") and u.tape.number(match.start("length")).text == "两"


def length_days(u: Utterance) -> Iterator[Found]:
    """Days a length of time from now, the last day within one, or one ago; vague ones without value.

    这两天 and the like are a day only in answer to "when?".
    """
    for pattern in _LATER:
        for match in pattern.finditer(u.line):
            if said := length(u.tape, *match.span("length")):
                day = None if _is_soon(u, match) else said.after(u.today)
                yield Found("date", day.isoformat() if day else None, *match.span())
    for match in _AGO.finditer(u.line):
        if (said := length(u.tape, *match.span("length"))) and (day := said.before(u.today)):
            yield Found("date", day.isoformat(), *match.span())
    these = _THESE_DAYS.finditer(u.line) if u.setting.last_question == "date" else ()
    for match in (*_SOON.finditer(u.line), *these):
        yield Found("date", None, *match.span())
