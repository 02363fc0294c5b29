"""A short spelling of values for the tables of these tests.

¥800.00 at_most month · @2026-12-15 a date · x12 periods · +3month a duration · t15:00/ a time · #4410 an ID tail · p138… a phone
number · ~第二笔 a loan; a value that must be asked for is a question mark.
"""

from __future__ import annotations

from datetime import date

from zhuhuan.language.values import Value, extract

TODAY = date(2026, 11, 24)  # a Tuesday
_SIGNS = {"amount": "¥", "date": "@", "periods": "x", "duration": "+", "time": "t", "id_tail": "#", "phone": "p", "loan": "~"}


def spelt(value: Value) -> str:
    """One value in the short spelling."""
    words = [_SIGNS[value.entity] + (value.value or "?") + (value.unit or "")]
    if value.entity == "amount":
        words += [str(value.bound)] if value.bound != "exact" else []
        words += [value.per] if value.per else []
    return " ".join(words)


def told(
    text: str, last_question: str | None = None, pay_day: int | None = None, intent: str | None = None, today: date = TODAY
) -> list[str]:
    """The values of an utterance in the short spelling, in the order said."""
    return [spelt(v) for v in extract(text, today, last_question, pay_day, intent)]
