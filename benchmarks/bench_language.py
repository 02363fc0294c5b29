"""`make bench-language`: precision, recall and F1 by label on the held-out set (tests/heldout, written by another hand and never trained on).

Prints the weakest labels and the usual confusions, and writes all figures to results/language.json.
"""

from __future__ import annotations

import json
import platform
import time
from collections import Counter
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sklearn.metrics import classification_report

from zhuhuan.language.labels import RISKS
from zhuhuan.language.understander import Understander
from zhuhuan.serve.models import ensure_model

ROOT = Path(__file__).resolve().parents[1]
TODAY = date(2026, 11, 24)
SHOWN = 12


def cases() -> list[dict[str, Any]]:
    """The held-out sentences with their labels."""
    files = [ROOT / "tests" / "heldout" / f"{name}.jsonl" for name in ("members", "context", "turns")]
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines() if line]


def report(truth: list[str], answers: list[str]) -> dict[str, Any]:
    """scikit-learn's report as values."""
    told: dict[str, Any] = classification_report(truth, answers, output_dict=True, zero_division=0)
    return told


def weakest(console: Console, name: str, told: dict[str, Any], pairs: Counter[tuple[str, str]]) -> None:
    """A table of the labels with the lowest F1 and what they are taken for."""
    table = Table(title=f"{name}: accuracy {told['accuracy']:.3f}, macro-F1 {told['macro avg']['f1-score']:.3f}")
    for column in ("label", "n", "precision", "recall", "F1", "most often taken for"):
        table.add_column(column)
    labels = [label for label in told if isinstance(told[label], dict) and " avg" not in label and told[label]["support"]]
    for label in sorted(labels, key=lambda one: told[one]["f1-score"])[:SHOWN]:
        row, wrong = told[label], Counter({answer: n for (truth, answer), n in pairs.items() if truth == label != answer})
        table.add_row(label, str(int(row["support"])), *(f"{row[k]:.2f}" for k in ("precision", "recall", "f1-score")), ", ".join(f"{a} {n}" for a, n in wrong.most_common(2)))
    console.print(table)


def main() -> None:
    """Score the newest model, print, write."""
    console, held = Console(), cases()
    model = Understander.of_archive(ensure_model())
    started = time.perf_counter()
    answers = [model.understand(c["text"], TODAY, c.get("last_question")) for c in held]
    each = (time.perf_counter() - started) / len(held) * 1000
    figures: dict[str, Any] = {"at": datetime.now(timezone.utc).isoformat(), "machine": platform.platform(), "sentences": len(held), "ms_an_utterance": round(each, 2)}
    fields = {
        "intent": ([c["intent"] for c in held], [a["intent"]["name"] for a in answers]),
        "emotion": ([c["emotion"] for c in held], [a["emotion"]["name"] for a in answers]),
        "reason": ([c["reason"] or "none" for c in held], [(a["reason"] or {"name": "none"})["name"] for a in answers]),
    }
    for name, (truth, found) in fields.items():
        figures[name] = report(truth, found)
        weakest(console, name, figures[name], Counter(zip(truth, found, strict=True)))
    table = Table(title="risk")
    for column in ("flag", "n", "recall", "false alarms"):
        table.add_column(column)
    for flag in RISKS:
        true, heard = [flag in c["risk"] for c in held], [flag in {r["name"] for r in a["risk"]} for a in answers]
        hit, false = sum(t and h for t, h in zip(true, heard, strict=True)), sum(h and not t for t, h in zip(true, heard, strict=True))
        figures[flag] = {"n": sum(true), "hit": hit, "false": false}
        table.add_row(flag, str(sum(true)), f"{hit / max(1, sum(true)):.2f}", str(false))
    console.print(table)
    out = ROOT / "results" / "language.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")
    console.print(f"{len(held)} sentences, {each:.1f} ms each; all figures in {out.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
