from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from zhuhuan.loans import engines
from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.engines import engine_of
from zhuhuan.loans.errors import AlreadyHandled
from zhuhuan.loans.values import AddArrangement, AddPromise, OpenCase, Part
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
