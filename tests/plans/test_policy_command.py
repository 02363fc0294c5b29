"""`zhuhuan policy`, as it is called."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from zhuhuan.loans.engines import close
from zhuhuan.loans.importing import import_file
from zhuhuan.loans.migrations import make_ready
from zhuhuan.loans.sample import SHIPPED, SHIPPED_DAY
from zhuhuan.plans.policy_cli import app

TEXT = resources.files("zhuhuan.plans").joinpath("policy.yml").read_text(encoding="utf-8")
DAY = ("--today", SHIPPED_DAY.isoformat())


def call(*args: object) -> Result:
    return CliRunner(env={"COLUMNS": "160"}).invoke(app, [str(a) for a in args])


def test_a_policy_that_is_right_passes_and_one_that_is_wrong_is_named_by_line(tmp_path: Path) -> None:
    path = tmp_path / "policy.yml"
    path.write_text(TEXT, encoding="utf-8")
    right = call("check", path)
    assert right.exit_code == 0 and "2026.1" in right.stderr and right.stdout == ""
    path.write_text(TEXT.replace("late_days: 1 ", "late_days: often ").replace("waiver_by: supervisor ", "waiver_by: boss "), encoding="utf-8")
    wrong = call("check", path)
    lines = [next(i for i, line in enumerate(TEXT.splitlines(), 1) if name in line) for name in ("late_days:", "waiver_by:")]
    assert wrong.exit_code == 2 and all(f"第{line}行" in wrong.stderr for line in lines)
    assert call("check", tmp_path / "none.yml").exit_code == 2


def test_a_sheet_is_simulated_without_a_database_of_its_own(tmp_path: Path) -> None:
    done = call("simulate", SHIPPED, *DAY, "--png", tmp_path / "plot.png")
    assert done.exit_code == 0, done.output
    assert "账上会员 200 人" in done.stdout and "种植 1–30天" in done.stdout and "全部" in done.stdout
    assert (tmp_path / "plot.png").read_bytes().startswith(b"\x89PNG")
    assert sorted(tmp_path.iterdir()) == [tmp_path / "plot.png"]


def test_a_database_is_simulated_by_file_or_url_and_left_as_it_is(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/book.db"
    make_ready(url)
    import_file(url, SHIPPED, SHIPPED_DAY)
    close(url)
    before = (tmp_path / "book.db").read_bytes()
    by_url, by_file = (call("simulate", book, *DAY) for book in (url, tmp_path / "book.db"))
    assert by_url.exit_code == by_file.exit_code == 0 and by_url.stdout == by_file.stdout
    close(url)
    assert (tmp_path / "book.db").read_bytes() == before


def test_two_policies_are_set_against_each_other(tmp_path: Path) -> None:
    other = tmp_path / "other.yml"
    other.write_text(TEXT.replace("assistant:  {amount: 20000", "assistant:  {amount: 2000", 1), encoding="utf-8")
    done = call("simulate", SHIPPED, *DAY, "--policy", other, "--against", Path(str(resources.files("zhuhuan.plans").joinpath("policy.yml"))))
    assert done.exit_code == 0, done.output
    assert "2026.1（policy.yml） → 2026.1（other.yml）" in done.stdout and " → " in done.stdout.split("由谁定")[1]


def test_what_is_assumed_of_every_member_changes_what_they_get() -> None:
    plain, jobless = call("simulate", SHIPPED, *DAY), call("simulate", SHIPPED, *DAY, "--reason", "unemployment", "--income", "3000", "--outgoings", "2400.00")
    assert jobless.exit_code == 0 and "缓一缓再还" in jobless.stdout.split("不论排第几")[0] and "为什么没有方案" in jobless.stdout
    assert "为什么没有方案" not in plain.stdout


@pytest.mark.parametrize(("args", "words"), [
    (("none.db",), "没有数据库文件"),
    (("none.csv",), "none.csv"),
    (("nonsense://x",), "数据库地址不对"),
    ((SHIPPED, "--policy", "none.yml"), "none.yml"),
    ((SHIPPED, "--income", "much"), "3000"),
    ((SHIPPED, "--income", "-5"), "负"),
    ((SHIPPED, "--reason", "laziness"), "laziness"),
])
def test_what_cannot_be_used_ends_in_words(args: tuple[object, ...], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = call("simulate", *args, *DAY)
    assert done.exit_code == 2 and words in done.stderr and done.stdout == ""


def test_a_sheet_with_a_bad_row_is_told_by_its_line(tmp_path: Path) -> None:
    sheet = tmp_path / "book.csv"
    rows = SHIPPED.read_text(encoding="utf-8-sig").splitlines()[:3]
    sheet.write_text("\n".join([*rows, rows[2].replace(",", ";")]), encoding="utf-8")
    done = call("simulate", sheet, *DAY)
    assert done.exit_code == 2 and "book.csv" in done.stderr and "4" in done.stderr


def test_a_book_of_nobody_says_so(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/book.db"
    make_ready(url)
    done = call("simulate", url, *DAY)
    assert done.exit_code == 0 and "没有逾期的会员" in done.stdout


def test_a_picture_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = call("simulate", SHIPPED, *DAY, "--png", tmp_path / "file" / "plot.png")
    assert done.exit_code == 2 and "plot.png" in done.stderr
