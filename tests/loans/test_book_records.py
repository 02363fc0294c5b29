from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import pytest

from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.errors import AlreadyHandled, BadRecord, LoanBookError, NoTables, UnknownRecord
from zhuhuan.loans.values import (
    AddArrangement,
    AddPromise,
    CancelStanding,
    ChangeContact,
    CloseCase,
    Consent,
    IssueNotice,
    OpenCase,
    Part,
    RaiseFlag,
)
from zhuhuan.money import yuan

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 10)


def plan(loan_id: str, **changes: Any) -> AddArrangement:
    parts = (Part(date(2026, 12, 10), yuan("930")), Part(date(2027, 1, 10), yuan("930")))
    given = {"kind": "instalments", "schedule": parts, "total": yuan("1860"), "approval": "assistant", "status": "active"}
    return AddArrangement(loan_id, **{**given, **changes})


def test_a_new_arrangement_supersedes_the_promise_and_the_arrangement_before_it(url: str, member: tuple[str, str]) -> None:
    member_id, loan_id = member
    with LoanBook(url) as book:
        book.write(member_id, AddPromise(loan_id, yuan("1860"), date(2026, 12, 1)), NOW)
        book.write(member_id, plan(loan_id, cost=yuan("3.20"), why="发工资后"), NOW)
        book.write(member_id, plan(loan_id, status="awaiting_approval", approval="supervisor"), NOW)
    with LoanBook(url) as book:
        file = book.file_of(member_id, TODAY)
    assert [p.status for p in file.promises] == ["superseded"]
    assert [a.status for a in file.arrangements] == ["superseded", "awaiting_approval"]
    first = file.arrangements[0]
    assert (first.cost, first.why, first.total, first.made_at) == (yuan("3.20"), "发工资后", yuan("1860"), NOW)
    assert first.schedule == plan(loan_id).schedule
    assert file.standing(loan_id) == file.arrangements[1]


def test_a_new_promise_supersedes_the_standing_arrangement(url: str, member: tuple[str, str]) -> None:
    member_id, loan_id = member
    with LoanBook(url) as book:
        book.write(member_id, plan(loan_id), NOW)
        book.write(member_id, AddPromise(loan_id, yuan("500"), date(2026, 12, 1)), NOW)
        book.write(member_id, AddPromise(loan_id, yuan("600"), date(2026, 12, 18)), NOW)
        file = book.file_of(member_id, TODAY)
    assert [a.status for a in file.arrangements] == ["superseded"]
    assert [(p.amount, p.status) for p in file.promises] == [(yuan("500"), "superseded"), (yuan("600"), "open")]


def test_what_stands_for_the_other_loan_is_left_alone(url: str, account: Any) -> None:
    loans = [
        {"product": "农户种植贷款", "overdue_amount": "20000", "instalment_amount": "20000", "due_date": "2026-10-01"},
        {"product": "购车贷款", "overdue_amount": "1500", "instalment_amount": "1500", "due_date": "2026-11-01"},
    ]
    with LoanBook(url) as book:
        member_id = book.add_account(account(loans=loans), TODAY)
        field, car = (loan.loan_id for loan in book.file_of(member_id, TODAY).loans)
        book.write(member_id, AddPromise(field, yuan("20000"), date(2026, 12, 1)), NOW)
        book.write(member_id, AddPromise(car, yuan("1500"), date(2026, 12, 2)), NOW)
        book.write(member_id, CancelStanding(car), NOW)
        file = book.file_of(member_id, TODAY)
    assert [(p.product, p.status) for p in file.promises] == [("农户种植贷款", "open"), ("购车贷款", "cancelled")]


def test_taking_back_cancels_the_arrangement(url: str, member: tuple[str, str]) -> None:
    member_id, loan_id = member
    with LoanBook(url) as book:
        book.write(member_id, plan(loan_id), NOW)
        book.write(member_id, CancelStanding(loan_id), NOW)
        assert [a.status for a in book.file_of(member_id, TODAY).arrangements] == ["cancelled"]


def test_a_schedule_that_does_not_add_up_is_refused_and_nothing_is_superseded(url: str, member: tuple[str, str]) -> None:
    member_id, loan_id = member
    with LoanBook(url) as book:
        book.write(member_id, AddPromise(loan_id, yuan("500"), date(2026, 12, 1)), NOW)
    with pytest.raises(BadRecord, match="不符"), LoanBook(url) as book:
        book.write(member_id, plan(loan_id, total=yuan("1860.01")), NOW)
    with pytest.raises(BadRecord), LoanBook(url) as book:
        book.write(member_id, plan(loan_id, schedule=(), total=yuan("0")), NOW)
    with pytest.raises(BadRecord, match="状态"), LoanBook(url) as book:
        book.write(member_id, plan(loan_id, status="kept"), NOW)
    with LoanBook(url) as book:
        file = book.file_of(member_id, TODAY)
    assert file.arrangements == ()
    assert [p.status for p in file.promises] == ["open"]


def test_records_for_another_members_loan_are_refused(url: str, member: tuple[str, str], account: Any) -> None:
    _, loan_id = member
    with LoanBook(url) as book:
        other = book.add_account(account(name="王建军", id_tail="120X", phone="19900000099"), TODAY)
    for record in (AddPromise(loan_id, yuan("1"), TODAY), OpenCase("dispute", "数不对", loan_id), CancelStanding(loan_id)):
        with pytest.raises(UnknownRecord), LoanBook(url) as book:
            book.write(other, record, NOW)
    with pytest.raises(UnknownRecord), LoanBook(url) as book:
        book.write("nobody", OpenCase("dispute", "数不对"), NOW)


def test_never_two_open_cases_of_one_kind_and_loan(url: str, member: tuple[str, str]) -> None:
    member_id, loan_id = member
    with LoanBook(url) as book:
        book.write(member_id, OpenCase("complaint", "电话太多"), NOW)
        book.write(member_id, OpenCase("complaint", "态度不好", status="waiting_for_member"), NOW)
        book.write(member_id, OpenCase("complaint", "电话太多"), NOW)
        book.write(member_id, OpenCase("complaint", "这笔算错了", loan_id), NOW)
        file = book.file_of(member_id, TODAY)
        assert [(c.about, c.status, c.loan_id) for c in file.cases] == [
            ("电话太多；态度不好", "open", None),
            ("这笔算错了", "open", loan_id),
        ]
        assert file.cases[1].product == "个人消费贷款"
        book.write(member_id, CloseCase("complaint", "会员撤回"), NOW)
        book.write(member_id, OpenCase("complaint", "又来电话"), NOW)
        file = book.file_of(member_id, TODAY)
    assert [c.status for c in file.cases] == ["closed", "closed", "open"]
    assert [c.about for c in file.open_cases("complaint")] == ["又来电话"]


def test_a_notice_is_queued_once_for_each_kind_and_loan(url: str, member: tuple[str, str]) -> None:
    member_id, loan_id = member
    with LoanBook(url) as book:
        for record in (IssueNotice("refusal"), IssueNotice("refusal"), IssueNotice("refusal", loan_id), IssueNotice("reminder")):
            book.write(member_id, record, NOW)
        notices = book.file_of(member_id, TODAY).notices
    assert [(n.kind, n.loan_id, n.status) for n in notices] == [
        ("refusal", None, "drafted"),
        ("refusal", loan_id, "drafted"),
        ("reminder", None, "drafted"),
    ]


def test_a_change_of_contact_leaves_the_rest_and_adds_to_what_is_stopped(url: str, member: tuple[str, str]) -> None:
    member_id, _ = member
    daughter = Consent("女儿", "代读代写", date(2026, 12, 31))
    with LoanBook(url) as book:
        assert book.file_of(member_id, TODAY).contact.stopped == ()
        book.write(member_id, ChangeContact(stop=("workplace",), preferred_hours=(time(20), None), consents=(daughter,)), NOW)
        book.write(
            member_id, ChangeContact(stop=("phone", "workplace"), paused_until=date(2026, 12, 8), preferred_way="sms"), NOW
        )
        book.write(member_id, ChangeContact(wrong_number=False, no_third_party=True), NOW)
        book.write(
            member_id, ChangeContact(consents=(Consent("女儿", "代读代写", date(2027, 1, 31)), Consent("女儿", "还款"))), NOW
        )
    with LoanBook(url) as book:
        contact = book.file_of(member_id, TODAY).contact
        later = book.file_of(member_id, date(2027, 2, 1)).contact
    assert contact.stopped == ("workplace", "phone")
    assert contact.paused_until == date(2026, 12, 8)
    assert contact.preferred_hours == (time(20), None)
    assert (contact.preferred_way, contact.wrong_number, contact.no_third_party) == ("sms", False, True)
    assert contact.consents == (Consent("女儿", "代读代写", date(2027, 1, 31)), Consent("女儿", "还款"))
    assert later.consents == (Consent("女儿", "还款"),)


def test_a_flag_expires_and_raising_it_again_never_shortens_it(url: str, member: tuple[str, str]) -> None:
    member_id, _ = member
    with LoanBook(url) as book:
        book.write(member_id, RaiseFlag("serious_illness", "尿毒症", date(2026, 12, 31)), NOW)
        book.write(member_id, RaiseFlag("self_harm", "说活着没意思"), NOW)
        book.write(member_id, RaiseFlag("self_harm", "又说了一次", date(2026, 12, 1)), NOW)
        flags = {f.kind: f.until for f in book.file_of(member_id, TODAY).flags}
        later = [f.kind for f in book.file_of(member_id, date(2027, 1, 1)).flags]
    assert flags == {"serious_illness": date(2026, 12, 31), "self_harm": None}
    assert later == ["self_harm"]


def test_an_error_inside_the_block_leaves_nothing_half_written(url: str, member: tuple[str, str]) -> None:
    member_id, loan_id = member
    with pytest.raises(RuntimeError), LoanBook(url) as book:
        book.write(member_id, plan(loan_id), NOW)
        book.write(member_id, OpenCase("waiver", "免罚息"), NOW)
        book.remember("m1", {"said": "好"}, NOW)
        raise RuntimeError("the channel broke")
    with LoanBook(url) as book:
        file = book.file_of(member_id, TODAY)
        assert (file.arrangements, file.cases, book.handled("m1")) == ((), (), None)


def test_a_message_is_remembered_once(url: str) -> None:
    outcome = {"replies": ["好的，已记下。"], "amount": yuan("800.00"), "due": date(2026, 12, 1)}
    with LoanBook(url) as book:
        assert book.handled("sms-1") is None
        book.remember("sms-1", outcome, NOW)
    with LoanBook(url) as book:
        assert book.handled("sms-1") == {"replies": ["好的，已记下。"], "amount": "800.00", "due": "2026-12-01"}
    with pytest.raises(AlreadyHandled), LoanBook(url) as book:
        book.remember("sms-1", {"replies": ["别的"]}, NOW)


def test_moments_with_a_time_zone_are_kept_in_china_standard_time(url: str, member: tuple[str, str]) -> None:
    member_id, loan_id = member
    with LoanBook(url) as book:
        utc = datetime(2026, 11, 24, 20, 30, tzinfo=timezone.utc)
        book.write(member_id, AddPromise(loan_id, yuan("1"), date(2026, 12, 1)), utc)
        book.write(member_id, OpenCase("hardship", "x"), utc.astimezone(timezone(timedelta(hours=-5))))
        file = book.file_of(member_id, TODAY)
    assert file.promises[0].made_at == file.cases[0].opened_at == datetime(2026, 11, 25, 4, 30)


def test_members_who_share_a_number_are_all_found_and_none_is_guessed(url: str, member: tuple[str, str], account: Any) -> None:
    member_id, _ = member
    with LoanBook(url) as book:
        found = book.file_by_phone("+86 199-0000-0088", TODAY)
        assert found is not None and found.member.id == member_id
        husband = book.add_account(account(name="王建军", id_tail="120x"), TODAY)
        assert book.file_by_phone("19900000088", TODAY) is None
        assert {f.member.id for f in book.files_by_phone("19900000088", TODAY)} == {member_id, husband}
        assert [f.member.id_tail for f in book.find("王建军", TODAY)] == ["120X"]
        assert book.find("王建", TODAY) == ()
        assert book.file_by_phone("19900000077", TODAY) is None
        with pytest.raises(UnknownRecord):
            book.file_of("nobody", TODAY)
        assert [f.member.id for f in book.every_file(TODAY)] == sorted([member_id, husband])


def test_a_database_without_tables_is_told_in_a_sentence(tmp_path: Any) -> None:
    with pytest.raises(NoTables, match="migrate"), LoanBook(f"sqlite:///{tmp_path}/empty.db") as book:
        book.file_by_phone("19900000088", TODAY)


def test_a_book_that_is_not_open_says_so(url: str) -> None:
    with pytest.raises(LoanBookError, match="没有打开"):
        LoanBook(url).find("林晓燕", TODAY)


def test_contacts_made_and_the_audit_trail_are_stored_masked(url: str, member: tuple[str, str]) -> None:
    from sqlalchemy import select

    from zhuhuan.loans import tables as t
    from zhuhuan.loans.engines import engine_of

    member_id, _ = member
    with LoanBook(url) as book:
        book.file_of(member_id, TODAY)
        book.record_contact(member_id, "sms", "out", NOW, "delivered")
        book.audit(
            "verified", member_id, NOW, text="4410 90年2月8号 电话19900000088", due=date(2026, 12, 1), birth_date=date(1990, 2, 8)
        )
        book.audit("unknown_sender", None, NOW, phone="13800001234")
    with engine_of(url).connect() as connection:
        assert [tuple(row) for row in connection.execute(select(t.Contact.channel, t.Contact.direction, t.Contact.outcome))] == [
            ("sms", "out", "delivered")
        ]
        facts = connection.execute(select(t.AuditEvent.facts).order_by(t.AuditEvent.id)).scalars().all()
    assert facts == [
        {"text": "**** ****年**月**日 电话199****0088", "due": "2026-12-01", "birth_date": "****年**月**日"},
        {"phone": "138****1234"},
    ]
