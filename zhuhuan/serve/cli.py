"""`zhuhuan serve | train | chat | demo | converse`: running the whole. The only module of this room that reads the settings and the clock."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from contextlib import ExitStack
from datetime import date, datetime
from enum import Enum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from zhuhuan.serve.places import BOOK, LOGS, VAR
from zhuhuan.serve.ports import LOOPBACK
from zhuhuan.serve.starting import errors, model, servers, told

app = typer.Typer(help="训练、启动、对话。", no_args_is_help=True, pretty_exceptions_enable=False)
PORT = 5005

Database = Annotated[str, typer.Option("--db", envvar="ZHUHUAN_DB", help="账本的数据库地址（SQLAlchemy URL）。")]
Port = Annotated[int, typer.Option("--port", min=1, max=65535, help="对话服务的端口。")]
Host = Annotated[str, typer.Option("--host", help="对话服务监听的地址；默认只有本机能连。")]
Phone = Annotated[str | None, typer.Option("--phone", help="以哪个手机号说话；默认是示例名单的第一位。")]


class Channel(str, Enum):
    """The channels of `converse`."""

    chat = "chat"
    sms = "sms"


def _zone() -> ZoneInfo:
    return ZoneInfo(os.environ.get("ZHUHUAN_ZONE", "Asia/Shanghai"))


def _today() -> date:
    return datetime.now(_zone()).date()


def _absolute(url: str) -> str:
    """The action server runs in the project's folder: an SQLite path relative to this one is made absolute."""
    scheme, slashes, path = url.partition(":///")
    return f"{scheme}:///{Path(path).absolute().as_posix()}" if scheme == "sqlite" and slashes and path and path != ":memory:" else url


def _where(url: str, console: Console, phone: str = "19900000001") -> None:
    """Where to talk, with an example that can be pasted."""
    body = json.dumps({"sender": phone, "message": "你好"}, ensure_ascii=False)
    console.print(f"服务已启动。REST 地址：{url}/webhooks/rest/webhook，例如：", highlight=False, soft_wrap=True)
    console.print(f"  curl -s {url}/webhooks/rest/webhook -H 'Content-Type: application/json' -d '{body}'", highlight=False, markup=False, soft_wrap=True)
    console.print("按 Ctrl-C 结束。", highlight=False)


@app.command()
def train() -> None:
    """训练模型；models/ 里已有当前数据的模型时什么也不做。"""
    with told():
        typer.echo(f"models/{model().name}")


@app.command()
def serve(db: Database = BOOK, port: Port = PORT, host: Host = LOOPBACK) -> None:
    """启动动作服务和对话服务，直到 Ctrl-C。"""
    from zhuhuan.loans.migrations import make_ready

    with told():
        make_ready(_absolute(db))
        with servers(_absolute(db), port=port, host=host) as running:
            _where(running.url, Console(emoji=False))
            running.wait()
        errors.print("服务都已关闭。")


@app.command()
def chat(phone: Phone = None, db: Database = BOOK, port: Port = PORT) -> None:
    """在终端里以会员身份对话：连到已启动的服务，没有就自己启动。"""
    from zhuhuan.serve.chat import chat as talk
    from zhuhuan.serve.client import Client
    from zhuhuan.serve.sample import members_to_try, prepare_book

    url, today = _absolute(db), _today()
    with told(), ExitStack() as stack:
        prepare_book(url, today, VAR)
        client = stack.enter_context(Client(f"http://{LOOPBACK}:{port}"))
        if not client.reachable():
            stack.enter_context(servers(url, port=port))
        talk(client, members_to_try(url, today), Console(emoji=False), phone)


@app.command()
def demo(
    check: Annotated[bool, typer.Option("--check", help="自动对话一次，直到账本里有了还款安排；成功时退出码为 0。")] = False,
    db: Database = BOOK,
    port: Port = PORT,
    phone: Phone = None,
) -> None:
    """从头演示：建账本、导入示例会员、训练、启动，然后在终端里对话。"""
    from zhuhuan.serve.chat import chat as talk
    from zhuhuan.serve.client import Client
    from zhuhuan.serve.sample import members_to_try, prepare_book, try_table

    console, today = Console(emoji=False), _today()
    with told():
        if check:
            _check(console, today)
            return
        url = _absolute(db)
        if added := prepare_book(url, today, VAR):
            console.print(f"账本是空的，已导入 {added} 位虚构的示例会员。", highlight=False)
        with servers(url, port=port) as running:
            members = members_to_try(url, today)
            _where(running.url, console, *(file.member.phone for file in members[:1]))
            if sys.stdin.isatty():
                with Client(running.url) as client:
                    talk(client, members, console, phone)
            else:
                console.print(try_table(members))
                running.wait()
        errors.print("服务都已关闭。")


def _check(console: Console, today: date) -> None:
    """The scripted conversation, in a book of its own so that it can be held again and again."""
    from zhuhuan.loans.engines import close
    from zhuhuan.serve.check import hold
    from zhuhuan.serve.client import Client
    from zhuhuan.serve.sample import member_for_check, prepare_book

    with tempfile.TemporaryDirectory(prefix="zhuhuan-") as folder:
        url = f"sqlite:///{Path(folder).as_posix()}/check.db"
        console.print(f"账本已建好，导入了 {prepare_book(url, today, Path(folder))} 位虚构的示例会员。", highlight=False)
        file = member_for_check(url, today)
        with servers(url, trust_clock=True) as running, Client(running.url) as client:
            found = hold(client, url, file, today, _zone(), console)
        close(url)
    console.print(f"[green]检查通过[/]：还款安排已存入账本，{len(found.schedule)} 期，合计 {found.total:,} 元，各期相加无误。", highlight=False)


@app.command()
def converse(
    file: Annotated[Path, typer.Argument(help="对话文件（YAML，格式见文档）。")],
    today: Annotated[datetime | None, typer.Option("--today", formats=["%Y-%m-%d"], help="对话从哪一天开始；默认今天。")] = None,
    channel: Annotated[Channel, typer.Option("--channel", help="对话没有写明时用的渠道。")] = Channel.chat,
    out: Annotated[Path | None, typer.Option("--out", help="写到哪个文件；默认标准输出。")] = None,
) -> None:
    """对真实的服务进行整段对话：每段一本临时账本，每轮一行 JSON。"""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from zhuhuan.serve.books import Books
    from zhuhuan.serve.client import Client
    from zhuhuan.serve.converse import converse as hold
    from zhuhuan.serve.dialogues import read_dialogues

    day = today.date() if today else _today()
    with told(), ExitStack() as stack:
        dialogues = read_dialogues(file, day)
        lines = stack.enter_context(out.open("w", encoding="utf-8")) if out else typer.get_text_stream("stdout", encoding="utf-8")
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zhuhuan-")))
        books = Books(folder)
        running = stack.enter_context(servers(books.url, trust_clock=True, logs=LOGS / "converse"))
        client = stack.enter_context(Client(running.url, running.token))
        columns = TextColumn("对话"), BarColumn(), MofNCompleteColumn(), TextColumn("轮"), TimeRemainingColumn()
        progress = stack.enter_context(Progress(*columns, console=errors))
        task = progress.add_task("", total=sum(len(d.turns) for d in dialogues))
        for told_lines in hold(dialogues, client, books, day, _zone(), channel.value, on_turn=lambda: progress.advance(task)):
            for line in told_lines:
                lines.write(json.dumps(line, ensure_ascii=False) + "\n")
            lines.flush()
