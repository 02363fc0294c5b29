"""What a plan costs is what the loan's own ledger charges: after its last payment nothing is overdue, to the fen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from plans_given import POLICY, TODAY

from zhuhuan.loans.contracts import GivenContract
from zhuhuan.loans.owing.day import statement
from zhuhuan.loans.owing.methods import schedule
from zhuhuan.loans.owing.values import Contract, Entry
from zhuhuan.loans.values import LoanFacts, Part
from zhuhuan.money import ZERO, from_fen, to_fen, yuan
from zhuhuan.plans.costing import last_part, roughly
from zhuhuan.plans.propose import propose
from zhuhuan.plans.values import Said


@st.composite
def overdue(draw: st.DrawFn) -> tuple[GivenContract, LoanFacts]:
    """A loan whose last instalments are all past due, some of it paid: nothing falls due later than TODAY."""
    contract = Contract(
        principal=from_fen(draw(st.integers(50_000, 3_000_000))), annual_rate=Decimal(draw(st.integers(0, 1800))) / 10_000,
        method=draw(st.sampled_from(["equal_instalments", "equal_principal", "interest_first", "bullet"])), disbursed=TODAY - timedelta(days=draw(st.integers(380, 500))),
        periods=draw(st.integers(1, 12)), penalty_uplift=draw(st.sampled_from([None, Decimal("0.3"), Decimal("0.5")])), compound=draw(st.booleans()),
        across=draw(st.sampled_from(["component", "instalment"])), grace_days=draw(st.sampled_from([0, 0, 3])),
    )  # fmt: skip
    dated = schedule(contract)
    paid = [Entry(n, s.due, "payment", s.amount) for n, s in enumerate(dated[: draw(st.integers(0, len(dated)))], 1) if s.amount]
    if draw(st.booleans()):
        paid.append(Entry(99, TODAY - timedelta(days=draw(st.integers(1, 60))), "payment", from_fen(draw(st.integers(1, 200_000)))))
    given_ = GivenContract(contract, dated, tuple(paid))
    return given_, given_.facts("L1", "个人消费贷款", TODAY)


@settings(max_examples=250, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(overdue(), st.none() | st.integers(2, 12), st.none() | st.integers(10_000, 300_000), st.sampled_from([None, "income_drop", "business_loss", "forgot"]))
def test_after_the_last_payment_of_a_plan_the_ledger_owes_nothing(loan: tuple[GivenContract, LoanFacts], periods: int | None, cap: int | None, reason: str | None) -> None:
    contract, facts = loan
    said = Said(periods=periods, at_most_month=from_fen(cap) if cap else None, reason=reason)
    for offer in propose(facts, said, POLICY, TODAY).offers:
        if offer.kind in ("interest_only", "extension", "settlement"):
            continue  # their cost is agreed anew
        assert sum((p.amount for p in offer.schedule), ZERO) == offer.total == facts.overdue_amount + offer.cost
        assert cap is None or max(p.amount for p in offer.schedule) <= from_fen(cap)
        paid = [Entry(1000 + n, p.due, "payment", p.amount) for n, p in enumerate(offer.schedule)]
        left = statement(contract.contract, contract.schedule, [*contract.entries, *paid], offer.schedule[-1].due)
        assert (left.overdue, left.credit) == (ZERO, ZERO), (offer.kind, offer.schedule, left.overdue, left.credit)


def test_the_cost_is_penalty_interest_on_what_is_still_overdue() -> None:
    contract = Contract(yuan("1000"), Decimal("0.072"), "bullet", date(2025, 10, 15), 12)
    facts = GivenContract(contract, schedule(contract)).facts("L1", "个人消费贷款", TODAY)
    assert facts.owed is not None and facts.overdue_amount == yuan("1000") + yuan("72") + yuan("12.00")  # 40 days at 10.8 %
    cost = roughly(facts.owed, contract, to_fen(facts.overdue_amount))
    # 84.00 go to interest and penalty first, so 542.00 leave 542.00 of principal: 1000 * 30 and 542 * 30 days at 10.8 % / 360
    assert cost([54200, 54200], [TODAY + timedelta(days=30), TODAY + timedelta(days=60)]) == 900 + 496
    assert roughly(facts.owed, replace(contract, penalty_uplift=None), 108400)([108400], [TODAY + timedelta(days=30)]) == 0


@settings(max_examples=400, deadline=None)
@given(overdue(), st.lists(st.tuples(st.integers(1, 70), st.integers(1, 400_000)), min_size=1, max_size=9))
def test_what_is_left_for_the_last_payment_is_what_the_ledger_says(loan: tuple[GivenContract, LoanFacts], payments: list[tuple[int, int]]) -> None:
    contract, facts = loan
    if facts.owed is None or not facts.overdue:
        return
    day, parts = TODAY, []
    for wait, fen in payments:
        day += timedelta(days=wait)
        parts.append(Part(day, from_fen(fen)))
    paid = [Entry(1000 + n, p.due, "payment", p.amount) for n, p in enumerate(parts[:-1])]
    left = statement(contract.contract, contract.schedule, [*contract.entries, *paid], parts[-1].due)
    assert last_part(facts.owed, contract.contract, parts) == left.overdue - left.credit


def test_a_plan_for_a_fee_alone_is_no_plan_for_the_instalment_to_come() -> None:
    contract = Contract(yuan("71431"), Decimal("0.0864"), "bullet", TODAY - timedelta(days=150), 12)
    facts = GivenContract(contract, schedule(contract), (Entry(1, TODAY - timedelta(days=10), "fee", yuan("50")),)).facts("L1", "个人消费贷款", TODAY)
    for offer in propose(facts, Said(periods=24, at_most_month=yuan("1128")), POLICY, TODAY).offers:
        assert (offer.total, offer.cost) == (yuan("50"), ZERO)
