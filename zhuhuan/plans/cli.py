"""`zhuhuan plans`: the plan engine without the dialogue."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from zhuhuan.plans.jsonl import InputError, answer_of, case_of
from zhuhuan.plans.policy import Policy, load_policy
from zhuhuan.plans.policy_file import PolicyError
from zhuhuan.plans.propose import propose

app = typer.Typer(help="还款方案：按成员说的话排方案。", no_args_is_help=True)
PolicyFile = Annotated[Path | None, typer.Option("--policy", help="政策文件，默认用随软件带的那份。")]


@app.callback()
def room() -> None:
    """还款方案：按成员说的话排方案。"""


def policy_of(path: Path | None) -> Policy:
    """The policy file, or the shipped one; told and ended with exit code 2 where it cannot be used."""
    try:
        return load_policy(path)
    except (PolicyError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None


def _lines() -> Iterator[tuple[int, str]]:
    """Numbered lines of standard input that are not blank, read as UTF-8 whatever the terminal's own encoding is."""
    for number, raw in enumerate(sys.stdin.buffer, 1):
        try:
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8").strip()
        except UnicodeDecodeError as error:
            raise InputError(f"不是UTF-8编码（{error.reason}）", number) from None
        if line:
            yield number, line


def day_of(today: str | None) -> date:
    """The day of --today, by default the system's; told and ended with exit code 2 where there is no such day."""
    try:
        return date.fromisoformat(today) if today else date.today()
    except ValueError:
        typer.echo(f"--today {today}：没有这一天，写成2026-11-24这样。", err=True)
        raise typer.Exit(2) from None


@app.command("propose")
def propose_command(
    jsonl: Annotated[bool, typer.Option("--jsonl", help="从标准输入逐行读JSON，逐行写出方案。")] = False,
    policy: PolicyFile = None,
    today: Annotated[str | None, typer.Option(help="行里没有today时用的日期（YYYY-MM-DD），默认今天。")] = None,
) -> None:
    """按每行的贷款和成员说的话排出两三个方案（contract.md）。输入有错时退出码为2，标准错误写明行号和原因。"""
    if not jsonl:
        typer.echo("请加 --jsonl，并从标准输入给出每行一个JSON。", err=True)
        raise typer.Exit(2)
    answer_lines(policy, today)


def answer_lines(policy: Path | None, today: str | None) -> None:
    """Answer every line of standard input (contract.md); told and ended with exit code 2 at the first that cannot be used."""
    rules, fallback = policy_of(policy), day_of(today)
    number = 0
    try:
        for number, line in _lines():
            case = case_of(line, fallback)
            if case.unknown:
                typer.echo(f"第{number}行：said里不认识{'、'.join(case.unknown)}，没有用到", err=True)
            found = propose(case.loan, case.said, rules, case.today)
            sys.stdout.buffer.write(_json(answer_of(found)).encode() + b"\n")
    except InputError as error:
        sys.stdout.buffer.flush()
        typer.echo(f"第{error.line or number}行：{error}", err=True)
        raise typer.Exit(2) from None
    sys.stdout.buffer.flush()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    app()
