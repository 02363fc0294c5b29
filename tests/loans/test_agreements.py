"""The life of what was agreed: moves between statuses, payments matched to parts, kept and broken, late with a reason, approval."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select, text

from zhuhuan.loans import tables as t
from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.engines import close, engine_of
from zhuhuan.loans.errors import BadRecord, UnknownRecord
from zhuhuan.loans.keeping import MOVES, Followed, Grace, Kept, Receipt, check_move, ended, match, status_by
from zhuhuan.loans.migrations import upgrade
from zhuhuan.loans.statement import LoanStatement
from zhuhuan.loans.values import (
    AddArrangement,
    AddPromise,
    ArrangementStatus,
    CancelStanding,
    FollowUp,
    IssueNotice,
    LoanFacts,
    MemberFile,
    NoteLateness,
    Part,
    PromiseStatus,
)
from zhuhuan.money import ZERO, from_fen, yuan

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 10)
DAY = timedelta(days=1)
PARTS = (Part(date(2026, 12, 10), yuan("500")), Part(date(2027, 1, 10), yuan("500")))
ENDED = {"kept", "broken", "superseded", "cancelled"}


def received(*paid: tuple[str, str]) -> list[Receipt]:
    return [Receipt(date.fromisoformat(day), yuan(amount)) for day, amount in paid]


# --- the table of moves ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "statuses"), [("arrangement", get_args(ArrangementStatus)), ("promise", get_args(PromiseStatus))])
def test_every_pair_of_statuses_is_decided_by_the_table_and_nothing_leaves_an_end(kind: Any, statuses: tuple[str, ...]) -> None:
    assert set(MOVES[kind]) == {None, *statuses}
    for before in (None, *statuses):
        for after in statuses:
            if after in MOVES[kind][before]:
                check_move(kind, before, after)
            else:
                with pytest.raises(BadRecord, match="状态"):
                    check_move(kind, before, after)
        if before is not None:
            assert ended(kind, before) == (before in ENDED)
    assert "broken" not in MOVES["arrangement"]["awaiting_approval"]


# --- what each part received ----------------------------------------------------------------------------------------------


def test_each_part_tells_what_came_in_when_and_how_late() -> None:
    first, second = match(PARTS, received(("2026-12-08", "200"), ("2026-12-11", "420")), date(2027, 1, 12))
    assert first == Kept(1, PARTS[0].due, yuan("500"), tuple(received(("2026-12-08", "200"), ("2026-12-11", "300"))), late_days=1)
    assert (first.paid_on, first.outstanding) == (date(2026, 12, 11), ZERO)
    assert (second.received, second.outstanding, second.paid_on, second.late_days) == (yuan("120"), yuan("380"), None, 2)


def test_the_oldest_due_part_is_filled_first_in_whatever_order_the_parts_stand() -> None:
    later, sooner = match((PARTS[1], PARTS[0]), received(("2026-12-01", "500")), TODAY + 30 * DAY)
    assert (later.number, later.received, sooner.number, sooner.received) == (1, ZERO, 2, yuan("500"))


def test_money_that_comes_after_the_day_does_not_count_yet() -> None:
    assert match(PARTS, received(("2026-12-20", "500")), date(2026, 12, 19))[0].received == ZERO


amounts = st.integers(1, 300_000).map(from_fen)
days = st.integers(0, 200).map(lambda n: TODAY + n * DAY)


@given(st.lists(st.builds(Part, days, amounts), min_size=1, max_size=8), st.lists(st.builds(Receipt, days, amounts), max_size=8), days)
def test_every_yuan_counts_once_and_no_part_is_filled_before_an_older_one(schedule: list[Part], receipts: list[Receipt], today: date) -> None:
    parts = match(schedule, receipts, today)
    assert [(p.number, p.due, p.amount) for p in parts] == [(n, p.due, p.amount) for n, p in enumerate(schedule, 1)]
    in_time = sum((r.amount for r in receipts if r.day <= today), ZERO)
    assert sum((p.received for p in parts), ZERO) == min(in_time, sum((p.amount for p in schedule), ZERO))
    assert all(ZERO <= p.received <= p.amount for p in parts)
    full = [p.outstanding == 0 for p in sorted(parts, key=lambda p: (p.due, p.number))]
    touched = [p.received > 0 for p in sorted(parts, key=lambda p: (p.due, p.number))]
    assert full == sorted(full, reverse=True) and touched == sorted(touched, reverse=True)
    for day in {r.day for r in receipts}:
        given_that_day = sum((r.amount for p in parts for r in p.receipts if r.day == day), ZERO)
        assert given_that_day <= sum((r.amount for r in receipts if r.day == day), ZERO)


@given(st.lists(st.builds(Part, days, amounts), min_size=1, max_size=6), st.lists(st.builds(Receipt, days, amounts), max_size=6), days,
       st.sampled_from(["active", "awaiting_approval", "open"]), st.integers(0, 5))  # fmt: skip
def test_kept_is_all_received_and_broken_is_something_missing_beyond_the_grace(
    schedule: list[Part], receipts: list[Receipt], today: date, before: str, late_days: int
) -> None:
    after = status_by(before, match(schedule, receipts, today), today, Grace(late_days))
    got = sum((r.amount for r in receipts if r.day <= today), ZERO)
    wanted = sum((p.amount for p in schedule if p.due + late_days * DAY < today), ZERO)
    if got >= sum((p.amount for p in schedule), ZERO):
        assert after == "kept"
    elif before != "awaiting_approval" and got < wanted:
        assert after == "broken"
    else:
        assert after == before


# --- kept and broken ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("paid", "today", "status"), [
    ([], date(2026, 12, 10), "active"),
    ([], date(2026, 12, 11), "active"),  # one day late is not broken
    ([], date(2026, 12, 12), "broken"),
    ([("2026-12-11", "500")], date(2026, 12, 20), "active"),
    ([("2026-12-12", "500")], date(2026, 12, 20), "active"),  # it has come: nothing is unpaid any more
    ([("2026-12-01", "1000")], date(2026, 12, 1), "kept"),
    ([("2026-12-11", "500"), ("2027-01-11", "500")], date(2027, 1, 11), "kept"),  # each a day late
    ([("2026-12-10", "500"), ("2027-01-10", "499.99")], date(2027, 1, 12), "broken"),
])  # fmt: skip
def test_one_day_late_is_not_broken_and_two_days_are(paid: list[tuple[str, str]], today: date, status: str) -> None:
    assert status_by("active", match(PARTS, received(*paid), today), today, Grace(1)) == status


@pytest.mark.parametrize("status", ["proposed", *sorted(ENDED)])
def test_what_is_not_in_force_is_not_judged(status: str) -> None:
    day = date(2027, 6, 1)
    assert status_by(status, match(PARTS, [], day), day, Grace()) == status
    assert status_by("awaiting_approval", match(PARTS, [], day), day, Grace()) == "awaiting_approval"


@pytest.mark.parametrize(("told", "last"), [
    (None, date(2026, 12, 11)),
    (date(2026, 12, 11), date(2026, 12, 11)),
    (date(2026, 12, 14), date(2026, 12, 14)),
    (date(2026, 12, 30), date(2026, 12, 17)),  # no further than the policy goes
])  # fmt: skip
def test_the_members_word_lengthens_the_grace_of_that_one_part(told: date | None, last: date) -> None:
    part = Kept(1, date(2026, 12, 10), yuan("500"), told=told)
    grace = Grace(1, with_reason=7)
    assert part.last_day(grace) == last
    assert (part.missed(last, grace), part.missed(last + DAY, grace)) == (False, True)
    other = Kept(2, date(2026, 12, 10), yuan("500"))
    assert other.missed(date(2026, 12, 12), grace)


def test_parts_due_before_the_agreement_came_into_the_book_are_not_judged() -> None:
    day = date(2026, 12, 20)
    parts = match(PARTS, received(("2026-12-18", "500")), day, since=date(2026, 12, 15))
    assert [p.earlier for p in parts] == [True, False]
    assert parts[1].paid_on == date(2026, 12, 18)
    assert status_by("active", parts, day, Grace()) == "kept"
    assert status_by("active", match(PARTS, [], day, since=date(2027, 2, 1)), day, Grace()) == "active"


# --- in the book ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def owing(url: str, account: Callable[..., dict[str, Any]]) -> tuple[str, str]:
    """A member with a large loan: the ids of both."""
    with LoanBook(url) as book:
        member_id = book.add_account(account(overdue_amount="1860.00", balance="90000.00"), TODAY)
        return member_id, book.file_of(member_id, TODAY).loans[0].loan_id


def plan(loan_id: str, *parts: tuple[str, str], status: ArrangementStatus = "active", approval: Any = "assistant") -> AddArrangement:
    schedule = tuple(Part(date.fromisoformat(day), yuan(amount)) for day, amount in parts)
    return AddArrangement(loan_id, "instalments", schedule, sum((p.amount for p in schedule), ZERO), approval, status)


def statuses(file: MemberFile) -> list[str]:
    return [a.status for a in file.arrangements] + [p.status for p in file.promises]


def events(url: str) -> list[tuple[str, dict[str, Any]]]:
    with engine_of(url).connect() as connection:
        return [tuple(row) for row in connection.execute(select(t.AuditEvent.event, t.AuditEvent.facts).order_by(t.AuditEvent.id))]


def of(followed: tuple[Followed, ...], kind: str, place: int = 0) -> Followed:
    return [f for f in followed if f.kind == kind][place]


def test_settling_marks_what_was_kept_and_what_was_broken_and_keeps_an_audit(url: str, owing: tuple[str, str]) -> None:
    member_id, loan_id = owing
    with LoanBook(url) as book:
        book.write(member_id, AddPromise(loan_id, yuan("860"), date(2026, 12, 1)), NOW)
        book.receive_payment(loan_id, yuan("860"), date(2026, 11, 30))
        [kept] = book.settle(member_id, date(2026, 11, 30), NOW)
        assert (kept.before, kept.followed.status, kept.followed.parts[0].paid_on) == ("open", "kept", date(2026, 11, 30))
        book.write(member_id, plan(loan_id, ("2026-12-10", "1000")), datetime(2026, 12, 1, 9))
        assert book.settle(member_id, date(2026, 12, 11), NOW) == ()
        [broken] = book.settle(member_id, date(2026, 12, 12), NOW)
        assert (broken.before, broken.followed.status) == ("active", "broken")
        assert book.settle(member_id, date(2026, 12, 13), NOW) == ()
        file = book.file_of(member_id, date(2026, 12, 12))
    assert statuses(file) == ["broken", "kept"]
    assert file.standing(loan_id) is None
    told = dict(events(url))
    assert told["promise_kept"]["parts"] == [
        {"due": "2026-12-01", "amount": "860.00", "received": "860.00", "paid_on": "2026-11-30", "late_days": 0, "told": None}
    ]
    assert told["arrangement_broken"]["before"] == "active"


def test_a_payment_counts_for_one_agreement_only(url: str, owing: tuple[str, str]) -> None:
    member_id, loan_id = owing
    noon = datetime(2026, 12, 10, 12)
    with LoanBook(url) as book:
        book.receive_payment(loan_id, yuan("300"), TODAY - 10 * DAY)
        book.write(member_id, plan(loan_id, ("2026-12-10", "500"), ("2027-01-08", "500")), NOW)
        book.receive_payment(loan_id, yuan("500"), date(2026, 12, 10))
        book.write(member_id, plan(loan_id, ("2026-12-20", "400"), ("2027-01-08", "100")), noon)  # the same day, in its place
        book.receive_payment(loan_id, yuan("400"), date(2026, 12, 10))
        first, second = (of(book.followed(member_id, date(2026, 12, 11)), "arrangement", place) for place in (0, 1))
        assert (first.status, [p.received for p in first.parts]) == ("superseded", [yuan("500"), ZERO])
        assert [p.received for p in second.parts] == [yuan("400"), ZERO]
        book.receive_payment(loan_id, yuan("100"), date(2026, 12, 12))
        assert [c.followed.status for c in book.settle(member_id, date(2026, 12, 12), noon)] == ["kept"]
        book.write(member_id, AddPromise(loan_id, yuan("100"), date(2026, 12, 30)), datetime(2026, 12, 12, 15))
        promise = of(book.followed(member_id, date(2026, 12, 12)), "promise")
        assert (promise.received, promise.status) == (ZERO, "open")


def test_a_reversed_payment_counts_nowhere(url: str, owing: tuple[str, str]) -> None:
    member_id, loan_id = owing
    with LoanBook(url) as book:
        book.write(member_id, AddPromise(loan_id, yuan("500"), date(2026, 12, 10)), NOW)
        book.receive_payment(loan_id, yuan("500"), date(2026, 12, 9))
        paid = book._session.execute(select(t.LedgerEntry.id).where(t.LedgerEntry.kind == "payment")).scalar_one()
        assert of(book.followed(member_id, date(2026, 12, 9)), "promise").received == yuan("500")
        book.reverse_payment(loan_id, paid, date(2026, 12, 10))
        assert of(book.followed(member_id, date(2026, 12, 10)), "promise").received == ZERO
        assert [c.followed.status for c in book.settle(member_id, date(2026, 12, 12), NOW)] == ["broken"]


def test_what_was_received_in_full_ends_as_kept_whatever_takes_its_place(url: str, owing: tuple[str, str]) -> None:
    member_id, loan_id = owing
    with LoanBook(url) as book:
        book.write(member_id, AddPromise(loan_id, yuan("500"), date(2026, 12, 10)), NOW)
        book.receive_payment(loan_id, yuan("500"), date(2026, 12, 9))
        book.write(member_id, plan(loan_id, ("2027-01-10", "500")), datetime(2026, 12, 9, 18))
        book.write(member_id, CancelStanding(loan_id), datetime(2026, 12, 10, 9))
        assert statuses(book.file_of(member_id, date(2026, 12, 10))) == ["cancelled", "kept"]
    assert [name for name, _ in events(url)] == ["promise_kept", "arrangement_cancelled"]


def test_a_late_part_that_was_announced_is_not_broken_and_the_word_is_kept(url: str, owing: tuple[str, str]) -> None:
    member_id, loan_id = owing
    with LoanBook(url) as book:
        book.write(member_id, plan(loan_id, ("2026-12-10", "500"), ("2026-12-20", "500")), NOW)
        book.write(member_id, NoteLateness(loan_id, date(2026, 12, 10), date(2026, 12, 13), "工资13号才到账"), datetime(2026, 12, 10, 9))
        assert book.settle(member_id, date(2026, 12, 13), NOW) == ()
        book.write(member_id, NoteLateness(loan_id, date(2026, 12, 10), date(2026, 12, 15), "厂里又晚两天"), datetime(2026, 12, 13, 9))
        assert of(book.followed(member_id, date(2026, 12, 14)), "arrangement").parts[0].told == date(2026, 12, 15)
        assert book.settle(member_id, date(2026, 12, 15), NOW) == ()
        book.receive_payment(loan_id, yuan("500"), date(2026, 12, 15))
        first, second = of(book.followed(member_id, date(2026, 12, 22)), "arrangement").parts
        assert (first.late_days, first.paid_on, second.told) == (5, date(2026, 12, 15), None)
        assert [c.followed.status for c in book.settle(member_id, date(2026, 12, 22), NOW)] == ["broken"]  # the second part was not announced
    noted = [facts for name, facts in events(url) if name == "lateness_noted"]
    assert [(f["due"], f["day"], f["reason"], f["part"]) for f in noted] == [
        ("2026-12-10", "2026-12-13", "工资13号才到账", 1), ("2026-12-10", "2026-12-15", "厂里又晚两天", 1)]  # fmt: skip


def test_lateness_is_noted_only_for_a_part_of_what_is_in_force(url: str, owing: tuple[str, str]) -> None:
    member_id, loan_id = owing
    with LoanBook(url) as book:
        book.write(member_id, plan(loan_id, ("2026-12-10", "500"), status="awaiting_approval", approval="collector"), NOW)
    for due, day in (("2026-12-10", "2026-12-12"), ("2026-12-11", "2026-12-12"), ("2026-12-10", "2026-12-10")):
        with pytest.raises(BadRecord), LoanBook(url) as book:
            book.write(member_id, NoteLateness(loan_id, date.fromisoformat(due), date.fromisoformat(day), "晚点"), NOW)
    with LoanBook(url) as book:
        book.write(member_id, AddPromise(loan_id, yuan("500"), date(2026, 12, 10)), NOW)
        book.write(member_id, NoteLateness(loan_id, date(2026, 12, 10), date(2026, 12, 12), "明天才能到账"), NOW)
        assert of(book.followed(member_id, TODAY), "promise").parts[0].told == date(2026, 12, 12)


def test_following_up_in_a_conversation_does_what_the_night_would(url: str, owing: tuple[str, str]) -> None:
    member_id, loan_id = owing
    with LoanBook(url) as book:
        book.write(member_id, AddPromise(loan_id, yuan("500"), date(2026, 12, 10)), NOW)
        book.write(member_id, FollowUp(loan_id, 1, 7), datetime(2026, 12, 11, 9))
        assert statuses(book.file_of(member_id, TODAY)) == ["open"]
        book.write(member_id, FollowUp(loan_id, 1, 7), datetime(2026, 12, 12, 9))
        assert statuses(book.file_of(member_id, TODAY)) == ["broken"]
    assert [name for name, _ in events(url)] == ["promise_broken"]


def test_an_active_arrangement_of_a_source_is_not_broken_by_parts_from_before_it_was_known(url: str, account: Callable[..., dict[str, Any]]) -> None:
    known = {"kind": "instalments", "status": "active", "schedule": [{"due": "2026-11-10", "amount": "600.00"}, {"due": "2026-12-10", "amount": "600.00"}]}
    with LoanBook(url) as book:
        member_id = book.add_account(account(arrangements=[known]), TODAY)
        assert book.settle(member_id, TODAY, NOW) == ()
        assert [c.followed.status for c in book.settle(member_id, date(2026, 12, 12), NOW)] == ["broken"]


def test_history_that_a_source_told_of_takes_no_payment_to_itself(url: str, account: Callable[..., dict[str, Any]]) -> None:
    with LoanBook(url) as book:
        member_id = book.add_account(account(promises=[{"amount": "500.00", "due": "2026-10-10", "status": "broken"}]), TODAY)
        loan_id = book.file_of(member_id, TODAY).loans[0].loan_id
        book.write(member_id, AddPromise(loan_id, yuan("500"), date(2026, 12, 10)), NOW)
        book.receive_payment(loan_id, yuan("500"), date(2026, 12, 9))
        old, new = book.followed(member_id, date(2026, 12, 9))
        assert (old.received, old.parts[0].earlier, new.received) == (ZERO, True, yuan("500"))


def test_many_members_are_settled_together_as_each_alone_would_be(url: str, owing: tuple[str, str], account: Callable[..., dict[str, Any]]) -> None:
    with LoanBook(url) as book:
        other = book.add_account(account(name="王建军", id_tail="120X", phone="19900000099"), TODAY)
        loans = {owing[0]: owing[1], other: book.file_of(other, TODAY).loans[0].loan_id}
        for number, (member_id, loan_id) in enumerate(loans.items()):
            book.write(member_id, AddPromise(loan_id, yuan("500"), date(2026, 12, 10) + number * DAY), NOW)
        book.receive_payment(loans[other], yuan("500"), date(2026, 12, 9))
        assert book.members_with({"open"}) == tuple(sorted(loans))
        followed = book.followed_by_member(book.files_of(list(loans), date(2026, 12, 12)), date(2026, 12, 12))
        assert followed == {member_id: book.followed(member_id, date(2026, 12, 12)) for member_id in loans}
        done = book.settle_members(sorted(loans), date(2026, 12, 12), NOW)
        assert {file.member.id: changed.followed.status for file, changed in done} == {owing[0]: "broken", other: "kept"}
        assert book.settle_members(sorted(loans), date(2026, 12, 12), NOW) == [] and book.members_with({"open"}) == ()


# --- approval -------------------------------------------------------------------------------------------------------------


def awaiting(url: str, owing: tuple[str, str], approval: str = "supervisor") -> int:
    member_id, loan_id = owing
    with LoanBook(url) as book:
        book.write(member_id, plan(loan_id, ("2026-12-10", "500"), ("2027-01-11", "500"), status="awaiting_approval", approval=approval), NOW)
        return book.file_of(member_id, TODAY).arrangements[-1].id


def later(agreement: Followed, loan: LoanFacts) -> tuple[Part, ...]:
    return tuple(Part(part.due + 14 * DAY, part.amount) for part in agreement.parts)


@pytest.mark.parametrize("role", ["supervisor", "committee"])
def test_an_approved_arrangement_is_in_force_and_its_days_move_in_the_same_moment(url: str, owing: tuple[str, str], role: str) -> None:
    number, (member_id, loan_id) = awaiting(url, owing), owing
    with LoanBook(url) as book:
        before, after = book.approve(number, "王主任", role, datetime(2026, 12, 14, 9), later)
        [arrangement] = book.file_of(member_id, TODAY).arrangements
        notices = book.file_of(member_id, TODAY).notices
    assert arrangement.status == "active"
    assert [str(p.due) for p in before] == ["2026-12-10", "2027-01-11"]
    assert arrangement.schedule == after and [str(p.due) for p in after] == ["2026-12-24", "2027-01-25"]
    assert [(n.kind, n.loan_id, n.status) for n in notices] == [("approved", loan_id, "drafted")]
    [facts] = [facts for name, facts in events(url) if name == "arrangement_approved"]
    assert (facts["by"], facts["role"]) == ("王主任", role)
    assert facts["before"] == [{"due": "2026-12-10", "amount": "500.00"}, {"due": "2027-01-11", "amount": "500.00"}]
    assert facts["after"][0] == {"due": "2026-12-24", "amount": "500.00"}


@pytest.mark.parametrize(("by", "role"), [("小李", "collector"), ("小李", "assistant"), ("小李", "manager"), (" ", "committee")])
def test_nobody_below_the_needed_role_decides(url: str, owing: tuple[str, str], by: str, role: str) -> None:
    number, (member_id, _) = awaiting(url, owing), owing
    for decide in (lambda book: book.approve(number, by, role, NOW), lambda book: book.decline(number, by, role, "不合适", NOW)):
        with pytest.raises(BadRecord), LoanBook(url) as book:
            decide(book)
    with LoanBook(url) as book:
        assert statuses(book.file_of(member_id, TODAY)) == ["awaiting_approval"]


def test_a_declined_arrangement_is_cancelled_and_a_person_tells_the_member(url: str, owing: tuple[str, str]) -> None:
    number, (member_id, loan_id) = awaiting(url, owing), owing
    with pytest.raises(BadRecord, match="原因"), LoanBook(url) as book:
        book.decline(number, "王主任", "supervisor", " ", NOW)
    with LoanBook(url) as book:
        book.decline(number, "王主任", "supervisor", "期限太长", NOW)
        file = book.file_of(member_id, TODAY)
    assert statuses(file) == ["cancelled"]
    [case] = file.cases
    assert (case.kind, case.loan_id) == ("hand_over", loan_id) and "期限太长" in case.about
    assert [facts["why"] for name, facts in events(url) if name == "arrangement_declined"] == ["期限太长"]


def test_a_decision_is_taken_once_and_only_on_what_waits(url: str, owing: tuple[str, str]) -> None:
    number, (member_id, loan_id) = awaiting(url, owing), owing
    with LoanBook(url) as book:
        book.approve(number, "王主任", "supervisor", NOW)
    for decide in (lambda book: book.approve(number, "王主任", "supervisor", NOW), lambda book: book.decline(number, "王主任", "supervisor", "晚了", NOW)):
        with pytest.raises(BadRecord, match="不是等待审批"), LoanBook(url) as book:
            decide(book)
    with pytest.raises(UnknownRecord), LoanBook(url) as book:
        book.approve(999, "王主任", "supervisor", NOW)
    with LoanBook(url) as book:
        book.write(member_id, CancelStanding(loan_id), NOW)
        assert statuses(book.file_of(member_id, TODAY)) == ["cancelled"]


def test_approval_moves_days_and_never_sums(url: str, owing: tuple[str, str]) -> None:
    number, (member_id, _) = awaiting(url, owing), owing
    for wrong in (lambda a, loan: [Part(p.due, p.amount + 1) for p in a.parts], lambda a, loan: [Part(a.parts[0].due, yuan("1000"))]):
        with pytest.raises(BadRecord, match="金额"), LoanBook(url) as book:
            book.approve(number, "王主任", "supervisor", NOW, wrong)
    with LoanBook(url) as book:
        [arrangement] = book.file_of(member_id, TODAY).arrangements
    assert (arrangement.status, arrangement.schedule[0].due) == ("awaiting_approval", date(2026, 12, 10))


# --- notices of what falls due --------------------------------------------------------------------------------------------


def notices(url: str) -> list[tuple[str, str, str]]:
    with engine_of(url).connect() as connection:
        query = select(t.Notice.due, t.Notice.for_day, t.Notice.status).order_by(t.Notice.id)
        return [(str(due), str(day), status) for due, day, status in connection.execute(query)]


def test_a_reminder_is_queued_once_a_due_date_and_never_again_for_the_same_day(url: str, owing: tuple[str, str]) -> None:
    member_id, loan_id = owing

    def reminder(due: int, day: int) -> IssueNotice:
        return IssueNotice("reminder", loan_id, "12月还500.00元", date(2026, 12, due), date(2026, 12, day))

    with LoanBook(url) as book:
        assert book.queue(member_id, reminder(10, 7), NOW)
        assert not book.queue(member_id, reminder(10, 7), NOW)
        assert not book.queue(member_id, reminder(10, 9), NOW)  # the first has not gone out yet
        assert book.queue(member_id, reminder(20, 17), NOW)
    with engine_of(url).begin() as connection:
        connection.execute(text("UPDATE notice SET status = 'sent' WHERE for_day = '2026-12-07'"))
    with LoanBook(url) as book:
        assert not book.queue(member_id, reminder(10, 7), NOW)
        assert book.queue(member_id, reminder(10, 9), NOW)
    assert notices(url) == [("2026-12-10", "2026-12-07", "sent"), ("2026-12-20", "2026-12-17", "drafted"), ("2026-12-10", "2026-12-09", "drafted")]
    with pytest.raises(BadRecord), LoanBook(url) as book:
        book.queue(member_id, IssueNotice("reminder", None, "", date(2026, 12, 10), date(2026, 12, 9)), NOW)


def test_what_has_ended_is_not_reminded_of(url: str, owing: tuple[str, str]) -> None:
    member_id, loan_id = owing
    with LoanBook(url) as book:
        book.write(member_id, AddPromise(loan_id, yuan("500"), date(2026, 12, 10)), NOW)
        book.queue(member_id, IssueNotice("reminder", loan_id, "", date(2026, 12, 10), date(2026, 12, 7)), NOW)
        book.write(member_id, AddPromise(loan_id, yuan("500"), date(2026, 12, 18)), NOW)
    assert notices(url) == [("2026-12-10", "2026-12-07", "cancelled")]


# --- any sequence of events -----------------------------------------------------------------------------------------------


class Life(RuleBasedStateMachine):
    """One loan and whatever may happen to it, beside a reckoning of its own."""

    template: Path
    folder: Path
    count = 0

    @initialize()
    def open_a_book(self) -> None:
        Life.count += 1
        path = self.folder / f"life{Life.count}.db"
        shutil.copy(self.template, path)
        self.url, self.path = f"sqlite:///{path}", path
        self.now = NOW
        with LoanBook(self.url) as book:
            account = {"name": "林晓燕", "id_tail": "4410", "birth_date": "1990-02-08", "product": "个人消费贷款", "overdue_amount": "90000.00",
                       "instalment_amount": "90000.00", "due_date": "2026-11-12", "balance": "900000.00"}  # fmt: skip
            self.member = book.add_account(account, TODAY)
            self.loan = book.file_of(self.member, TODAY).loans[0].loan_id
        self.ended: dict[tuple[str, int], str] = {}
        self.payments: dict[int, tuple[date, Decimal]] = {}

    def teardown(self) -> None:
        if hasattr(self, "url"):
            close(self.url)
            self.path.unlink()

    @property
    def today(self) -> date:
        return self.now.date()

    def followed(self) -> tuple[Followed, ...]:
        with LoanBook(self.url) as book:
            return book.followed(self.member, self.today)

    def standing(self) -> list[Followed]:
        return [f for f in self.followed() if f.status not in ENDED]

    def write(self, record: Any) -> None:
        self.now += timedelta(minutes=1)
        with LoanBook(self.url) as book:
            book.write(self.member, record, self.now)

    @rule(first=st.integers(0, 6), gap=st.integers(1, 20), parts=st.lists(st.integers(1, 50_000), min_size=1, max_size=3),
          status=st.sampled_from(["active", "awaiting_approval", "proposed"]))  # fmt: skip
    def accept(self, first: int, gap: int, parts: list[int], status: ArrangementStatus) -> None:
        before = {(f.kind, f.id): f for f in self.standing()}
        schedule = tuple(Part(self.today + (first + gap * i) * DAY, from_fen(fen)) for i, fen in enumerate(parts))
        self.write(AddArrangement(self.loan, "instalments", schedule, sum((p.amount for p in schedule), ZERO), "collector", status))
        self._replaced(before, "superseded")

    @rule(due=st.integers(0, 8), fen=st.integers(1, 50_000))
    def promise(self, due: int, fen: int) -> None:
        before = {(f.kind, f.id): f for f in self.standing()}
        self.write(AddPromise(self.loan, from_fen(fen), self.today + due * DAY))
        self._replaced(before, "superseded")

    @rule()
    def cancel(self) -> None:
        before = {(f.kind, f.id): f for f in self.standing()}
        self.write(CancelStanding(self.loan))
        self._replaced(before, "cancelled")

    def _replaced(self, before: dict[tuple[str, int], Followed], status: str) -> None:
        after = {(f.kind, f.id): f.status for f in self.followed()}
        for key, was in before.items():
            in_full = was.status != "proposed" and all(p.outstanding == 0 for p in was.parts)
            assert after[key] == ("kept" if in_full else status)

    @rule(fen=st.integers(1, 60_000), ago=st.integers(0, 3))
    def pay(self, fen: int, ago: int) -> None:
        with LoanBook(self.url) as book:
            day = self.today - ago * DAY
            book.receive_payment(self.loan, from_fen(fen), day)
            number = max(book._session.execute(select(t.LedgerEntry.id)).scalars())
        self.payments[number] = (day, from_fen(fen))

    @precondition(lambda self: bool(self.payments))
    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.payments)))
        with LoanBook(self.url) as book:
            book.reverse_payment(self.loan, number, self.today)
        del self.payments[number]

    @rule(days=st.integers(1, 9))
    def night(self, days: int) -> None:
        self.now += days * DAY
        before = {(f.kind, f.id): f for f in self.followed()}
        with LoanBook(self.url) as book:
            changed = {(c.followed.kind, c.followed.id): c for c in book.settle(self.member, self.today, self.now)}
        after = {(f.kind, f.id): f.status for f in self.followed()}
        for key, was in before.items():
            owed = sum((p.amount for p in was.parts), ZERO)
            if was.status in {"active", "open", "awaiting_approval"}:
                assert (after[key] == "kept") == (was.received >= owed)
                last = [p.due + max(1, min(7, (p.told - p.due).days) if p.told else 0) * DAY for p in was.parts if p.outstanding > 0]
                overdue = bool(last) and self.today > min(last) and was.status != "awaiting_approval"
                assert (after[key] == "broken") == (overdue and was.received < owed)
            else:
                assert after[key] == was.status
            assert (key in changed) == (after[key] != was.status)

    @rule(late=st.integers(1, 10), data=st.data())
    def announce(self, late: int, data: st.DataObject) -> None:
        standing = [f for f in self.standing() if f.status in {"active", "open"}]
        if standing:
            part = data.draw(st.sampled_from(standing[0].parts))
            self.write(NoteLateness(self.loan, part.due, part.due + late * DAY, "晚几天到账"))

    @rule(role=st.sampled_from(["assistant", "collector", "supervisor"]), yes=st.booleans(), data=st.data())
    def decide(self, role: str, yes: bool, data: st.DataObject) -> None:
        arrangements = [f for f in self.followed() if f.kind == "arrangement"]
        if not arrangements:
            return
        chosen = data.draw(st.sampled_from(arrangements))
        allowed = chosen.status == "awaiting_approval" and role != "assistant"
        try:
            with LoanBook(self.url) as book:
                book.approve(chosen.id, "王主任", role, self.now) if yes else book.decline(chosen.id, "王主任", role, "不合适", self.now)
        except BadRecord:
            assert not allowed
        else:
            assert allowed
            assert next(f.status for f in self.followed() if (f.kind, f.id) == (chosen.kind, chosen.id)) == ("active" if yes else "cancelled")

    @invariant()
    def at_any_moment(self) -> None:
        """One stands at most, what has ended stays as it ended, no yuan counts twice."""
        if not hasattr(self, "url"):
            return
        followed = self.followed()
        assert sum(f.status not in ENDED for f in followed) <= 1
        now = {(f.kind, f.id): str(f.status) for f in followed if f.status in ENDED}
        assert self.ended.items() <= now.items()
        self.ended = now
        assert sum((f.received for f in followed), ZERO) <= sum((amount for _, amount in self.payments.values()), ZERO)


@pytest.fixture
def _ground(template: Path, tmp_path: Path) -> Iterator[None]:
    Life.template, Life.folder = template, tmp_path
    yield


@pytest.mark.usefixtures("_ground")
def test_whatever_happens_one_agreement_stands_ends_stay_and_kept_means_received() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    profile = settings(max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Life, settings=profile)  # type: ignore[no-untyped-call]


def test_a_book_of_before_is_brought_up_and_taken_back(tmp_path: Path) -> None:
    from zhuhuan.loans.migrations import current, downgrade

    url = f"sqlite:///{tmp_path}/book.db"
    upgrade(url)
    with LoanBook(url) as book:
        member_id = book.add_account({"name": "林晓燕", "id_tail": "4410", "birth_date": "1990-02-08", "overdue_amount": "1860.00", "days_overdue": 12}, TODAY)
        loan_id = book.file_of(member_id, TODAY).loans[0].loan_id
        for due in (10, 20):
            book.queue(member_id, IssueNotice("reminder", loan_id, "", date(2026, 12, due), date(2026, 12, due - 3)), NOW)
        book.write(member_id, IssueNotice("agreement", loan_id), NOW)
        book.write(member_id, AddPromise(loan_id, yuan("500"), date(2026, 12, 10)), NOW)
    downgrade(url, "0003")
    upgrade(url)
    assert current(url) == "0004"
    with LoanBook(url) as book:
        file = book.file_of(member_id, TODAY)
        assert [n.status for n in file.notices] == ["cancelled", "cancelled", "drafted"]
        assert [c.followed.status for c in book.settle(member_id, date(2026, 12, 12), NOW)] == ["broken"]
    close(url)


def test_a_loan_whose_source_says_that_nothing_is_overdue_any_more_has_no_broken_agreement(url: str) -> None:
    account = {"name": "骆春兰", "id_tail": "5027", "birth_date": "1986-03-19", "product": "个人消费贷款", "overdue_amount": "800.00", "days_overdue": 20,
               "instalment_amount": "800.00", "due_date": "2026-11-04"}  # fmt: skip
    with LoanBook(url) as book:
        member = book.add_account(account, date(2026, 11, 24))
        loan = book.file_of(member, date(2026, 11, 24)).loans[0]
        book.write(member, AddPromise(loan.loan_id, yuan("800"), date(2026, 12, 1)), datetime(2026, 11, 24, 10))
        paid_there = LoanStatement("个人消费贷款", yuan("0"), yuan("800"), date(2026, 12, 20))
        book.add_loan(member, loan.loan_id, paid_there, date(2026, 12, 2))  # the next export: paid at the counter
        assert book.settle(member, date(2026, 12, 10), datetime(2026, 12, 10)) == ()
        assert [p.status for p in book.file_of(member, date(2026, 12, 10)).promises] == ["open"]
