"""`zhuhuan arrangements`: the nightly settling, approval and reminders as staff run them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from zhuhuan.loans import tables as t
from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.engines import close, engine_of
from zhuhuan.loans.migrations import upgrade
from zhuhuan.loans.values import AddArrangement, AddPromise, Part
from zhuhuan.money import yuan
from zhuhuan.plans.arrangements_cli import app

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 10)
Run = Callable[..., Result]


@pytest.fixture
def db(tmp_path: Path) -> Iterator[str]:
    """A book of two members: one with an arrangement that waits for a supervisor, one with a promise."""
    url = f"sqlite:///{tmp_path}/book.db"
    upgrade(url)
    with LoanBook(url) as book:
        for name, tail in (("林晓燕", "4410"), ("王建军", "120X")):
            book.add_account({"name": name, "id_tail": tail, "birth_date": "1990-02-08", "product": "个人消费贷款", "overdue_amount": "1860.00", "days_overdue": 12}, TODAY)
        (waiting, first), (promised, second) = ((f.member.id, f.loans[0].loan_id) for f in (book.find("林晓燕", TODAY)[0], book.find("王建军", TODAY)[0]))
        parts = (Part(date(2026, 12, 10), yuan("930")), Part(date(2027, 1, 11), yuan("930")))
        book.write(waiting, AddArrangement(first, "instalments", parts, yuan("1860"), "supervisor", "awaiting_approval"), NOW)
        book.write(promised, AddPromise(second, yuan("1860"), date(2026, 12, 10)), NOW)
    yield url
    close(url)


@pytest.fixture
def run(db: str) -> Run:
    def call(*arguments: str, day: str = "2026-12-08") -> Result:
        return CliRunner().invoke(app, [*arguments, "--db", db, "--today", day], env={"COLUMNS": "200"})

    return call


def pay(db: str, name: str, amount: str, day: date) -> None:
    with LoanBook(db) as book:
        book.receive_payment(book.find(name, day)[0].loans[0].loan_id, yuan(amount), day)


def rows(db: str, *columns: Any) -> list[tuple[Any, ...]]:
    with engine_of(db).connect() as connection:
        return [tuple(row) for row in connection.execute(select(*columns))]


def test_what_stands_is_listed_with_what_came_in(run: Run, db: str) -> None:
    pay(db, "王建军", "860", date(2026, 12, 1))
    shown = run("list")
    assert shown.exit_code == 0
    for word in ("安排 1", "承诺 1", "林晓燕", "待审批", "（主管）", "2026-12-10 930.00 未收", "2026-12-10 1,860.00 已收860.00，还差1,000.00"):
        assert word in shown.stdout, word
    assert "林晓燕" not in run("list", "--status", "open").stdout
    assert "没有符合条件" in run("list", "--status", "broken").stdout


def test_a_line_of_json_for_each_where_it_is_asked_for(run: Run, db: str) -> None:
    pay(db, "王建军", "860", date(2026, 12, 11))
    lines = [json.loads(line) for line in run("list", "--jsonl", day="2026-12-11").stdout.splitlines()]
    assert [(line["what"], line["status"], line["total"]) for line in lines] == [("arrangement", "awaiting_approval", "1860.00"), ("promise", "open", "1860.00")]
    assert lines[1]["schedule"] == [
        {"number": 1, "due": "2026-12-10", "amount": "1860.00", "received": "860.00", "paid_on": None, "late_days": 1, "told": None}
    ]


def test_only_what_falls_due_soon_and_is_still_open(run: Run, db: str) -> None:
    assert "林晓燕" in run("list", "--due-within", "2").stdout
    assert "没有符合条件" in run("list", "--due-within", "1").stdout
    pay(db, "王建军", "1860", date(2026, 12, 5))
    assert "王建军" not in run("list", "--due-within", "2").stdout


def test_an_approval_in_time_leaves_the_days_and_a_late_one_moves_them(run: Run, db: str) -> None:
    done = run("approve", "1", "--by", "王主任", "--role", "supervisor", day="2026-12-14")
    assert done.exit_code == 0
    assert "2026-12-21 还 930.00 元（原定 2026-12-10，审批期间已过，顺延）" in done.stdout
    assert rows(db, t.Arrangement.status) == [("active",)]
    assert rows(db, t.ArrangementPart.due, t.ArrangementPart.amount) == [(date(2026, 12, 21), yuan("930")), (date(2027, 1, 22), yuan("930"))]
    again = run("approve", "1", "--by", "王主任", "--role", "supervisor")
    assert again.exit_code == 2 and "不是等待审批" in again.stderr


def test_an_approval_before_the_first_day_changes_nothing(run: Run, db: str) -> None:
    done = run("approve", "1", "--by", "王主任", "--role", "committee")
    assert done.exit_code == 0 and "原定" not in done.stdout
    assert rows(db, t.ArrangementPart.due) == [(date(2026, 12, 10),), (date(2027, 1, 11),)]


def test_too_low_a_role_or_no_such_number_is_told_with_exit_code_two(run: Run, db: str) -> None:
    low = run("approve", "1", "--by", "小李", "--role", "collector")
    assert low.exit_code == 2 and "权限不够" in low.stderr and low.stdout == ""
    missing = run("decline", "9", "--by", "王主任", "--role", "supervisor", "--why", "太长")
    assert missing.exit_code == 2 and "没有编号 9" in missing.stderr
    assert run("approve", "1", "--by", "小李", "--role", "manager").exit_code == 2
    assert rows(db, t.Arrangement.status) == [("awaiting_approval",)]


def test_a_declined_one_goes_to_a_person(run: Run, db: str) -> None:
    done = run("decline", "1", "--by", "王主任", "--role", "supervisor", "--why", "期限太长")
    assert done.exit_code == 0 and "转人工" in done.stdout
    assert rows(db, t.Arrangement.status) == [("cancelled",)]
    [(kind, about)] = rows(db, t.Case.kind, t.Case.about)
    assert kind == "hand_over" and "期限太长" in about


def test_the_night_marks_kept_and_broken_once_and_says_so(run: Run, db: str) -> None:
    run("approve", "1", "--by", "王主任", "--role", "supervisor")
    pay(db, "王建军", "1860", date(2026, 12, 11))
    assert run("settle", day="2026-12-10").stdout == ""
    first = run("settle", day="2026-12-12")
    assert first.exit_code == 0
    assert "承诺 1 王建军 个人消费贷款：待办 → 守约，已收 1,860.00 元" in first.stdout
    assert "安排 1 林晓燕 个人消费贷款：生效 → 违约，已收 0.00 元" in first.stdout
    assert "守约 1 项，违约 1 项" in first.stderr
    again = run("settle", day="2026-12-13")
    assert again.stdout == "" and "守约 0 项，违约 0 项" in again.stderr
    assert sorted(event for (event,) in rows(db, t.AuditEvent.event)) == ["arrangement_approved", "arrangement_broken", "promise_kept"]


def test_reminders_are_shown_and_queued_once(run: Run, db: str) -> None:
    shown = run("reminders", "--days", "30", day="2026-12-04")
    assert shown.exit_code == 0 and "2026-12-07" in shown.stdout and "2026-12-09" in shown.stdout
    assert "林晓燕" not in shown.stdout  # what waits for approval is not in force
    assert rows(db, t.Notice.id) == []
    assert "排入待发通知 0 条" in run("reminders", "--issue", day="2026-12-04").stdout
    assert "排入待发通知 1 条" in run("reminders", "--issue", day="2026-12-07").stdout
    assert "排入待发通知 0 条" in run("reminders", "--issue", day="2026-12-07").stdout
    assert rows(db, t.Notice.kind, t.Notice.due, t.Notice.for_day, t.Notice.about, t.Notice.status) == [
        ("reminder", date(2026, 12, 10), date(2026, 12, 7), "个人消费贷款，12月10日（周四）还1860.00元", "drafted")
    ]
    assert "没有要提醒的" in run("reminders", "--days", "1", day="2026-12-01").stdout


def test_a_book_that_is_not_there_is_told(tmp_path: Path) -> None:
    for command in (["list"], ["settle"], ["reminders"], ["approve", "1", "--by", "a", "--role", "supervisor"]):
        result = CliRunner().invoke(app, [*command, "--db", f"sqlite:///{tmp_path}/none.db"])
        assert result.exit_code == 2 and "没有数据库文件" in result.stderr


def test_the_room_opens_from_the_one_command_line() -> None:
    code = "from zhuhuan.cli import app; app(['arrangements', '--help'])"
    shown = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, encoding="utf-8", env={"COLUMNS": "120", "PYTHONIOENCODING": "utf-8"})
    for word in ("list", "approve", "decline", "settle", "reminders"):
        assert word in shown.stdout
