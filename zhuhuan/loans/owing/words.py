"""How charges come about, in words for the member: one plain sentence, and the whole working."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from zhuhuan.loans.owing.values import Contract, DayStatement, Line, Span
from zhuhuan.money import ZERO, speak

TENTHS = "零一二三四五六七八九十"
TOLD_APART = 3  # bases with their days that one sentence names; more of them are summed up
NAMES = {"penalty": "罚息", "compound": "复利"}


def percent(rate: Decimal) -> str:
    """A rate as it is said.

    >>> percent(Decimal("0.108")), percent(Decimal("0.0435"))
    ('10.8%', '4.35%')
    """
    return f"{(rate * 100).normalize():f}%"


def uplift_words(uplift: Decimal) -> str:
    """What the contract adds for overdue principal: 五成, or per cent where it is no whole tenth.

    >>> uplift_words(Decimal("0.5")), uplift_words(Decimal("0.35"))
    ('五成', '35%')
    """
    tenths = uplift * 10
    return f"{TENTHS[int(tenths)]}成" if tenths == int(tenths) and 0 < tenths <= 10 else percent(uplift)


def _spans(lines: Sequence[Line]) -> list[Span]:
    return [span for line in lines for span in line.spans]


def penalty_sentence(owed: DayStatement, contract: Contract) -> str | None:
    """The member's own sum in one clause: bases, days, rate, penalty of the day. None where no penalty is owed.

    >>> from zhuhuan.loans.owing.day import statement
    >>> from zhuhuan.loans.owing.methods import schedule
    >>> from datetime import date
    >>> lent = Contract(Decimal("1200"), Decimal("0.072"), "equal_principal", date(2026, 1, 10), 12)
    >>> penalty_sentence(statement(lent, schedule(lent), (), date(2026, 2, 20)), lent)
    '逾期的本金100.00元算了10天，年利率是合同的7.2%加五成、就是10.8%，到今天罚息0.30元'
    """
    lines = [line for line in owed.lines if line.component == "penalty"]
    if not lines or contract.penalty_uplift is None:
        return None
    spans = _spans(lines)
    if len(spans) <= TOLD_APART:
        bases = "、".join(f"{speak(span.base)}算了{span.days}天" for span in spans)
    else:
        bases = f"一期一期各算各的天数（最早的{speak(spans[0].base)}算了{spans[0].days}天，最近的{speak(spans[-1].base)}算了{spans[-1].days}天）"
    rate = f"年利率是合同的{percent(contract.annual_rate)}加{uplift_words(contract.penalty_uplift)}、就是{percent(contract.penalty_rate)}"
    accrued = sum((line.accrued for line in lines), ZERO)
    paid = sum((line.paid for line in lines), ZERO)
    sums = f"到今天罚息{speak(accrued)}" + (f"，已经还了{speak(paid)}，还剩{speak(accrued - paid)}" if paid else "")
    compound = f"，没按时还的利息照这个利率还有复利{speak(owed.compound)}" if owed.compound else ""
    return f"逾期的本金{bases}，{rate}，{sums}{compound}"


def short_sentence(owed: DayStatement, contract: Contract) -> str | None:
    """The same for one SMS: the sum itself where one base tells it, else the oldest base's days and the rate. None where no penalty is owed."""
    lines = [line for line in owed.lines if line.component == "penalty"]
    if not lines:
        return None
    spans, rate = _spans(lines), f"{percent(contract.penalty_rate)}÷{contract.year_days}"
    charged = owed.penalty + owed.compound
    if len(spans) == 1 and not lines[0].paid and not owed.compound:
        return f"本金{speak(spans[0].base)}×{spans[0].days}天×{rate}=罚息{speak(charged)}"
    return f"逾期本金每期按天×{rate}，最早一期{lines[0].spans[0].days}天，共{speak(charged)}"


def line_in_words(line: Line, contract: Contract) -> str:
    """One line's working: bases times days times rate over the year's days.

    >>> from datetime import date
    >>> penalty = Line("penalty", 1, date(2026, 2, 10), Decimal("0.30"), rate=Decimal("0.108"), spans=(Span(Decimal("100.00"), 10),))
    >>> line_in_words(penalty, Contract(Decimal("1200"), Decimal("0.072"), "equal_principal", date(2026, 1, 10), 12))
    '第1期罚息：100.00元×10天×10.8%÷360=0.30元'
    """
    sums = "+".join(f"{speak(span.base)}×{span.days}天" for span in line.spans)
    if len(line.spans) > 1:
        sums = f"（{sums}）"
    paid = f"，已还{speak(line.paid)}" if line.paid else ""
    return f"第{line.number}期{NAMES[line.component]}：{sums}×{percent(line.rate or ZERO)}÷{contract.year_days}={speak(line.accrued)}{paid}"


def working(owed: DayStatement, contract: Contract, most: int = 12) -> str:
    """The whole working of penalty and compound interest, line by line; beyond `most` lines their number and sum. Empty where there is none."""
    lines = [line for line in owed.lines if line.component in NAMES]
    told = [line_in_words(line, contract) for line in lines[:most]]
    if rest := lines[most:]:
        told.append(f"另有{len(rest)}项一共{speak(sum((line.outstanding for line in rest), ZERO))}")
    return "；".join(told)
