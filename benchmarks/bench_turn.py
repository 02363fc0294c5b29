"""`make bench-turn`: latency, throughput, training, start, memory and size of our bot beside a freshly made `rasa init` bot, in one run.

    python -m benchmarks.bench_turn                             # everything: trains both, about ten minutes on two cores
    python -m benchmarks.bench_turn --model FILE --peer FOLDER  # turns, start and memory alone, with bots trained before; README.md stays

Both bots run at the same time and are asked by turns, conversation by conversation, so that whatever else the machine does hits both.
"""

from __future__ import annotations

import os
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, NamedTuple
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.progress import Progress

from benchmarks import figures
from benchmarks.bots import (
    Bot,
    Ours,
    Peer,
    add_sentence,
    copy_project,
    make_peer,
    resident_megabytes,
    seconds_to_first_answer,
    train_ours,
)
from benchmarks.figures import Row, percentile
from benchmarks.scripts import loan_book_speakers, peer_speakers, plain_speakers
from benchmarks.talking import TURNS_EACH, Speaker, Timings, many_clients, one_client, sentences
from zhuhuan.loans.values import MemberFile
from zhuhuan.serve.places import ROOT
from zhuhuan.serve.sample import members_to_try, prepare_book

CLIENTS = 8
console = Console(stderr=True)


class Kind(NamedTuple):
    """A kind of turn: to whom, by whom."""

    name: str
    bot: Bot
    speakers: Iterator[Speaker]


def talk_by_turns(kinds: list[Kind], conversations: int, rounds: int) -> tuple[dict[str, Timings], dict[str, Timings]]:
    """Timings by kind, of one client and of CLIENTS at once; raises NotAnswered where a bot does not say what it should."""
    alone, together = {kind.name: Timings() for kind in kinds}, {kind.name: Timings() for kind in kinds}
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task("turns", total=(conversations + rounds) * len(kinds))
        for number in range(conversations):
            for kind in kinds:
                speaker = next(kind.speakers)
                alone[kind.name].add(one_client(kind.bot.url, speaker, sentences(speaker.script.turns, number * TURNS_EACH)))
                progress.advance(task)
        for number in range(rounds):
            for kind in kinds:
                speakers = [next(kind.speakers) for _ in range(CLIENTS)]
                offsets = [(conversations + number * CLIENTS + place) * TURNS_EACH for place in range(CLIENTS)]
                texts = [sentences(s.script.turns, offset) for s, offset in zip(speakers, offsets, strict=True)]
                together[kind.name].add(many_clients(kind.bot.url, speakers, texts))
                progress.advance(task)
    for name in alone:
        alone[name].check(f"{name}, one client")
        together[name].check(f"{name}, {CLIENTS} clients")
    return alone, together


def members_in_turn(url: str, at: datetime) -> Iterator[MemberFile]:
    """Sample members with one overdue loan, no agreement and none that was broken (those are asked first how they are), each once."""
    files = members_to_try(url, at.date(), count=1_000_000)
    return (file for file in files if len(file.overdue_loans) == 1 and not any(promise.status == "broken" for promise in file.promises))


def turn_rows(alone: dict[str, Timings], together: dict[str, Timings]) -> list[Row]:
    """The rows about turns."""
    peer = {share: percentile(alone["peer"].milliseconds, share) for share in (0.5, 0.95)}
    crowd = {share: percentile(together["peer"].milliseconds, share) for share in (0.5, 0.95)}
    rate = {name: len(found.milliseconds) / found.seconds for name, found in together.items()}
    rows: list[Row] = []
    for name, title, most in (("plain", "plain turn", 1.0), ("loan book", "loan-book turn", 1.5)):
        p50, p95 = (percentile(alone[name].milliseconds, share) for share in (0.5, 0.95))
        steady = {} if name == "plain" else {"target": "< 2 × own p50", "reached": p95 < 2 * p50}
        rows += [Row(f"{title}, 1 client, p50", "ms", p50, peer[0.5], most=most), Row(f"{title}, 1 client, p95", "ms", p95, peer[0.95], **steady)]  # type: ignore[arg-type]
    for name, title in (("plain", "plain turn"), ("loan book", "loan-book turn")):
        p50, p95 = (percentile(together[name].milliseconds, share) for share in (0.5, 0.95))
        rows += [Row(f"{title}, {CLIENTS} clients, p50", "ms", p50, crowd[0.5]), Row(f"{title}, {CLIENTS} clients, p95", "ms", p95, crowd[0.95])]
    rows.append(Row(f"plain turns a second, {CLIENTS} clients", "1/s", rate["plain"], rate["peer"], least=1.0))
    rows.append(Row(f"loan-book turns a second, {CLIENTS} clients", "1/s", rate["loan book"], rate["peer"]))
    return rows


def starts(ours: Ours, peer: Peer, times: int) -> dict[str, list[float]]:
    """Seconds of each start, the two by turns; both run after the last one."""
    found: dict[str, list[float]] = {ours.name: [], peer.name: []}
    for number in range(times):
        for bot in (ours, peer):
            console.print(f"start {number + 1} of {times}: {bot.name}")
            found[bot.name].append(seconds_to_first_answer(bot))
            if number < times - 1:
                bot.stop()
    return found


def main(
    conversations: Annotated[int, typer.Option(min=1, help=f"Conversations of {TURNS_EACH} measured turns of one client, for each kind of turn.")] = 20,
    rounds: Annotated[int, typer.Option(min=1, help=f"Rounds of {CLIENTS} such conversations at once, for each kind of turn.")] = 4,
    start_times: Annotated[int, typer.Option("--starts", min=1, help="How often each bot is started; the median counts.")] = 3,
    model: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="Our model, trained before: no training is measured.")] = None,
    peer_folder: Annotated[Path | None, typer.Option("--peer", exists=True, file_okay=False, help="A trained `rasa init` folder, made before.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Exit code 1 where a target is missed.")] = False,
) -> None:
    """Measure both bots; print the table, write results/ and, after a whole run, the summary in benchmarks/README.md."""
    if (model is None) != (peer_folder is None):
        raise typer.BadParameter("--model and --peer go together: give both, or neither to train both")
    at = datetime.now(ZoneInfo("Asia/Shanghai"))
    about = figures.machine() | {"load_at_start": round(os.getloadavg()[0], 1)}
    training: list[Row] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-turn-")))
        if model is None or peer_folder is None:
            console.print("training: rasa init")
            peer_folder = folder / "peer"
            made = make_peer(peer_folder, folder)
            console.print(f"training: zhuhuan, with nothing cached (rasa init took {made.seconds:.0f} s)")
            copy_project(ROOT, folder / "project")
            cold = train_ours(folder / "project", folder)
            console.print(f"training: zhuhuan, one sentence added (before: {cold.seconds:.0f} s)")
            add_sentence(folder / "project")
            warm = train_ours(folder / "project", folder)
            model = cold.model
            training = [Row("training, nothing cached", "s", cold.seconds, made.seconds),
                        Row("training, one sentence added", "s", warm.seconds, made.seconds, most=1.0)]  # fmt: skip
        peer_model = next((peer_folder / "models").glob("*.tar.gz"))
        url = f"sqlite:///{(folder / 'book.db').as_posix()}"
        prepare_book(url, at.date(), folder)
        ours, peer = Ours(model, url, folder), Peer(peer_folder, folder)
        stack.callback(peer.stop)
        stack.callback(ours.stop)
        started = starts(ours, peer, start_times)
        members = members_in_turn(url, at)
        kinds = [Kind("plain", ours, plain_speakers(ROOT, members)), Kind("peer", peer, peer_speakers()),
                 Kind("loan book", ours, loan_book_speakers(members))]  # fmt: skip
        alone, together = talk_by_turns(kinds, conversations, rounds)
        rows = turn_rows(alone, together) + training
        seconds = {name: statistics.median(found) for name, found in started.items()}
        rows.append(Row("start until the first answer", "s", seconds[ours.name], seconds[peer.name], most=1.0))
        rows.append(Row("resident memory after all turns", "MB", resident_megabytes(ours.pids()), resident_megabytes(peer.pids()), most=1.0))
        rows.append(Row("model", "MB", model.stat().st_size / 1e6, peer_model.stat().st_size / 1e6))
    report(rows, about, {"starts": started, "one client": raw(alone), "many clients": raw(together)}, at, whole=bool(training))
    if strict and any(row.met is False for row in rows):
        raise typer.Exit(1)


def raw(found: dict[str, Timings]) -> dict[str, Any]:
    """Every turn's milliseconds, the number of turns answered otherwise, and the seconds in all."""
    return {
        name: {"ms": [round(ms, 2) for ms in t.milliseconds], "answered otherwise": len(t.others), "seconds": round(t.seconds, 3)}
        for name, t in found.items()
    }


def report(rows: list[Row], about: dict[str, Any], measured: dict[str, Any], at: datetime, whole: bool) -> None:
    """Print, and write down."""
    about["load_at_end"] = round(os.getloadavg()[0], 1)
    Console().print(figures.rich_table(rows))
    console.print(f"written: {figures.write_json(rows, about, measured, at, ROOT / 'results').relative_to(ROOT)}")
    if whole:
        counted = {name: [len(kind["ms"]) for kind in measured[name].values()] for name in ("one client", "many clients")}
        turns = f"Turns of each kind: {min(counted['one client'])} by one client, {min(counted['many clients'])} by {CLIENTS} clients at once."
        figures.write_summary("bench-turn", figures.markdown(rows, about, at, turns))


if __name__ == "__main__":
    typer.run(main)
