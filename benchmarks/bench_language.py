"""`make bench-language`: what the language model makes of held-out sentences (tests/heldout: written apart, never trained on), beside Rasa's default pipeline
trained on the same sentences in the same run, as many of them as it can learn in minutes (`--sentences`); ours is trained on just these too.

Prints precision, recall, F1 and the usual confusions by label, writes all figures to results/language.json, plots to results/*.png, the summary into README.md.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import psutil
import typer
from rich.console import Console
from rich.table import Table
from sklearn.model_selection import train_test_split

from benchmarks.figures import machine, write_summary
from benchmarks.language_cases import (
    ROOT,
    acts_report,
    calibration_error,
    macro,
    near_misses,
    read,
    reliability,
    report,
    values_exact,
)
from benchmarks.language_plots import confusion_plot, f1_plot, reliability_plot
from benchmarks.peer_language import parse_with, train_peer
from zhuhuan.improving.comparing import risks
from zhuhuan.language.acts.kept import acts_model
from zhuhuan.language.cli import COLLECTOR, MODELS, VECTORS
from zhuhuan.language.examples import Example, read_examples
from zhuhuan.language.labels import INTENTS
from zhuhuan.language.understander import Understander
from zhuhuan.serve.models import ensure_model

TODAY = date(2026, 11, 24)
HEADERS = ("", "here", "to reach", "here, trained on fewer", "Rasa default, on the same fewer")
GOALS = {"intent macro-F1": 0.90, "emotion macro-F1": 0.85, "reason macro-F1": 0.90, "risk recall": 0.95, "self_harm recall": 1.0, "values exact": 0.98,
         "collector acts macro-F1": 0.85, "bad acts recall": 0.95, "bad acts precision": 0.90}  # fmt: skip


def label_table(console: Console, name: str, told: dict[str, Any], peer: dict[str, Any] | None) -> None:
    """Every label, weakest first, the peer's F1 beside it."""
    table = Table(title=f"{name}: accuracy {told['accuracy']:.3f}, macro-F1 {macro(told):.3f}" + (f"; peer {peer['accuracy']:.3f}, {macro(peer):.3f}" if peer else ""))
    for column in ("label", "n", "precision", "recall", "F1", *(("peer's F1",) if peer else ())):
        table.add_column(column)
    rows = {n: r for n, r in told.items() if isinstance(r, dict) and " avg" not in n and r["support"]}
    for label, row in sorted(rows.items(), key=lambda item: item[1]["f1-score"]):
        beside = (f"{peer.get(label, {}).get('f1-score', 0.0):.2f}",) if peer else ()
        table.add_row(label, str(int(row["support"])), *(f"{row[k]:.2f}" for k in ("precision", "recall", "f1-score")), *beside)
    console.print(table)
    console.print("confused most: " + ", ".join(f"{t} → {a} {n}" for t, a, n in told["confused"][:10]))


def main(
    epochs: Annotated[int, typer.Option(min=0, help="Epochs of the peer's DIETClassifier (Rasa's default is 100); 0 leaves the peer out.")] = 100,
    sentences: Annotated[int, typer.Option(min=400, help="How many training sentences the comparison uses: all of them take the peer hours.")] = 2000,
) -> None:
    """Score, compare, print, write."""
    console, out = Console(), ROOT / "results"
    out.mkdir(exist_ok=True)
    archive = ensure_model()
    before = psutil.Process().memory_info().rss
    model = Understander.of_archive(archive)
    model.understand("你好", TODAY)
    loaded = (psutil.Process().memory_info().rss - before) / 1e6
    turns = read("turns") + read("values")
    held = read("members") + read("context") + turns
    started = time.perf_counter()
    answers = [model.understand(c["text"], TODAY, c.get("last_question")) for c in held]
    each = (time.perf_counter() - started) / len(held) * 1000
    examples = read_examples(sorted((ROOT / "data" / "nlu").glob("*.yml")))
    _, seconds = fitted(examples)
    figures: dict[str, Any] = {"machine": machine(), "sentences": len(held), "learnt_from": len(examples), "training_s": seconds, "ms_an_utterance": each, "mb_loaded": loaded}
    fields = {
        "intent": ([c["intent"] for c in held], [a["intent"]["name"] for a in answers]),
        "emotion": ([c["emotion"] for c in held], [a["emotion"]["name"] for a in answers]),
        "reason": ([c["reason"] or "none" for c in held], [(a["reason"] or {"name": "none"})["name"] for a in answers]),
    }
    peer: dict[str, Any] | None = None
    if epochs:
        with tempfile.TemporaryDirectory(prefix="bench-language-") as folder:
            some = sample(examples, sentences)
            small, small_seconds = fitted(some)
            alike = [small.understand(c["text"], TODAY, c.get("last_question"))["intent"]["name"] for c in held]
            console.print(f"training Rasa's default pipeline ({epochs} epochs) on {len(some)} of the {len(examples)} sentences …")
            trained = train_peer(Path(folder), epochs, [(e.text, e.intent) for e in some])
            intents, ms, mb = parse_with(trained.model, [c["text"] for c in held])
        peer = report(fields["intent"][0], intents)
        figures["peer"] = {"epochs": epochs, "sentences": len(some), "training_s": trained.seconds, "ms_an_utterance": ms, "mb": mb, "intent": peer}
        figures["same_sentences"] = {"training_s": small_seconds, "intent": report(fields["intent"][0], alike)}
    for name, (truth, found) in fields.items():
        figures[name] = report(truth, found)
        beside = peer if name == "intent" else None
        label_table(console, name, figures[name], beside)
        f1_plot(out / f"language-{name}.png", name, figures[name], beside)
    confusion_plot(out / "language-confusion.png", *fields["intent"])
    figures["risk"] = risks(held, answers)
    figures["values"] = values_exact(turns, answers[-len(turns) :])
    right = {"intent": [t == f for t, f in zip(*fields["intent"], strict=True)], "reason": [t == f for t, f in zip(*fields["reason"], strict=True) if f != "none"]}
    sure = {"intent": [a["intent"]["confidence"] for a in answers], "reason": [a["reason"]["confidence"] for a in answers if a["reason"]]}
    curves = {name: reliability(sure[name], right[name]) for name in sure}
    figures["calibration_error"] = {name: calibration_error(rows) for name, rows in curves.items()}
    reliability_plot(out / "language-reliability.png", curves)
    acts = acts_model(COLLECTOR, MODELS, VECTORS)
    lines = read("collectors")
    heard = [acts.hear(c["text"], c.get("context") not in ("before_verification", "third_party"), c.get("context") == "third_party") for c in lines]
    figures["collector"] = acts_report(lines, heard)
    figures["collector"]["near_miss_alarms"] = sum(bool(acts.hear(text)["bad"]) for text in near_misses())
    f1_plot(out / "language-acts.png", "collector acts", figures["collector"]["acts"])
    rows = summary(figures, len(near_misses()))
    table = Table(title=f"{len(held)} sentences of members, {len(lines)} lines of collectors; {each:.1f} ms an utterance; {loaded:.0f} MB loaded")
    for column in HEADERS:
        table.add_column(column)
    for row in rows:
        table.add_row(*row)
    console.print(table)
    (out / "language.json").write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")
    about, now = figures["machine"], datetime.now(ZoneInfo("Asia/Shanghai"))
    text = [f"{now:%Y-%m-%d %H:%M}, {about['cpu']}, {about['cores']} cores, Python {about['python']}, rasa {about['rasa']}. {len(held)} sentences of members, {len(lines)} lines of collectors.", f"Trained on {len(examples)} sentences" + (f"; the comparison on {sentences} of them." if peer else "; no comparison in this run."), "", "| " + " | ".join(HEADERS) + " |", "|---|--:|--:|--:|--:|"]
    write_summary("bench-language", "\n".join([*text, *("| " + " | ".join(row) + " |" for row in rows)]))
    console.print(f"all figures in results/language.json, plots beside it: {', '.join(sorted(p.name for p in out.glob('language-*.png')))}")


def sample(examples: Sequence[Example], size: int) -> list[Example]:
    """`size` of the sentences, drawn by chance but the same in every run; every intent has its share."""
    some, _ = train_test_split(list(examples), train_size=min(size, len(examples) - len(INTENTS)), stratify=[e.intent for e in examples], random_state=0)
    return list(some)


def fitted(examples: Sequence[Example]) -> tuple[Understander, float]:
    """Our model learnt from `examples`, and the seconds that took; vectors of sentences seen before are kept on disk."""
    started = time.perf_counter()
    return Understander.fit(examples, VECTORS), time.perf_counter() - started


def summary(figures: dict[str, Any], near: int) -> list[tuple[str, str, str, str, str]]:
    """The lines of the summary: what was measured, what is to be reached, our and the peer's on the same fewer sentences."""
    peer, same, flags = figures.get("peer"), figures.get("same_sentences"), figures["risk"]
    n, hit = (sum(f[k] for f in flags.values()) for k in ("n", "hit"))
    false = sum(f["false"] for f in flags.values())
    right, of = (sum(v[i] for v in figures["values"].values()) for i in (0, 1))
    found = {
        "intent macro-F1": macro(figures["intent"]), "emotion macro-F1": macro(figures["emotion"]), "reason macro-F1": macro(figures["reason"]),
        "risk recall": hit / n, "self_harm recall": flags["self_harm"]["hit"] / flags["self_harm"]["n"], "values exact": right / of,
        "collector acts macro-F1": figures["collector"]["macro"], "bad acts recall": figures["collector"]["bad_recall"],
        "bad acts precision": figures["collector"]["bad_precision"],
    }  # fmt: skip
    rows = [(name, f"{value:.3f}", f"{GOALS[name]:.2f}", *((f"{macro(same['intent']):.3f}", f"{macro(peer['intent']):.3f}") if same and peer and name.startswith("intent") else ("", ""))) for name, value in found.items()]
    return [
        *rows,
        ("risk precision", f"{hit / max(1, hit + false):.3f}", "", "", ""),
        ("alarms on near misses", f"{figures['collector']['near_miss_alarms']}/{near}", "", "", ""),
        ("calibration error of intents", f"{figures['calibration_error']['intent']:.3f}", "", "", ""),
        ("ms an utterance, all answers", f"{figures['ms_an_utterance']:.1f}", "30", "", f"{peer['ms_an_utterance']:.1f} (intent alone)" if peer else ""),
        ("MB that loading adds", f"{figures['mb_loaded']:.0f}", "250", "", f"{peer['mb']:.0f} (whole process)" if peer else ""),
        ("training (s)", f"{figures['training_s']:.0f}", "", f"{same['training_s']:.0f}" if same else "", f"{peer['training_s']:.0f} ({peer['epochs']} epochs)" if peer else ""),
    ]


if __name__ == "__main__":
    typer.run(main)
