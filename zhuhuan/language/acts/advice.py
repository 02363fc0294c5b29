"""Why a bad act may not be said and what to say instead, read from advice.yml."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml


@lru_cache(maxsize=1)
def _advice() -> dict[str, dict[str, Any]]:
    loaded: dict[str, dict[str, Any]] = yaml.safe_load(files("zhuhuan.language.acts").joinpath("advice.yml").read_text(encoding="utf-8"))
    return loaded


def advice(act: str, text: str) -> tuple[str, str]:
    """The reason in plain words, and a better sentence that goes with what the line is about. Raises KeyError for an act that is not bad.

    >>> advice("urge_borrowing", "先从花呗套一点还上")[1]
    '千万别去借别的来还这笔，那样越滚越大。您手头有多少，咱们就照多少排。'
    """
    entry = _advice()[act]
    return entry["why"], next(b["say"] for b in entry["better"] if "words" not in b or re.search(b["words"], text))
