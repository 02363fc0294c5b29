"""The acts' model for the lines as they are now: kept in a file named by what it was learnt from, trained in seconds where there is none."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from zhuhuan.language.acts.lines import Line, read_lines
from zhuhuan.language.acts.model import ActsModel
from zhuhuan.language.embedding import embedder
from zhuhuan.language.understander import EMBEDDER, NoModel
from zhuhuan.language.vectors import Recent

CODE = ("acts/model.py", "features.py", "heads.py", "normalise.py", "labels.py")  # what a learnt file depends on beside the lines


def digest(lines: Sequence[Line]) -> str:
    """A name for lines, the code that learns from them and the library's version."""
    here = Path(__file__).resolve().parents[1]
    said = sorted(json.dumps([x.text, sorted(x.acts), x.verified, x.third_party], ensure_ascii=False) for x in lines)
    parts = [version("scikit-learn"), *said, *((here / name).read_text(encoding="utf-8") for name in CODE)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def acts_model(data: Path, kept: Path, vectors: Path, tell: Callable[[str], None] = lambda said: None) -> ActsModel:
    """The model of the lines in `data`, from `kept` or trained and kept there. `tell` hears what takes long. Raises NoModel where there are no lines."""
    lines = read_lines(sorted(data.glob("*.yml")))
    if not lines:
        raise NoModel(f"{data} 里没有催收员的话，无从训练。")
    file, embed = kept / f"acts-{digest(lines)}.joblib", embedder(EMBEDDER)
    if not file.exists():
        tell(f"训练话术模型（{len(lines)} 句，约半分钟）……")
        ActsModel.fit(lines, embed, vectors).save(file)
    return ActsModel.load(file, Recent(embed))
