"""`zhuhuan policy`: check a policy file, and try it on a book before it goes live."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from zhuhuan.loans.cli import Today, _day, _told

if TYPE_CHECKING:
    from zhuhuan.loans.values import MemberFile
    from zhuhuan.plans.policy import Policy
    from zhuhuan.plans.values import Said

app = typer.Typer(help="政策文件：检查、拿一本账试算。", no_args_is_help=True, pretty_exceptions_enable=False)
SHEETS = (".csv", ".xlsx", ".json", ".jsonl")  # what `loans import` reads


class Reason(str, Enum):
    """A reason that is assumed of every member (the names of `ranking` in policy.yml)."""

    unemployment = "unemployment"
    income_drop = "income_drop"
    illness = "illness"
    family_emergency = "family_emergency"
    business_loss = "business_loss"
    crop_disaster = "crop_disaster"
    over_indebted = "over_indebted"
    forgot = "forgot"
    payment_failure = "payment_failure"
    not_informed = "not_informed"
    away = "away"
    for_someone_else = "for_someone_else"


@app.command()
def check(file: Annotated[Path, typer.Argument(help="要检查的政策文件（YAML）。")]) -> None:
    """检查政策文件：没有错时退出码为0，有错时逐行写明并以2退出。"""
    rules = _policy(file)
    versions = "、".join(f"{v.name}（{v.effective}起）" for v in rules.versions)
    typer.echo(f"没有发现错误。版本：{versions}", err=True)


@app.command()
def simulate(
    book: Annotated[str, typer.Argument(metavar="BOOK", help="账本：数据库地址（SQLAlchemy URL）、SQLite 文件，或 loans import 认得的 CSV、XLSX、JSON。")],
    policy: Annotated[Path | None, typer.Option("--policy", help="要试的政策文件，默认用随软件带的那份。")] = None,
    against: Annotated[Path | None, typer.Option("--against", help="拿来对照的政策文件，例如现行的那份：表里写成“现行 → 要试的”。")] = None,
    png: Annotated[Path | None, typer.Option("--png", help="把结果画成图，写到这个文件。")] = None,
    reason: Annotated[Reason | None, typer.Option("--reason", help="假定每位会员都是这个原因。")] = None,
    income: Annotated[str | None, typer.Option("--income", metavar="YUAN", help="假定每位会员一个月收入这么多元。")] = None,
    outgoings: Annotated[str | None, typer.Option("--outgoings", metavar="YUAN", help="假定每位会员一个月开支这么多元。")] = None,
    today: Today = None,
) -> None:
    """试算：账上的逾期会员按这份政策各会得到什么方案、由谁审批、多少人没有方案。不改动账本，也不作任何承诺。"""
    from zhuhuan.plans.simulate import simulate as run
    from zhuhuan.plans.simulating import plot, summary, tables

    rules, other, day = _policy(policy), None if against is None else _policy(against), _day(today)
    said = _said(reason, income, outgoings)
    with _told(), _files(book, day) as files:
        found = run(files, [rules] if other is None else [other, rules], day, said)
    if against is not None:  # two files may hold a version of the same name
        names = [file.name if file else "随软件带的" for file in (against, policy)]
        found = tuple(replace(one, version=f"{one.version}（{name}）") for one, name in zip(found, names, strict=True))
    before, now = (None if other is None else found[0]), found[-1]
    console = Console(emoji=False, markup=False, highlight=False)
    console.print(summary(now, before))
    if not now.total.members:
        console.print("没有逾期的会员，没有可试算的。")
    for table in tables(rules, now, before) if now.total.members else ():
        console.print(table)
    if png is not None:
        try:
            plot(png, rules, found)
        except OSError as error:
            _end(f"图写不到 {png}：{error.strerror or error}")
        typer.echo(f"图已写入 {png}", err=True)


def _end(message: str) -> None:
    typer.echo(message, err=True)
    raise typer.Exit(2)


def _policy(path: Path | None) -> Policy:
    from zhuhuan.plans.policy import load_policy
    from zhuhuan.plans.policy_file import PolicyError

    try:
        return load_policy(path)
    except (PolicyError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


def _said(reason: Reason | None, income: str | None, outgoings: str | None) -> Said:
    from zhuhuan.money import yuan
    from zhuhuan.plans.values import Income, Said

    try:
        earned, spent = (None if text is None else yuan(text) for text in (income, outgoings))
    except ValueError as error:
        typer.echo(f"金额写成 3000 或 3000.00 这样（{error}）。", err=True)
        raise typer.Exit(2) from None
    if (earned is not None and earned < 0) or (spent is not None and spent < 0):
        _end("收入和开支不能是负数。")
    return Said(reason=reason.value if reason else None, income=None if earned is None else Income(earned, earned), outgoings=spent)


@contextmanager
def _files(book: str, day: date) -> Iterator[Iterable[MemberFile]]:
    """The files of all members of a book, one after the other; a sheet is read into a database that is gone afterwards."""
    from zhuhuan.loans.book import LoanBook
    from zhuhuan.loans.engines import close
    from zhuhuan.loans.migrations import check as check_database

    path = Path(book)
    if "://" not in book and path.suffix.lower() in SHEETS:
        with tempfile.TemporaryDirectory(prefix="zhuhuan-") as folder:
            url = f"sqlite:///{folder}/book.db"
            _import(url, path, day)
            try:
                with LoanBook(url) as open_book:
                    yield _progress(open_book.every_file(day), open_book.number_of_members())
            finally:
                close(url)
        return
    url = book if "://" in book else f"sqlite:///{path}"
    check_database(url)
    with LoanBook(url) as open_book:
        yield _progress(open_book.every_file(day), open_book.number_of_members())


def _import(url: str, path: Path, day: date) -> None:
    """Read a sheet; with any bad row it ends, each told by its line."""
    from zhuhuan.loans.importing import import_file
    from zhuhuan.loans.migrations import make_ready
    from zhuhuan.loans.showing_import import problem_table

    make_ready(url)
    report = import_file(url, path, day)
    if not report.stored:
        errors = Console(stderr=True)
        if report.problems:
            errors.print(problem_table(report))
        errors.print(f"{path} 读不成账本，请改正后再试。", markup=False)
        raise typer.Exit(2)


def _progress(files: Iterable[MemberFile], total: int) -> Iterator[MemberFile]:
    """The files as they come, with a bar on standard error."""
    from rich.progress import track

    yield from track(files, "试算", total=total, console=Console(stderr=True), transient=True)
