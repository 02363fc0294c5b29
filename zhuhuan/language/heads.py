"""Linear heads on `Features`: one of several labels (softmax) or any number of flags (sigmoid), with calibrated confidences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar

from zhuhuan.language.embedding import Matrix
from zhuhuan.language.features import Features

Link = Literal["softmax", "sigmoid"]


def _softmax(scores: Matrix) -> Matrix:
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=1, keepdims=True), dtype=np.float32)


def _sigmoid(scores: Matrix) -> Matrix:
    return np.asarray(1 / (1 + np.exp(-np.clip(scores, -30, 30))), dtype=np.float32)


class LinearHead:
    """Logistic regression with ridge penalty over sparse and dense columns together, by L-BFGS.

    strength: inverse of the penalty (scikit-learn's C). scikit-learn wants one matrix; sparse and dense columns kept apart take a fifth of its time.
    """

    def __init__(self, labels: Sequence[str], link: Link = "softmax", strength: float = 10.0, steps: int = 40) -> None:
        self.labels, self.link, self.strength, self.steps = tuple(labels), link, strength, steps
        self.temperature = 1.0
        self.of_grams: Matrix = np.zeros((0, len(self.labels)), np.float32)
        self.of_dense: Matrix = np.zeros((0, len(self.labels)), np.float32)
        self.bias: Matrix = np.zeros(len(self.labels), np.float32)

    def fit(self, features: Features, truth: Matrix, weights: Matrix | None = None) -> LinearHead:
        """truth: a row of zeros and ones a sentence, in the order of `labels`; weights: how much each sentence counts."""
        grams, dense, back = features.grams, features.dense, features.grams.T.tocsr()
        many, wide, kinds = grams.shape[1], dense.shape[1], len(self.labels)
        pull = np.float32(self.strength) * (np.ones((len(features), 1), np.float32) if weights is None else weights.reshape(-1, 1))

        def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
            w = flat.astype(np.float32).reshape(-1, kinds)
            scores = grams @ w[:many] + dense @ w[many:-1] + w[-1]
            if self.link == "softmax":
                top = scores.max(axis=1, keepdims=True)
                odds = np.exp(scores - top)
                total = odds.sum(axis=1, keepdims=True)
                miss = np.log(total) + top - (scores * truth).sum(axis=1, keepdims=True)
                error = odds / total - truth
            else:
                miss = np.logaddexp(0, scores) - scores * truth
                error = _sigmoid(scores) - truth
            error = error * pull
            slope = np.concatenate([back @ error + w[:many], dense.T @ error + w[many:-1], error.sum(axis=0, keepdims=True)])
            return float((miss * pull).sum() + 0.5 * (w[:-1] ** 2).sum()), slope.ravel().astype(np.float64)

        start = np.zeros((many + wide + 1) * kinds)
        best = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": self.steps, "maxcor": 6})
        w = best.x.astype(np.float32).reshape(-1, kinds)
        self.of_grams, self.of_dense, self.bias = w[:many].copy(), w[many:-1].copy(), w[-1].copy()
        return self

    def scores(self, features: Features) -> Matrix:
        return np.asarray(features.grams @ self.of_grams + features.dense @ self.of_dense + self.bias, dtype=np.float32)

    def confidences(self, features: Features) -> Matrix:
        """Calibrated probabilities, a row a sentence: of one label each (softmax), or of each flag for itself (sigmoid)."""
        scores = self.scores(features) / np.float32(self.temperature)
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
