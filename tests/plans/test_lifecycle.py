"""After yes: what is written, how late is not broken, which days hold once it is approved."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plans_given import POLICY, TODAY, loan

from zhuhuan.calendar import is_workday
from zhuhuan.loans.keeping import Grace, Receipt, match, status_by
from zhuhuan.loans.values import AddArrangement, AddPromise, Part
from zhuhuan.money import yuan
from zhuhuan.plans.lifecycle import first_status, grace_by, grace_of, on_approval, rescheduled, to_record
from zhuhuan.plans.own_terms import own_terms
from zhuhuan.plans.values import Offer, Said

TERMS = POLICY.terms("个人消费贷款", 12, TODAY)
DAY = timedelta(days=1)


def offer_for(**said: object) -> Offer:
    found = own_terms(loan("3600.00"), Said(**said), POLICY, TODAY)  # type: ignore[arg-type]
    assert isinstance(found, Offer)
    return found


def test_one_sum_within_the_promise_window_is_written_as_a_promise() -> None:
    record = to_record(loan("3600.00"), offer_for(until=date(2026, 12, 10)))
    assert record == AddPromise("L1", yuan("3600"), date(2026, 12, 10))


def test_a_later_sum_and_instalments_are_written_as_arrangements() -> None:
    assert isinstance(to_record(loan("3600.00"), offer_for(until=date(2027, 1, 20))), AddArrangement)
    record = to_record(loan("3600.00"), offer_for(periods=3, start=date(2026, 12, 15)))
    assert isinstance(record, AddArrangement)
    assert (record.status, record.approval, record.total) == ("active", "assistant", yuan("3600"))


def test_what_others_must_approve_is_not_in_force_before() -> None:
    offer = offer_for(periods=12, start=date(2026, 12, 15))
    assert offer.approval == "collector" and first_status(offer) == "awaiting_approval"


def test_how_late_is_not_broken_is_the_policys_to_say() -> None:
    assert grace_of(TERMS) == Grace(TERMS.late_days, 7)
    assert grace_of(replace(TERMS, late_days_with_reason=0)) == Grace(TERMS.late_days, TERMS.late_days)  # a reason never shortens it
    assert grace_by(POLICY, TODAY)(loan("3600.00")) == Grace(TERMS.late_days, 7)


@given(st.integers(0, 200), st.integers(0, 90))
def test_a_late_approval_moves_days_on_and_changes_no_sum(approved_after: int, first_after: int) -> None:
    parts = tuple(Part(TODAY + timedelta(days=first_after + 30 * i), yuan("500")) for i in range(4))
    approved = TODAY + timedelta(days=approved_after)
    moved = on_approval(parts, approved, TERMS)
    assert [p.amount for p in moved] == [p.amount for p in parts]
    assert all(b.due > a.due for a, b in pairwise(moved))
    if parts[0].due > approved:
        assert moved == parts
    else:
        assert moved[0].due >= approved + timedelta(days=TERMS.approval_days)
        assert all(is_workday(p.due) for p in moved)
    assert status_by("active", match(moved, [], approved), approved, grace_of(TERMS)) == "active"


@given(st.integers(0, 200), st.integers(0, 90), st.integers(0, 2000))
def test_what_was_paid_while_it_waited_keeps_its_day_and_the_rest_moves(approved_after: int, first_after: int, paid: int) -> None:
    schedule = tuple(Part(TODAY + timedelta(days=first_after + 30 * i), yuan("500")) for i in range(4))
    approved = TODAY + timedelta(days=approved_after)
    parts = match(schedule, [Receipt(TODAY, yuan(paid))], approved)
    after = rescheduled(parts, approved, TERMS)
    assert [p.amount for p in after] == [p.amount for p in schedule]
    full = paid // 500
    assert after[:full] == schedule[:full]
    assert after[full:] == (on_approval([Part(p.due, p.amount) for p in schedule[full:]], approved, TERMS) if full < 4 else ())
    assert not any(part.missed(approved, grace_of(TERMS)) for part in match(after, [Receipt(TODAY, yuan(paid))], approved))


@pytest.mark.parametrize("days", [0, 1, 30])
def test_a_plan_that_begins_after_its_approval_is_left_as_it_is(days: int) -> None:
    schedule = (Part(TODAY + (days + 1) * DAY, yuan("500")),)
    assert on_approval(schedule, TODAY + days * DAY, TERMS) == schedule
