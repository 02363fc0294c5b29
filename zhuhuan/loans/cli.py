"""`zhuhuan loans`: import a loan book, make a sample, show a member, migrate the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

if TYPE_CHECKING:
    from zhuhuan.loans.values import MemberFile

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
    from zhuhuan.loans.headers import CONTRACT, NAMES, PAYMENTS

    def named(known: dict[str, tuple[str, ...]]) -> str:
        return "；".join(" / ".join((names[0], field)) for field, names in known.items())

    return (
        f"认得的列（中文或英文表头都可）：{named(NAMES)}。身份证号可代替后四位和出生日期；应还日期与逾期天数有一个即可。"
        f"\n\n有合同的贷款再加：{named(CONTRACT)}。写了还款方式的行按合同排还款计划；罚息上浮不填就不计罚息；没有还款流水时，应还日期（最早未还的）"
        f"以前各期视为按期已还。\n\n还款流水的列：{named(PAYMENTS)}。\n\nFineract：GET /loans/ID?associations=all 的 JSON（一笔、列表、一行一笔都可），"
        "与客户的 JSON（含 identifiers）一起给；Frappe Lending：Loan、Loan Repayment Schedule、Loan Repayment、Loan Demand、Loan Product、Customer 的"
        "导出（JSON、CSV、XLSX）一起给。客户资料不全的，再给一份会员资料表（会员号、姓名、身份证后四位、出生日期、手机号），会员号填对方系统的客户编号。"
    )


@app.command("import", epilog=_columns_help())
def import_(
    files: Annotated[
        list[Path] | None, typer.Argument(help="CSV（UTF-8 或 GB18030）或 XLSX，一行一笔贷款；或还款流水、会员资料、Fineract 或 Frappe Lending 的导出。可给几个，一起导入。")
    ] = None,
    payments: Annotated[list[Path] | None, typer.Option("--payments", help="还款流水文件（贷款编号、日期、金额、类型、流水号），可给几个。")] = None,
    mapping: Annotated[
        list[Path] | None, typer.Option("--mapping", help="对照文件（YAML）：别的系统导出的表，哪一列是什么；几个数据文件可各给一个。")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看会改什么，不写入任何数据。")] = False,
    partial: Annotated[
        bool, typer.Option("--partial", help="有误的行跳过，其余照常导入；不给则有一行有误就一行也不导入。")
    ] = False,
    db: Database = DEFAULT_DB,
    today: Today = None,
) -> None:
    """把会员、贷款和还款流水导入账本；同样的文件再导入一次不会改变任何数据。"""
    from zhuhuan.loans.importing import import_files, preview
    from zhuhuan.loans.migrations import make_ready
    from zhuhuan.loans.showing_import import change_table, notes, problem_table, summary
    from zhuhuan.loans.sources import Sources

    errors = Console(stderr=True, emoji=False, markup=False, highlight=False)
    sources = Sources(tuple(files or ()), tuple(payments or ()), tuple(mapping or ()))
    with _told():
        if dry_run:
            report = preview(db, sources, _day(today))
        else:
            make_ready(db)
            report = import_files(db, sources, _day(today), partial)
    if report.ignored:
        errors.print(f"没有用到的列：{'、'.join(report.ignored)}")
    for note in notes(report):
        errors.print(note)
    if report.problems:
        errors.print(problem_table(report))
    if report.changes is not None:
        if report.changes.found:
            Console(emoji=False, markup=False, highlight=False).print(change_table(report.changes))
        typer.echo(summary(report))
    if not report.stored and not (dry_run and partial):
        kept = "照这样一行也不会导入" if dry_run else "一行也没有导入"
        errors.print(f"{kept}。请改正后再导入，或加 --partial 只导入无误的行。", style="red")
        raise typer.Exit(2)
    if not dry_run:
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
    member: Annotated[str, typer.Argument(help="姓名、手机号、会员号或贷款编号。")],
    schedule: Annotated[bool, typer.Option("--schedule", help="有合同的贷款也列出合同的还款计划。")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="给程序用：每位会员一行 JSON。")] = False,
    png: Annotated[Path | None, typer.Option("--png", help="把合同的还款计划画成图，写到这个文件。")] = None,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="把合同的还款计划写成 XLSX 表格。")] = None,
    db: Database = DEFAULT_DB,
    today: Today = None,
) -> None:
    """查看会员的贷款（有合同的连同条款、当天欠款怎么算的、账目）、安排、承诺和事项；证件、电话等已遮盖。"""
    from zhuhuan.loans.book import LoanBook
    from zhuhuan.loans.finding import files_meant
    from zhuhuan.loans.migrations import check

    day = _day(today)
    with _told():
        check(db)
        with LoanBook(db) as book:
            files = files_meant(book, member, day)
            ledgers = {loan.loan_id: book.ledger_of(loan.loan_id, day) for file in files for loan in file.loans if loan.contract}
        if png or xlsx:
            _write_schedule(files, day, png, xlsx)
    if as_json:
        import json

        from zhuhuan.loans.as_json import file_as_json

        for file in files:
            typer.echo(json.dumps(file_as_json(file, ledgers), ensure_ascii=False))
        return
    from zhuhuan.loans.contract import loan_labels
    from zhuhuan.loans.showing import agreement_tables, loans_tables
    from zhuhuan.loans.showing_contract import contract_tables

    console = Console(emoji=False, markup=False, highlight=False)
    for file in files:
        label = loan_labels(file)
        tables = list(loans_tables(file))
        for loan in file.loans:
            tables += contract_tables(loan, label[loan.loan_id], ledgers.get(loan.loan_id, ()), schedule, file.member)
        for table in (*tables, *agreement_tables(file)):
            console.print(table)


def _write_schedule(files: tuple[MemberFile, ...], day: date, png: Path | None, xlsx: Path | None) -> None:
    """The schedule of the one loan that is meant, as files. Raises LoanBookError where several are, or where it has no contract."""
    from zhuhuan.loans.errors import BadFile, BadRecord
    from zhuhuan.loans.on_paper import contract_sheet
    from zhuhuan.paper.files import write

    found = [(file, loan) for file in files for loan in file.loans if loan.contract] or [(file, loan) for file in files for loan in file.loans]
    if len(found) != 1:
        known = "、".join(f"{loan.loan_id}（{file.member.name} {loan.product}）" for file, loan in found)
        raise BadRecord(f"有 {len(found)} 笔贷款，请写明贷款编号：{known}")
    file, loan = found[0]
    sheet = contract_sheet(loan, file.member.name, day)
    try:
        for path in write(sheet, png, xlsx):
            typer.echo(f"已写入 {path}", err=True)
    except OSError as error:
        raise BadFile(f"写不了文件 {error.filename}：{error.strerror}") from error
    except ValueError as error:
        raise BadRecord(f"贷款 {loan.loan_id} 的还款计划写不出来：{error}") from error


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
