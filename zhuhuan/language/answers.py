"""The four questions put to every sentence: intent, reason, emotion, risk. Each is a head with its own reading of the examples.

`fit` trains on all examples and sets temperature and thresholds by sentences left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from zhuhuan.language.embedding import Matrix
from zhuhuan.language.examples import Example
from zhuhuan.language.features import Features
from zhuhuan.language.heads import LinearHead
from zhuhuan.language.labels import EMOTIONS, INTENTS, QUESTIONS, REASONS, RISKS

NONE = "none"
BARE, LONG = 8, 20  # characters: up to so many a reply is read by the question alone, from so many on by itself alone
ASKED_ANYWAY = 0.4  # share of longer sentences without a question that are learnt with one
FEELING = 2.5  # a sentence with feeling counts so much more than a calm one: feelings are rarer, and missing one costs more
CALM_ODDS = 0.4  # a feeling is heard where calm is not more than 1/0.4 times as likely: a kind word too many costs less than one too few
NONE_ODDS = 0.5  # a reason is heard where "none" is less than twice as likely: in requests and refusals it is told in passing, and asking for it again hurts
FLAGGED = 4.0  # the same for sentences with a risk flag


def one_hot(names: Sequence[str | None], labels: Sequence[str]) -> Matrix:
    """A row a name with a one in its label's column; a row of zeros for a name that is no label."""
    place = {label: i for i, label in enumerate(labels)}
    rows = np.zeros((len(names), len(labels)), np.float32)
    for row, name in enumerate(names):
        if name in place:
            rows[row, place[name]] = 1
    return rows


def left_out(head: Callable[[], LinearHead], features: Features, truth: Matrix, share: float = 0.2) -> tuple[Matrix, Matrix]:
    """Scores and truth of a fifth of the sentences, by a head that was trained on the others."""
    held = np.random.default_rng(0).random(len(features)) < share
    if held.all() or not held.any():
        held = np.arange(len(features)) % 2 == 0
    inside, outside = np.flatnonzero(~held), np.flatnonzero(held)
    return head().fit(features.rows(inside), truth[inside]).scores(features.rows(outside)), truth[outside]


def _evened(truth: Matrix) -> Matrix:
    """Weights by which frequent labels outvote rare ones less: the square root of median over own frequency."""
    counts = np.maximum(truth.sum(axis=0), 1)
    return np.asarray(np.sqrt(np.median(counts) / counts)[truth.argmax(axis=1)], dtype=np.float32)


def _any_question(examples: Sequence[Example]) -> list[str | None]:
    """Each sentence's question; a part of the longer ones that have none get any, so that it is learnt that a question does not bend them."""
    chance = np.random.default_rng(0)
    draws, names = chance.random(len(examples)), chance.choice(QUESTIONS, len(examples))
    return [e.last_question or (str(name) if draw < ASKED_ANYWAY and len(e.text) > BARE + 3 else None) for e, draw, name in zip(examples, draws, names, strict=True)]


class IntentAnswer:
    """One of the 39 intents. The assistant's last question is a feature: it tells what a short reply means."""

    name = "intent"

    def __init__(self) -> None:
        self.head = LinearHead(INTENTS)

    def fit(self, features: Features, examples: Sequence[Example]) -> IntentAnswer:
        truth = one_hot([e.intent for e in examples], INTENTS)
        asked = self._with_question(features, _any_question(examples))
        self.head.fit(asked, truth, _evened(truth))
        self.head.calibrate(*left_out(lambda: LinearHead(INTENTS), asked, truth))
        return self

    def ranking(self, features: Features, last_question: str | None, length: int = 0) -> list[tuple[str, float]]:
        """Intents with their confidence for the one sentence in `features`, likeliest first.

        The question decides what a bare reply means; whatever says more than that keeps its own label (labels.md, "A reply to a question"),
        so its weight falls with the sentence's `length` in characters.
        """
        found = self.head.confidences(self._with_question(features, [None]))[0]
        if last_question is not None and (weight := float(np.clip((LONG - length) / (LONG - BARE), 0, 1))):
            asked = self.head.confidences(self._with_question(features, [last_question]))[0]
            found = weight * asked + (1 - weight) * found
        return [(INTENTS[i], float(found[i])) for i in np.argsort(-found)]

    @staticmethod
    def _with_question(features: Features, questions: Sequence[str | None]) -> Features:
        return Features(features.grams, np.hstack([features.dense, one_hot(questions, QUESTIONS)]))


class ReasonAnswer:
    """Why the payment was missed, or nothing."""

    name = "reason"

    def __init__(self) -> None:
        self.head = LinearHead((NONE, *REASONS))

    def fit(self, features: Features, examples: Sequence[Example]) -> ReasonAnswer:
        truth = one_hot([e.reason or NONE for e in examples], self.head.labels)
        self.head.fit(features, truth)
        self.head.calibrate(*left_out(lambda: LinearHead(self.head.labels), features, truth))
        return self

    def reason(self, features: Features, intent: str | None = None) -> tuple[str, float] | None:
        """The reason given with its confidence; None where none is given. state_reason always gives one (labels.md)."""
        found = self.head.confidences(features)[0]
        odds = found * np.where(np.arange(len(found)) == 0, 0.0 if intent == "state_reason" else NONE_ODDS, 1.0)
        best = int(odds.argmax())
        return None if self.head.labels[best] == NONE else (self.head.labels[best], float(found[best]))


class EmotionAnswer:
    """What the words show: calm, anxious, sad, angry."""

    name = "emotion"

    def __init__(self) -> None:
        self.head = LinearHead(EMOTIONS)

    def fit(self, features: Features, examples: Sequence[Example]) -> EmotionAnswer:
        truth = one_hot([e.emotion for e in examples], EMOTIONS)
        self.head.fit(features, truth, np.where(truth[:, 0] > 0, 1.0, FEELING).astype(np.float32))
        self.head.calibrate(*left_out(lambda: LinearHead(EMOTIONS), features, truth))
        return self

    def emotion(self, features: Features) -> tuple[str, float]:
        """The emotion and its intensity, 0 to 1: how far the words are from calm."""
        found = self.head.confidences(features)[0]
        odds = found * np.where(np.arange(len(found)) == 0, CALM_ODDS, 1.0)
        return EMOTIONS[int(odds.argmax())], float(1 - found[0])


class RiskAnswer:
    """Eleven flags, each for itself. A missed one is worse than one raised in vain: thresholds are set for recall first."""

    name = "risk"
    RECALL = 0.97  # share of each flag's left-out sentences that its threshold must find

    def __init__(self) -> None:
        self.head = LinearHead(RISKS, link="sigmoid")
        self.thresholds: Matrix = np.full(len(RISKS), 0.5, np.float32)

    def fit(self, features: Features, examples: Sequence[Example]) -> RiskAnswer:
        truth = np.array([[float(r in e.risk) for r in RISKS] for e in examples], dtype=np.float32).reshape(-1, len(RISKS))
        self.head.fit(features, truth, np.where(truth.any(axis=1), FLAGGED, 1.0).astype(np.float32))
        scores, truth = left_out(lambda: LinearHead(RISKS, link="sigmoid"), features, truth)
        self.head.calibrate(scores, truth)
        sure = 1 / (1 + np.exp(-scores / self.head.temperature))
        for i in range(len(RISKS)):
            own = np.sort(sure[truth[:, i] > 0, i])
            self.thresholds[i] = np.clip(own[int((1 - self.RECALL) * len(own))] if len(own) else 0.5, 0.1, 0.5)
        return self

    def risks(self, features: Features) -> list[tuple[str, float]]:
        """Flags above their thresholds, with their confidence."""
        found = self.head.confidences(features)[0]
        return [(RISKS[i], float(found[i])) for i in np.flatnonzero(found >= self.thresholds)]
