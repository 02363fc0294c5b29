"""Days that only the member can tell: pay day (known from the file or not) and other events on which a payment waits (卖了猪就还)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from zhuhuan.calendar import add_months, month_end
from zhuhuan.language.values.utterance import Utterance
from zhuhuan.language.values.value import Found

_WAGES = r"(?:工资|薪水?|饷)"
_PAY_DAY = re.compile(
    r"(?:等到?|到)?(?:我|我们|单位|厂里|公司|老板|下个?月|月底|这个?月)?"
    rf"(?:发了?(?:{_WAGES}|钱)|开了?(?:工资|支(?![大销出付多少])|资|薪|饷)|关饷|出粮|领了?{_WAGES}|(?:工资|薪水)[一N]?(?:发|到|下来|开|结)(?:账|手|了|下来)*)"
    r"(?:那天|当天|的时候|之?后|以后|了|日|时|的?第N天)*"
)
_NOT_PAID = re.compile(r"(?:等着|离|距|没|不|未|欠|拖|没有|还没|一直没|不给|停|晚|迟|只|少|缓|压|推迟)(?:给?我?们?|按时|准时)?$")
_NOT_PAID_AFTER = re.compile(r"不|没|晚|迟|少|拖|不出|停|才|[NRV]|的|要?到?(?:下个?月|月底)|慢|都")
_PAYS_THEN = re.compile(r"[^,，。!?]{0,3}(?:就|再|才|立马|马上|一定|能|可以|先|我|给|还|交|第)")

# Money that comes in, goods that are sold, anything that is waited for; and what is to follow.
_SIGN = r"[^,，。!?A-Z ]"
_MONEY = _SIGN + "{0,5}(?:款|钱|费|补贴?|补助|金|账|薪|资|租|利|奖|偿|保险|低保|退税|提成|分红|助学)"
_NOW = r"(?=就|了|马上|立马|再|才|我)"
_COMES = (
    r"[一N]?(?:到了?账|到手|下来|[批拨结发]下来|[收要]回来|[提取]出来|回来|打过来|进来|到位|收到|结了|发了|到了|回款"
    rf"|到{_NOW}|结{_NOW}|发{_NOW})了?"
)
_MADE = (
    r"(?:(?:卖|收|开|领|割|掰|摘|捞|刨|拔|宰|杀|出栏|脱手|分|变现|转让|打下|讨|要|拿|结|忙|做|干|跑|办|批|找|签)"
    r"(?:完|掉|出去?|回来?|下来|上|了|罢|咗){1,2}|(?:收|领|讨|要|拿|批|办|找)到)"
)
_THEN = (
    r"我?也?(?:就|再|才(?=[能有可给还好])|立马|马上|一定|肯定|保证|立刻|第一时间|以后|之后|后|能|可以|全|都){1,3}"
    r"[^,，。!?了没不]{0,5}?(?:还(?![在是没有不要能得会继])|给|交|付|结|清|说|补|凑|打过?来)"
)
_MONEY_COMES = re.compile(rf"(?P<waited>等到?|到|得等)?{_MONEY}{_COMES}")
_MADE_THEN = re.compile(rf"{_SIGN}{{0,5}}{_MADE}{_SIGN}{{0,5}}?(?={_THEN})")
_THAT_DAY = re.compile(r"[^,，。!?A-Z ]{1,5}(?:那天|那日|的时候)(?=[^,，。!?没]{0,2}(?:就|再|一定|保证|给你们|还(?![在是没有])|交))")
_SOON_AS = re.compile(r"一(?:发|到账?|结|拿到|领到|收到|卖掉|下来)(?:下来|手|了)?(?=[^,，。!?没]{0,5}(?:还(?![在是没有])|给|交|转|打))")
_MADE_ALONE = re.compile(rf"{_SIGN}{{0,5}}{_MADE}{_SIGN}{{0,5}}")
_WAITED_FOR = re.compile(
    r"(?<![平相中同高上])等(?!一?下|会|等|我?想|你|于|价|级|着|额|本)(?:[^,，。!?A-Z]|N){1,12}?"
    r"(?:到账|下来|回来|好了|分了红|出了栏|出栏|结了|发了|卖了|收了|出来|过了|完了?|出院|开工|上班|有了?[钱活]|有[^,，。!?A-Z ]{1,4}了|到了|以后|之后"
    r"|(?=再[还说付交给]|就[还付交给]|才[能还]))"
)
_FOLLOWS = re.compile(rf"{_THEN}|了|[ ,，]*(?:就|马上|立马|我就|再|一定|才)")
_NOT_COMING = re.compile("没|不|未|每")


def next_pay_day(today: date, pay_day: int) -> date:
    """The next pay day, today included; the month's last day where it has no such day."""
    this = add_months(today.replace(day=1), 0, pay_day)
    return this if this >= today else add_months(month_end(today).replace(day=1), 1, pay_day)


def _pay_days(u: Utterance) -> Iterator[Found]:
    """Pay days to come on which something is to be done; not wages that fail to come, nor those that came."""
    for match in _PAY_DAY.finditer(u.line):
        said = match.group()
        if _NOT_PAID.search(u.line, 0, match.start()) or _NOT_PAID_AFTER.match(u.line, match.end()):
            continue
        waited = said[0] in "等到" or said[-1] in "天候后日时" or said == u.line or u.setting.last_question == "date"
        if waited or _PAYS_THEN.match(u.line, match.end()):
            known = u.setting.pay_day
            yield Found("date", next_pay_day(u.today, known).isoformat() if known else None, *match.span())


def events(u: Utterance) -> Iterator[Found]:
    """Pay days and other events on which a payment waits: without value unless the pay day is known.

    In answer to "when?" the event may stand alone (领了年终奖).
    """
    yield from _pay_days(u)
    asked_when = u.setting.last_question == "date"
    matches = [m for m in _MONEY_COMES.finditer(u.line) if asked_when or m["waited"] or _FOLLOWS.match(u.line, m.end())]
    matches += [
        *_MADE_THEN.finditer(u.line),
        *_THAT_DAY.finditer(u.line),
        *_SOON_AS.finditer(u.line),
        *_WAITED_FOR.finditer(u.line),
        *(_MADE_ALONE.finditer(u.line) if asked_when else ()),
    ]
    for match in matches:
        if not _NOT_COMING.search(match.group()):
            yield Found("date", None, *match.span())
