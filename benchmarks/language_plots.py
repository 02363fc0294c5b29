"""Plots of `make bench-language`, as PNG files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot


def _bars(file: Path, title: str, names: Sequence[str], ours: Sequence[float], peer: Sequence[float] | None) -> None:
    figure, axes = pyplot.subplots(figsize=(8, 0.24 * len(names) + 1.4), layout="constrained")
    places = range(len(names))
    axes.barh([p + (0.2 if peer else 0) for p in places], ours, height=0.4 if peer else 0.7, color="#1f6f8b", label="zhuhuan")
    if peer:
        axes.barh([p - 0.2 for p in places], peer, height=0.4, color="#d9a441", label="Rasa default (DIET)")
        axes.legend(loc="lower right")
    axes.set_yticks(list(places), names, fontsize=8)
    axes.set_xlim(0, 1)
    axes.set_xlabel("F1 on held-out sentences")
    axes.set_title(title)
    axes.grid(axis="x", alpha=0.3)
    figure.savefig(file, dpi=110)
    pyplot.close(figure)


def f1_plot(file: Path, title: str, ours: Mapping[str, Any], peer: Mapping[str, Any] | None = None) -> None:
    """F1 by label, weakest at the top; the peer's beside it."""
    names = [n for n, row in ours.items() if isinstance(row, dict) and " avg" not in n and row.get("support", row.get("n", 0))]
    names.sort(key=lambda n: -ours[n]["f1-score"])
    _bars(file, title, names, [ours[n]["f1-score"] for n in names], [peer.get(n, {}).get("f1-score", 0.0) for n in names] if peer else None)


def confusion_plot(file: Path, truth: Sequence[str], answers: Sequence[str]) -> None:
    """Which intent is taken for which; rows add up to one."""
    from sklearn.metrics import confusion_matrix

    labels = sorted(set(truth) | set(answers))
    shares = confusion_matrix(truth, answers, labels=labels, normalize="true")
    figure, axes = pyplot.subplots(figsize=(11, 10), layout="constrained")
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(labels)), labels, rotation=90, fontsize=7)
    axes.set_yticks(range(len(labels)), labels, fontsize=7)
    axes.set_xlabel("understood")
    axes.set_ylabel("said")
    figure.savefig(file, dpi=110)
    pyplot.close(figure)


def reliability_plot(file: Path, rows: Mapping[str, Sequence[tuple[float, float, int]]]) -> None:
    """Confidence against the share that was right: on the diagonal a confidence means what it says."""
    figure, axes = pyplot.subplots(figsize=(5, 5), layout="constrained")
    axes.plot([0, 1], [0, 1], color="grey", linewidth=1)
    for name, points in rows.items():
        axes.plot([p[0] for p in points], [p[1] for p in points], marker="o", label=name)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_xlabel("confidence")
    axes.set_ylabel("share that was right")
    axes.legend()
    axes.grid(alpha=0.3)
    figure.savefig(file, dpi=110)
    pyplot.close(figure)
