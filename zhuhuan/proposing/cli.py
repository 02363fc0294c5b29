"""`zhuhuan plans propose`: plans for a loan of the book from what its member said, as tables and files; with --jsonl the plan engine alone.

`--jsonl` imports nothing but the plans; the language model is loaded only where a sentence has to be understood.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from zhuhuan.loans.cli import DEFAULT_DB, Database, _told
from zhuhuan.plans.cli import PolicyFile, answer_lines, day_of, policy_of

if TYPE_CHECKING:
    from zhuhuan.guide.turn import Understood
    from zhuhuan.loans.book import LoanBook
    from zhuhuan.loans.values import LoanFacts, Member
    from zhuhuan.plans.values import Offer, Proposal
    from zhuhuan.proposing.means import Heard, Understand

app = typer.Typer(help="还款方案：按成员说的话排方案。", no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def room() -> None:
    """还款方案：按成员说的话排方案。"""


@app.command("propose")
def propose_command(
    loan: Annotated[str | None, typer.Argument(metavar="LOAN", help="贷款编号， 或只有一笔逾期贷款的会员的姓名、 手机号、 会员号。")] = None,
    means: Annotated[
        list[str] | None,
        typer.Option("--means", help="会员说的： 原话（每月最多八百，15号发工资； 收入四千，开支三千五）、 写法（at_most_month=800 pay_day=15）或 JSON。 可写多次， 后面的改前面的。"),
    ] = None,
    offer: Annotated[int, typer.Option("--offer", min=1, help="--png、--xlsx 写哪个方案。")] = 1,
    png: Annotated[Path | None, typer.Option("--png", help="把方案画成图，写到这个文件。")] = None,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="把方案写成 XLSX 表格。")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="给程序用：一行 JSON，连同听到的条件。")] = False,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="从标准输入逐行读 JSON， 逐行写出方案； 不用账本。")] = False,
    policy: PolicyFile = None,
    today: Annotated[str | None, typer.Option(help="今天的日期（YYYY-MM-DD）， 默认系统日期； --jsonl 时用在没有 today 的行。")] = None,
    db: Database = DEFAULT_DB,
) -> None:
    """按会员说的话排出两三个还款方案：每期日期和金额、合计、比今天还清多付多少、谁批、为什么合适，还有没排的办法和原因。"""
    if jsonl:
        if loan or means or png or xlsx or as_json:
            raise _wrong("--jsonl 从标准输入读贷款和条件，不和 LOAN、--means、--png、--xlsx、--json 一起用。")
        answer_lines(policy, today)
        return
    if loan is None:
        raise _wrong("请写明贷款编号或会员（zhuhuan plans propose L0001 --means “每月最多八百”），或加 --jsonl 并从标准输入给出每行一个JSON。")
    _propose(loan, means or [], offer, png, xlsx, as_json, policy, today, db)


def _wrong(words: str) -> typer.Exit:
    typer.echo(words, err=True)
    return typer.Exit(2)


def _propose(who: str, means: list[str], number: int, png: Path | None, xlsx: Path | None, as_json: bool, policy: Path | None, today: str | None, db: str) -> None:
    from zhuhuan.loans.book import LoanBook
    from zhuhuan.loans.migrations import check
    from zhuhuan.plans.asking import worth_asking
    from zhuhuan.plans.frame import frame_of
    from zhuhuan.plans.jsonl import InputError, answer_of
    from zhuhuan.plans.propose import propose
    from zhuhuan.plans.telling_tables import asking_words, ceiling_words

    rules, day = policy_of(policy), day_of(today)
    with _told():
        check(db)
        with LoanBook(db) as book:
            member, loan = loan_meant(book, who, day)
    try:
        heard = hear_means(means, loan.overdue_amount, day)
    except InputError as error:
        raise _wrong(f"--means：{error}") from None
    found = propose(loan, heard.said, rules, day, region=member.region)
    ask = worth_asking(loan, heard.said, rules, day, member.region)
    if as_json:
        from zhuhuan.plans.pairs import as_contract

        asked = {"loan": loan.loan_id, "today": day.isoformat(), "said": as_contract(heard.said), "unheard": [*heard.unheard, *heard.unclear, *heard.unknown], "worth_asking": list(ask)}
        typer.echo(json.dumps(asked | answer_of(found), ensure_ascii=False))
    else:
        _print(heard, found, loan, (ceiling_words(frame_of(loan, heard.said, rules, day, member.region).cap), asking_words(ask)), member, day)
    if png or xlsx:
        if number > len(found.offers):
            raise _wrong(f"只有 {len(found.offers)} 个方案，没有方案 {number}，没有写文件。")
        _write(found.offers[number - 1], loan, member, day, png, xlsx)


def loan_meant(book: LoanBook, who: str, day: date) -> tuple[Member, LoanFacts]:
    """The one loan that a loan's id means, or a member with one overdue loan (or with one loan at all). Raises BadRecord where several are meant."""
    from zhuhuan.loans.errors import BadRecord
    from zhuhuan.loans.finding import files_meant

    pairs = [(file.member, loan) for file in files_meant(book, who, day) for loan in file.loans]
    overdue = [(member, loan) for member, loan in pairs if loan.overdue]
    meant = overdue or pairs
    if len(meant) != 1:
        known = "、".join(f"{loan.loan_id}（{member.name} {loan.product} 逾期{loan.overdue_amount:,}元）" for member, loan in meant)
        raise BadRecord(f"“{who}”有 {len(meant)} 笔贷款，请写明贷款编号：{known}" if meant else f"“{who}”名下没有贷款")
    return meant[0]


def hear_means(means: list[str], arrears: Decimal, day: date) -> Heard:
    """What was given, understood; the language model is loaded only for sentences. Raises InputError, and Exit where there is no model."""
    from zhuhuan.proposing.means import has_sentence, read_means

    return read_means(means, arrears, day, _understander(day) if has_sentence(means) else _no_sentence)


def _no_sentence(text: str, pay_day: int | None) -> Understood:
    raise AssertionError(f"no sentence was expected: {text}")


def _understander(day: date) -> Understand:
    from zhuhuan.language.cli import DATA, KEPT, MODELS
    from zhuhuan.language.understander import NoModel, newest

    try:
        model = newest(MODELS, DATA, KEPT, tell=lambda said: typer.echo(said, err=True))
    except NoModel as missing:
        raise _wrong(f"{missing} 没有模型时，--means 可以写成 at_most_month=800 这样。") from None
    from actions.turns import understood_of

    return lambda text, pay_day: understood_of(model.understand(text, day, "means", pay_day))


def _print(heard: Heard, found: Proposal, loan: LoanFacts, beside: tuple[str | None, ...], member: Member, day: date) -> None:
    """What was heard, `beside` it what follows from it, the plans, and what was not heard on standard error."""
    from rich.console import Console

    from zhuhuan.loans.masking import mask_text
    from zhuhuan.plans.telling_tables import proposal_tables, remarks, said_table

    console = Console(emoji=False, markup=False, highlight=False)
    console.print(f"{member.name} {loan.product} {loan.loan_id}：{day} 逾期 {loan.overdue_amount:,} 元、{loan.days_past_due} 天，余额 {loan.balance:,} 元", soft_wrap=True)
    console.print(said_table(heard.said, {name: mask_text(words, member) for name, words in heard.sources.items()}))
    for words in filter(None, beside):
        console.print(words, soft_wrap=True)
    for name, texts in (("没听出还款条件", heard.unheard), ("没听出数目", heard.unclear), ("JSON里不认识、没有用到", heard.unknown)):
        if texts:
            typer.echo(f"{name}：{'；'.join(mask_text(text, member) for text in texts)}", err=True)
    if not found.offers:
        console.print("没有合适的方案。")
    for table in proposal_tables(found):
        console.print(table)
    for words in remarks(found, loan):
        console.print(words, soft_wrap=True)


def _write(offer: Offer, loan: LoanFacts, member: Member, day: date, png: Path | None, xlsx: Path | None) -> None:
    """The plan as files; told and ended with exit code 2 where they cannot be written."""
    from zhuhuan.paper.files import write
    from zhuhuan.plans.on_paper import offer_sheet

    try:
        for path in write(offer_sheet(offer, loan, member.name, day), png, xlsx):
            typer.echo(f"已写入 {path}", err=True)
    except OSError as error:
        raise _wrong(f"写不了文件 {error.filename}：{error.strerror}") from None
    except ValueError as error:
        raise _wrong(f"方案写不出来：{error}") from None
