"""Labelled lines of collectors, read from data/collector."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from zhuhuan.language.examples import ExampleError, content_of
from zhuhuan.language.labels import BAD_ACTS, GOOD_ACTS

KEYS = frozenset({"text", "acts", "verified", "third_party"})


@dataclass(frozen=True)
class Line:
    """What a collector says, with its acts. verified: the member's identity was checked before; third_party: somebody else is listening."""

    text: str
    acts: frozenset[str]
    verified: bool = True
    third_party: bool = False


def _line(given: object, where: str) -> Line:
    if not isinstance(given, dict) or not isinstance(given.get("text"), str) or not isinstance(given.get("acts"), list):
        raise ExampleError(f'{where}：有一句没有写成 {{text: "…", acts: [...]}}：{given!r}')
    unknown = [name for name in given["acts"] if name not in GOOD_ACTS + BAD_ACTS] + sorted(set(given) - KEYS)
    if unknown:
        raise ExampleError(f"{where}：“{given['text']}”里写了 {'、'.join(map(str, unknown))}，labels.md 里没有这个名字，请改正。")
    return Line(given["text"], frozenset(given["acts"]), bool(given.get("verified", True)), bool(given.get("third_party", False)))


def read_lines(files: Iterable[Path]) -> tuple[Line, ...]:
    """Every line of the YAML files, in their order. Raises ExampleError where a file or a label is not as it should be."""
    found: list[Line] = []
    for file in files:
        found += [_line(given, str(file)) for given in content_of(file).get("acts") or ()]
    return tuple(found)
