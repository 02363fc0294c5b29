"""From a loan's figures on a day (an account of contract.md, a row of a file) to its unpaid instalments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

from zhuhuan.calendar import add_months
from zhuhuan.loans.delinquency import loan_facts
from zhuhuan.loans.errors import BadStatement
from zhuhuan.loans.values import Instalment, LoanFacts
from zhuhuan.money import ZERO

MOST_INSTALMENTS = 600  # fifty years of months: more is a slip of the pen


@dataclass(frozen=True)
class LoanStatement:
    """What is told of a loan on a day; all in yuan.

    overdue_amount: unpaid since `due_date`, `penalty` included. due_date: the oldest unpaid one, or the next one when nothing is overdue.
    balance: all that is still owed, arrears included; None: the arrears alone (or the next instalment, when nothing is overdue).
    annual_rate: a fraction, None where not known.
    """

    product: str
    overdue_amount: Decimal
    instalment_amount: Decimal
    due_date: date | None = None
    balance: Decimal | None = None
    annual_rate: Decimal | None = None
    penalty: Decimal = ZERO


def _dates_before(first: date, day: date, most: int) -> int:
    """How many of `first` and its monthly followers lie before `day`, counting no further than `most`."""
    count = 0
    while count < most and add_months(first, count) < day:
        count += 1
    return count


def _steps(amount: Decimal, each: Decimal) -> int:
    return int((amount / each).to_integral_value(ROUND_CEILING))


def _check(statement: LoanStatement, as_of: date) -> None:
    overdue, due = statement.overdue_amount, statement.due_date
    for field in ("overdue_amount", "instalment_amount", "penalty"):
        if getattr(statement, field) < 0:
            raise BadStatement(field, "金额不能是负数")
    if statement.penalty > overdue:
        raise BadStatement("penalty", f"罚息 {statement.penalty} 元大于逾期金额 {overdue} 元（逾期金额应已含罚息）")
    if overdue > statement.penalty and due is None:
        raise BadStatement("due_date", f"有逾期金额 {overdue} 元，却没有最早未还的到期日")
    if overdue > statement.penalty and due is not None and due > as_of:
        raise BadStatement("due_date", f"有逾期金额 {overdue} 元，到期日 {due} 却晚于数据日期 {as_of}")
    if due is None and statement.balance is not None and statement.balance > overdue:
        raise BadStatement("due_date", f"还有余额 {statement.balance} 元，却没有下一期的到期日")
    if statement.balance is not None and statement.balance < overdue:
        raise BadStatement("balance", f"贷款余额 {statement.balance} 元小于逾期金额 {overdue} 元")


def unpaid_instalments(statement: LoanStatement, as_of: date) -> tuple[Instalment, ...]:
    """The instalments behind a loan's figures on `as_of` (contract.md, `converse`).

    The arrears are one instalment where they equal `instalment_amount`, else monthly ones from `due_date`; what does not divide
    is left of the oldest. A balance beyond the arrears is further monthly instalments that fall due on or after `as_of`.
    Raises BadStatement where the figures contradict each other.
    """
    _check(statement, as_of)
    first = statement.due_date
    if first is None:
        return ()
    arrears = statement.overdue_amount - statement.penalty
    each = statement.instalment_amount or arrears or (statement.balance or ZERO)
    balance = statement.balance
    if balance is None:
        balance = statement.overdue_amount if statement.overdue_amount else each
    further = balance - statement.overdue_amount
    if each == 0:
        return ()
    if _steps(arrears + further, each) > MOST_INSTALMENTS:
        raise BadStatement("instalment_amount", f"按每期 {each} 元要还 {MOST_INSTALMENTS} 期以上，请核对每期金额和余额")
    rows: list[tuple[date, Decimal]] = []
    if arrears > 0:
        count = 1 if arrears == each else max(1, _dates_before(first, as_of, _steps(arrears, each)))
        rows = [(first, arrears - each * (count - 1))] + [(add_months(first, k), each) for k in range(1, count)]
    month = len(rows)
    while add_months(first, month) < as_of:
        month += 1
    while further > 0:
        rows.append((add_months(first, month), min(each, further)))
        further -= each
        month += 1
    return tuple(Instalment(number, due, amount) for number, (due, amount) in enumerate(rows, 1))


def facts_of(statement: LoanStatement, as_of: date, today: date, loan_id: str = "") -> LoanFacts:
    """The loan on `today`, from its figures on `as_of`, with no database. Raises BadStatement as unpaid_instalments does."""
    return loan_facts(
        loan_id=loan_id,
        product=statement.product,
        instalment_amount=statement.instalment_amount,
        instalments=unpaid_instalments(statement, as_of),
        today=today,
        penalty=statement.penalty,
        annual_rate=statement.annual_rate,
    )
