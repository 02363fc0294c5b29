"""Loans and words for the tests of the plan engine: one day, one policy, made-up members."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from zhuhuan.loans.values import LoanFacts
from zhuhuan.money import yuan
from zhuhuan.plans.policy import load_policy
from zhuhuan.plans.values import Income, NamedPart, PayMonth, Said

TODAY = date(2026, 11, 24)
POLICY = load_policy()
REASONS = [None, "unemployment", "income_drop", "crop_disaster", "illness", "business_loss", "forgot", "away", "over_indebted", "other"]


def loan(overdue: str = "3380.00", *, product: str = "个人消费贷款", days: int = 12, instalment: str | None = None, balance: str | None = None,
         rate: str | None = None, due: date | None = None) -> LoanFacts:
    """A loan that is `days` past due on TODAY; by default one unpaid instalment, nothing else owed, no rate."""
    return LoanFacts("L1", product, yuan(overdue), days, due or TODAY - timedelta(days=days), yuan(instalment or overdue), yuan(balance or overdue),
                     None if rate is None else Decimal(rate))


def dated(offer: object) -> list[tuple[str, str]]:
    """A schedule as text, for comparing."""
    return [(str(p.due), str(p.amount)) for p in offer.schedule]  # type: ignore[attr-defined]


def sums(low: int, high: int) -> st.SearchStrategy[Decimal]:
    """Amounts in yuan with fen, bounds in whole yuan."""
    return st.integers(low * 100, high * 100).map(lambda fen: Decimal(fen) / 100).map(yuan)


@st.composite
def loans(draw: st.DrawFn) -> LoanFacts:
    instalment = draw(sums(50, 8000))
    unpaid = draw(st.integers(1, 6))
    overdue = instalment * unpaid
    balance = overdue + instalment * draw(st.integers(0, 20))
    days = draw(st.integers(1, 400))
    rate = draw(st.none() | st.integers(0, 2400).map(lambda b: Decimal(b) / 10000))
    product = draw(st.sampled_from(["个人消费贷款", "农户种植贷款", "生猪养殖贷款", "个人经营贷款", "国家助学贷款", "个人住房贷款", "汽车贷款", "其他贷款"]))
    return LoanFacts("L1", product, overdue, days, TODAY - timedelta(days=days), instalment, balance, rate)


days_ahead = st.integers(0, 120).map(lambda d: TODAY + timedelta(days=d))


def maybe(strategy: st.SearchStrategy, share: int = 3) -> st.SearchStrategy:
    """`strategy` in one of `share` cases, else None."""
    return st.integers(1, share).flatmap(lambda n: strategy if n == 1 else st.none())


@st.composite
def words(draw: st.DrawFn) -> Said:
    """What a member may have said: any fields together, also ones that contradict each other."""
    incomes = st.builds(lambda low, more, per: Income(low, low + more, per), sums(0, 9000), sums(0, 3000), st.sampled_from(["month", "month", "week", "year"]))
    weekly = draw(st.integers(1, 6)) == 1
    return Said(
        at_most_month=draw(maybe(sums(0, 5000))),
        at_most_week=draw(sums(10, 900)) if weekly else None,
        weekday=draw(st.none() | st.integers(0, 6)) if weekly else None,
        first_at_most=draw(maybe(sums(10, 4000), 6)),
        each=draw(maybe(sums(50, 4000), 6)),
        start=draw(maybe(days_ahead)),
        until=draw(maybe(days_ahead, 6)),
        periods=draw(maybe(st.integers(1, 40), 4)),
        defer_months=draw(maybe(st.integers(1, 8), 5)),
        defer_days=draw(maybe(st.integers(1, 40), 8)),
        pay_day=draw(maybe(st.integers(1, 31))),
        pay_months=tuple(draw(maybe(st.lists(st.builds(PayMonth, st.integers(1, 12), maybe(sums(100, 9000), 2)), min_size=1, max_size=3,
                                             unique_by=lambda m: m.month), 8)) or ()),
        parts=tuple(draw(maybe(st.lists(st.builds(NamedPart, maybe(sums(0, 5000), 2), maybe(days_ahead, 2)), min_size=1, max_size=4), 8)) or ()),
        income=draw(maybe(incomes)),
        outgoings=draw(maybe(sums(0, 6000), 2)),
        reason=draw(st.sampled_from(REASONS)),
        wish=draw(maybe(st.sampled_from(["whole", "deferral", "grace", "partial", "instalments"]), 8)),
        basis=draw(st.sampled_from(["arrears", "arrears", "arrears", "balance"])),
    )
