"""Linear heads on `Features`: one of several labels (softmax) or any number of flags (sigmoid), with calibrated confidences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from zhuhuan.language.embedding import Matrix
from zhuhuan.language.features import Features

Link = Literal["softmax", "sigmoid"]
ABSENT = -5.0  # score of a label without examples


def _softmax(scores: Matrix) -> Matrix:
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True), dtype=np.float32)


def _sigmoid(scores: Matrix) -> Matrix:
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -30, 30))), dtype=np.float32)


class LinearHead:
    """A linear machine over n-grams and sentence vector (scikit-learn's LinearSVC, one label against the rest), its scores calibrated afterwards.

    strength: scikit-learn's C, measured from 0.15 to 1.2. Of the learners measured (benchmarks/README.md) the one that is as good as any and trains in seconds.
    """

    def __init__(self, labels: Sequence[str], link: Link = "softmax", strength: float = 0.6) -> None:
        self.labels, self.link, self.strength = tuple(labels), link, strength
        self.temperature: Matrix | float = 1.0  # one for all labels, or one each
        self.of_grams: Matrix = np.zeros((0, len(self.labels)), np.float32)
        self.of_dense: Matrix = np.zeros((0, len(self.labels)), np.float32)
        self.bias: Matrix = np.zeros(len(self.labels), np.float32)

    def fit(self, features: Features, truth: Matrix, weights: Matrix | None = None) -> LinearHead:
        """truth: a row of zeros and ones a sentence, in the order of `labels`; weights: how much each sentence counts. A label without examples never wins."""
        rows, many = hstack([features.grams, csr_matrix(features.dense)]).tocsr(), features.grams.shape[1]
        weight = np.zeros((len(self.labels), rows.shape[1]), np.float32)
        self.bias = np.full(len(self.labels), ABSENT, np.float32)
        if self.link == "softmax" and (truth.sum(axis=0) > 0).sum() > 2:
            machine = self._machine().fit(rows, truth.argmax(axis=1), weights)
            weight[machine.classes_], self.bias[machine.classes_] = machine.coef_, machine.intercept_
        else:
            for i in np.flatnonzero((truth.sum(axis=0) > 0) & (truth.sum(axis=0) < len(truth))):
                machine = self._machine().fit(rows, truth[:, i], weights)
                weight[i], self.bias[i] = machine.coef_[0], machine.intercept_[0]
        self.of_grams, self.of_dense = weight[:, :many].T.copy(), weight[:, many:].T.copy()
        return self

    def _machine(self) -> LinearSVC:
        return LinearSVC(C=self.strength, random_state=0, max_iter=30, tol=0.1)  # ten times the precision changes no answer and takes half as long again

    def scores(self, features: Features) -> Matrix:
        return np.asarray(features.grams @ self.of_grams + features.dense @ self.of_dense + self.bias, dtype=np.float32)

    def confidences(self, features: Features) -> Matrix:
        """Calibrated probabilities, a row a sentence: of one label each (softmax), or of each flag for itself (sigmoid)."""
        scores = self.scores(features) / np.asarray(self.temperature, dtype=np.float32)
        return _softmax(scores) if self.link == "softmax" else _sigmoid(scores)

    def calibrate(self, scores: Matrix, truth: Matrix) -> LinearHead:
        """Sets the temperature that makes confidences true on scores of sentences that were not trained on."""

        def miss(log_temperature: float) -> float:
            scaled = scores / np.float32(np.exp(log_temperature))
            if self.link == "softmax":
                return float(-np.log(_softmax(scaled)[truth > 0] + 1e-9).mean())
            return float((np.logaddexp(0, scaled) - scaled * truth).mean())

        self.temperature = float(np.exp(minimize_scalar(miss, bounds=(-2, 3), method="bounded").x))
        return self

    def calibrate_each(self, scores: Matrix, truth: Matrix) -> LinearHead:
        """The same for flags, each by itself (Platt's scaling: slope and offset); one without examples on both sides stays as it is."""
        temperatures = np.ones(len(self.labels), np.float32)
        for i in np.flatnonzero(truth.any(axis=0) & ~truth.all(axis=0)):
            line = LogisticRegression().fit(scores[:, [i]], truth[:, i])
            slope = max(float(line.coef_[0, 0]), 1e-3)
            temperatures[i], self.bias[i] = 1 / slope, self.bias[i] + float(line.intercept_[0]) / slope
        self.temperature = temperatures
        return self
