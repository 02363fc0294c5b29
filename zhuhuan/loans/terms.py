"""The contract that an imported row tells, and since when it is unpaid by the row's figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from zhuhuan.loans.headers import CONTRACT, CONTRACT_NEEDS
from zhuhuan.loans.owing.methods import schedule
from zhuhuan.loans.owing.values import Contract, Scheduled
from zhuhuan.loans.statement import MOST_INSTALMENTS

Bad = Callable[[str, str], None]


@dataclass(frozen=True)
class Terms:
    """instalment: the usual sum. unpaid_since: the oldest unpaid due day by the row's figures; None where the row does not say what was paid."""

    contract: Contract
    instalment: Decimal
    unpaid_since: date | None


def terms_of(values: Mapping[str, Any], as_of: date, bad: Bad) -> Terms | None:
    """The contract of a row's parsed cells; None where `bad` was told what is wrong."""
    missing = [field for field in CONTRACT_NEEDS if field not in values]
    for field in missing:
        bad(field, "没有填写；写了还款方式就要有本金、放款日期、期数和年利率")
    if missing:
        return None
    method, months = values["method"]
    given = values.get("period_months")
    if months is not None and given is not None and given != months:
        bad("period_months", f"{given} 个月与还款方式中的 {months} 个月不符")
        return None
    contract = Contract(
        principal=values["principal"],
        annual_rate=values["annual_rate"],
        method=method,
        disbursed=values["disbursed"],
        periods=values["periods"],
        period_months=given or months or 1,
        first_due=values.get("first_due"),
        accrual=values.get("accrual", "30/360"),
        penalty_uplift=values.get("penalty_uplift"),  # not told: no penalty interest is claimed
        compound=values.get("compound", False),
        grace_days=values.get("grace_days", 0),
    )
    if contract.periods > MOST_INSTALMENTS:
        bad("periods", f"{contract.periods} 期多于 {MOST_INSTALMENTS} 期，请核对")
        return None
    if contract.disbursed > as_of:
        bad("disbursed", f"放款日期 {contract.disbursed} 晚于数据日期 {as_of}")
        return None
    try:
        instalments = schedule(contract)
    except ValueError as error:
        bad("first_due" if contract.first_due is not None and contract.first_due <= contract.disbursed else "method", str(error))
        return None
    return Terms(contract, instalments[0].amount, _unpaid_since(values, instalments, as_of, bad))


def _unpaid_since(values: Mapping[str, Any], instalments: Sequence[Scheduled], as_of: date, bad: Bad) -> date | None:
    due: date | None = values.get("due_date")
    if due is None:
        nothing = values.get("overdue_amount") == 0 or values.get("days_overdue") == 0
        return as_of if nothing else None
    if all(s.due != due for s in instalments):
        nearest = min((s.due for s in instalments), key=lambda day: abs((day - due).days))
        bad("due_date", f"{due} 不是合同算出的还款日（最近的是 {nearest}）；首期日不在放款后一期的，请填“{CONTRACT['first_due'][0]}”")
    return due
