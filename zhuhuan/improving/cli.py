"""`zhuhuan language review`, `correct` and `train --compare`, beside the commands of zhuhuan.language."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.prompt import Prompt
from rich.table import Table

from zhuhuan.language.cli import app
from zhuhuan.language.labels import EMOTIONS, INTENTS, QUESTIONS, REASONS, RISKS
from zhuhuan.serve.places import BOOK, MODELS, ROOT

REVIEWED = ROOT / "data" / "nlu" / "reviewed.yml"
HELD = tuple(ROOT / "tests" / "heldout" / f"{name}.jsonl" for name in ("members", "context", "turns"))
SKIP, DROP, STOP = "s", "d", "q"
Database = Annotated[str, typer.Option(envvar="ZHUHUAN_DB", help="贷款账本的数据库地址。")]


def _wrong(why: str) -> typer.Exit:
    typer.echo(why, err=True)
    return typer.Exit(2)


def _checked(name: str | None, known: tuple[str, ...], kind: str) -> None:
    if name is not None and name not in known:
        raise _wrong(f"{kind} 不认识 {name}，可以是 {'、'.join(known)}")


def _checked_label(intent: str | None, emotion: str | None, reason: str | None, risk: list[str] | None) -> None:
    _checked(intent, INTENTS, "意图")
    _checked(emotion, EMOTIONS, "情绪")
    _checked(reason, REASONS, "原因")
    for flag in risk or ():
        _checked(flag, RISKS, "风险")


@app.command()
def review(
    db: Database = BOOK,
    label: Annotated[int | None, typer.Option(help="不逐条询问，只给这一条标注（与 --intent 同用）。")] = None,
    drop: Annotated[int | None, typer.Option(help="不逐条询问，只丢弃这一条。")] = None,
    intent: Annotated[str | None, typer.Option(help="意图，labels.md 里的名字。")] = None,
    emotion: Annotated[str | None, typer.Option(help="情绪。")] = None,
    reason: Annotated[str | None, typer.Option(help="原因。")] = None,
    risk: Annotated[list[str] | None, typer.Option(help="风险，可写多次。")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="列出清单，每行一个 JSON，不询问。")] = False,
    limit: Annotated[int, typer.Option(min=1, help="最多看多少条。")] = 50,
    file: Annotated[Path, typer.Option(help="标注好的句子写进这个训练文件。")] = REVIEWED,
) -> None:
    """复核：没把握的话、催收员纠正过的话，已隐去个人信息；标注后写进训练句子。"""
    from zhuhuan.loans.book import LoanBook
    from zhuhuan.loans.errors import LoanBookError

    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    _checked_label(intent, emotion, reason, risk)
    try:
        with LoanBook(db) as book:
            waiting = book.utterances(limit)
        if as_json:
            for one in waiting:
                print(json.dumps({"number": one.number, "text": one.text, "last_question": one.last_question, "confidence": one.confidence, "source": one.source,
                                  "understood": dict(one.understood)}, ensure_ascii=False))
        elif drop is not None:
            with LoanBook(db) as book:
                book.settle_utterance(drop, None, now)
            typer.echo(f"第 {drop} 条已丢弃")
        elif label is not None:
            if intent is None:
                raise _wrong("--label 要和 --intent 同用")
            _settle(db, label, {"intent": intent, "emotion": emotion, "reason": reason, "risk": tuple(risk or ())}, file, now)
        else:
            _ask_each(db, waiting, file, now)
    except LoanBookError as error:
        raise _wrong(str(error)) from None


@app.command()
def correct(
    text: Annotated[str, typer.Argument(help="会员的原话。")],
    intent: Annotated[str, typer.Option(help="应当是什么意图，labels.md 里的名字。")],
    emotion: Annotated[str | None, typer.Option(help="情绪。")] = None,
    reason: Annotated[str | None, typer.Option(help="原因。")] = None,
    risk: Annotated[list[str] | None, typer.Option(help="风险，可写多次。")] = None,
    last_question: Annotated[str | None, typer.Option(help="这句话回答的是哪一问。")] = None,
    db: Database = BOOK,
) -> None:
    """催收员纠正：这句话听错了，应当是什么；排在复核清单最前面，复核后才写进训练句子。"""
    from zhuhuan.language.cli import DATA, KEPT
    from zhuhuan.language.understander import NoModel, newest
    from zhuhuan.loans.book import LoanBook
    from zhuhuan.loans.errors import LoanBookError

    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    _checked_label(intent, emotion, reason, risk)
    _checked(last_question, QUESTIONS, "提问")
    if not text.strip():
        raise _wrong("要写会员的原话")
    try:
        heard = newest(MODELS, DATA, KEPT, tell=lambda said: typer.echo(said, err=True)).understand(text, now.date(), last_question)
        ranking = [intent, *(one["name"] for one in heard["intent_ranking"] if one["name"] != intent)]
        label = {"intent": intent, "ranking": ranking, "emotion": emotion or heard["emotion"]["name"], "reason": reason, "risk": list(risk or ())}
        with LoanBook(db) as book:
            book.note_utterance(text, last_question, label, heard["intent"]["confidence"], "corrected", now)
            book.audit("utterance_corrected", None, now, heard=heard["intent"]["name"], intent=intent)
    except (LoanBookError, NoModel) as error:
        raise _wrong(str(error)) from None
    typer.echo(f"已记下：听成了 {heard['intent']['name']}，应当是 {intent}；等待复核")


def _settle(db: str, number: int, given: dict[str, Any], file: Path, now: datetime) -> None:
    """Label one: the sentence is written first, so that a failure leaves it on the list."""
    from zhuhuan.improving.labelled import add_sentence, label_of
    from zhuhuan.loans.book import LoanBook

    with LoanBook(db) as book:
        found = book.utterance(number)
        label = label_of(**given, last_question=found.last_question)
        new = add_sentence(file, found.text, label)
        book.settle_utterance(number, label, now)
    typer.echo(f"第 {number} 条已标注为 {label['intent']}，{'写进' if new else '早已在'} {file.name}")


def _ask_each(db: str, waiting: tuple[Any, ...], file: Path, now: datetime) -> None:
    from zhuhuan.loans.book import LoanBook

    console = Console()
    if not waiting:
        console.print("复核清单是空的。")
        return
    console.print(f"待复核 {len(waiting)} 条。写意图的名字或序号，回车取第一个，{SKIP} 跳过，{DROP} 丢弃，{STOP} 结束。", highlight=False)
    for one in waiting:
        guesses = [name for name in one.understood.get("ranking") or [one.understood.get("intent")] if name in INTENTS][:5]
        console.print(f"\n[b]{one.text}[/b]", highlight=False)
        console.print(f"  上一问：{one.last_question or '无'}　" + "　".join(f"{i}. {name}" for i, name in enumerate(guesses, 1)), highlight=False)
        default = guesses[0] if guesses else SKIP
        answer = Prompt.ask("  意图", default=default, console=console)
        while answer not in INTENTS and answer not in (SKIP, DROP, STOP) and not (answer.isdigit() and 1 <= int(answer) <= len(guesses)):
            answer = Prompt.ask("  没有这个意图，再写一次", default=default, console=console)
        if answer == STOP:
            return
        if answer == SKIP:
            continue
        if answer == DROP:
            with LoanBook(db) as book:
                book.settle_utterance(one.number, None, now)
            continue
        intent = guesses[int(answer) - 1] if answer.isdigit() else answer
        emotion = Prompt.ask("  情绪", choices=list(EMOTIONS), default=one.understood.get("emotion") or "calm", console=console)
        reason = Prompt.ask("  原因（没有写 -）", choices=["-", *REASONS], default=one.understood.get("reason") or "-", show_choices=False, console=console)
        risk = Prompt.ask("  风险（几个用空格隔开，没有写 -）", default=" ".join(one.understood.get("risk") or ()) or "-", console=console)
        given = {"intent": intent, "emotion": emotion, "reason": None if reason == "-" else reason, "risk": tuple(flag for flag in risk.split() if flag in RISKS)}
        _settle(db, one.number, given, file, now)


@app.command()
def train(compare: Annotated[bool, typer.Option("--compare", help="新旧两个模型在留出的句子上评分，留下好的。")] = False) -> None:
    """训练模型；--compare 时新旧相比，新的不如旧的就仍用旧的。"""
    from zhuhuan.improving.comparing import MEASURES, read_held, score
    from zhuhuan.language.understander import Understander
    from zhuhuan.serve.errors import ServeError
    from zhuhuan.serve.models import ensure_model, keep_language_of, newest_model

    old = newest_model()
    try:
        new = ensure_model()
    except ServeError as error:
        raise _wrong(str(error)) from None
    if not compare:
        typer.echo(f"{MODELS.name}/{new.name}")
        return
    if old is None or old == new:
        typer.echo(f"只有一个模型 {new.name}，没有可比的。")
        return
    cases = read_held(HELD)
    before, after = (score(Understander.of_archive(file), cases) for file in (old, new))
    table = Table(title=f"{len(cases)} 个留出的句子")
    for column in ("", f"旧 {old.name[8:16]}", f"新 {new.name[8:16]}", "变化"):
        table.add_column(column)
    for name in MEASURES:
        was, now = getattr(before, name), getattr(after, name)
        table.add_row(name, f"{was:.3f}", f"{now:.3f}", f"{now - was:+.3f}")
    Console().print(table)
    if after.better_than(before):
        typer.echo(f"用新的：{MODELS.name}/{new.name}")
    else:
        keep_language_of(old, new)
        typer.echo(f"新的不如旧的，语言理解仍用旧的（规则和话术用新的）：{MODELS.name}/{new.name}")


__all__ = ["app"]
