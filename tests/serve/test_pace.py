"""The clock of scripted conversations (contract.md)."""

from __future__ import annotations

import doctest
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from zhuhuan.serve import pace
from zhuhuan.serve.pace import OPENING, Pace

ZONE = ZoneInfo("Asia/Shanghai")
TODAY = date(2026, 11, 24)
turns = st.lists(st.tuples(st.integers(0, 3), st.none() | st.times().map(lambda t: t.replace(second=0, microsecond=0))), min_size=1, max_size=12)


def test_the_example_holds() -> None:
    assert doctest.testmod(pace).failed == 0


@given(turns)
def test_the_clock_never_runs_back_and_keeps_the_hour_that_is_named(script: list[tuple[int, time | None]]) -> None:
    clock = Pace(TODAY, ZONE)
    last: datetime | None = None
    for gap, at in script:
        now = clock.next(gap, at)
        if last is not None:
            assert now >= last
            if gap:
                assert (now.date() - last.date()).days == gap
            elif at is None:
                assert now - last == timedelta(minutes=1)
        if at is not None:
            assert now.time() == at
        elif last is None or gap:
            assert now.time() == OPENING
        last = now
