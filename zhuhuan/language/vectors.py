"""Vectors of sentences kept: training sentences on disk from one training to the next, recent messages in memory."""

from __future__ import annotations

import json
import os
import tempfile
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from zhuhuan.language.embedding import Embedder, Matrix

RECENT = 2048  # messages whose vectors stay in memory: about 4 MB an embedder


class VectorStore:
    """A file of vectors by embedder version and sentence. A file that cannot be read is made anew: it holds nothing but a cache."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def vectors(self, embed: Embedder, texts: Sequence[str]) -> Matrix:
        """A row for each text; only texts that the file does not hold are computed, and added to it."""
        known = self._read(embed)
        new = [t for t in dict.fromkeys(texts) if t not in known]
        for start in range(0, len(new), 256):
            part = new[start : start + 256]
            known.update(zip(part, embed(part), strict=True))
        if new:
            self._write(embed, known)
        return np.stack([known[t] for t in texts]) if texts else np.zeros((0, embed.size), np.float32)

    def _file(self, embed: Embedder) -> Path:
        return self.folder / f"{embed.version}.npz"

    def _read(self, embed: Embedder) -> dict[str, Matrix]:
        try:
            with np.load(self._file(embed)) as kept:
                texts, rows = json.loads(kept["texts"].tobytes()), kept["rows"]
        except (OSError, ValueError, KeyError):
            return {}
        return dict(zip(texts, rows, strict=True)) if rows.shape == (len(texts), embed.size) else {}

    def _write(self, embed: Embedder, known: dict[str, Matrix]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        texts = np.frombuffer(json.dumps(list(known), ensure_ascii=False).encode(), dtype=np.uint8)
        handle, part = tempfile.mkstemp(dir=self.folder, suffix=".part")
        with os.fdopen(handle, "wb") as out:
            np.savez(out, texts=texts, rows=np.stack(list(known.values())))
        os.replace(part, self._file(embed))  # whole or not at all, also with two trainings at once


class Recent:
    """An embedder that remembers the latest sentences: greetings and short answers come again and again."""

    def __init__(self, embed: Embedder, most: int = RECENT) -> None:
        self.embed, self.most = embed, most
        self.name, self.version, self.size = embed.name, embed.version, embed.size
        self._kept: OrderedDict[str, Matrix] = OrderedDict()

    def __call__(self, texts: Sequence[str]) -> Matrix:
        rows = []
        for text in texts:
            row = self._kept.pop(text, None)
            row = self.embed([text])[0] if row is None else row
            self._kept[text] = row
            rows.append(row)
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)
        return np.stack(rows) if rows else np.zeros((0, self.size), np.float32)
