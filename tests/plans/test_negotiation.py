"""A negotiation gives only what was objected to, less each time, never a refused plan again, and can be made again from its own steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plans_given import POLICY, TODAY, loan, loans, words
from pydantic import parse_obj_as

from zhuhuan.guide.remember import _plain
from zhuhuan.loans.values import LoanFacts
from zhuhuan.money import yuan
from zhuhuan.plans.adjust import given as conceded
from zhuhuan.plans.negotiation import Negotiation, Step, answer, explain, offer, on_table, replay
from zhuhuan.plans.policy import APPROVERS
from zhuhuan.plans.values import Declined, Objection, Said

LOAN = loan("3600.00")
OBJECTIONS: list[Objection | None] = ["amount", "start", "length", "interest", "trust", None]


NOTHING = Said()


def begun(said: Said = NOTHING, facts: LoanFacts = LOAN) -> Negotiation:
    return offer(Negotiation(), facts, said, POLICY, TODAY)[0]


def test_the_same_objection_again_gets_less_each_time_and_then_who_could_decide() -> None:
    state, sizes = begun(Said(reason="income_drop")), []
    for _ in range(12):
        state, found = answer(state, LOAN, Said(reason="income_drop"), "amount", POLICY, TODAY)
        if isinstance(found, Declined):
            assert found.approver == "collector" and "信贷员" in found.why
            break
        sizes.append(state.steps[-1].given)
    else:
        pytest.fail("it gave without end")
    assert len(sizes) > 1 and all(a > b > 0 for a, b in pairwise(sizes))


def test_later_and_later_moves_a_month_then_two_weeks_then_one_and_keeps_the_sums() -> None:
    said = Said(periods=3, start=TODAY + timedelta(days=14))
    state = begun(said)
    before = [p.amount for p in state.table[0].schedule]
    state, _ = answer(state, LOAN, replace(said, start=None), "start", POLICY, TODAY)
    assert 28 <= state.steps[-1].given <= 34
    assert [p.amount for p in state.table[0].schedule] == before
    state, _ = answer(state, LOAN, replace(said, start=None), "start", POLICY, TODAY)
    assert 12 <= state.steps[-1].given <= 17


def test_what_is_within_the_assistants_authority_comes_before_what_a_person_must_approve() -> None:
    state = begun(Said(periods=4))
    assert state.table[0].approval == "assistant"
    state, _ = answer(state, LOAN, Said(), "amount", POLICY, TODAY)
    assert state.table[0].approval == "assistant"


def test_a_maximum_named_is_kept_also_where_it_is_more_than_was_given_before() -> None:
    state = begun(Said(periods=4))
    state, _ = answer(state, LOAN, Said(), "amount", POLICY, TODAY)
    state, _ = answer(state, LOAN, Said(at_most_month=yuan("200")), "amount", POLICY, TODAY)
    assert max(p.amount for p in state.table[0].schedule) <= yuan("200")


def test_every_step_says_why() -> None:
    state = begun(Said(periods=4))
    state, _ = answer(state, LOAN, Said(), "amount", POLICY, TODAY)
    assert explain(state.steps[0]).startswith("按客户所说，提出分期4期")
    assert "客户嫌每期太多" in explain(state.steps[1]) and "让了：每期少" in explain(state.steps[1]) and "助手权限内" in explain(state.steps[1])
    state = on_table(state, Said(), (state.table[0],), TODAY)
    assert len(state.steps) == 2  # what lies there already is no new step
    with pytest.raises(ValueError, match="nothing is on the table"):
        answer(Negotiation(), LOAN, Said(), "amount", POLICY, TODAY)


@settings(max_examples=300, deadline=None)
@given(loans(), words(), st.lists(st.sampled_from(OBJECTIONS), max_size=6), st.lists(st.integers(0, 2), min_size=6, max_size=6))
def test_whatever_is_objected_to(facts: LoanFacts, said: Said, objections: list[Objection | None], picks: list[int]) -> None:
    state = begun(said, facts)
    terms = POLICY.terms(facts.product, facts.days_past_due, TODAY)
    for objection, pick in zip(objections, picks, strict=False):
        if not state.table:
            break
        if pick and pick < len(state.table):
            state = on_table(state, said, (state.table[pick],), TODAY)
        before, last, refused = state.table[0], state.last_given(objection), {o.schedule for o in state.refused} | {o.schedule for o in state.table}
        state, found = answer(state, facts, said, objection, POLICY, TODAY)
        if isinstance(found, Declined) or not found.offers:
            assert state.steps[-1].answer == "declined" and state.steps[-1].why
            break
        for new in state.table:
            assert objection == "trust" or new.schedule not in refused
            lowest = terms.approver(new.schedule, new.total - new.cost, TODAY, new.kind)
            assert lowest is not None and APPROVERS.index(new.approval) >= APPROVERS.index(lowest)
        if objection in ("amount", "start", "length", "interest"):
            gave = conceded(objection, before, state.table[0])
            named = said.at_most_month or said.at_most_week or said.start or said.periods or said.pay_months or said.first_at_most or said.income
            assert named or last is None or gave < last
        if objection == "amount":
            assert state.table[0].schedule[0].due == before.schedule[0].due  # only what was objected to is given
    again = replay(state.steps, lambda day: facts, POLICY)
    assert again == state
    kept = [parse_obj_as(Step, _plain(step)) for step in state.steps]
    assert replay(kept, lambda day: facts, POLICY) == state


def test_a_day_later_the_loan_of_that_day_is_asked_for() -> None:
    asked: list[date] = []
    state = begun(Said(periods=4))
    state, _ = answer(state, LOAN, Said(), "amount", POLICY, TODAY + timedelta(days=1))

    def loan_on(day: date) -> LoanFacts:
        asked.append(day)
        return LOAN

    assert replay(state.steps, loan_on, POLICY) == state and asked == [TODAY, TODAY + timedelta(days=1)]
