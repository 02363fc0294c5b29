"""How much later a member asks to pay: 缓三个月, 再给我半个月, 宽限几天. Lengths of what is past (三个月没发工资) are none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhuhuan.language.values.lengths import LENGTH, length
from zhuhuan.language.values.utterance import Utterance
from zhuhuan.language.values.value import Found

_FILL = r"(?:一?下|缓|个|上|还款?|交|付|供|月供|期|后|长|我们?|俺们?|咱们?|你们|给|它|最多|顶多|至少|起码|多|大概|差不多|先|再|利息|本金|缓冲|点|成|迟|延|推|限|息| ){0,4}"
_PUT_OFF = rf"(?:缓|宽|延|推|等|拖(?!我)|晚|迟|停|挪|容|通融|展期|错开|往后|顺延|喘)(?:{_FILL})"
_GIVE = r"(?:给|等|让)(?:个|我们?|俺们?|咱们?|你们|一?下|最多|再|多|缓冲|大概|先|点|宽限){1,4}|(?:再|多)(?:给|等|宽|要)(?:个|我们?|俺们?|咱们?|一?下|最多|大概| ){0,3}"
_THINK = r"(?:让|容|给)(?:我|俺|咱)们?(?:再|好好|先|回去|考虑|寻思|合计|商量|琢磨|想|下|一下|个|家里|跟|和|老婆|老公){1,5}"
_GRACE = r"宽限期?[^A-Z,，。]{0,5}"
_SOME = r"(?:一?(?:段|阵|些)(?:时间|日子|子|时候|天)?|好一阵子?)"
_ASKED = re.compile(
    rf"(?P<cue>{_GRACE}|{_PUT_OFF}|{_GIVE}|{_THINK})(?P<length>{LENGTH}|[NRV]日|(?<!等)(?P<some>{_SOME}))(?!时?再?联系)(?P<after>以后|之后|后)?"
)
_NOT_YET = re.compile(
    rf"(?:先|暂时|头|前)?(?P<length>{LENGTH})(?:的?(?:时间|缓冲|宽限期?|缓冲期)|(?:内|里)?(?:先|暂时)?不(?:还|交|付)(?!上|起|了|清|完|就|会|要))"
)
_STILL = re.compile(rf"还(?:有|要|得)(?P<length>{LENGTH})")
_WAITS = re.compile(r"再(?:还|付|交|说)")
_LATER = re.compile(rf"(?:再?过|隔)?(?P<length>{LENGTH})(?:以后|之后|过后|后|再)(?!悔|面|来|续)")
_OVER = re.compile(r"了|[之以]?内|[也都]?没|的?利息|[就内]?[还付结][完清]")
_ASKS = re.compile(
    r"行不|行吗|行么|可以吗|可不可以|能不能|能否|可否|好吗|好不|成不|成吗|中不|得唔得|吗|么|求|麻烦|希望|申请|通融|想|缓|延|拖|宽|推迟|晚[点些]"
)
_PROMISES = frozenset({"promise_to_pay", "propose_terms", "offer_partial"})


def asks_delay(u: Utterance) -> bool:
    """Whether "in two months" is asked for as a delay; else it names the day of a promise (labels.md, how values are read)."""
    if u.setting.intent in _PROMISES:
        return False
    return u.setting.intent == "request_deferral" or bool(_ASKS.search(u.line))


def _found(u: Utterance, match: re.Match[str]) -> Found | None:
    said = length(u.tape, *match.span("length"))
    if said is None:
        return None
    return Found("duration", None if said.count is None else str(said.count), *match.span(), unit=said.unit)


def durations(u: Utterance) -> Iterator[Found]:
    """Delays asked for or offered, in months or days; without value where they are vague."""
    for match in _ASKED.finditer(u.line):
        if match["some"]:
            yield Found("duration", None, *match.span(), unit="day")
        elif not _OVER.match(u.line, match.end()) and (found := _found(u, match)):
            yield found
    for match in _NOT_YET.finditer(u.line):
        if found := _found(u, match):
            yield found
    if _WAITS.search(u.line) and asks_delay(u):
        for match in _STILL.finditer(u.line):
            if found := _found(u, match):
                yield found
    if asks_delay(u):
        for match in _LATER.finditer(u.line):
            if found := _found(u, match):
                yield found
