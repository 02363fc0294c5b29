from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from zhuhuan.loans import engines
from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.engines import engine_of
from zhuhuan.loans.errors import AlreadyHandled, BadRecord
from zhuhuan.loans.values import AddArrangement, AddPromise, CancelStanding, OpenCase, Part
from zhuhuan.money import yuan

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 10)


def at_once(*tasks: Callable[[], None]) -> list[BaseException]:
    """Run all tasks in threads that start together; the errors that they raised."""
    barrier = threading.Barrier(len(tasks))
    errors: list[BaseException] = []

    def run(task: Callable[[], None]) -> None:
        barrier.wait()
        try:
            task()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


def plan(loan_id: str, day: int) -> AddArrangement:
    return AddArrangement(
        loan_id, "whole", (Part(TODAY + timedelta(days=day), yuan("1860")),), yuan("1860"), "assistant", "active"
    )


def test_chat_and_phone_at_once_never_make_two_standing_agreements(url: str, member: tuple[str, str]) -> None:
    member_id, loan_id = member

    def agree(number: int) -> Callable[[], None]:
        def task() -> None:
            with LoanBook(url) as book:
                book.file_of(member_id, TODAY)
                if number % 2:
                    book.write(member_id, plan(loan_id, number + 1), NOW)
                else:
                    book.write(member_id, AddPromise(loan_id, yuan("1860"), TODAY + timedelta(days=number + 1)), NOW)
                book.write(member_id, OpenCase("hand_over", f"第{number}次"), NOW)

        return task

    assert at_once(*(agree(number) for number in range(8))) == []
    with LoanBook(url) as book:
        file = book.file_of(member_id, TODAY)
    standing = [a for a in file.arrangements if a.standing] + [p for p in file.promises if p.status == "open"]
    assert len(standing) == 1
    assert len(file.arrangements) + len(file.promises) == 8
    assert [sorted(c.about.split("；")) for c in file.cases] == [[f"第{number}次" for number in range(8)]]


def test_a_repeated_message_at_the_same_moment_is_acted_on_once(url: str, member: tuple[str, str]) -> None:
    member_id, loan_id = member

    def act() -> None:
        with LoanBook(url) as book:
            if book.handled("sms-7") is None:
                book.write(member_id, AddPromise(loan_id, yuan("1860"), date(2026, 12, 1)), NOW)
                book.remember("sms-7", {"replies": ["记下了"]}, NOW)

    errors = at_once(*[act] * 6)
    assert all(isinstance(error, AlreadyHandled) for error in errors)
    with LoanBook(url) as book:
        assert len(book.file_of(member_id, TODAY).promises) == 1


def test_the_database_itself_refuses_a_second_standing_arrangement(url: str, member: tuple[str, str]) -> None:
    member_id, loan_id = member
    with LoanBook(url) as book:
        book.write(member_id, plan(loan_id, 3), NOW)
    row = (
        "INSERT INTO arrangement (loan_id, kind, status, total_fen, approval) VALUES (:loan, 'whole', 'proposed', 1, 'assistant')"
    )
    with pytest.raises(IntegrityError), engine_of(url).connect() as connection:
        connection.execute(text(row), {"loan": loan_id})


def test_readers_do_not_wait_for_a_writer_and_see_a_whole_moment(url: str, member: tuple[str, str]) -> None:
    member_id, loan_id = member
    with LoanBook(url) as writer:
        writer.write(member_id, plan(loan_id, 3), NOW)
        with LoanBook(url) as reader:
            assert reader.file_of(member_id, TODAY).arrangements == ()
    with LoanBook(url) as reader:
        assert len(reader.file_of(member_id, TODAY).arrangements) == 1


def test_engines_are_shared_by_url_and_their_cache_is_bounded(tmp_path: Any) -> None:
    first = f"sqlite:///{tmp_path}/0.db"
    assert engine_of(first) is engine_of(first)
    for number in range(1, engines.CACHE + 5):
        engine_of(f"sqlite:///{tmp_path}/{number}.db")
    assert len(engines._engines) == engines.CACHE


def test_sqlite_keeps_foreign_keys_and_a_write_ahead_log(url: str) -> None:
    with engine_of(url).connect() as connection:
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("foreign_keys", "journal_mode", "busy_timeout")
        ]
    assert settings == [1, "wal", 10_000]


def statuses(url: str, member_id: str) -> list[str]:
    with LoanBook(url) as book:
        file = book.file_of(member_id, TODAY)
    return [a.status for a in file.arrangements] + [p.status for p in file.promises]


def half_written(url: str) -> int:
    """Arrangements whose parts do not add up to their total."""
    sums = "SELECT a.id FROM arrangement a LEFT JOIN arrangement_part p ON p.arrangement_id = a.id GROUP BY a.id, a.total_fen HAVING coalesce(sum(p.amount_fen), 0) <> a.total_fen"
    with engine_of(url).connect() as connection:
        return len(connection.execute(text(sums)).all())


def agree_in_a_process_of_its_own(url: str, member_id: str, loan_id: str, days: int, go: Any) -> None:
    with LoanBook(url) as book:
        book.file_of(member_id, TODAY)
        go.wait()
        book.write(member_id, plan(loan_id, days), NOW)
        book.write(member_id, OpenCase("hand_over", f"第{days}次"), NOW)


def test_two_processes_at_once_leave_one_arrangement_and_the_other_superseded(url: str, member: tuple[str, str]) -> None:
    """Chat and phone are answered by different processes."""
    member_id, loan_id = member
    context = multiprocessing.get_context("spawn")
    go = context.Barrier(3)
    processes = [context.Process(target=agree_in_a_process_of_its_own, args=(url, member_id, loan_id, days, go)) for days in (3, 5, 9)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert sorted(statuses(url, member_id)) == ["active", "superseded", "superseded"]
    assert half_written(url) == 0


def test_two_of_which_one_fails_leave_the_other_whole(url: str, member: tuple[str, str]) -> None:
    member_id, loan_id = member

    def agree() -> None:
        with LoanBook(url) as book:
            book.write(member_id, plan(loan_id, 3), NOW)

    def fail() -> None:
        with LoanBook(url) as book:
            book.write(member_id, plan(loan_id, 4), NOW)
            raise RuntimeError("the channel broke")

    errors = at_once(agree, fail, agree, fail)
    assert [type(error) for error in errors] == [RuntimeError, RuntimeError]
    assert sorted(statuses(url, member_id)) == ["active", "superseded"]
    assert half_written(url) == 0


@pytest.mark.parametrize("turn", range(6))
def test_an_approval_and_a_cancellation_at_once_end_in_one_of_two_orders(url: str, member: tuple[str, str], turn: int) -> None:
    member_id, loan_id = member
    with LoanBook(url) as book:
        book.write(member_id, replace(plan(loan_id, 3), status="awaiting_approval", approval="supervisor"), NOW)
        number = book.file_of(member_id, TODAY).arrangements[0].id

    def approve() -> None:
        with LoanBook(url) as book:
            book.file_of(member_id, TODAY)
            book.approve(number, "王主任", "supervisor", NOW)

    def cancel() -> None:
        with LoanBook(url) as book:
            book.file_of(member_id, TODAY)
            book.write(member_id, CancelStanding(loan_id), NOW)

    errors = at_once(*((approve, cancel) if turn % 2 else (cancel, approve)))
    assert statuses(url, member_id) == ["cancelled"]
    with LoanBook(url) as book:
        told = [n.kind for n in book.file_of(member_id, TODAY).notices]
    if errors:  # cancelled first: what does not wait any more is not approved
        assert [type(error) for error in errors] == [BadRecord] and told == []
    else:
        assert told == ["approved"]


def test_two_supervisors_at_once_decide_once(url: str, member: tuple[str, str]) -> None:
    member_id, loan_id = member
    with LoanBook(url) as book:
        book.write(member_id, replace(plan(loan_id, 3), status="awaiting_approval", approval="supervisor"), NOW)
        number = book.file_of(member_id, TODAY).arrangements[0].id

    def decide(yes: bool) -> Callable[[], None]:
        def task() -> None:
            with LoanBook(url) as book:
                book.approve(number, "王主任", "supervisor", NOW) if yes else book.decline(number, "李主任", "supervisor", "期限太长", NOW)

        return task

    errors = at_once(decide(True), decide(False), decide(True), decide(False))
    assert [type(error) for error in errors] == [BadRecord] * 3
    with LoanBook(url) as book:
        file = book.file_of(member_id, TODAY)
    done = (file.arrangements[0].status, len(file.cases), len(file.notices))
    assert done in {("active", 0, 1), ("cancelled", 1, 0)}


def test_the_night_and_a_new_agreement_at_once_leave_a_history_that_holds(url: str, member: tuple[str, str]) -> None:
    member_id, loan_id = member
    late = TODAY + timedelta(days=30)
    with LoanBook(url) as book:
        book.write(member_id, plan(loan_id, 3), NOW)

    def night() -> None:
        with LoanBook(url) as book:
            book.settle(member_id, late, NOW + timedelta(days=30))

    def agree() -> None:
        with LoanBook(url) as book:
            book.write(member_id, plan(loan_id, 40), NOW + timedelta(days=30))

    assert at_once(night, agree, night) == []
    assert statuses(url, member_id) in (["broken", "active"], ["superseded", "active"])
