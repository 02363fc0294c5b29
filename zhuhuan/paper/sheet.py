"""A schedule to be put on paper: dated payments, what they are made of, and what is left after each. Amounts in yuan to the fen.

>>> from decimal import Decimal as D
>>> two = (Payment(date(2026, 12, 15), D("800.00")), Payment(date(2027, 1, 15), D("1060.00")))
>>> sheet = Sheet("还款计划", "L1", date(2026, 11, 24), two, D("1860.00"))
>>> [str(left) for left in sheet.left], sheet.split
(['1060.00', '0.00'], False)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from zhuhuan.money import ZERO


@dataclass(frozen=True)
class Payment:
    """One dated payment. principal, interest: what `amount` is made of, None where that is not known. paid: what of it is paid already."""

    due: date
    amount: Decimal
    principal: Decimal | None = None
    interest: Decimal | None = None
    paid: Decimal = ZERO

    @property
    def done(self) -> bool:
        """Whether it is paid in full."""
        return self.paid >= self.amount


@dataclass(frozen=True)
class Sheet:
    """A schedule with its heading. `day`: the day it was made on. `total`: what the payments add up to, as its maker knows it.

    about: headings and their words, such as the loan and the plan. notes: sentences under it. No personal data but a name belongs in them.
    Raises ValueError where there is no payment, the parts do not add up, or the days do not rise.
    """

    title: str
    loan_id: str
    day: date
    payments: tuple[Payment, ...]
    total: Decimal
    about: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.payments:
            raise ValueError("没有任何一期，排不出还款计划表")
        found = sum((p.amount for p in self.payments), ZERO)
        if found != self.total:
            raise ValueError(f"各期合计 {found} 元，与总额 {self.total} 元不符")
        for number, payment in enumerate(self.payments, 1):
            if payment.principal is not None and payment.interest is not None and payment.principal + payment.interest != payment.amount:
                raise ValueError(f"第 {number} 期的本金和利息合计不是 {payment.amount} 元")
        for before, after in pairwise(self.payments):
            if after.due < before.due:
                raise ValueError(f"应还日期没有按先后排：{before.due} 之后是 {after.due}")

    @cached_property
    def split(self) -> bool:
        """Whether principal and interest are known of every payment."""
        return all(p.principal is not None and p.interest is not None for p in self.payments)

    @cached_property
    def paid(self) -> bool:
        """Whether anything of it is paid already."""
        return any(p.paid for p in self.payments)

    @cached_property
    def left(self) -> tuple[Decimal, ...]:
        """What is left after each payment is made as scheduled: of the principal where it is known, else of the total."""
        sums = [p.principal or ZERO if self.split else p.amount for p in self.payments]
        rest, after = sum(sums, ZERO), []
        for amount in sums:
            rest -= amount
            after.append(rest)
        return tuple(after)

    @property
    def left_words(self) -> str:
        return "剩余本金" if self.split else "剩余未还"
