"""The schedule of a contract by its method of repayment, to the fen: the parts of principal add up to what was lent, the last one clears the debt.

>>> lent = Contract(Decimal("12000"), Decimal("0.06"), "equal_instalments", date(2026, 1, 10), 12)
>>> first, *_, last = schedule(lent)
>>> str(first.amount), str(first.interest), str(last.amount), last.due
('1032.80', '60.00', '1032.78', datetime.date(2027, 1, 10))
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from zhuhuan.calendar import add_months
from zhuhuan.loans.owing.values import Contract, Method, Scheduled
from zhuhuan.money import from_fen, to_fen

Parts = list[tuple[int, int]]  # principal and interest of each instalment, in fen


def half_up(number: int, by: int) -> int:
    """`number / by` to the nearest whole, halves away from zero; both not negative, `by` above 0.

    >>> half_up(5, 2), half_up(7, 3)
    (3, 2)
    """
    return (2 * number + by) // (2 * by)


def due_dates(contract: Contract) -> tuple[date, ...]:
    """The due dates, `period_months` apart on the same day of the month (its last day where there is none such); a bullet has the last one alone."""
    step, count = contract.period_months, contract.periods
    if contract.method == "bullet":
        return (contract.first_due or add_months(contract.disbursed, step * count),)
    if contract.first_due is not None:
        return tuple(add_months(contract.first_due, step * i) for i in range(count))
    return tuple(add_months(contract.disbursed, step * (i + 1)) for i in range(count))


def days_30_360(start: date, end: date) -> int:
    """Days from `start` to `end` where every month has 30 (30E/360: the 31st counts as the 30th).

    >>> days_30_360(date(2026, 1, 31), date(2026, 3, 10))
    40
    """
    return (end.year - start.year) * 360 + (end.month - start.month) * 30 + min(end.day, 30) - min(start.day, 30)


@dataclass(frozen=True)
class _Periods:
    """The contract's periods: what share of a year's interest each of them bears."""

    contract: Contract
    dates: tuple[date, ...]

    def share(self, index: int) -> Fraction:
        contract = self.contract
        start = self.dates[index - 1] if index else contract.disbursed
        end = self.dates[index]
        if contract.accrual != "30/360":
            return Fraction((end - start).days, int(contract.accrual.split("/")[1]))
        months = contract.period_months * (contract.periods if contract.method == "bullet" else 1)
        if index or end == add_months(contract.disbursed, months):
            return Fraction(months, 12)
        return Fraction(max(0, days_30_360(start, end)), 360)

    def interest(self, index: int, balance: int) -> int:
        """Interest of a period on `balance` fen, half up to the fen."""
        rate = Fraction(self.contract.annual_rate) * self.share(index)
        return half_up(balance * rate.numerator, rate.denominator)


def level_payment(principal: Decimal, rate: Decimal, periods: int) -> Decimal:
    """The equal instalment of an annuity in yuan: P * r / (1 - (1 + r) ** -n), `rate` for one period; rounded half up to the fen."""
    payment = principal / periods if rate == 0 else principal * rate / (1 - (1 + rate) ** -periods)
    return payment.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def _equal_instalments(periods: _Periods) -> Parts:
    contract = periods.contract
    level = to_fen(level_payment(contract.principal, contract.annual_rate * contract.period_months / 12, contract.periods))
    return _declining(periods, lambda index, left, interest: level - interest)


def _equal_principal(periods: _Periods) -> Parts:
    each = half_up(to_fen(periods.contract.principal), periods.contract.periods)
    return _declining(periods, lambda index, left, interest: each)


def _interest_first(periods: _Periods) -> Parts:
    return _declining(periods, lambda index, left, interest: 0)


def _declining(periods: _Periods, wanted: Callable[[int, int, int], int]) -> Parts:
    """Interest on what is left of the principal; of that, what `wanted(index, left, interest)` says; all that is left with the last instalment."""
    left, parts = to_fen(periods.contract.principal), []
    for index in range(len(periods.dates)):
        interest = periods.interest(index, left)
        last = index == len(periods.dates) - 1
        principal = left if last else max(0, min(left, wanted(index, left, interest)))
        parts.append((principal, interest))
        left -= principal
    return parts


METHODS: dict[Method, Callable[[_Periods], Parts]] = {
    "equal_instalments": _equal_instalments, "equal_principal": _equal_principal, "interest_first": _interest_first, "bullet": _interest_first,
}  # fmt: skip


def schedule(contract: Contract) -> tuple[Scheduled, ...]:
    """The instalments of a contract, the first numbered 1; amounts in yuan to the fen.

    equal_instalments (等额本息): equal sums, the last one takes what rounding left. equal_principal (等额本金): equal principal, falling interest.
    interest_first (按月/按季付息到期还本): interest alone, the principal with the last one. bullet (一次还本付息): one payment at the end.
    Raises ValueError where the contract lends nothing, has no periods, or its first due date does not come after the loan was paid out.
    """
    check(contract)
    periods = _Periods(contract, due_dates(contract))
    parts = METHODS[contract.method](periods)
    return tuple(Scheduled(i, due, from_fen(p), from_fen(n)) for i, (due, (p, n)) in enumerate(zip(periods.dates, parts, strict=True), 1))


def check(contract: Contract) -> None:
    """Raises ValueError, in words for staff, where the contract's figures cannot be."""
    if contract.principal <= 0:
        raise ValueError(f"贷款本金 {contract.principal} 元不大于 0")
    if contract.periods < 1 or contract.period_months < 1:
        raise ValueError(f"期数 {contract.periods}、每期 {contract.period_months} 个月：都要至少是 1")
    if not 0 <= contract.annual_rate < 1:
        raise ValueError(f"年利率 {contract.annual_rate} 不在 0 和 1 之间")
    if contract.first_due is not None and contract.first_due <= contract.disbursed:
        raise ValueError(f"首期应还日 {contract.first_due} 不晚于放款日 {contract.disbursed}")
    if contract.penalty_uplift is not None and not 0 <= contract.penalty_uplift <= 1:
        raise ValueError(f"罚息上浮 {contract.penalty_uplift} 不在 0 和 1 之间")
    if contract.across == "instalment" and "fee" not in (contract.order[0], contract.order[-1]):
        raise ValueError("一期一期冲抵时，费用只能排在最前或最后")
    if contract.grace_days < 0:
        raise ValueError(f"宽限期 {contract.grace_days} 天是负数")


def balances(instalments: Sequence[Scheduled], principal: Decimal) -> Iterator[Decimal]:
    """Principal left after each instalment is paid as scheduled, in yuan."""
    for instalment in instalments:
        principal -= instalment.principal
        yield principal
