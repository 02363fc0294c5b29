"""A loan's contract, its ledger and the statement of a day, as frozen values. Amounts are Decimal yuan to the fen, rates fractions (0.072: 7.2 % a year)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from zhuhuan.money import ZERO

Method = Literal["equal_instalments", "equal_principal", "interest_first", "bullet"]
"""等额本息; 等额本金; 按月(季)付息到期还本; 一次还本付息."""
Accrual = Literal["30/360", "actual/360", "actual/365"]
Component = Literal["fee", "penalty", "compound", "interest", "principal"]
EntryKind = Literal["payment", "reversal", "waiver", "fee"]
Across = Literal["component", "instalment"]

COMPONENTS: tuple[Component, ...] = ("fee", "penalty", "compound", "interest", "principal")
CIVIL_CODE_561: tuple[Component, ...] = ("fee", "interest", "penalty", "compound", "principal")


@dataclass(frozen=True)
class Contract:
    """What the loan contract says of money.

    principal: yuan lent on `disbursed`. periods: instalments, `period_months` months apart, the first on `first_due` (None: one period after `disbursed`).
    accrual: how the interest of a period is counted (30/360: twelfths of the yearly rate). penalty_uplift: what penalty interest adds to the contract
    rate, 0.3 to 0.5 by 银发〔2003〕251号; None where the contract has no penalty. compound: whether unpaid interest bears interest at the penalty rate.
    year_days: days by which a daily rate divides the yearly one. order: allocation of a payment; across `component`: all interest due before any
    principal due (Civil Code art. 561), across `instalment`: one instalment after the other, the oldest first in both.
    grace_days: days after a due date within which an instalment paid in full bears no penalty and is not delinquent.
    """

    principal: Decimal
    annual_rate: Decimal
    method: Method
    disbursed: date
    periods: int
    period_months: int = 1
    first_due: date | None = None
    accrual: Accrual = "30/360"
    penalty_uplift: Decimal | None = Decimal("0.5")
    compound: bool = False
    year_days: int = 360
    order: tuple[Component, ...] = CIVIL_CODE_561
    across: Across = "component"
    grace_days: int = 0

    @property
    def penalty_rate(self) -> Decimal:
        """The yearly rate on what is overdue; 0 where the contract has no penalty."""
        return self.annual_rate * (1 + self.penalty_uplift) if self.penalty_uplift is not None else Decimal(0)


@dataclass(frozen=True)
class Scheduled:
    """One instalment of the contract: what falls due, in principal and interest."""

    number: int
    due: date
    principal: Decimal
    interest: Decimal

    @property
    def amount(self) -> Decimal:
        return self.principal + self.interest


@dataclass(frozen=True)
class Entry:
    """A line of the ledger. `amount` in yuan, above 0.

    payment: money received. reversal: the payment with id `of` never counted (a bounced transfer); its amount is that payment's.
    waiver: an authorised reduction of `component` (penalty, compound or fee). fee: a cost charged on that day.
    """

    id: int
    day: date
    kind: EntryKind
    amount: Decimal
    of: int | None = None
    component: Component | None = None
    note: str = ""


@dataclass(frozen=True)
class Span:
    """`days` days on which `base` yuan were overdue."""

    base: Decimal
    days: int


@dataclass(frozen=True)
class Line:
    """What one instalment (number None: the loan as a whole) owes of one component on the day, in yuan.

    accrued: all that has come up; paid: what payments and waivers took of it. rate: yearly, None where it is a plain sum. spans: the bases and days
    that `accrued` comes from: accrued = sum(base * days) * rate / year_days, rounded half up to the fen once.
    """

    component: Component
    number: int | None
    due: date | None
    accrued: Decimal
    paid: Decimal = ZERO
    rate: Decimal | None = None
    spans: tuple[Span, ...] = ()

    @property
    def outstanding(self) -> Decimal:
        return self.accrued - self.paid


@dataclass(frozen=True)
class DayStatement:
    """What is owed on `day`, all in yuan. An instalment that falls due on `day` is due but not overdue yet.

    lines: what is overdue, by instalment, oldest first, then fees. principal, interest, penalty, compound, fees: their sums; overdue: the sum of all.
    not_due_principal: principal of instalments not yet overdue. running_interest: interest of the running period up to `day`.
    payoff: what settles the loan on that day. balance: overdue and all instalments to come. credit: received beyond all that the schedule owes.
    next_due, next_amount: the next instalment that is not paid, None and 0 after the last.
    open_rows: the overdue instalments, or the next one where nothing is overdue, fees included, as the ledger counts them (position.row_state), so that it can go on from here.
    """

    day: date
    lines: tuple[Line, ...]
    principal: Decimal
    interest: Decimal
    penalty: Decimal
    compound: Decimal
    fees: Decimal
    not_due_principal: Decimal
    running_interest: Decimal
    balance: Decimal
    credit: Decimal
    days_past_due: int
    next_due: date | None
    next_amount: Decimal
    open_rows: tuple[tuple[int, ...], ...] = ()

    @property
    def overdue(self) -> Decimal:
        return self.principal + self.interest + self.penalty + self.compound + self.fees

    @property
    def payoff(self) -> Decimal:
        return max(ZERO, self.overdue + self.not_due_principal + self.running_interest - self.credit)
