"""The command line: a room is imported only when called; bad input ends with 2 and a reason."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from zhuhuan.cli import COMMANDS, ROOMS, app
from zhuhuan.serve import cli

IMPORTED = """
import sys
from zhuhuan.cli import app
try:
    app(sys.argv[1:])
except SystemExit as ended:
    print(ended.code, *sorted(m for m in sys.modules if m.count(".") == 1 and m.startswith("zhuhuan.") or m in ("rasa", "tensorflow")))
"""


def run(*arguments: str) -> tuple[int, set[str]]:
    done = subprocess.run([sys.executable, "-c", IMPORTED, *arguments], capture_output=True, text=True, check=True)
    code, *modules = done.stdout.splitlines()[-1].split()
    return int(code), set(modules)


def test_a_rooms_command_does_not_import_the_other_rooms() -> None:
    code, modules = run("plans", "propose", "--help")
    assert code == 0 and "zhuhuan.plans" in modules
    assert modules.isdisjoint({"zhuhuan.language", "zhuhuan.serve", "zhuhuan.guide", "rasa", "tensorflow"})


def test_the_help_of_all_commands_imports_no_room() -> None:
    code, modules = run("--help")
    assert code == 0 and modules == {"zhuhuan.cli"}


@pytest.mark.parametrize("name", [*ROOMS, *COMMANDS])
def test_every_command_that_is_named_exists(name: str) -> None:
    result = CliRunner().invoke(app, [name, "--help"])
    assert result.exit_code == 0, result.output
    assert f"zhuhuan {name}" in result.output


def test_bad_dialogues_end_with_two_and_the_line_on_standard_error(tmp_path: Path) -> None:
    file = tmp_path / "bad.yml"
    file.write_text("- id: x01\n  turns: [{member: 你好}]\n", encoding="utf-8")
    result = CliRunner().invoke(app, ["converse", str(file)])
    assert result.exit_code == 2 and result.stdout == ""
    assert "第1行" in result.stderr and "account" in result.stderr


@pytest.mark.parametrize("arguments", [["converse"], ["converse", "x.yml", "--today", "2026-13-01"], ["converse", "x.yml", "--channel", "fax"], ["nonsense"]])
def test_bad_usage_ends_with_two(arguments: list[str]) -> None:
    assert CliRunner().invoke(app, arguments).exit_code == 2


def test_a_port_in_use_is_told_without_a_traceback(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("zhuhuan.serve.ports.is_free", lambda port, host="": False)
    result = CliRunner().invoke(app, ["serve", "--db", f"sqlite:///{tmp_path.as_posix()}/book.db", "--port", "5005"])
    assert result.exit_code == 1
    assert "端口 5005 已被别的程序占用" in result.stderr and "--port" in result.stderr and "Traceback" not in result.output


@pytest.mark.parametrize(
    ("given", "absolute"),
    [("sqlite:////a/b.db", "sqlite:////a/b.db"), ("sqlite://", "sqlite://"), ("postgresql://h/d", "postgresql://h/d")],
)
def test_urls_that_are_absolute_stay_as_they_are(given: str, absolute: str) -> None:
    assert cli._absolute(given) == absolute


def test_a_relative_sqlite_file_is_of_the_folder_in_which_the_command_was_called(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli._absolute("sqlite:///var/x.db") == f"sqlite:///{tmp_path.as_posix()}/var/x.db"
