"""How far a loan is overdue on a day. Pure functions of instalments and `today`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from zhuhuan.loans.values import Instalment, LoanFacts
from zhuhuan.money import ZERO

DelinquencyClass = Literal["current", "short_term", "long_term"]
SHORT_TERM_DAYS = 30  # guide, section 2.1


def days_past_due(instalments: Sequence[Instalment], today: date) -> int:
    """Days since the oldest unpaid instalment fell due; 0 when none is unpaid.

    Days are calendar days; the due day itself counts as 0 (guide, section 2: short-term is 1 to 30).
    """
    unpaid = [i.due for i in instalments if i.outstanding > 0 and i.due < today]
    return (today - min(unpaid)).days if unpaid else 0


def delinquency_class(days: int) -> DelinquencyClass:
    """The guide's two classes (section 2.1): short-term 1 to 30 days past due, long-term over 30; current at 0.

    >>> [delinquency_class(days) for days in (0, 1, 30, 31)]
    ['current', 'short_term', 'short_term', 'long_term']
    """
    if days <= 0:
        return "current"
    return "short_term" if days <= SHORT_TERM_DAYS else "long_term"


def overdue_amount(instalments: Sequence[Instalment], penalty: Decimal, today: date) -> Decimal:
    """Yuan unpaid of the instalments due before `today`, plus the unpaid `penalty`."""
    return sum((i.outstanding for i in instalments if i.due < today), ZERO) + penalty


def loan_facts(
    *,
    loan_id: str,
    product: str,
    instalment_amount: Decimal,
    instalments: Sequence[Instalment],
    today: date,
    penalty: Decimal = ZERO,
    annual_rate: Decimal | None = None,
) -> LoanFacts:
    """The loan as it stands on `today`. `penalty`: unpaid charges in yuan. `annual_rate`: a fraction (0.072 is 7.2 %).

    Nothing accrues here: where the book has a rate, what it costs is the plans' part to say.
    """
    return LoanFacts(
        loan_id=loan_id,
        product=product,
        overdue_amount=overdue_amount(instalments, penalty, today),
        days_past_due=days_past_due(instalments, today),
        due_date=min((i.due for i in instalments if i.outstanding > 0), default=None),
        instalment_amount=instalment_amount,
        balance=sum((i.outstanding for i in instalments), ZERO) + penalty,
        annual_rate=annual_rate,
        penalty=penalty,
        instalments=tuple(instalments),
    )
