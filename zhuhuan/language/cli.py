"""`zhuhuan language parse` and `acts`: what the language model makes of a member's and of a collector's sentence, a JSON line each (contract.md).

Needs neither Rasa nor a server.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from zhuhuan.language.labels import QUESTIONS

app = typer.Typer(help="语言理解：会员的话，催收员的话，复核，训练。", no_args_is_help=True, pretty_exceptions_enable=False)
ROOT = Path(__file__).resolve().parents[2]
MODELS, DATA, KEPT = ROOT / "models", ROOT / "data" / "nlu", ROOT / "var" / "language"
COLLECTOR, VECTORS = ROOT / "data" / "collector", ROOT / ".rasa" / "vectors"


@app.callback()
def language() -> None:
    """语言理解。"""


def bad(number: int, why: str) -> typer.Exit:
    """Tell what is wrong with a line on standard error; exit status 2."""
    typer.echo(f"第 {number} 行：{why}", err=True)
    return typer.Exit(2)


@app.command()
def parse(today: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="对话的日期；默认今天。")] = None) -> None:
    """标准输入每行一个 {"text": …, "last_question": …}，标准输出每行一个理解结果。"""
    from zhuhuan.language.understander import NoModel, newest

    day = today.date() if today else datetime.now(ZoneInfo("Asia/Shanghai")).date()
    lines = [(number, line) for number, line in enumerate(sys.stdin, 1) if line.strip()]
    questions = [question_of(number, line) for number, line in lines]
    try:
        model = newest(MODELS, DATA, KEPT, tell=lambda said: typer.echo(said, err=True))
    except NoModel as missing:
        typer.echo(str(missing), err=True)
        raise typer.Exit(2) from None
    for text, last_question in questions:
        answer = model.understand(text, day, last_question)
        del answer["intent_ranking"]
        print(json.dumps(answer, ensure_ascii=False))


@app.command()
def acts() -> None:
    """标准输入每行一个 {"text": …, "verified": …, "third_party": …}（催收员的话），标准输出每行一个判断：做了什么，哪句不能说、为什么、怎么说更好。"""
    from zhuhuan.language.acts.kept import acts_model
    from zhuhuan.language.understander import NoModel

    lines = [line_of(number, line) for number, line in enumerate(sys.stdin, 1) if line.strip()]
    try:
        model = acts_model(COLLECTOR, MODELS, VECTORS, tell=lambda said: typer.echo(said, err=True))
    except NoModel as missing:
        typer.echo(str(missing), err=True)
        raise typer.Exit(2) from None
    for text, verified, third_party in lines:
        print(json.dumps(model.hear(text, verified, third_party), ensure_ascii=False))


def line_of(number: int, line: str) -> tuple[str, bool, bool]:
    """Text, verified (default true) and third_party (default false) of one line of input; exits with status 2 where it is none."""
    said = _json(number, line)
    flags = [said.get(name, default) for name, default in (("verified", True), ("third_party", False))]
    if not all(isinstance(flag, bool) for flag in flags):
        raise bad(number, '"verified" 和 "third_party" 只能是 true 或 false')
    return said["text"], flags[0], flags[1]


def _json(number: int, line: str) -> dict[str, Any]:
    try:
        asked = json.loads(line)
    except json.JSONDecodeError as fault:
        raise bad(number, f"不是有效的 JSON：{fault.msg}（第 {fault.colno} 列）") from None
    if not isinstance(asked, dict) or not isinstance(asked.get("text"), str):
        raise bad(number, '要有 "text"，它的值是字符串')
    return asked


def question_of(number: int, line: str) -> tuple[str, str | None]:
    """Text and last question of one line of input; exits with status 2 where it is none."""
    asked = _json(number, line)
    last_question = asked.get("last_question")
    if last_question is not None and last_question not in QUESTIONS:
        raise bad(number, f'"last_question" 不认识 {last_question!r}，可以是 null 或 {"、".join(QUESTIONS)}')
    return asked["text"], last_question


if __name__ == "__main__":
    app()
