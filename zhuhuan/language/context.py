"""What the conversation rules out or settles: one place for what an intent needs besides its words (labels.md, "A reply to a question").

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


FIGURE = re.compile(r"(?:就|嗯|哦|是)?[\d〇零一二三四五六七八九十百千万两幺kKwWxX.,，\s]*[\d〇零一二三四五六七八九十百千万两幺xX][kKwW块元钱吧嘛]*")
MEANT = {"verify": "provide_verification", "means": "state_means", "amount": "propose_terms", "periods": "propose_terms"}
SETTLED = 0.95  # confidence of what the question settles


def settled(text: str, last_question: str | None) -> str | None:
    """What a reply that is nothing but a figure means by the question before it; None where the words decide.

    >>> settled("1500", "verify"), settled("3621", "amount"), settled("三千", "means"), settled("三千太多", "means")
    ('provide_verification', 'propose_terms', 'state_means', None)
    """
    return MEANT.get(last_question or "") if FIGURE.fullmatch(text.strip()) else None


def possible(intent: str, text: str, verified: bool) -> bool:
    """Whether an intent can be meant by `text`. Identity details have figures in them; who is verified gives them again only in so many words."""
    if intent == "provide_verification":
        return bool(DIGITS.search(text)) and (not verified or bool(AGAIN.search(text)))
    return True


def in_context(ranking: Sequence[tuple[str, float]], text: str, verified: bool, last_question: str | None = None) -> list[tuple[str, float]]:
    """The ranking without what the conversation rules out, what is left shares the confidence of what went; what the question settles comes first."""
    if name := settled(text, last_question):
        rest = sum(confidence for other, confidence in ranking if other != name)
        return [(name, SETTLED), *((other, confidence / rest * (1 - SETTLED)) for other, confidence in ranking if other != name and rest > 0)]
    left = [(name, confidence) for name, confidence in ranking if possible(name, text, verified)]
    total = sum(confidence for _, confidence in left)
    return [(name, confidence / total) for name, confidence in left] if total > 0 else list(ranking)
