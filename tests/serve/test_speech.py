"""A conversation in the terminal."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from zhuhuan.serve.speech import ASSISTANT, show

SAID = st.text(st.sampled_from("分期元 1，。[b]/\n"), max_size=120)


@given(SAID, st.integers(20, 90))
def test_lines_fit_the_terminal_and_nothing_that_was_said_is_lost(said: str, width: int) -> None:
    out = io.StringIO()
    show(Console(file=out, width=width), ASSISTANT, said)
    lines = out.getvalue().splitlines()
    assert all(cell_len(line.rstrip()) <= width for line in lines)
    shown = "".join(lines).replace("助还", "", 1)
    assert "".join(shown.split()) == "".join(said.split())
