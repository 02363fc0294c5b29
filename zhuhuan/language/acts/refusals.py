"""Whether a clause refuses what it sounds like, read from refusals.yml.

>>> refused("threaten", "我们绝不会去您单位"), refused("threaten", "不还就去您单位坐着")
(True, False)
>>> refused("urge_borrowing", "您可别去借网贷来还")
True
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

import yaml

ELSE = re.compile(r"否则|不然|要不|除非|再不|不还就")


@lru_cache(maxsize=1)
def _refusals() -> dict[str, re.Pattern[str]]:
    text = files("zhuhuan.language.acts").joinpath("refusals.yml").read_text(encoding="utf-8")
    return {act: re.compile(words) for act, words in yaml.safe_load(text).items()}


def refused(act: str, text: str) -> bool:
    """Whether `text` holds words that refuse the bad act and none that take it back."""
    words = _refusals().get(act)
    return bool(words and words.search(text) and not ELSE.search(text))
