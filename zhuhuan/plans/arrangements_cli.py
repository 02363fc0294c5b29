"""`zhuhuan arrangements`: what was agreed and how it is kept, approval, the nightly settling, reminders before each due date."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import Enum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from zhuhuan.loans.cli import DEFAULT_DB, Database, Today, _told

if TYPE_CHECKING:
    from zhuhuan.plans.policy import Policy

app = typer.Typer(help="还款安排与承诺：查看、审批、按账核对守约、到期前提醒。", no_args_is_help=True, pretty_exceptions_enable=False)
BATCH = 200  # members whose agreements are settled in one unit of work


class Role(str, Enum):
    """Who decides, from the narrowest authority to the widest."""

    collector = "collector"
    supervisor = "supervisor"
    committee = "committee"


class Status(str, Enum):
    """The statuses of arrangements and promises (contract.md)."""

    proposed = "proposed"
    awaiting_approval = "awaiting_approval"
    active = "active"
    open = "open"
    kept = "kept"
    broken = "broken"
    superseded = "superseded"
    cancelled = "cancelled"


STANDING = (Status.proposed, Status.awaiting_approval, Status.active, Status.open)
PolicyFile = Annotated[Path | None, typer.Option("--policy", envvar="ZHUHUAN_POLICY", help="政策文件，默认用随软件带的那份。")]
By = Annotated[str, typer.Option("--by", help="谁审批的（姓名）。")]
AsRole = Annotated[Role, typer.Option("--role", help="以什么权限审批。")]
Number = Annotated[int, typer.Argument(metavar="ID", help="还款安排的编号（zhuhuan arrangements list 里的数字）。")]


def _moment(today: datetime | None) -> datetime:
    """Now in China Standard Time, or the morning of the day that was given."""
    from zhuhuan.loans.columns import CHINA

    return today.replace(hour=9) if today else datetime.now(CHINA)


def _policy(path: Path | None) -> Policy:
    from zhuhuan.plans.policy import load_policy
    from zhuhuan.plans.policy_file import PolicyError

    try:
        return load_policy(path)
    except (PolicyError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


def _batches(db: str, statuses: tuple[Status, ...]) -> Iterator[list[str]]:
    """Ids of the members with agreements of these statuses, some at a time."""
    from zhuhuan.loans.book import LoanBook

    with LoanBook(db) as book:
        members = iter(book.members_with(status.value for status in statuses))
    while batch := list(islice(members, BATCH)):
        yield batch


@app.command("list")
def list_(
    status: Annotated[list[Status] | None, typer.Option("--status", help="只看这些状态，可写多个；默认只看还没结束的。")] = None,
    due_within: Annotated[int | None, typer.Option("--due-within", min=0, metavar="DAYS", help="只看这么多天之内有一期到期、还没收齐的。")] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="每项一行 JSON。")] = False,
    db: Database = DEFAULT_DB,
    today: Today = None,
) -> None:
    """查看还款安排和承诺：各期应还、哪天到账、晚了几天。"""
    from zhuhuan.loans.book import LoanBook
    from zhuhuan.loans.migrations import check
    from zhuhuan.plans.showing_agreements import agreements_table, as_json, rows_of

    wanted, day, rows = tuple(status or STANDING), _moment(today).date(), []
    last = date.max if due_within is None else day + timedelta(days=due_within)
    with _told():
        check(db)
        for batch in _batches(db, wanted):
            with LoanBook(db) as book:
                files = book.files_of(batch, day)
                followed = book.followed_by_member(files, day)
            rows += [row for file in files for row in rows_of(file, followed.get(file.member.id, ()))]
    rows = sorted((row for row in rows if row.followed.status in {one.value for one in wanted}), key=lambda row: row.next_due)
    if due_within is not None:
        rows = [row for row in rows if any(day <= part.due <= last and part.outstanding > 0 for part in row.followed.parts)]
    if jsonl:
        for row in rows:
            typer.echo(json.dumps(as_json(row), ensure_ascii=False))
    elif rows:
        Console().print(agreements_table(rows))
    else:
        typer.echo("没有符合条件的安排或承诺。")


@app.command()
def approve(number: Number, by: By, role: AsRole, policy: PolicyFile = None, db: Database = DEFAULT_DB, today: Today = None) -> None:
    """批准一项等待审批的还款安排；等审批时过了的日子按政策顺延，金额不变。"""
    from zhuhuan.loans.book import LoanBook
    from zhuhuan.loans.migrations import check
    from zhuhuan.plans.lifecycle import reschedule_by
    from zhuhuan.plans.showing_agreements import schedule_lines

    now, rules = _moment(today), _policy(policy)
    with _told():
        check(db)
        with LoanBook(db) as book:
            before, after = book.approve(number, by, role.value, now, reschedule_by(rules, now.date()))
    typer.echo(f"已批准编号 {number} 的还款安排，从现在起生效：")
    for line in schedule_lines(before, after):
        typer.echo(f"  {line}")


@app.command()
def decline(
    number: Number, by: By, role: AsRole, why: Annotated[str, typer.Option("--why", help="为什么不批，同事要跟会员说清楚。")],
    db: Database = DEFAULT_DB, today: Today = None,
) -> None:  # fmt: skip
    """不批准一项还款安排：取消它，并立一件转人工的事项，由同事好好告诉会员。"""
    from zhuhuan.loans.book import LoanBook
    from zhuhuan.loans.migrations import check

    with _told():
        check(db)
        with LoanBook(db) as book:
            book.decline(number, by, role.value, why, _moment(today))
    typer.echo(f"编号 {number} 的还款安排没有批准，已取消；已转人工，由同事告诉会员。")


@app.command()
def settle(policy: PolicyFile = None, db: Database = DEFAULT_DB, today: Today = None) -> None:
    """按账上的还款，把安排和承诺标为守约或违约，写明每一项变化；适合每晚跑一次，重复跑不会再变。"""
    from zhuhuan.loans.book import LoanBook
    from zhuhuan.loans.migrations import check
    from zhuhuan.plans.lifecycle import grace_by
    from zhuhuan.plans.showing_agreements import changed_in_words

    now, rules = _moment(today), _policy(policy)
    grace, counts = grace_by(rules, now.date()), {"kept": 0, "broken": 0}
    with _told():
        check(db)
        for batch in _batches(db, STANDING):
            with LoanBook(db) as book:
                done = book.settle_members(batch, now.date(), now, grace)
            for file, changed in done:  # only what has been committed is told
                counts[changed.followed.status] += 1
                typer.echo(changed_in_words(file, changed))
    typer.echo(f"守约 {counts['kept']} 项，违约 {counts['broken']} 项。", err=True)


@app.command()
def reminders(
    days: Annotated[int, typer.Option("--days", min=0, help="看今后多少天内到期的。")] = 7,
    issue: Annotated[bool, typer.Option("--issue", help="把今天该提醒的排入待发通知；同一期不会排两次。")] = False,
    db: Database = DEFAULT_DB,
    today: Today = None,
) -> None:
    """今后几天内到期、该提醒谁、哪天提醒。"""
    from zhuhuan.loans.book import LoanBook
    from zhuhuan.loans.migrations import check
    from zhuhuan.plans.reminders import reminders as due_reminders
    from zhuhuan.plans.showing_agreements import reminders_table

    now, found, queued = _moment(today), [], 0
    with _told():
        check(db)
        for batch in _batches(db, (Status.active, Status.open)):
            with LoanBook(db) as book:
                files = book.files_of(batch, now.date())
                followed = book.followed_by_member(files, now.date())
                for file in files:
                    of_member = due_reminders(file, now.date(), followed=followed.get(file.member.id, ()), within_days=days)
                    found += [(file, reminder) for reminder in of_member]
                    if issue:
                        queued += sum(book.queue(file.member.id, reminder.to_notice(), now) for reminder in of_member if reminder.on <= now.date())
    if found:
        Console().print(reminders_table(sorted(found, key=lambda pair: (pair[1].on, pair[1].due, pair[1].member_id))))
    else:
        typer.echo(f"今后 {days} 天没有要提醒的。")
    if issue:
        typer.echo(f"排入待发通知 {queued} 条。")
