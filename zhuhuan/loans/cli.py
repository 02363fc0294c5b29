"""`zhuhuan loans`: import a loan book, make a sample, show a member, migrate the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

app = typer.Typer(help="贷款账本：导入、示例、查看、建表。", no_args_is_help=True, pretty_exceptions_enable=False)
DEFAULT_DB = "sqlite:///var/zhuhuan.db"

Database = Annotated[str, typer.Option("--db", envvar="ZHUHUAN_DB", help="数据库地址（SQLAlchemy URL）。")]
Today = Annotated[datetime | None, typer.Option("--today", formats=["%Y-%m-%d"], help="今天的日期；默认取系统日期。")]


def _day(today: datetime | None) -> date:
    return today.date() if today else date.today()


@contextmanager
def _told() -> Iterator[None]:
    """An error that the user can mend is told in its own words on standard error; exit code 2."""
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError

    from zhuhuan.loans.errors import LoanBookError

    try:
        yield
    except LoanBookError as error:
        message = str(error)
    except (ArgumentError, NoSuchModuleError) as error:
        message = f"数据库地址不对：{error}"
    except OperationalError as error:
        message = f"数据库打不开或正忙：{error.orig}"
    else:
        return
    Console(stderr=True).print(message, style="red", markup=False, highlight=False)
    raise typer.Exit(2)


def _columns_help() -> str:
    from zhuhuan.loans.headers import NAMES

    names = "；".join(" / ".join((known[0], field)) for field, known in NAMES.items())
    return f"认得的列（中文或英文表头都可）：{names}。身份证号可代替后四位和出生日期；应还日期与逾期天数有一个即可。"


@app.command("import", epilog=_columns_help())
def import_(
    file: Annotated[Path, typer.Argument(help="CSV（UTF-8 或 GB18030）或 XLSX，一行一笔贷款。")],
    partial: Annotated[
        bool, typer.Option("--partial", help="有误的行跳过，其余照常导入；不给则有一行有误就一行也不导入。")
    ] = False,
    db: Database = DEFAULT_DB,
    today: Today = None,
) -> None:
    """把会员和贷款导入账本；同一文件再导入一次不会改变任何数据。"""
    from zhuhuan.loans.importing import import_file
    from zhuhuan.loans.migrations import make_ready
    from zhuhuan.loans.showing import problem_table, summary

    errors = Console(stderr=True)
    with _told():
        make_ready(db)
        report = import_file(db, file, _day(today), partial)
    if report.ignored:
        errors.print(f"没有用到的列：{'、'.join(report.ignored)}", markup=False)
    if report.problems:
        errors.print(problem_table(report))
    if not report.stored:
        errors.print("一行也没有导入。请改正后再导入，或加 --partial 只导入无误的行。", style="red")
        raise typer.Exit(2)
    typer.echo(summary(report))


@app.command()
def sample(
    out: Annotated[Path, typer.Option("--out", help="写到哪个 CSV 文件。")],
    seed: Annotated[int, typer.Option("--seed", help="随机种子：同一种子同一天，文件完全相同。")] = 20261124,
    members: Annotated[int, typer.Option("--members", min=1, max=9999, help="会员人数。")] = 200,
    today: Today = None,
) -> None:
    """生成一份虚构的示例账本。"""
    from zhuhuan.loans.sample import write_sample

    write_sample(out, seed, _day(today), members)
    typer.echo(f"已写入 {out}")


@app.command()
def show(
    member: Annotated[str, typer.Argument(help="姓名、手机号或会员号。")], db: Database = DEFAULT_DB, today: Today = None
) -> None:
    """查看会员的贷款、安排、承诺和事项（证件、电话等已遮盖）。"""
    from zhuhuan.loans.book import LoanBook
    from zhuhuan.loans.migrations import check
    from zhuhuan.loans.showing import member_tables

    day = _day(today)
    with _told():
        check(db)
        with LoanBook(db) as book:
            files = book.find(member, day) or book.files_by_phone(member, day)
            files = files or (book.file_of(member, day),)
    console = Console()
    for file in files:
        for table in member_tables(file):
            console.print(table)


@app.command()
def migrate(
    revision: Annotated[str, typer.Argument(help="到哪一版；head 是最新，base 是全部撤除。")] = "head",
    down: Annotated[bool, typer.Option("--down", help="往回退（退掉的表连同数据一起删除）。")] = False,
    db: Database = DEFAULT_DB,
) -> None:
    """建表，或把表升到某一版、退到某一版。"""
    from zhuhuan.loans import migrations

    with _told():
        (migrations.downgrade if down else migrations.upgrade)(db, revision)
        typer.echo(f"数据库版本：{migrations.current(db) or '（空）'}")
