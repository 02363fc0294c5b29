"""A contract's schedule as a sheet to be drawn or written (zhuhuan.paper)."""

from __future__ import annotations

from datetime import date

from zhuhuan.loans.errors import BadRecord
from zhuhuan.loans.owing.words import percent
from zhuhuan.loans.showing_contract import METHODS
from zhuhuan.loans.values import LoanFacts
from zhuhuan.money import ZERO
from zhuhuan.paper.sheet import Payment, Sheet


def contract_sheet(loan: LoanFacts, name: str, today: date) -> Sheet:
    """The schedule of a loan's contract, with what is paid of it by `today`.

    Raises BadRecord for a loan without a contract, or a schedule that does not hold together.
    """
    contract = loan.contract
    if contract is None:
        raise BadRecord(f"贷款 {loan.loan_id} 没有合同信息，只有来源给的数字，画不出合同的还款计划")
    payments = tuple(Payment(i.due, i.amount, i.principal, i.interest, i.paid) for i in loan.instalments)
    about = (
        ("贷款", f"{loan.product} {loan.loan_id}"),
        ("方式", f"{METHODS[contract.method]}，年利率 {percent(contract.annual_rate)}"),
        ("本金", f"{contract.principal:,} 元，{contract.disbursed} 放款"),
    )
    total = sum((i.amount for i in loan.instalments), ZERO)
    try:
        return Sheet(f"合同还款计划：{name}", loan.loan_id, today, payments, total, about)
    except ValueError as error:
        raise BadRecord(f"贷款 {loan.loan_id} 的还款计划写不出来：{error}") from error
