"""Figures of a run: percentiles, the table with ratios and targets, the JSON file, the summary in README.md."""

from __future__ import annotations

import json
import math
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
from rich.table import Table

HERE = Path(__file__).resolve().parent


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie, by nearest rank.

    >>> percentile([4.0, 1.0, 3.0, 2.0], 0.5), percentile([1.0] * 95 + [9.0] * 5, 0.95)
    (2.0, 1.0)
    """
    ordered = sorted(values)
    return ordered[max(0, math.ceil(round(len(ordered) * share, 6)) - 1)]


@dataclass(frozen=True)
class Row:
    """One figure of both bots. `most` and `least`: the ratio (ours to the peer's) that is to be reached; `reached` overrules where the target is another."""

    name: str
    unit: str
    ours: float
    peer: float | None = None
    most: float | None = None
    least: float | None = None
    target: str = ""
    reached: bool | None = None

    @property
    def ratio(self) -> float | None:
        return self.ours / self.peer if self.peer else None

    @property
    def goal(self) -> str:
        return self.target or (f"≤ {self.most}" if self.most is not None else f"≥ {self.least}" if self.least is not None else "")

    @property
    def met(self) -> bool | None:
        """Whether the target is reached; None where there is none."""
        if self.reached is not None or self.ratio is None:
            return self.reached
        if self.most is not None:
            return self.ratio <= self.most
        return self.ratio >= self.least if self.least is not None else None

    def cells(self) -> tuple[str, ...]:
        digits = 0 if self.unit == "MB" and self.ours >= 100 else 1
        shown = (f"{self.ours:.{digits}f}", "" if self.peer is None else f"{self.peer:.{digits}f}")
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return (f"{self.name} ({self.unit})", *shown, ratio, self.goal, {True: "yes", False: "no", None: ""}[self.met])


HEADERS = ("", "zhuhuan", "rasa init", "ratio", "target", "reached")


def machine() -> dict[str, Any]:
    """What the figures hold for."""
    cpu = Path("/proc/cpuinfo")
    models = [line.partition(":")[2].strip() for line in cpu.read_text().splitlines() if line.startswith("model name")] if cpu.exists() else []
    packages = ("rasa", "rasa-sdk", "tensorflow", "numpy", "scikit-learn", "sqlalchemy")
    return {
        "cpu": models[0] if models else platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1e9, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        **{name: version(name) for name in packages},
    }


def rich_table(rows: Sequence[Row]) -> Table:
    table = Table(title="bench-turn: our bot beside a freshly made `rasa init` bot", title_justify="left")
    for place, header in enumerate(HEADERS):
        table.add_column(header, justify="left" if place == 0 else "right")
    for row in rows:
        table.add_row(*row.cells(), style="red" if row.met is False else None)
    return table


def markdown(rows: Sequence[Row], about: dict[str, Any], at: datetime, turns: str) -> str:
    lines = [
        f"{at:%Y-%m-%d %H:%M}, {about['cpu']}, {about['cores']} cores, {about['memory_gb']} GB, {about['system']}, Python {about['python']}, "
        f"rasa {about['rasa']}, tensorflow {about['tensorflow']}; load at the start {about['load_at_start']}. {turns}",
        "",
        "| " + " | ".join(HEADERS) + " |",
        "|---" + "|--:" * (len(HEADERS) - 1) + "|",
        *("| " + " | ".join(row.cells()) + " |" for row in rows),
    ]
    return "\n".join(lines)


def write_json(rows: Sequence[Row], about: dict[str, Any], raw: dict[str, Any], at: datetime, folder: Path) -> Path:
    """The whole run as JSON; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"bench-turn-{at:%Y%m%d-%H%M%S}.json"
    figures = [asdict(row) | {"ratio": row.ratio, "target": row.goal, "reached": row.met} for row in rows]
    content = {"bench": "turn", "at": at.isoformat(timespec="seconds"), "machine": about, "figures": figures, "raw": raw}
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    return file


def write_summary(name: str, text: str, readme: Path = HERE / "README.md") -> None:
    """Put `text` between the markers of `name` in the README; raises ValueError where they are missing."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    before, found, rest = readme.read_text(encoding="utf-8").partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"{readme.name} has no markers {begin} … {end}")
    readme.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
