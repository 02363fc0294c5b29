"""A chat in the terminal, as a member."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from prompt_toolkit import PromptSession
from rich.console import Console
from rich.markup import escape

from zhuhuan.loans.values import MemberFile
from zhuhuan.serve.client import Client
from zhuhuan.serve.sample import try_table
from zhuhuan.serve.speech import ASSISTANT, show

HELP = "直接打字就是会员说话。[bold]/换 序号或手机号[/] 换一位会员，[bold]/名单[/] 再看名单，[bold]/退[/] 或 Ctrl-D 结束。"


def chat(client: Client, members: Sequence[MemberFile], console: Console, phone: str | None = None) -> None:
    """Talk until the end of input, `/退` or Ctrl-C. `phone`: whose number the messages come from (None: the first of `members`)."""
    sender = phone or (members[0].member.phone if members else "19900000001")
    _show(members, console)
    console.print(HELP)
    console.print(f"现在您的号码是 [bold]{sender}[/]", highlight=False)
    for line in _lines():
        match line.strip().split(maxsplit=1):
            case []:
                continue
            case ["/退" | "/q" | "/quit" | "/exit"]:
                return
            case ["/名单"]:
                _show(members, console)
            case ["/换", who]:
                sender = _number_of(who, members)
                console.print(f"现在您的号码是 [bold]{escape(sender)}[/]", highlight=False)
            case ["/换" | "/help" | "/?" | "/帮助", *_]:
                console.print(HELP)
            case _:
                for reply in client.say(sender, line):
                    show(console, ASSISTANT, reply)


def _number_of(who: str, members: Sequence[MemberFile]) -> str:
    place = int(who) if who.isascii() and who.isdigit() and len(who) < 4 else 0
    return members[place - 1].member.phone if 1 <= place <= len(members) else who.strip()


def _show(members: Sequence[MemberFile], console: Console) -> None:
    if members:
        console.print(try_table(members))


def _lines() -> Iterator[str]:
    """What is typed, line by line, with history and editing at a terminal."""
    if not sys.stdin.isatty():
        yield from (line.rstrip("\n") for line in sys.stdin)
        return
    session: PromptSession[str] = PromptSession("您   ")
    while True:
        try:
            yield session.prompt()
        except (EOFError, KeyboardInterrupt):
            return
