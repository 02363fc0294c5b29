"""Parts of the debt: 一半, 三分之一, 三成, 百分之三十. Interest rates and parts of anything else are none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from zhuhuan.language.values.utterance import Utterance
from zhuhuan.language.values.value import Found

_PART = re.compile(
    r"(?P<whole>N)分之(?P<some>N)|百分之(?P<hundredths>N)|(?P<percent>N)%|(?P<half>(?:N|多|大|小)半(?![年天个月夜路响])|半数|对半)"
    r"|(?P<tenths>N)成(?![功交员本年立了天为分绩家绩])(?!是)"
)
_RATE = re.compile(r"利率|利息|年化|月息|日息|费率|罚息|手续费|上浮|股份|概率|可能")
_NOT_OF_DEBT = re.compile(
    r"(?:少|减|砍|跌|降|亏|淹|死|赔|烂|剩|缺|坏|倒|掉|干|旱|损失|没|冻|涝|追回|收回|要回|拿回)(?:了|掉|收|产|得|剩|下|到|有|死|坏|来)*(?:差不多|将近|快|一)?$"
    r"|[另那]$|剩下的$|才.{0,3}$|(?:毛利|利润|本钱).{0,4}$"
)
_ABOUT_PAYING = frozenset({"amount", "periods", "objection", "accept_plan"})
_GIVES = re.compile(
    r"(?:还|付|交|缴|给|先|结|清|转|打|凑|拿|出|垫|补|减|免|欠|扣|了掉)(?:个|你们?|上|掉|了|出来?|得起|款|的|将近|差不多|大概|最多|至少)*$"
)
_OFFERED = re.compile(r"[ ]?(?:先|行|可以|能|吧|成|还|中|好|我?(?:现在|马上|这就|今天|明天)?(?:就|先)?能?(?:付|还|交|给|拿))")


def fractions(u: Utterance) -> Iterator[Found]:
    """Fractions as amounts with bound fraction, four decimals at most."""
    for match in _PART.finditer(u.line):
        part = _value(u, match)
        before = u.line[max(0, match.start() - 8) : match.start()]
        if part is None or not 0 < part <= 1 or _RATE.search(u.words(*match.span())) or _NOT_OF_DEBT.search(before):
            continue
        alone = u.line == match.group() or u.setting.last_question in _ABOUT_PAYING
        if alone or _GIVES.search(before) or _OFFERED.match(u.line, match.end()):
            yield Found("amount", fraction_value(part), *match.span(), bound="fraction")


def _value(u: Utterance, match: re.Match[str]) -> Decimal | None:
    def number(name: str) -> Decimal | None:
        return u.tape.number(match.start(name)).low

    if match["whole"]:
        whole, some = number("whole"), number("some")
        return some / whole if whole and some else None
    if match["half"]:
        return Decimal("0.5") if match["half"][0] != "N" or number("half") == 1 else None
    if match["tenths"]:
        tenths = number("tenths")
        return tenths / 10 if tenths and tenths < 10 else None
    hundredths = number("hundredths") if match["hundredths"] else number("percent")
    return hundredths / 100 if hundredths else None


def fraction_value(part: Decimal) -> str:
    """A part of the debt as the contract writes it: four decimals at most."""
    return format(part.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP).normalize(), "f")
