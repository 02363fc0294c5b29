"""Days told by a length of time (两个月后, 三天内), by an event (发工资, 卖了猪) or not at all (过几天): the last two are to be asked about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from zhuhuan.calendar import add_months, month_end
from zhuhuan.language.values.lengths import LENGTH, length
from zhuhuan.language.values.utterance import Utterance
from zhuhuan.language.values.value import Found

_DAYS = f"(?:{LENGTH}|[NRV]日)"
_LATER = re.compile(rf"(?:再?过|等|隔)?(?P<length>{LENGTH})(?:以后|之后|过后|后)(?!悔|面|来|续)|(?<![超没顺过不])(?:再过(?P<length2>{LENGTH})(?!了)|过(?P<length3>{LENGTH})(?=[ ]?(?:就|再|还|给|交|才|我|来|后|行|吧|可以|能|[,，。]|$)))")
_WITHIN = re.compile(rf"(?:这|近|最近|未来)?(?P<length>{_DAYS})(?:以内|之内|内)(?![部容])")
_NO_LONGER = re.compile(rf"不(?:超过|出|过)(?P<length>{LENGTH})(?=[,，]?(?:我|就|一定|准|给|还(?!没)))")
_AGO = re.compile(rf"(?P<length>{LENGTH})(?:以前|之前|前)")
_SOON = re.compile(
    r"再?(?:过|等)(?:一?段|一?阵子?|一?些)(?:时间|日子|时候|天)?|改天|改日(?![子期])|过阵(?:子|儿)?|过些(?:天|日子|时候)"
)
_PAY_DAY = re.compile(
    r"(?:等|到|等到)?(?:我|我们|单位|厂里|公司|老板|下个?月|月底|这个?月)?(?:发了?(?:工资|薪水?|饷|钱)|开(?:了)?(?:工资|支(?!大|销|出|付|多|少)|资|薪|饷)|关饷|出粮|领(?:了)?(?:工资|薪水?)|(?:工资|薪水)[一N]?(?:发|到|下来|开|结)(?:账|手|了|下来)*)"
    r"(?:那天|当天|的时候|之?后|以后|了|日|时|的?第N天)*"
)
_NOT_PAID = re.compile(r"(?:等着|离|距|没|不|未|欠|拖|没有|还没|一直没|不给|停|晚|迟|只|少|缓|压|推迟)(?:给?我?们?|按时|准时)?$")
_NOT_PAID_AFTER = re.compile(r"不|没|晚|迟|少|拖|不出|停|才|[NRV]|的|要?到?(?:下个?月|N号|月底)|慢|都")
_PAY_DAY_TOLD = re.compile(r"[^,，。!?]{0,3}(?:就|再|才|立马|马上|一定|能|可以|先|我|给|还|交|第)")
_MONEY = "[^,，。!?A-Z ]{0,5}(?:款|钱|费|补贴?|补助|金|账|薪|资|租|利|奖|偿|保险|低保|退税|提成|分红|助学)"
_COMES = r"[一N]?(?:到账|到手|下来|批下来|拨下来|结下来|收回来|要回来|提出来|取出来|回来|发下来|打过来|进来|到位|收到|结了|发了|到了|回款|到(?=就|了|马上|立马|再|才|我)|结(?=就|了|马上|立马)|发(?=就|了|马上|立马))了?"
_HARVEST = (
    r"(?:(?:卖|收|开|领|割|掰|摘|捞|刨|拔|宰|杀|出栏|脱手|变现|转让|打下|讨|要|拿|结|忙|做|干|跑|办|批|找|签)(?:完|掉|出去?|回来?|下来|上|了|罢|咗){1,2}|(?:收|领|讨|要|拿|批|办|找)到)"
)
_THEN = r"(?:我)?(?:也)?(?:就|再|才(?=[能有可给还好])|立马|马上|一定|肯定|保证|立刻|第一时间|以后|之后|后|能|可以|全|都){1,3}[^,，。!?了没不]{0,5}?(?:还(?![在是没有不要能得会继])|给|交|付|结|清|说|补|凑|打过?来)"
_EVENT = re.compile(
    rf"(?:等|到|得等|等到)?(?P<money>{_MONEY}{_COMES})|(?P<harvest>[^,，。!?A-Z ]{{0,5}}{_HARVEST}[^,，。!?A-Z ]{{0,5}}?)(?={_THEN})"
    rf"|(?P<wait>(?<![平相中同高上])等(?!一?下|会|等|一会|我?想|你|于|价|级|着|额|本)[^,，。!?A-Z]{{1,12}}?(?:到账|下来|回来|好了|结了|发了|卖了|收了|出来|过了|完了?|出院|开工|上班|有了?[钱活]|有[^,，。!?A-Z ]{{1,4}}了|到了|以后|之后|(?=再[还说付交给]|就[还付交给]|才[能还])))"
)
_EVENT_ALONE = re.compile(rf"(?:等|到)?(?:{_MONEY}{_COMES}|[^,，。!?A-Z ]{{0,5}}{_HARVEST}[^,，。!?A-Z ]{{0,5}})")
_THESE_DAYS = re.compile(r"(?:这|近)(?:个?[NRV]|一N)天(?![内之以里])")
_LIVE = re.compile(rf"{_THEN}|了|[ ,，]*(?:就|马上|立马|我就|再|一定|才)")


def length_days(u: Utterance) -> Iterator[Found]:
    """Days a length of time from now, within one, or one ago; 过几天 and the like without value."""
    for match in (*_LATER.finditer(u.line), *_WITHIN.finditer(u.line), *_NO_LONGER.finditer(u.line)):
        name = next(n for n in ("length", "length2", "length3") if n in match.re.groupindex and match[n])
        if said := length(u.tape, *match.span(name)):
            some_days = name != "length" and match[name] == "N天" and u.tape.number(match.start(name)).text == "两"  # 过两天 is soon
            day = None if some_days else said.after(u.today)
            yield Found("date", day.isoformat() if day else None, *match.span())
    for match in _AGO.finditer(u.line):
        if (said := length(u.tape, *match.span("length"))) and (day := said.before(u.today)):
            yield Found("date", day.isoformat(), *match.span())
    these = _THESE_DAYS.finditer(u.line) if u.setting.last_question == "date" else ()
    for match in (*_SOON.finditer(u.line), *these):
        yield Found("date", None, *match.span())


def next_pay_day(today: date, pay_day: int) -> date:
    """The next pay day, today included; the month's last day where it has no such day."""
    this = add_months(today.replace(day=1), 0, pay_day)
    return this if this >= today else add_months(month_end(today).replace(day=1), 1, pay_day)


def _pay_days(u: Utterance) -> Iterator[Found]:
    for match in _PAY_DAY.finditer(u.line):
        if _NOT_PAID.search(u.line, 0, match.start()) or _NOT_PAID_AFTER.match(u.line, match.end()):
            continue
        waited = match.group()[0] in "等到" or match.group()[-1] in "天候后日时" or u.setting.last_question == "date" or match.group() == u.line
        if not waited and not _PAY_DAY_TOLD.match(u.line, match.end()):
            continue
        known = u.setting.pay_day
        yield Found("date", next_pay_day(u.today, known).isoformat() if known else None, *match.span())


def _events(u: Utterance) -> Iterator[Found]:
    asked_when = u.setting.last_question == "date"
    for match in (*_EVENT.finditer(u.line), *(_EVENT_ALONE.finditer(u.line) if asked_when else ())):
        if re.search("没|不|未|每", match.group()):
            continue
        if match.re is _EVENT and match["money"] and not (match.group()[0] in "等到得" or _LIVE.match(u.line, match.end())):
            continue
        yield Found("date", None, *match.span())


def events(u: Utterance) -> Iterator[Found]:
    """Pay days and other events on which a payment waits: no value unless the pay day is known."""
    yield from _pay_days(u)
    yield from _events(u)
