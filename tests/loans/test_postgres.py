"""The loan book on PostgreSQL: against ZHUHUAN_TEST_POSTGRES, else a cluster of its own where the programs are installed."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.engines import close, engine_of
from zhuhuan.loans.errors import BadRecord
from zhuhuan.loans.importing import import_file
from zhuhuan.loans.migrations import current, downgrade, head, upgrade
from zhuhuan.loans.sample import SHIPPED
from zhuhuan.loans.values import AddArrangement, CancelStanding, ChangeContact, OpenCase, Part
from zhuhuan.money import yuan

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 10)
PROGRAMS = ("initdb", "pg_ctl")


def _as_server(*command: str) -> None:
    prefix = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []  # the server refuses to run as root
    subprocess.run([*prefix, *command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)


def _server_user() -> bool:
    try:
        pwd.getpwnam("postgres")
    except KeyError:
        return False
    return shutil.which("runuser") is not None


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    given = os.environ.get("ZHUHUAN_TEST_POSTGRES")
    if given:
        yield given
        return
    if not all(shutil.which(program) for program in PROGRAMS) or (os.getuid() == 0 and not _server_user()):
        pytest.skip("no PostgreSQL on this machine; ZHUHUAN_TEST_POSTGRES may name one")
    folder = Path(tempfile.mkdtemp(prefix="zhuhuan-pg-"))
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
    data = str(folder / "data")
    try:
        _as_server("initdb", "-D", data, "-A", "trust", "-U", "zhuhuan", "-E", "UTF8", "--locale=C")
        _as_server(
            "pg_ctl",
            "-D",
            data,
            "-w",
            "-l",
            str(folder / "log"),
            "-o",
            f"-k {folder} -c listen_addresses='' -c fsync=off",
            "start",
        )
        try:
            yield f"postgresql+psycopg2://zhuhuan@/postgres?host={folder}"
        finally:
            _as_server("pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def url(server: str) -> Iterator[str]:
    upgrade(server)
    yield server
    downgrade(server)
    close(server)


def test_the_sample_book_is_imported_twice_and_migrations_run_both_ways(url: str) -> None:
    assert current(url) == head()
    first, second = (import_file(url, SHIPPED, TODAY) for _ in range(2))
    assert (first.members["added"], second.members["unchanged"], second.loans["unchanged"]) == (200, 200, 215)
    with LoanBook(url) as book:
        file = book.file_by_phone("19900000002", TODAY)
        assert file is not None and file.loans[0].days_past_due == 400
        told, loans = dict(book.every_statement(TODAY)), {loan.loan_id: loan for file in book.every_file(TODAY) for loan in file.loans}
        assert len(told) > 50 and all(loans[loan_id].owed == owed for loan_id, owed in told.items())
    downgrade(url)
    assert current(url) is None


def test_two_units_of_work_at_once_leave_one_standing_arrangement(url: str, account: Any) -> None:
    with LoanBook(url) as book:
        member_id = book.add_account(account(penalty="20.00"), TODAY)
        loan_id = book.file_of(member_id, TODAY).loans[0].loan_id
    barrier = threading.Barrier(4)
    errors: list[BaseException] = []

    def agree(number: int) -> None:
        day = TODAY + timedelta(days=number)
        try:
            barrier.wait()
            with LoanBook(url) as book:
                book.file_of(member_id, TODAY)
                plan = AddArrangement(loan_id, "whole", (Part(day, yuan("1860")),), yuan("1860"), "assistant", "active")
                book.write(member_id, plan, NOW)
                book.write(member_id, OpenCase("hand_over", f"第{number}次"), NOW)
                book.write(member_id, ChangeContact(stop=(f"way{number}",)), NOW)
                book.remember(f"m{number}", {"said": "好"}, NOW)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=agree, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with LoanBook(url) as book:
        book.receive_payment(loan_id, yuan("860"), TODAY)
        file = book.file_of(member_id, TODAY)
        assert book.handled("m3") == {"said": "好"}
    assert sorted(a.status for a in file.arrangements) == ["active", "superseded", "superseded", "superseded"]
    assert len(file.cases) == 1 and len(file.contact.stopped) == 4
    assert file.loans[0].overdue_amount == yuan("1000")
    assert engine_of(url).dialect.name == "postgresql"


@pytest.mark.parametrize("turn", range(4))
def test_an_approval_a_cancellation_and_a_new_agreement_at_once_follow_one_another(url: str, account: Any, turn: int) -> None:
    with LoanBook(url) as book:
        member_id = book.add_account(account(), TODAY)
        loan_id = book.file_of(member_id, TODAY).loans[0].loan_id
        waiting = AddArrangement(loan_id, "whole", (Part(TODAY + timedelta(days=3), yuan("1860")),), yuan("1860"), "supervisor", "awaiting_approval")
        book.write(member_id, waiting, NOW)
        number = book.file_of(member_id, TODAY).arrangements[0].id
    barrier = threading.Barrier(4)
    errors: dict[str, BaseException] = {}

    def task(name: str) -> None:
        barrier.wait()
        try:
            with LoanBook(url) as book:
                book.file_of(member_id, TODAY)
                if name == "approve":
                    book.approve(number, "王主任", "supervisor", NOW)
                elif name == "cancel":
                    book.write(member_id, CancelStanding(loan_id), NOW)
                else:
                    plan = AddArrangement(loan_id, "whole", (Part(TODAY + timedelta(days=9), yuan("1860")),), yuan("1860"), "assistant", "active")
                    book.write(member_id, plan, NOW)
        except BaseException as error:
            errors[name] = error

    names = ["approve", "cancel", "chat", "phone"]
    threads = [threading.Thread(target=task, args=(name,)) for name in names[turn:] + names[:turn]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {name: type(error) for name, error in errors.items()} in ({}, {"approve": BadRecord})
    with LoanBook(url) as book:
        file = book.file_of(member_id, TODAY)
        changed = book.settle(member_id, TODAY + timedelta(days=30), NOW)
    assert len(file.arrangements) == 3 and sum(a.standing for a in file.arrangements) <= 1
    assert file.arrangements[0].status in ("superseded", "cancelled")
    assert [n.kind for n in file.notices] == ([] if errors else ["approved"])
    assert [c.followed.status for c in changed] == ["broken"] * sum(a.standing for a in file.arrangements)
