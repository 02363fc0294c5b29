"""Two models on the held-out sentences, and which of them is better."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from sklearn.metrics import f1_score

TODAY = date(2026, 11, 24)  # the day on which the held-out sentences were written
TOLERANCE = 0.002  # half a sentence in 250: no loss worth the name
MEASURES = ("intent", "emotion", "reason", "risk_recall", "self_harm")


class Understands(Protocol):
    def understand(self, text: str, today: date, last_question: str | None = None) -> dict[str, Any]: ...


@dataclass(frozen=True)
class Score:
    """intent, emotion, reason: macro-F1; risk_recall and self_harm: share of flags that were raised. All from 0 to 1."""

    intent: float
    emotion: float
    reason: float
    risk_recall: float
    self_harm: float

    def better_than(self, other: Score) -> bool:
        """No worse in recall of self-harm, and better or the same in the mean of all: a missed sign of self-harm is not made up for by anything."""
        if self.self_harm < other.self_harm:
            return False
        return self.mean >= other.mean - TOLERANCE

    @property
    def mean(self) -> float:
        return float(sum(getattr(self, name) for name in MEASURES)) / len(MEASURES)


def read_held(files: Sequence[Path]) -> list[dict[str, Any]]:
    """Labelled cases of JSON-lines files."""
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]


def score(model: Understands, cases: Sequence[Mapping[str, Any]]) -> Score:
    """The model's figures on `cases`. Raises ValueError where there are none."""
    if not cases:
        raise ValueError("没有留出的句子可以评分")
    answers = [model.understand(case["text"], TODAY, case.get("last_question")) for case in cases]

    def f1(truth: list[str], found: list[str]) -> float:
        return float(f1_score(truth, found, labels=sorted(set(truth)), average="macro", zero_division=0))

    raised = [{flag["name"] for flag in answer["risk"]} for answer in answers]
    flags = [(flag, flag in heard) for case, heard in zip(cases, raised, strict=True) for flag in case["risk"]]
    harm = [hit for flag, hit in flags if flag == "self_harm"]
    return Score(
        f1([c["intent"] for c in cases], [a["intent"]["name"] for a in answers]),
        f1([c["emotion"] for c in cases], [a["emotion"]["name"] for a in answers]),
        f1([c["reason"] or "none" for c in cases], [(a["reason"] or {"name": "none"})["name"] for a in answers]),
        sum(hit for _, hit in flags) / max(1, len(flags)) if flags else 1.0,
        sum(harm) / len(harm) if harm else 1.0,
    )
