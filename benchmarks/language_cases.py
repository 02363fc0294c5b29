"""The held-out sentences and lines (tests/heldout: written apart, never trained on), and how answers are scored against them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sklearn.metrics import classification_report

from zhuhuan.language.labels import BAD_ACTS

ROOT = Path(__file__).resolve().parents[1]
HELD = ROOT / "tests" / "heldout"


def read(name: str) -> list[dict[str, Any]]:
    """Cases of one file of tests/heldout, by its name without the ending."""
    return [json.loads(line) for line in (HELD / f"{name}.jsonl").read_text(encoding="utf-8").splitlines() if line]


def near_misses() -> list[str]:
    """Collectors' lines that must raise no alarm."""
    return [line for line in (HELD / "near_misses.txt").read_text(encoding="utf-8").splitlines() if line.strip()]


def report(truth: Sequence[str], answers: Sequence[str]) -> dict[str, Any]:
    """scikit-learn's report by label, and the pairs most often confused."""
    told: dict[str, Any] = classification_report(list(truth), list(answers), output_dict=True, zero_division=0)
    told["confused"] = [[t, a, n] for (t, a), n in Counter((t, a) for t, a in zip(truth, answers, strict=True) if t != a).most_common(20)]
    return told


def macro(told: dict[str, Any]) -> float:
    """Macro-F1 over the labels that occur among the cases."""
    rows = [row["f1-score"] for name, row in told.items() if isinstance(row, dict) and " avg" not in name and row["support"]]
    return sum(rows) / len(rows)


def values_exact(cases: Sequence[dict[str, Any]], answers: Sequence[dict[str, Any]]) -> dict[str, tuple[int, int]]:
    """Per kind of value: cases whose values are all exact, and cases that have any or were given one falsely."""
    found: dict[str, tuple[int, int]] = {}
    for kind in ("amount", "date", "periods", "duration", "time"):
        right = of = 0
        for case, answer in zip(cases, answers, strict=True):
            true = sorted(str((e.get("value"), e.get("bound"), e.get("per"))) for e in case["entities"] if e["type"] == kind)
            said = sorted(str((e.get("value"), e.get("bound"), e.get("per"))) for e in answer["entities"] if e["entity"] == kind)
            if true or said:
                of, right = of + 1, right + (true == said)
        found[kind] = (right, of)
    return found


def acts_report(cases: Sequence[dict[str, Any]], answers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Per act precision, recall, F1; macro-F1 over acts that occur; recall and precision of the bad ones by line."""
    truth = [set(c["acts"]) for c in cases]
    heard = [{x["name"] for x in a["acts"] + a["bad"]} for a in answers]
    rows: dict[str, dict[str, float]] = {}
    for act in sorted(set().union(*truth)):
        hit = sum(act in t and act in h for t, h in zip(truth, heard, strict=True))
        precision, recall = hit / max(1, sum(act in h for h in heard)), hit / sum(act in t for t in truth)
        rows[act] = {"n": sum(act in t for t in truth), "precision": precision, "recall": recall, "f1-score": 2 * precision * recall / max(1e-9, precision + recall)}
    bad = [(bool(t & set(BAD_ACTS)), bool(h & set(BAD_ACTS))) for t, h in zip(truth, heard, strict=True)]
    return {
        "acts": rows,
        "macro": sum(r["f1-score"] for r in rows.values()) / len(rows),
        "bad_recall": sum(t and h for t, h in bad) / max(1, sum(t for t, _ in bad)),
        "bad_precision": sum(t and h for t, h in bad) / max(1, sum(h for _, h in bad)),
    }


def reliability(sure: Sequence[float], right: Sequence[bool], bins: int = 10) -> list[tuple[float, float, int]]:
    """Per tenth of confidence: mean confidence, share that was right, number. Their weighted distance is the calibration error."""
    rows = []
    for i in range(bins):
        inside = [(s, r) for s, r in zip(sure, right, strict=True) if i / bins <= s < (i + 1) / bins or (i == bins - 1 and s == 1.0)]
        if inside:
            rows.append((sum(s for s, _ in inside) / len(inside), sum(r for _, r in inside) / len(inside), len(inside)))
    return rows


def calibration_error(rows: Sequence[tuple[float, float, int]]) -> float:
    """Expected calibration error of `reliability` rows."""
    return sum(abs(s - r) * n for s, r, n in rows) / sum(n for _, _, n in rows)
