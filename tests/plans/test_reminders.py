"""Reminders before each due date: which, on which day, and when none."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhuhuan.calendar import is_workday, spring_festival
from zhuhuan.loans.keeping import Followed, Receipt, match
from zhuhuan.loans.values import Arrangement, ArrangementStatus, Case, ContactState, Member, MemberFile, Part, Promise
from zhuhuan.money import yuan
from zhuhuan.plans.reminders import day_to_remind, quiet, reminders

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 10)
DAY = timedelta(days=1)
MEMBER = Member("M1", "林晓燕", "4410", date(1990, 2, 8), "19900000001")


def file_with(*dues: str, status: ArrangementStatus = "active", contact: ContactState | None = None, cases: tuple[Case, ...] = ()) -> MemberFile:
    """A member with one arrangement, 500 yuan on each of these days."""
    schedule = tuple(Part(date.fromisoformat(due), yuan("500")) for due in dues)
    plan = Arrangement(7, "L1", "个人消费贷款", "instalments", status, schedule, yuan(500 * len(dues)), "assistant", made_at=NOW)
    return MemberFile(MEMBER, (), (plan,), cases=cases, contact=contact or ContactState())


def followed(file: MemberFile, today: date, *paid: tuple[str, str], told: dict[int, date] | None = None) -> tuple[Followed, ...]:
    [plan] = file.arrangements
    receipts = [Receipt(date.fromisoformat(day), yuan(amount)) for day, amount in paid]
    return (Followed("arrangement", plan.id, plan.loan_id, plan.status, match(plan.schedule, receipts, today, told), plan.made_at),)


def days(file: MemberFile, today: date = TODAY, **options: Any) -> list[tuple[str, str]]:
    return [(str(r.on), str(r.due)) for r in reminders(file, today, **options)]


def test_each_part_is_reminded_of_three_days_and_one_day_before() -> None:
    assert days(file_with("2026-12-10", "2026-12-24")) == [
        ("2026-12-07", "2026-12-10"), ("2026-12-09", "2026-12-10"), ("2026-12-21", "2026-12-24"), ("2026-12-23", "2026-12-24")]  # fmt: skip
    assert days(file_with("2026-12-10"), days_before=(2,)) == [("2026-12-08", "2026-12-10")]


def test_a_promise_is_reminded_of_like_an_arrangement() -> None:
    promise = Promise(3, "L1", "个人消费贷款", yuan("860.50"), date(2026, 12, 10), "open", NOW)
    first, _ = reminders(MemberFile(MEMBER, (), promises=(promise,)), TODAY)
    assert (first.kind, first.agreement_id, first.amount, first.on) == ("promise", 3, yuan("860.50"), date(2026, 12, 7))
    notice = first.to_notice()
    assert (notice.kind, notice.loan_id, notice.due, notice.for_day) == ("reminder", "L1", date(2026, 12, 10), date(2026, 12, 7))
    assert notice.about == "个人消费贷款，12月10日（周四）还860.50元"


@pytest.mark.parametrize("status", ["proposed", "awaiting_approval", "kept", "broken", "superseded", "cancelled"])
def test_only_what_is_in_force_is_reminded_of(status: ArrangementStatus) -> None:
    assert days(file_with("2026-12-10", status=status)) == []


def test_a_day_of_rest_gives_way_to_the_workday_before_it() -> None:
    assert days(file_with("2026-12-14")) == [("2026-12-11", "2026-12-14")]  # Monday: Friday serves for both
    assert days(file_with("2026-12-08")) == [("2026-12-04", "2026-12-08"), ("2026-12-07", "2026-12-08")]


def test_nobody_is_reminded_in_the_first_days_of_spring_festival() -> None:
    first = spring_festival(2027)
    assert quiet(first - DAY) and quiet(first) and quiet(first + 2 * DAY) and not quiet(first + 3 * DAY)
    found = days(file_with(str(first + 2 * DAY), str(first + 3 * DAY)))
    assert found and all(date.fromisoformat(on) < first - DAY for on, _ in found)


@given(st.dates(date(2026, 12, 1), date(2030, 12, 31)), st.integers(1, 10), st.integers(0, 5))
def test_the_day_to_remind_is_a_workday_never_quiet_and_before_the_due_day(due: date, before: int, quiet_days: int) -> None:
    day = day_to_remind(due, before, quiet_days)
    assert is_workday(day) and not quiet(day, quiet_days)
    assert due - timedelta(days=before + 14) <= day <= due - timedelta(days=before)
    assert all(not is_workday(day + n * DAY) or quiet(day + n * DAY, quiet_days) for n in range(1, (due - day).days - before + 1))


def test_what_has_come_in_is_not_reminded_of_and_a_rest_is_named_to_the_fen() -> None:
    file, today = file_with("2026-12-10", "2026-12-24"), date(2026, 12, 8)
    found = reminders(file, today, followed=followed(file, today, ("2026-12-01", "620.50")))
    assert {(r.number, r.amount) for r in found} == {(2, yuan("379.50"))}
    assert reminders(file, today, followed=followed(file, today, ("2026-12-01", "1000"))) == ()


def test_a_part_announced_late_is_reminded_of_before_its_new_day() -> None:
    file = file_with("2026-12-10")
    told = followed(file, date(2026, 12, 8), told={1: date(2026, 12, 15)})
    assert days(file, date(2026, 12, 9), followed=told) == [("2026-12-11", "2026-12-10"), ("2026-12-14", "2026-12-10")]
    assert days(file, date(2026, 12, 12), followed=told) == [("2026-12-11", "2026-12-10"), ("2026-12-14", "2026-12-10")]


def test_a_night_without_a_run_loses_no_reminder_and_the_past_is_left_alone() -> None:
    file = file_with("2026-12-10")
    assert days(file, date(2026, 12, 8)) == [("2026-12-07", "2026-12-10"), ("2026-12-09", "2026-12-10")]
    assert days(file, date(2026, 12, 10)) == [("2026-12-09", "2026-12-10")]
    assert days(file, date(2026, 12, 11)) == []


def test_nobody_is_reminded_of_what_was_agreed_this_very_day() -> None:
    assert days(file_with("2026-11-26")) == [("2026-11-25", "2026-11-26")]
    assert days(file_with("2026-11-25")) == []  # the eve is today


def test_only_what_falls_due_soon_where_that_is_asked() -> None:
    file = file_with("2026-12-10", "2026-12-24")
    assert {due for _, due in days(file, date(2026, 12, 4), within_days=6)} == {"2026-12-10"}
    assert days(file, date(2026, 12, 4), within_days=5) == []


@pytest.mark.parametrize("contact", [
    ContactState(paused_until=date(9999, 12, 31)), ContactState(stopped=("all",)), ContactState(stopped=("sms", "chat")), ContactState(wrong_number=True),
])  # fmt: skip
def test_never_where_contact_is_paused_or_stopped_or_the_number_is_wrong(contact: ContactState) -> None:
    assert days(file_with("2026-12-10", contact=contact)) == []


def test_stopping_one_way_or_a_pause_that_ends_before_leaves_the_rest() -> None:
    assert len(days(file_with("2026-12-10", contact=ContactState(stopped=("phone", "workplace"))))) == 2
    assert days(file_with("2026-12-10", contact=ContactState(paused_until=date(2026, 12, 8)))) == [("2026-12-09", "2026-12-10")]
    assert days(file_with("2026-12-10", contact=ContactState(paused_until=date(2026, 12, 8))), date(2026, 12, 8)) == [("2026-12-09", "2026-12-10")]


@pytest.mark.parametrize(("case", "rests"), [
    (Case(1, "dispute", "open", "数不对", "L1"), True), (Case(1, "claim_paid", "waiting_for_member", "已还", "L1"), True), (Case(1, "dispute", "open", "数不对"), True),
    (Case(1, "crisis", "open", "危急"), True), (Case(1, "fraud", "open", "被骗", "L2"), True),
    (Case(1, "dispute", "closed", "数不对", "L1"), False), (Case(1, "dispute", "open", "数不对", "L2"), False), (Case(1, "complaint", "open", "投诉"), False),
])  # fmt: skip
def test_what_is_being_looked_into_is_not_reminded_of(case: Case, rests: bool) -> None:
    assert (days(file_with("2026-12-10", cases=(case,))) == []) == rests


@given(st.lists(st.integers(0, 120), min_size=1, max_size=6, unique=True), st.integers(0, 130), st.lists(st.integers(1, 7), min_size=1, max_size=3),
       st.integers(-5, 60))  # fmt: skip
def test_run_night_after_night_each_reminder_comes_up_on_its_day_and_none_changes(after: list[int], start: int, before: list[int], pause: int) -> None:
    contact = ContactState(paused_until=TODAY + pause * DAY) if pause > 0 else ContactState()
    file = file_with(*(str(TODAY + n * DAY) for n in sorted(after)), contact=contact)
    today = TODAY + start * DAY
    found = reminders(file, today, before)
    assert found == reminders(file, today, before)
    assert len({(r.number, r.on) for r in found}) == len(found)
    assert all(a.on <= b.on for a, b in pairwise(found))
    for reminder in found:
        assert TODAY < reminder.on < reminder.due and reminder.due >= today and is_workday(reminder.on)
        assert max(reminder.on, today) > (contact.paused_until or TODAY - DAY)
    to_come = {(r.number, r.on) for r in found if r.on > today}
    tomorrow = {(r.number, r.on) for r in reminders(file, today + DAY, before)}
    assert to_come <= tomorrow
