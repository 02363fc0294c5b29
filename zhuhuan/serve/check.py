"""`zhuhuan demo --check`: one scripted conversation over HTTP, from the greeting to a plan that stands in the loan book."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import ROUND_UP, Decimal
from zoneinfo import ZoneInfo

from rich.console import Console

from zhuhuan.loans.book import LoanBook
from zhuhuan.loans.showing import member_tables
from zhuhuan.loans.values import Arrangement, MemberFile
from zhuhuan.serve.client import Client
from zhuhuan.serve.errors import ServeError
from zhuhuan.serve.speech import ASSISTANT, MEMBER, show

IN_FORCE = "active"


def script(file: MemberFile) -> tuple[str, ...]:
    """What the member says: greeting, identity, the reason, what is possible a month, yes, and yes again to what was read out."""
    member, loan = file.member, file.loans[0]
    month = (loan.overdue_amount / 4).quantize(Decimal("1E2"), ROUND_UP)
    born = member.birth_date
    return (
        "你好，请问是哪里",
        f"我是{member.name}，身份证后四位{member.id_tail}，{born.year}年{born.month}月{born.day}日出生",
        "厂里订单少，这两个月工资少了一半，一时周转不过来",
        f"每个月最多能还{month:.0f}元",
        "可以，就按第一个方案",
        "对，没问题",
    )


def hold(client: Client, url: str, file: MemberFile, today: date, zone: ZoneInfo, console: Console) -> Arrangement:
    """Hold the conversation, show it and what is stored; raises ServeError where no plan stands at its end or its parts do not add up."""
    now = datetime.combine(today, time(10), zone)
    for text in script(file):
        _show(console, text, client.say(file.member.phone, text, now=now))
        if found := standing(url, file.member.id, today):
            break
        now += timedelta(minutes=1)
    else:
        raise ServeError("对话结束了，账本里却没有生效的还款安排")
    with LoanBook(url) as book:
        after = book.file_of(file.member.id, today)
    for table in member_tables(after):
        console.print(table)
    verify(found, file, today)
    return found


def standing(url: str, member_id: str, today: date) -> Arrangement | None:
    """The member's arrangement in force, as the database has it."""
    with LoanBook(url) as book:
        return next((a for a in book.file_of(member_id, today).arrangements if a.status == IN_FORCE), None)


def verify(found: Arrangement, before: MemberFile, today: date) -> None:
    """Raises ServeError with all that is wrong with a stored arrangement."""
    loan = before.loan(found.loan_id)
    days = [part.due for part in found.schedule]
    faults: dict[str, Callable[[], bool]] = {
        "没有分期日程": lambda: not found.schedule,
        "各期合计与总额不符": lambda: sum((part.amount for part in found.schedule), Decimal(0)) != found.total,
        "总额少于逾期金额": lambda: found.total < loan.overdue_amount,
        "日期没有先后": lambda: days != sorted(set(days)),
        "有日期已经过去": lambda: any(day < today for day in days),
    }
    wrong = [what for what, is_wrong in faults.items() if is_wrong()]
    if wrong:
        raise ServeError(f"存下的还款安排有误：{'、'.join(wrong)}")


def _show(console: Console, text: str, replies: list[str]) -> None:
    show(console, MEMBER, text)
    for reply in replies:
        show(console, ASSISTANT, reply)
    if not replies:
        raise ServeError(f"助还对“{text}”没有回答")
