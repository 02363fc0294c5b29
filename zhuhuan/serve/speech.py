"""How a conversation looks in the terminal: who speaks on the left, what is said wrapped on the right."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

MEMBER, ASSISTANT = Text("会员", "cyan"), Text("助还", "green")


def show(console: Console, who: Text, said: str) -> None:
    """Print one utterance."""
    line = Table.grid(padding=(0, 1))
    line.add_column(width=who.cell_len)
    line.add_column(overflow="fold")
    line.add_row(who, Text(said, overflow="fold"))
    console.print(line)
