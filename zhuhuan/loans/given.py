"""Single values of an account (contract.md), checked; each error begins with its place."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args

from zhuhuan.loans.errors import BadAccount
from zhuhuan.money import yuan


def money_at(value: Any, place: str) -> Decimal:
    """Yuan to the fen; a number of YAML is taken as it is written. Raises BadAccount."""
    try:
        return yuan(repr(value) if isinstance(value, float) else value)
    except (ValueError, TypeError, AttributeError):
        raise BadAccount(f"{place}：“{value}”不是金额") from None


def day_at(value: Any, place: str) -> date:
    """A day as YYYY-MM-DD. Raises BadAccount."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip())
    except ValueError:
        raise BadAccount(f"{place}：“{value}”不是 YYYY-MM-DD 的日期") from None


def word_at(value: Any, allowed: Any, place: str) -> Any:
    """One of the words of a Literal type. Raises BadAccount."""
    if value not in get_args(allowed):
        raise BadAccount(f"{place}：“{value}”不在 {'、'.join(get_args(allowed))} 之中")
    return value


def rate_at(value: Any, place: str) -> Decimal | None:
    """A yearly rate as a fraction: "0.072", "7.2%" and 7.2 are all 7.2 % a year. Raises BadAccount for anything else or above 100 %."""
    if value is None or value == "":
        return None
    text = str(value).strip().rstrip("%％")
    if not re.fullmatch(r"\d+(\.\d+)?", text):
        raise BadAccount(f"{place}：“{value}”不是年利率")
    number = Decimal(text)
    fraction = number / 100 if str(value).strip()[-1] in "%％" or number >= 1 else number
    if fraction >= 1:
        raise BadAccount(f"{place}：年利率“{value}”超过 100%")
    return fraction


def whole_at(value: Any, place: str, low: int = 0) -> int:
    """A whole number of at least `low`. Raises BadAccount."""
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,6}", str(value)) or int(value) < low:
        raise BadAccount(f"{place}：“{value}”不是不小于 {low} 的整数")
    return int(value)
