"""What an import did or would do, for the terminal: names, and phones masked; no other personal data stands in what it is made of."""

from __future__ import annotations

from rich.table import Table

from zhuhuan.loans.changes import Changes
from zhuhuan.loans.importing import Report

MOST = 200  # lines of a table


def _table(title: str, *headers: str, right: tuple[str, ...] = ()) -> Table:
    table = Table(title=title, title_justify="left")
    for header in headers:
        table.add_column(header, justify="right" if header in right else "left", overflow="fold")
    return table


def problem_table(report: Report, most: int = MOST) -> Table:
    """The bad rows of an import: line, column, reason; at most `most` of them; the file where there are several."""
    count = len(report.problems)
    named = any(problem.file for problem in report.problems)
    headers = ("文件", "行", "列", "原因") if named else ("行", "列", "原因")
    table = _table(f"{count} 处有误" + (f"，前 {most} 处：" if count > most else "："), *headers, right=("行",))
    for problem in report.problems[:most]:
        cells = (str(problem.line), problem.column, problem.reason)
        table.add_row(*((problem.file, *cells) if named else cells))
    return table


def notes(report: Report, most: int = MOST) -> list[str]:
    """What was left out or differs from the source, a sentence each; at most `most`."""
    told = []
    for note in report.notes[:most]:
        where = "".join((f"{note.file} " if note.file else "", f"第 {note.line} 行：" if note.line else ""))
        told.append(f"{where}{note.text}")
    if len(report.notes) > most:
        told.append(f"还有 {len(report.notes) - most} 条说明没有列出")
    return told


def change_table(changes: Changes, most: int = MOST) -> Table:
    """What would change, field by field, old and new; at most `most` lines."""
    count = len(changes.found) + changes.left_out
    table = _table(f"将有 {count} 处变化" + (f"，前 {most} 处：" if count > most else "："), "类别", "编号", "项目", "原来", "改为")
    for change in changes.found[:most]:
        table.add_row(change.kind, change.of, change.what, change.old, change.new)
    return table


def summary(report: Report) -> str:
    """One sentence on what an import did, or would do."""
    members, loans = report.members, report.loans
    lines = f"；还款流水：新增 {report.lines}" if report.lines else ""
    closed = f"；已结清、账本中没有的 {loans['closed']} 笔未导入" if loans["closed"] else ""
    return ("将会——" if report.changes is not None else "") + (
        f"会员：新增 {members['added']}，更新 {members['updated']}，不变 {members['unchanged']}；"
        f"贷款：新增 {loans['added']}，更新 {loans['updated']}，不变 {loans['unchanged']}；承诺记录：新增 {report.promises}{lines}{closed}。"
    )
