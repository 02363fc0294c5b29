"""What the conversation rules out: one place for what an intent needs besides its words (labels.md, "A reply to a question").

>>> possible("provide_verification", "尾号4410", verified=False), possible("provide_verification", "猪遭了瘟", verified=False)
(True, False)
>>> possible("provide_verification", "1380今天 两千5号之前", verified=True)
False
"""

from __future__ import annotations

import re
from collections.abc import Sequence

DIGITS = re.compile(r"[\d〇零一二三四五六七八九十幺叉两廿xX]{2,}|\d")
AGAIN = re.compile(r"尾号|后四位|末四|身份证|生日|出生|生的")


def possible(intent: str, text: str, verified: bool) -> bool:
    """Whether an intent can be meant by `text`. Identity details have figures in them; who is verified gives them again only in so many words."""
    if intent == "provide_verification":
        return bool(DIGITS.search(text)) and (not verified or bool(AGAIN.search(text)))
    return True


def in_context(ranking: Sequence[tuple[str, float]], text: str, verified: bool) -> list[tuple[str, float]]:
    """The ranking without what the conversation rules out; what is left shares the confidence of what went."""
    left = [(name, confidence) for name, confidence in ranking if possible(name, text, verified)]
    total = sum(confidence for _, confidence in left)
    return [(name, confidence / total) for name, confidence in left] if total > 0 else list(ranking)
