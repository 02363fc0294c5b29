"""Two models on the held-out sentences, and which of them is better."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol

from sklearn.metrics import f1_score

from zhuhuan.language.labels import RISKS

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


def risks(cases: Sequence[Mapping[str, Any]], answers: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
    """Per risk flag: `n` cases have it, `hit` of them were heard, `false` alarms there were."""
    heard = [{flag["name"] for flag in answer["risk"]} for answer in answers]
    return {
        flag: {
            "n": sum(flag in case["risk"] for case in cases),
            "hit": sum(flag in case["risk"] and flag in said for case, said in zip(cases, heard, strict=True)),
            "false": sum(flag not in case["risk"] and flag in said for case, said in zip(cases, heard, strict=True)),
        }
        for flag in RISKS
    }


def score(model: Understands, cases: Sequence[Mapping[str, Any]]) -> Score:
    """The model's figures on `cases`. Raises ValueError where there are none."""
    if not cases:
        raise ValueError("没有留出的句子可以评分")
    answers = [model.understand(case["text"], TODAY, case.get("last_question")) for case in cases]

    def f1(truth: list[str], found: list[str]) -> float:
        return float(f1_score(truth, found, labels=sorted(set(truth)), average="macro", zero_division=0))

    def recall(counts: Sequence[Mapping[str, int]]) -> float:
        there = sum(count["n"] for count in counts)
        return sum(count["hit"] for count in counts) / there if there else 1.0

    flags = risks(cases, answers)
    return Score(
        f1([c["intent"] for c in cases], [a["intent"]["name"] for a in answers]),
        f1([c["emotion"] for c in cases], [a["emotion"]["name"] for a in answers]),
        f1([c["reason"] or "none" for c in cases], [(a["reason"] or {"name": "none"})["name"] for a in answers]),
        recall(list(flags.values())),
        recall([flags["self_harm"]]),
    )
