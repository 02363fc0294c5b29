"""After yes: what is written, and whether it is kept."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plans_given import POLICY, TODAY, loan, sums

from zhuhuan.calendar import is_workday
from zhuhuan.loans.values import AddArrangement, AddPromise, Part
from zhuhuan.money import yuan
from zhuhuan.plans.lifecycle import Receipt, arrangement_status, first_status, on_approval, open_parts, promise_status, to_record
from zhuhuan.plans.own_terms import own_terms
from zhuhuan.plans.values import Offer, Said

PARTS = (Part(date(2026, 12, 8), yuan("500")), Part(date(2027, 1, 8), yuan("500")))
LATE_DAYS = 1


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


@pytest.mark.parametrize(("day", "paid", "status"), [
    (date(2026, 12, 8), "0", "active"),       # due today
    (date(2026, 12, 9), "0", "active"),       # one day late is not broken
    (date(2026, 12, 10), "0", "broken"),
    (date(2026, 12, 10), "499.99", "broken"),
    (date(2026, 12, 10), "500", "active"),
    (date(2026, 12, 10), "1000", "kept"),     # paid ahead
])
def test_an_arrangement_is_kept_or_broken_by_what_was_paid(day: date, paid: str, status: str) -> None:
    receipts = [Receipt(date(2026, 12, 7), yuan(paid))]
    assert arrangement_status("active", PARTS, receipts, day, LATE_DAYS) == status


def test_money_that_comes_after_today_does_not_count_yet() -> None:
    assert arrangement_status("active", PARTS, [Receipt(date(2026, 12, 20), yuan("500"))], date(2026, 12, 10), LATE_DAYS) == "broken"


def test_a_plan_that_waits_for_approval_is_never_broken() -> None:
    assert arrangement_status("awaiting_approval", PARTS, [], date(2027, 6, 1), LATE_DAYS) == "awaiting_approval"


@pytest.mark.parametrize("status", ["kept", "broken", "superseded", "cancelled", "proposed"])
def test_what_has_ended_stays_as_it_ended(status: str) -> None:
    assert arrangement_status(status, PARTS, [], date(2027, 6, 1), LATE_DAYS) == status  # type: ignore[arg-type]


@pytest.mark.parametrize(("day", "paid", "status"), [
    (date(2026, 12, 10), "0", "open"), (date(2026, 12, 11), "0", "open"), (date(2026, 12, 12), "0", "broken"), (date(2026, 12, 12), "800", "kept"),
])
def test_a_promise_is_kept_or_broken_by_what_was_paid(day: date, paid: str, status: str) -> None:
    assert promise_status("open", yuan("800"), date(2026, 12, 10), [Receipt(TODAY, yuan(paid))], day, LATE_DAYS) == status


def test_payments_fill_the_oldest_part_first() -> None:
    assert open_parts(PARTS, [Receipt(TODAY, yuan("620"))], TODAY) == (Part(date(2027, 1, 8), yuan("380")),)


@given(st.lists(sums(1, 2000), min_size=1, max_size=8), st.lists(sums(0, 2000), max_size=8))
def test_what_is_open_and_what_was_paid_come_to_the_total(amounts: list[Decimal], paid: list[Decimal]) -> None:
    parts = [Part(TODAY + timedelta(days=30 * i), a) for i, a in enumerate(amounts, 1)]
    receipts = [Receipt(TODAY, a) for a in paid]
    still = sum((p.amount for p in open_parts(parts, receipts, TODAY)), yuan(0))
    assert still == max(yuan(0), sum(amounts) - sum(paid, yuan(0)))


@given(st.integers(0, 200), st.integers(0, 90))
def test_a_late_approval_moves_days_on_and_changes_no_sum(approved_after: int, first_after: int) -> None:
    terms = POLICY.terms("个人消费贷款", 12, TODAY)
    parts = tuple(Part(TODAY + timedelta(days=first_after + 30 * i), yuan("500")) for i in range(4))
    approved = TODAY + timedelta(days=approved_after)
    moved = on_approval(parts, approved, terms)
    assert [p.amount for p in moved] == [p.amount for p in parts]
    assert all(b.due > a.due for a, b in pairwise(moved))
    if parts[0].due > approved:
        assert moved == parts
    else:
        assert moved[0].due >= approved + timedelta(days=terms.approval_days)
        assert all(is_workday(p.due) for p in moved)
    assert arrangement_status("active", moved, [], approved, LATE_DAYS) == "active"
