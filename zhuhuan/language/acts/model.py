"""The learnt part: a head over all acts, and the clause in which a bad one stands.

A line is read whole and clause by clause: an act said in half a sentence is heard although the rest says something else.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import joblib
import numpy as np

from zhuhuan.language.acts.advice import advice
from zhuhuan.language.acts.disclosure import disclosed
from zhuhuan.language.acts.lines import Line
from zhuhuan.language.acts.refusals import refused
from zhuhuan.language.embedding import Embedder, Matrix
from zhuhuan.language.features import Features, SentenceFeatures, readable
from zhuhuan.language.heads import LinearHead
from zhuhuan.language.labels import BAD_ACTS, GOOD_ACTS
from zhuhuan.language.vectors import VectorStore

ACTS = GOOD_ACTS + BAD_ACTS
FIRST_BAD = len(GOOD_ACTS)
CONTEXT = ("disclose_to_third_party", "disclose_before_verification")  # what they are depends on who listens
CLAUSE = re.compile(r"[^，。！？；,.!?;\s]+")
SHORTEST = 4  # characters of a clause that says something by itself
SURE = 0.9  # from here on words of refusal do not help: `我们不会去您单位，就去您家门口`
SPLIT = 5  # parts for the thresholds: each line is scored by a head that never saw it
STRENGTH = 0.6
BAD_COUNTS = 2.0  # a line with a bad act counts so much more than one without
LEAST, MOST = 0.3, 0.4  # between these lies every threshold


def clauses(text: str) -> list[tuple[int, int]]:
    """Spans of the clauses of a line, those of fewer than SHORTEST characters joined to the next."""
    spans: list[tuple[int, int]] = []
    start: int | None = None
    for found in CLAUSE.finditer(text):
        start = found.start() if start is None else start
        if found.end() - start >= SHORTEST:
            spans.append((start, found.end()))
            start = None
    if start is not None:
        end = len(text.rstrip())
        spans = [*spans[:-1], (spans[-1][0], end)] if spans else [(start, end)]
    return spans


def _truth(lines: Sequence[Line]) -> Matrix:
    return np.array([[float(act in line.acts) for act in ACTS] for line in lines], dtype=np.float32).reshape(-1, len(ACTS))


def best_threshold(sure: Matrix, truth: Matrix) -> float:
    """The confidence from which on an act counts: where F1 is highest, within LEAST and MOST (wider bounds fit chance, measured)."""
    order = np.argsort(-sure)
    hits, number = np.cumsum(truth[order]), np.arange(1, len(sure) + 1)
    score = 2 * hits / (number + max(1.0, float(truth.sum())))
    return float(np.clip(sure[order][int(score.argmax())], LEAST, MOST))


@dataclass
class ActsModel:
    """Features, head and thresholds learnt from lines, and the embedder they were learnt with."""

    features: SentenceFeatures
    head: LinearHead
    thresholds: Matrix
    embed: Embedder

    @classmethod
    def fit(cls, lines: Sequence[Line], embed: Embedder, vectors: Path) -> ActsModel:
        """Trained on `lines`; `vectors` is the folder in which vectors are kept from one training to the next."""
        texts = [readable(line.text) for line in lines]
        rows = VectorStore(vectors).vectors(embed, texts)
        features = SentenceFeatures().fit(texts, rows)
        known, truth = features.transform(texts, rows), _truth(lines)
        weights = np.where(truth[:, FIRST_BAD:].any(axis=1), BAD_COUNTS, 1.0).astype(np.float32)
        scores = np.zeros_like(truth)
        part = np.random.default_rng(0).permutation(len(lines)) % SPLIT
        for i in range(SPLIT):
            inside, outside = np.flatnonzero(part != i), np.flatnonzero(part == i)
            scores[outside] = _head().fit(known.rows(inside), truth[inside], weights[inside]).scores(known.rows(outside))
        head = _head().fit(known, truth, weights)
        fitted = head.bias.copy()
        head.calibrate_each(scores, truth)
        sure = np.asarray(1 / (1 + np.exp(-(scores + head.bias - fitted) / head.temperature)), dtype=np.float32)
        thresholds = [best_threshold(sure[:, i], truth[:, i]) for i in range(len(ACTS))]
        return cls(features, head, np.array(thresholds, dtype=np.float32), embed)

    def _confidences(self, texts: Sequence[str]) -> Matrix:
        read = [readable(text) for text in texts]
        features: Features = self.features.transform(read, self.embed(read))
        return self.head.confidences(features)

    def hear(self, text: str, verified: bool = True, third_party: bool = False) -> dict[str, Any]:
        """One line as contract.md's `zhuhuan language acts` answers it.

        Who listens decides what a fact is: told to somebody else, or before the member's identity is checked, it is disclosed.
        """
        spans = clauses(text)
        parts = [text[start:end] for start, end in spans]
        found = self._confidences([text, *parts])
        whole, by_clause = found[0], found[1:]
        acts = {ACTS[i]: float(whole[i]) for i in np.flatnonzero(whole >= self.thresholds)}
        bad = {name: confidence for name, confidence in acts.items() if name in BAD_ACTS}
        bad = {name: confidence for name, confidence in bad.items() if name not in CONTEXT and (confidence >= SURE or not refused(name, text))}
        named = "disclose_to_third_party" if third_party else "disclose_before_verification" if not verified else None
        told = disclosed(text, third_party)
        if named and (told or named in acts):
            bad[named] = max(acts.get(named, 0.0), 0.9 if told else 0.0)
        elif named is None and "disclose_to_third_party" in acts:
            bad["disclose_to_third_party"] = acts["disclose_to_third_party"]  # `我已经跟你老丈人说了你欠钱的事`
        return {
            "text": text,
            "acts": [{"name": n, "confidence": round(c, 4)} for n, c in acts.items() if n in GOOD_ACTS],
            "bad": [self._blamed(n, c, text, spans, by_clause, told) for n, c in sorted(bad.items(), key=lambda item: -item[1])],
        }

    def _blamed(self, name: str, confidence: float, text: str, spans: list[tuple[int, int]], by_clause: Matrix, told: tuple[int, int] | None) -> dict[str, Any]:
        if name in CONTEXT and told:
            start, end = told
        elif spans:
            start, end = spans[int(by_clause[:, ACTS.index(name)].argmax())]
        else:
            start, end = 0, len(text)
        why, better = advice(name, text)
        return {"name": name, "confidence": round(confidence, 4), "start": start, "end": end, "why": why, "better": better}

    def save(self, file: Path) -> None:
        """All but the embedder, whole or not at all."""
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, half = tempfile.mkstemp(dir=file.parent)
        os.close(handle)
        joblib.dump((self.features, self.head, self.thresholds), half)
        os.replace(half, file)

    @classmethod
    def load(cls, file: Path, embed: Embedder) -> ActsModel:
        """From a file that `save` wrote."""
        features, head, thresholds = joblib.load(file)
        return cls(features, head, thresholds, embed)


def _head() -> LinearHead:
    return LinearHead(ACTS, link="sigmoid", strength=STRENGTH)
