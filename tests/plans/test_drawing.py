"""A schedule as a picture: what is drawn can be seen, read and told apart, and is the same each time."""

from __future__ import annotations

import doctest
import io
import warnings
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from sheets_given import TODAY, of_contract, of_sums

from zhuhuan.money import ZERO, from_fen, yuan
from zhuhuan.paper import drawing, font
from zhuhuan.paper import sheet as sheets
from zhuhuan.paper.drawing import INTEREST, LATIN, PALE, PRINCIPAL, Script, labelled, png, script
from zhuhuan.paper.sheet import Payment, Sheet


@pytest.fixture(autouse=True)
def a_missing_glyph_is_an_error() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        warnings.filterwarnings("ignore", category=PendingDeprecationWarning)
        yield


def pixels(picture: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).astype(int)


def colour(name: str) -> np.ndarray:
    return np.array([int(name[i : i + 2], 16) for i in (1, 3, 5)])


def share(drawn: np.ndarray, name: str) -> float:
    """What share of the picture has that colour."""
    return float((np.abs(drawn - colour(name)).max(axis=2) <= 2).mean())


def light(name: str) -> float:
    """How light a colour prints in black and white, 0 to 255."""
    return float(colour(name) @ (0.299, 0.587, 0.114))


def test_the_bars_the_line_and_the_words_are_on_the_picture() -> None:
    drawn = pixels(png(of_sums("620", "620", "620")))
    height, width, _ = drawn.shape
    assert width >= 1200 and height >= 900
    ink = (drawn < 128).all(axis=2)
    assert 0.15 < share(drawn, PRINCIPAL) < 0.6
    assert ink[: height // 6].mean() > 0.003, "a heading"
    assert ink[int(height * 0.65) : int(height * 0.86)].mean() > 0.004, "the line of what is left"
    assert ink[int(height * 0.86) : int(height * 0.9)].any(), "due dates"
    assert (drawn[:, -5:] == 255).all() and (drawn[-5:] == 255).all(), "nothing runs over the edge"


def test_interest_stands_apart_from_principal_in_colour_and_in_black_and_white() -> None:
    drawn = pixels(png(of_contract(12)))
    assert share(drawn, PRINCIPAL) > 0.15 and share(drawn, INTEREST) > 0.003
    assert light(INTEREST) - light(PRINCIPAL) > 60
    assert light(PALE[PRINCIPAL]) - light(PRINCIPAL) > 60


def test_what_is_paid_is_pale() -> None:
    none, some, every = (pixels(png(of_contract(12, paid))) for paid in (0, 8, 12))
    assert share(none, PALE[PRINCIPAL]) < 0.001 < share(some, PALE[PRINCIPAL])
    assert share(some, PRINCIPAL) < share(none, PRINCIPAL)
    assert share(every, PRINCIPAL) < 0.01 < share(every, PALE[PRINCIPAL])


@pytest.mark.parametrize("sheet", [
    of_sums("620"), of_sums(*["35.20"] * 52), of_sums("1000000", "23456789.01"), of_sums("0.01"), of_contract(24, 10), of_contract(120), of_contract(360),
    of_sums("620", title="还款计划：䶮㛃𫢸\U000fffff$x^2$\n\x07第二行", about=(("贷款", "很长的名称" * 60),)),
], ids=["one", "weekly", "millions", "a fen", "two years", "ten years", "thirty years", "strange words"])
def test_any_length_and_any_words_are_drawn_inside_the_picture_without_a_missing_glyph(sheet: Sheet) -> None:
    drawn = pixels(png(sheet))
    assert 0.02 < (drawn < 250).any(axis=2).mean() < 0.9
    assert (drawn[:, -2:] == 255).all() and (drawn[:2] == 255).all() and (drawn[-2:] == 255).all() and (drawn[:, :2] == 255).all()


def test_the_same_schedule_gives_the_same_bytes_that_tell_nothing_of_day_or_machine() -> None:
    sheet = of_contract(12, 3)
    first = png(sheet)
    assert png(sheet) == first
    assert Image.open(io.BytesIO(first)).info.keys() <= {"dpi"}
    assert png(of_sums("620")) != png(of_sums("621"))


def test_a_matplotlibrc_of_the_machine_changes_nothing_and_is_left_as_it_was() -> None:
    import matplotlib

    plain = png(of_sums("620"))
    with matplotlib.rc_context({"axes.facecolor": "red", "font.size": 30, "savefig.transparent": True}):
        assert png(of_sums("620")) == plain
        assert matplotlib.rcParams["font.size"] == 30


def test_without_a_chinese_font_the_words_are_latin_and_not_boxes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhuhuan.paper.drawing.chinese_font", lambda: None)
    assert script() == Script(None, LATIN)
    drawn = pixels(png(of_contract(12)))
    assert share(drawn, PRINCIPAL) > 0.15
    assert script().plain("张三 A1") == "?? A1"


def test_the_packaged_font_has_the_characters_of_names_and_papers_and_lies_in_a_file() -> None:
    path = font.packaged_font()
    assert path is not None and path.suffix in (".otf", ".ttf")
    assert font.missing("助还　还款计划表，本金、利息、罚息、复利：１２３￥①〓“林晓燕”䶮㛃喆堃镕翀還款計畫", path) == ""
    assert font.missing("还\U000fffff款\U000fffff", path) == "\U000fffff"
    gb2312 = [bytes((a, b)) for a in range(0xB0, 0xF8) for b in range(0xA1, 0xFF)]
    assert font.missing("".join(c.decode("gb2312", "ignore") for c in gb2312), path) == ""
    assert set(map(ord, "还款计划")) <= font.characters(path)


def test_a_system_font_is_taken_only_where_it_holds_chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import matplotlib

    packaged = font.packaged_font()
    latin = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    for listed, found in ((f"{latin}: \n{tmp_path}/none.ttf: \n", None), (f"{latin}: \n{packaged}: \n", packaged), ("", None)):
        lister = tmp_path / "fc-list"
        lister.write_text(f"#!/bin/sh\nprintf '%s' '{listed}'\n")
        lister.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
        assert font.system_font() == found
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    assert font.system_font() is None
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"no font")
    assert font.characters(broken) == frozenset()


@given(st.integers(1, 400), st.floats(0.02, 3), st.floats(0.05, 2))
def test_what_is_written_beside_bars_has_room_and_reaches_the_last_one(count: int, slot: float, room: float) -> None:
    places = list(labelled(count, slot, room))
    assert places[0] == 0 and places[-1] == count - 1
    gaps = [b - a for a, b in pairwise(places)]
    assert all(gap * slot >= room for gap in gaps) or len(places) == 2


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=40), st.text(max_size=30))
def test_any_sums_and_any_title_can_be_drawn(fen: list[int], title: str) -> None:
    drawn = pixels(png(of_sums(*(str(from_fen(f)) for f in fen), title=title)))
    assert share(drawn, PRINCIPAL) > 0 and (drawn[:, -2:] == 255).all()


def test_sums_beyond_reason_and_schedules_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match="太大"):
        png(of_sums("1000000000000.01"))
    one = Payment(date(2026, 12, 15), yuan("620"))
    with pytest.raises(ValueError, match="没有任何一期"):
        Sheet("x", "L1", TODAY, (), ZERO)
    with pytest.raises(ValueError, match="不符"):
        Sheet("x", "L1", TODAY, (one,), yuan("621"))
    with pytest.raises(ValueError, match="本金和利息"):
        Sheet("x", "L1", TODAY, (Payment(one.due, yuan("620"), yuan("600"), yuan("10")),), yuan("620"))
    with pytest.raises(ValueError, match="先后"):
        Sheet("x", "L1", TODAY, (one, Payment(date(2026, 12, 14), yuan("1"))), yuan("621"))


@pytest.mark.parametrize("module", [drawing, sheets])
def test_the_examples_in_the_docstrings_run(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0 and result.failed == 0
