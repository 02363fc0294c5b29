"""What a member said about paying as `name=value` pairs, as they are typed at a command: read, and written so that they can be corrected.

>>> from zhuhuan.plans.values import Said
>>> said = from_pairs({"at_most_month": "800", "pay_day": "15", "income": "3000-5000", "pay_months": "6:4000,10"})
>>> [f"{name}={pair_of(name, getattr(said, name))}" for name in ("at_most_month", "pay_day", "income", "pay_months")]
['at_most_month=800.00', 'pay_day=15', 'income=3000.00-5000.00', 'pay_months=6:4000.00,10']
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from zhuhuan.plans.jsonl import SAID, InputError
from zhuhuan.plans.values import Income, Said

WHOLE = frozenset({"periods", "defer_months", "defer_days", "pay_day", "weekday", "dependants"})
INCOME = re.compile(r"([\d.,]+)(?:[-~–—至到]([\d.,]+))?(?:/(day|week|month|year))?")
CLEARED = frozenset({"", "null", "none", "无"})
REST = "rest"  # of parts: what is left
DEFAULTS = Said()


def from_pairs(pairs: Mapping[str, str], said: Said = DEFAULTS) -> Said:
    """`said` with these fields replaced; an empty value clears its field. Raises InputError naming what is wrong and how to write it."""
    for name, text in pairs.items():
        if name not in SAID:
            raise InputError(f"不认识{name}。可以写的有：{'、'.join(SAID)}")
        cleared = text.strip().lower() in CLEARED
        value = getattr(DEFAULTS, name) if cleared else SAID[name](_raw(name, text.strip()), name)
        said = replace(said, **{name: value})
    return said


def _raw(name: str, text: str) -> Any:
    """A pair's value in the form that contract.md's `said` has it in."""
    if name in WHOLE:
        return int(text) if re.fullmatch(r"\d{1,6}", text) else text
    if name == "income":
        if (found := INCOME.fullmatch(text)) is None:
            raise InputError(f"income不认识{text!r}，写成4000、3000-5000或200/day")
        low, high, per = found.groups()
        return {"low": low, "high": high or low, "per": per or "month"}
    if name == "pay_months":
        months = [part.partition(":") for part in text.split(",")]
        return [{"month": int(month) if month.isdigit() else month, "at_most": at_most or None} for month, _, at_most in months]
    if name == "parts":
        parts = [part.partition("@") for part in text.split(",")]
        return [{"amount": None if amount in ("", REST) else amount, "due": due or None} for amount, _, due in parts]
    return text


def pair_of(name: str, value: Any) -> str:
    """The text by which `from_pairs` gives the field this value; empty for what was not said."""
    if value is None or value == ():
        return ""
    if isinstance(value, Income):
        high = f"-{value.high}" if value.high != value.low else ""
        return f"{value.low}{high}" + (f"/{value.per}" if value.per != "month" else "")
    if name == "pay_months":
        return ",".join(f"{m.month}" + (f":{m.at_most}" if m.at_most is not None else "") for m in value)
    if name == "parts":
        return ",".join(f"{REST if p.amount is None else p.amount}" + (f"@{p.due}" if p.due else "") for p in value)
    return str(value)


def as_contract(value: Any) -> Any:
    """What was said in the form of contract.md's `said`, ready for JSON; fields that were not said are left out.

    >>> from zhuhuan.money import yuan
    >>> as_contract(Said(at_most_month=yuan("800"), income=Income(yuan("3000"), yuan("5000"), "week")))
    {'at_most_month': '800.00', 'income': {'low': '3000.00', 'high': '5000.00', 'per': 'week'}}
    """
    if isinstance(value, Said):
        return {f.name: as_contract(getattr(value, f.name)) for f in fields(value) if getattr(value, f.name) != getattr(DEFAULTS, f.name)}
    if is_dataclass(value):
        return {f.name: as_contract(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple):
        return [as_contract(part) for part in value]
    return str(value) if isinstance(value, Decimal | date) else value
