"""The sample members of the demo: a book that is not empty, and a few members with whom to try it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from rich.table import Table

from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.importing import import_file
from zhuhuan.loans.migrations import upgrade
from zhuhuan.loans.sample import SHIPPED_SEED, write_sample
from zhuhuan.loans.values import MemberFile
from zhuhuan.money import yuan
from zhuhuan.serve.errors import ServeError

SHORT_TERM_DAYS = 30  # guide, section 2
TRIED = 5


def prepare_book(url: str, today: date, folder: Path) -> int:
    """Bring the book at `url` up to date and, where it is empty, import sample members as they stand on `today`; returns how many were added.

    The sample file is written to `folder`. Raises ServeError where the import fails.
    """
    upgrade(url)
    with LoanBook(url) as book:
        if next(book.every_file(today), None) is not None:
            return 0
    path = folder / "sample-members.csv"
    write_sample(path, SHIPPED_SEED, today)
    report = import_file(url, path, today)
    if not report.stored:
        raise ServeError(f"示例会员没有导入：{report.problems[:3]}")
    return report.members["added"]


def members_to_try(url: str, today: date, count: int = TRIED) -> list[MemberFile]:
    """Members of different kinds: briefly overdue, long overdue, with two overdue loans; none with an agreement that stands. Fewer where the book has no more."""
    with LoanBook(url) as book:
        files = [f for f in book.every_file(today) if f.overdue_loans and not any(f.standing(loan.loan_id) for loan in f.loans)]
    two = [f for f in files if len(f.overdue_loans) > 1]
    one = [f for f in files if len(f.overdue_loans) == 1]
    brief = [f for f in one if f.loans[0].days_past_due <= SHORT_TERM_DAYS]
    long = [f for f in one if f.loans[0].days_past_due > SHORT_TERM_DAYS]
    picked = [*brief[:2], *long[:2], *two[:1]]
    return [*picked, *(f for f in files if f not in picked)][:count]


def member_for_check(url: str, today: date) -> MemberFile:
    """A member with one loan, overdue for one to three months by a few thousand yuan: what an agreement without approval is meant for.

    Raises ServeError where the book has none such.
    """
    for file in members_to_try(url, today, count=1_000_000):
        loan = file.loans[0]
        if len(file.loans) == 1 and SHORT_TERM_DAYS < loan.days_past_due <= 90 and yuan(1000) <= loan.overdue_amount <= yuan(6000):
            return file
    raise ServeError("示例账本里没有适合演示的会员：需要只有一笔贷款、逾期31到90天、1000到6000元的会员")


def try_table(files: Iterable[MemberFile]) -> Table:
    """Whom to talk as, with what verifies them. Only ever shown for made-up members or to staff of this machine."""
    table = Table(title="可以用这些会员试一试", title_justify="left")
    for header in ("序号", "姓名", "手机号（发送者）", "身份证后四位", "出生日期", "贷款", "逾期"):
        table.add_column(header)
    for number, file in enumerate(files, 1):
        member = file.member
        loans = "\n".join(loan.product for loan in file.overdue_loans)
        overdue = "\n".join(f"{loan.overdue_amount:,} 元，{loan.days_past_due} 天" for loan in file.overdue_loans)
        table.add_row(str(number), member.name, member.phone, member.id_tail, member.birth_date.isoformat(), loans, overdue)
    return table
