"""Where a payment goes. Pure functions; whether what was agreed was kept: keeping.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from zhuhuan.loans.errors import BadRecord
from zhuhuan.loans.values import Instalment
from zhuhuan.money import ZERO


@dataclass(frozen=True)
class OpenCharge:
    """An unpaid charge of a loan, in yuan."""

    id: int
    kind: str
    outstanding: Decimal


@dataclass(frozen=True)
class Share:
    """A part of a payment, for one instalment or one charge; `amount` in yuan, always above 0."""

    amount: Decimal
    instalment: Instalment | None = None
    charge: OpenCharge | None = None


def allocate(amount: Decimal, instalments: Sequence[Instalment], charges: Sequence[OpenCharge], day: date) -> tuple[Share, ...]:
    """`amount` yuan paid on `day`: to the instalments due by then, oldest first, then to charges, then to what falls due later.

    Raises BadRecord where `amount` is not above 0 or more than all that is owed.
    """
    if amount <= 0:
        raise BadRecord(f"还款金额 {amount} 元不大于 0")
    owed = sum((i.outstanding for i in instalments), ZERO) + sum((c.outstanding for c in charges), ZERO)
    if amount > owed:
        raise BadRecord(f"还款 {amount} 元多于这笔贷款尚欠的 {owed} 元，请核对金额或贷款")
    by_due = sorted((i for i in instalments if i.outstanding > 0), key=lambda i: (i.due, i.number))
    order = [Share(i.outstanding, instalment=i) for i in by_due if i.due <= day]
    order += [Share(c.outstanding, charge=c) for c in charges if c.outstanding > 0]
    order += [Share(i.outstanding, instalment=i) for i in by_due if i.due > day]
    shares = []
    for want in order:
        if amount <= 0:
            break
        share = min(amount, want.amount)
        shares.append(Share(share, want.instalment, want.charge))
        amount -= share
    return tuple(shares)
