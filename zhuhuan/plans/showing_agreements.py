"""Arrangements and promises as tables and sentences for staff: what was agreed, what came in for it and when, what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rich.table import Table

from zhuhuan.loans.contract import loan_labels
from zhuhuan.loans.keeping import Changed, Followed, Kept
from zhuhuan.loans.showing import APPROVERS, KINDS, STATUSES, table_of
from zhuhuan.loans.values import Arrangement, MemberFile, Part, Promise
from zhuhuan.plans.reminders import Reminder

NAMES = {"arrangement": "安排", "promise": "承诺"}


@dataclass(frozen=True)
class Row:
    """An agreement with whose it is and what the ledger shows for it."""

    file: MemberFile
    agreement: Arrangement | Promise
    followed: Followed

    @property
    def loan(self) -> str:
        return loan_labels(self.file)[self.agreement.loan_id]

    @property
    def next_due(self) -> tuple[date, str, int]:
        """What to sort by: the day of the first part that is open (of the last one where none is), then kind and number."""
        days = [part.due for part in self.followed.parts if part.outstanding > 0 and not part.earlier] or [part.due for part in self.followed.parts][-1:]
        return min(days, default=date.max), self.followed.kind, self.followed.id


def rows_of(file: MemberFile, followed: Iterable[Followed]) -> Iterator[Row]:
    """The member's agreements, each with what came in for it."""
    known: dict[tuple[str, int], Arrangement | Promise] = {("arrangement", plan.id): plan for plan in file.arrangements}
    known |= {("promise", promise.id): promise for promise in file.promises}
    for one in followed:
        yield Row(file, known[one.kind, one.id], one)


def part_in_words(part: Kept) -> str:
    """How a part stands: what came in, when, how late.

    >>> from decimal import Decimal
    >>> part_in_words(Kept(1, date(2026, 12, 8), Decimal("500.00"), late_days=2, told=date(2026, 12, 11)))
    '未收，晚2天，会员说2026-12-11到账'
    """
    if part.earlier:
        return "账上无从核对"
    late = f"晚{part.late_days}天" if part.late_days else ""
    told = f"会员说{part.told}到账" if part.told and part.outstanding > 0 else ""
    if part.outstanding <= 0:
        stands = f"{part.paid_on}收齐"
    else:
        stands = f"已收{part.received:,}，还差{part.outstanding:,}" if part.received else "未收"
    return "，".join(word for word in (stands, late, told) if word)


def agreements_table(rows: Sequence[Row]) -> Table:
    """Agreements in one table, a line for each part."""
    table = table_of(f"{len(rows)} 项安排与承诺", "编号", "会员", "贷款", "状态", "各期应还（元）与到账", "合计（元）", right=("合计（元）",))
    for row in rows:
        one, plan = row.followed, row.agreement
        way, total = (KINDS.get(plan.kind, plan.kind), plan.total) if isinstance(plan, Arrangement) else ("承诺", plan.amount)
        status = STATUSES[one.status] + (f"\n（{APPROVERS[plan.approval]}）" if isinstance(plan, Arrangement) and plan.status == "awaiting_approval" else "")
        parts = "\n".join(f"{part.due} {part.amount:,} {part_in_words(part)}" for part in one.parts)
        table.add_row(f"{NAMES[one.kind]} {one.id}", f"{row.file.member.name}\n{row.file.member.id}", f"{row.loan}\n{way}", status, parts, f"{total:,}")
    return table


def as_json(row: Row) -> dict[str, Any]:
    """An agreement as JSON values: amounts decimal strings in yuan, days ISO."""
    one, plan = row.followed, row.agreement
    parts = [
        {"number": p.number, "due": p.due.isoformat(), "amount": str(p.amount), "received": str(p.received), "paid_on": p.paid_on.isoformat() if p.paid_on else None,
         "late_days": p.late_days, "told": p.told.isoformat() if p.told else None} for p in one.parts
    ]  # fmt: skip
    about = {"kind": plan.kind, "total": str(plan.total), "approval": plan.approval} if isinstance(plan, Arrangement) else {"kind": "promise", "total": str(plan.amount)}
    return {"what": one.kind, "id": one.id, "member": row.file.member.id, "loan": row.loan, "status": one.status, **about, "schedule": parts}


def changed_in_words(file: MemberFile, changed: Changed) -> str:
    """One line on an agreement whose status the ledger changed."""
    one = changed.followed
    return f"{NAMES[one.kind]} {one.id} {file.member.name} {loan_labels(file)[one.loan_id]}：{STATUSES[changed.before]} → {STATUSES[one.status]}，已收 {one.received:,} 元"


def schedule_lines(before: Sequence[Part], after: Sequence[Part]) -> Iterator[str]:
    """The parts of a schedule that holds now, with the day that each had before where it moved."""
    for old, new in zip(before, after, strict=True):
        yield f"{new.due} 还 {new.amount:,} 元" + (f"（原定 {old.due}，审批期间已过，顺延）" if old.due != new.due else "")


def reminders_table(found: Sequence[tuple[MemberFile, Reminder]]) -> Table:
    """Reminders by the day on which to remind."""
    table = table_of(f"{len(found)} 条提醒", "提醒日", "会员", "贷款", "应还日", "金额（元）", right=("金额（元）",))
    for file, reminder in found:
        table.add_row(str(reminder.on), f"{file.member.name} {file.member.id}", loan_labels(file)[reminder.loan_id], str(reminder.due), f"{reminder.amount:,}")
    return table
