"""How a conversation looks in the terminal: who speaks on the left, what is said on the right."""

from __future__ import annotations

from rich.cells import chop_cells
from rich.console import Console
from rich.text import Text

MEMBER, ASSISTANT = Text("会员", "cyan"), Text("助还", "green")


def show(console: Console, who: Text, said: str) -> None:
    """Print one utterance, its lines broken where they are full: Chinese has no blanks to break them at."""
    room = max(console.width - who.cell_len - 1, 10)
    lines = [piece for line in said.splitlines() for piece in chop_cells(line, room) or [""]] or [""]
    indent = " " * (who.cell_len + 1)
    console.print(Text.assemble(who, " ", f"\n{indent}".join(lines)), no_wrap=True, overflow="ignore", crop=False)
