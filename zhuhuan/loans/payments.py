"""Where a payment goes, and whether what was agreed was kept. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from zhuhuan.loans.errors import BadRecord
from zhuhuan.loans.values import Arrangement, ArrangementStatus, Instalment, Part, Promise, PromiseStatus
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


def _received(payments: Sequence[Part], until: date) -> Decimal:
    return sum((p.amount for p in payments if p.due <= until), ZERO)


def promise_status(promise: Promise, payments: Sequence[Part], today: date, grace_days: int) -> PromiseStatus:
    """kept once the payments received since it was made reach its amount, broken once `grace_days` have passed after its day."""
    if promise.status != "open":
        return promise.status
    last_day = promise.due + timedelta(days=grace_days)
    if _received(payments, min(today, last_day)) >= promise.amount:
        return "kept"
    return "broken" if today > last_day else "open"


def arrangement_status(arrangement: Arrangement, payments: Sequence[Part], today: date, grace_days: int) -> ArrangementStatus:
    """kept once its total is paid, broken once a part is missing `grace_days` after its day.

    One that still awaits approval stays so, whatever day it is: then it is late on our side (conversation.md 21).
    """
    if arrangement.status != "active":
        return arrangement.status
    wanted = ZERO
    for part in sorted(arrangement.schedule, key=lambda p: p.due):
        wanted += part.amount
        last_day = part.due + timedelta(days=grace_days)
        if _received(payments, min(today, last_day)) < wanted:
            return "broken" if today > last_day else "active"
    return "kept"
