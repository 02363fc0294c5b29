"""Plans in words: spoken Chinese clauses, every amount with two decimals and 元.

>>> from decimal import Decimal
>>> six = tuple(Part(date(2027, m, 8), Decimal("600.00")) for m in range(1, 7))
>>> schedule_in_words(six, date(2026, 11, 24))
'分6期，每期600.00元，第一期1月8日，最后一期6月8日'
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from zhuhuan.loans.owing.words import percent, uplift_words
from zhuhuan.loans.values import Approver, LoanFacts, Part
from zhuhuan.money import speak
from zhuhuan.plans.policy import weekly_run
from zhuhuan.plans.schedule import Move
from zhuhuan.plans.values import Offer, PlanKind

APPROVER_WORDS: dict[Approver, str] = {"assistant": "我", "collector": "信贷员", "supervisor": "主管", "committee": "审批小组"}
KIND_WORDS: dict[PlanKind, str] = {
    "whole": "一次还清", "instalments": "分期", "stepped": "先少后多", "seasonal": "按收成的月份还", "deferral": "缓一缓再还", "grace": "宽限几天",
    "partial": "先还一部分", "settlement": "提前结清", "interest_only": "先还利息", "extension": "展期",
}
WHOLE_LOAN = frozenset({"settlement", "extension"})  # kinds that are about all that is owed
CHARGE_WORDS = {"interest": "利息", "penalty": "到时候的罚息"}
WEEKDAYS = "一二三四五六日"
SMS_LENGTH = 60
LISTED = 4  # unequal parts told one by one up to this number


def day_words(day: date, today: date) -> str:
    """A day as it is said within a plan: 1月8日; with the year only where it is a year away or more, or past.

    >>> day_words(date(2027, 1, 8), date(2026, 11, 24)), day_words(date(2028, 1, 8), date(2026, 11, 24))
    ('1月8日', '2028年1月8日')
    """
    near = today <= day < date(today.year + 1, today.month, min(today.day, 28))
    return f"{day.month}月{day.day}日" if near else f"{day.year}年{day.month}月{day.day}日"


def _runs(schedule: Sequence[Part]) -> list[tuple[int, int]]:
    """Runs of parts that differ by a fen at most, as (first, last) positions."""
    runs: list[tuple[int, int]] = []
    for i, part in enumerate(schedule):
        if runs and abs(part.amount - schedule[runs[-1][0]].amount) <= Decimal("0.01"):
            runs[-1] = (runs[-1][0], i)
        else:
            runs.append((i, i))
    return runs


def _sum_words(parts: Sequence[Part]) -> str:
    """The sum of equal parts; where some carry an odd fen, how many of the later ones are a fen less."""
    high, low = parts[0].amount, parts[-1].amount
    fewer = sum(p.amount == low for p in parts)
    return f"每期{speak(high)}" + (f"（{'最后一' if fewer == 1 else f'后{fewer}'}期{speak(low)}）" if low != high else "")


def schedule_in_words(schedule: Sequence[Part], today: date) -> str:
    """A schedule as it is told: equal parts by number, sum, first and last day; unequal ones listed, long runs of them by first and last.

    Raises ValueError for an empty schedule.
    """
    if not schedule:
        raise ValueError("a schedule without payments cannot be told")
    if len(schedule) == 1:
        return f"{day_words(schedule[0].due, today)}还{speak(schedule[0].amount)}"
    runs = _runs(schedule)
    often = "每周一期，" if weekly_run(schedule) else ""
    first, last = day_words(schedule[0].due, today), day_words(schedule[-1].due, today)
    if len(runs) == 1:
        return f"分{len(schedule)}期，{often}{_sum_words(schedule)}，第一期{first}，最后一期{last}"
    if len(schedule) <= LISTED or len(runs) > LISTED:
        return "，".join(f"{day_words(p.due, today)}还{speak(p.amount)}" for p in schedule)
    pieces = []
    for start, end in runs:
        parts = schedule[start : end + 1]
        if len(parts) == 1:
            pieces.append(f"{'最后一期' if end == len(schedule) - 1 else ''}{day_words(parts[0].due, today)}还{speak(parts[0].amount)}")
        else:
            pieces.append(f"{day_words(parts[0].due, today)}起{len(parts)}期，{_sum_words(parts)}")
    ending = f"，最后一期{last}" if runs[-1][0] != runs[-1][1] else ""
    return f"分{len(schedule)}期，{often}" + "，".join(pieces) + ending


def total_in_words(offer: Offer) -> str:
    """What a plan comes to in all, with its cost named apart where it has one."""
    return f"一共{speak(offer.total)}" + (f"，其中{CHARGE_WORDS[offer.charge]}{speak(offer.cost)}" if offer.cost else "")


def in_words(offer: Offer, today: date) -> str:
    """A plan for the chat: the schedule, the total, and the cost where there is one."""
    schedule = schedule_in_words(offer.schedule, today)
    if len(offer.schedule) == 1:
        return schedule + (f"，其中{CHARGE_WORDS[offer.charge]}{speak(offer.cost)}" if offer.cost else "")
    return f"{schedule}，{total_in_words(offer)}"


def in_sms(offer: Offer, today: date) -> str:
    """A plan in SMS_LENGTH characters at most: as much of days, sums and total as has room, never a figure cut."""
    schedule, first, last = offer.schedule, offer.schedule[0], offer.schedule[-1]
    full, total = schedule_in_words(schedule, today), f"共{speak(offer.total)}"
    begin, until = day_words(first.due, today), day_words(last.due, today)
    number = f"{len(schedule)}期，"
    equal = f"分{number}{_sum_words(schedule)}，{begin}到{until}，{total}" if len(_runs(schedule)) == 1 else full
    ends = f"{number}第一期{begin}还{speak(first.amount)}，最后一期{until}还{speak(last.amount)}，{total}"
    for words in (in_words(offer, today), f"{full}，{total}", equal, ends, f"{number}{begin}到{until}，{total}"):
        if len(words) <= SMS_LENGTH:
            return words
    return f"{number}{total}"


def moves_in_words(moves: Sequence[Move], today: date) -> str:
    """The note for days that moved to a workday: the first in full, the others by their number. Raises ValueError where none moved.

    >>> moves_in_words([(date(2026, 12, 5), date(2026, 12, 7))], date(2026, 11, 24))
    '12月5日是周六，顺延到12月7日（周一）'
    """
    if not moves:
        raise ValueError("no day moved")
    wanted, day = moves[0]
    rest = f"周{WEEKDAYS[wanted.weekday()]}" if wanted.weekday() > 4 else "节假日"
    more = f"，另有{len(moves) - 1}期碰上休息日也顺延到下一个工作日" if len(moves) > 1 else ""
    return f"{day_words(wanted, today)}是{rest}，顺延到{day_words(day, today)}（周{WEEKDAYS[day.weekday()]}）{more}"


def cost_in_words(offer: Offer, loan: LoanFacts) -> str:
    """How a plan's cost comes about, in one plain sentence; without a rate in the book, the rule and who gives the figure."""
    if loan.annual_rate is None:
        return "利息按合同约定的利率和实际天数算，具体数字由信贷员按账上核给您"
    if not offer.cost:
        return "这个安排没有另加利息"
    contract = loan.contract
    if contract is None or contract.penalty_uplift is None or offer.kind in WHOLE_LOAN:
        return f"每一期按合同年利率{percent(loan.annual_rate)}、从今天到还款那天的实际天数除以360算，加起来是{speak(offer.cost)}"
    rate = f"{percent(contract.penalty_rate)}（合同{percent(contract.annual_rate)}加{uplift_words(contract.penalty_uplift)}）"
    return f"还没还上的逾期本金按年利率{rate}、从今天到还款那天的实际天数除以{contract.year_days}算，加起来是{speak(offer.cost)}"


def running_on(loan: LoanFacts) -> str | None:
    """What has to be said once beside a plan for the arrears: later instalments still fall due. None where nothing falls due later."""
    if not loan.overdue or loan.balance <= loan.overdue_amount:
        return None
    return "这里说的是已经逾期的部分，往后正常的分期到期还要照常还"
