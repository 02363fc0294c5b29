"""How far a loan is overdue on a day. Pure functions of instalments and `today`; the classes by days are a table, delinquency.yml."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from typing import Literal

import yaml

from zhuhuan.loans.owing.day import statement_of
from zhuhuan.loans.owing.position import Ledger, Row
from zhuhuan.loans.owing.values import Contract
from zhuhuan.loans.values import Instalment, LoanFacts
from zhuhuan.money import ZERO, from_fen

DelinquencyClass = Literal["current", "short_term", "long_term"]
Pause = tuple[date, date]  # first and last day, both within the pause
DAY = timedelta(days=1)


def days_past_due(instalments: Sequence[Instalment], today: date) -> int:
    """Days since the oldest unpaid instalment fell due; 0 when none is unpaid.

    Days are calendar days; the due day itself counts as 0 (guide, section 2: short-term is 1 to 30).
    """
    unpaid = [i.due for i in instalments if i.outstanding > 0 and i.due < today]
    return (today - min(unpaid)).days if unpaid else 0


def days_delinquent(oldest_unpaid: date | None, today: date, grace_days: int = 0, pauses: Iterable[Pause] = ()) -> int:
    """Days past due of the oldest unpaid instalment after its grace days, without the days of a pause; 0 when none is unpaid.

    Apache Fineract keeps the two apart in the same way (delinquency grace and pause): days past due go on while delinquency rests. A pause may
    begin on a past day; pauses that overlap count once.

    >>> days_delinquent(date(2026, 11, 1), date(2026, 11, 24), grace_days=3, pauses=[(date(2026, 11, 10), date(2026, 11, 14))])
    15
    """
    if oldest_unpaid is None or oldest_unpaid >= today:
        return 0
    begin = oldest_unpaid + grace_days * DAY  # the last day that is not delinquent yet
    days, counted = max(0, (today - begin).days), begin
    for first, last in sorted(pauses):
        start, end = max(first, counted + DAY), min(last, today)
        if start <= end:
            days -= (end - start).days + 1
            counted = end
    return days


@dataclass(frozen=True)
class Range:
    """A class by days: `up_to` days, None for all beyond. `source`: where the limit comes from."""

    name: str
    words: str
    up_to: int | None
    source: str = ""


@lru_cache(maxsize=1)
def _tables() -> dict[str, tuple[Range, ...]]:
    """delinquency.yml: the tables of classes by name. Raises ValueError where a table's limits do not rise or do not end open."""
    raw = yaml.safe_load(resources.files(__package__).joinpath("delinquency.yml").read_text(encoding="utf-8"))
    tables = {name: tuple(Range(row["name"], row["words"], row.get("up_to"), row.get("source", "")) for row in rows) for name, rows in raw.items()}
    for name, ranges in tables.items():
        limits = [r.up_to for r in ranges]
        if limits[-1] is not None or any(a is None or (b is not None and a >= b) for a, b in pairwise(limits)):
            raise ValueError(f"delinquency.yml: the limits of {name} do not rise to an open end")
    return tables


def classify(days: int, table: str = "guide") -> Range:
    """The class of a number of days past due in one of the tables of delinquency.yml: `guide` or `five_classes`. Raises KeyError for no such table.

    >>> [classify(days).name for days in (0, 1, 30, 31)], classify(120, "five_classes").words
    (['current', 'short_term', 'short_term', 'long_term'], '次级')
    """
    return next(r for r in _tables()[table] if r.up_to is None or days <= r.up_to)


def delinquency_class(days: int) -> DelinquencyClass:
    """The guide's two classes (section 2.1): short-term 1 to 30 days past due, long-term over 30; current at 0.

    >>> [delinquency_class(days) for days in (0, 1, 30, 31)]
    ['current', 'short_term', 'short_term', 'long_term']
    """
    return classify(days).name  # type: ignore[return-value]


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
    pauses: Sequence[Pause] = (),
    region: str = "",
) -> LoanFacts:
    """A loan without a contract as it stands on `today`. `penalty`: unpaid charges in yuan. `annual_rate`: a fraction (0.072 is 7.2 %).

    Nothing accrues here: its source's figures are all that is known; what waiting costs is the plans' part to say.
    """
    oldest = min((i.due for i in instalments if i.outstanding > 0), default=None)
    return LoanFacts(
        loan_id=loan_id,
        product=product,
        overdue_amount=overdue_amount(instalments, penalty, today),
        days_past_due=days_past_due(instalments, today),
        due_date=oldest,
        instalment_amount=instalment_amount,
        balance=sum((i.outstanding for i in instalments), ZERO) + penalty,
        annual_rate=annual_rate,
        penalty=penalty,
        instalments=tuple(instalments),
        days_delinquent=days_delinquent(oldest, today, pauses=pauses),
        region=region,
    )


def _instalment(row: Row) -> Instalment:
    paid = row.paid["principal"] + row.paid["interest"]
    principal, interest = from_fen(row.principal), from_fen(row.interest)
    return Instalment(row.number, date.fromordinal(row.due), principal + interest, from_fen(paid), principal, interest)


def contract_facts(*, loan_id: str, product: str, contract: Contract, ledger: Ledger, today: date, pauses: Sequence[Pause] = (), region: str = "") -> LoanFacts:
    """A loan with a contract as it stands on `today`, its ledger replayed up to that day: penalty and compound interest have come up to the fen."""
    owed = statement_of(ledger, today)
    oldest = next((row for row in ledger.rows if row.open_principal > 0 or row.open_interest > 0), None)
    due = date.fromordinal(oldest.due) if oldest else None
    typical = oldest or (ledger.rows[-1] if ledger.rows else None)
    return LoanFacts(
        loan_id=loan_id,
        product=product,
        overdue_amount=owed.overdue,
        days_past_due=owed.days_past_due,
        due_date=due,
        instalment_amount=from_fen(typical.principal + typical.interest) if typical else ZERO,
        balance=owed.balance,
        annual_rate=contract.annual_rate,
        penalty=owed.penalty + owed.compound + owed.fees,
        instalments=tuple(map(_instalment, ledger.rows)),
        contract=contract,
        owed=owed,
        days_delinquent=days_delinquent(due, today, contract.grace_days, pauses),
        region=region,
    )
