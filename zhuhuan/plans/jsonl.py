"""A line of `zhuhuan plans propose --jsonl` to values, and a proposal to the line that answers it (contract.md)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar, get_args

from zhuhuan.loans.accounts import account_facts
from zhuhuan.loans.errors import BadAccount
from zhuhuan.loans.values import LoanFacts
from zhuhuan.money import ZERO, yuan
from zhuhuan.plans.values import Income, NamedPart, PayMonth, Per, Proposal, Said, Wish

T = TypeVar("T")
MOST = Decimal("100000000000")  # beyond any loan; keeps a typing error out of the arithmetic


class InputError(ValueError):
    """A line that cannot be used, in words; `line` where the reader knows it."""

    def __init__(self, text: str, line: int | None = None) -> None:
        super().__init__(text)
        self.line = line


@dataclass(frozen=True)
class AskedCase:
    """One line: the loan, what was said, the day. `unknown`: names in `said` that mean nothing here."""

    loan: LoanFacts
    said: Said
    today: date
    unknown: tuple[str, ...]


def _group(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise InputError(f"{name}应当是一个JSON对象，现在是{value!r}")
    return value


def _money(value: object, name: str) -> Decimal:
    """Yuan, not negative; a decimal string or a whole number."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise InputError(f"{name}应当是金额，写成\"800.00\"，现在是{value!r}")
    try:
        amount = yuan(value)
    except (ValueError, InvalidOperation):
        raise InputError(f"{name}不是金额：{value!r}，写成\"800.00\"") from None
    if not amount.is_finite() or not 0 <= amount <= MOST:
        raise InputError(f"{name}的{amount}不合理：金额在0和{MOST}之间")
    return amount


def _day(value: object, name: str) -> date:
    try:
        return date.fromisoformat(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise InputError(f"{name}不是日期：{value!r}，写成\"2026-11-24\"") from None


def _whole(low: int, high: int) -> Callable[[object, str], int]:
    def read(value: object, name: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise InputError(f"{name}应当是{low}到{high}的整数，现在是{value!r}")
        return value

    return read


def _one_of(choices: tuple[str, ...]) -> Callable[[object, str], Any]:
    def read(value: object, name: str) -> Any:
        if value not in choices:
            raise InputError(f"{name}的{value!r}不在可选范围：{'、'.join(choices)}")
        return value

    return read


def _income(value: object, name: str) -> Income:
    """A sum a month, or `{"low", "high", "per"}`."""
    if not isinstance(value, dict):
        amount = _money(value, name)
        return Income(amount, amount)
    low = _money(value.get("low"), f"{name}.low")
    high = _money(value["high"], f"{name}.high") if value.get("high") is not None else low
    if high < low:
        raise InputError(f"{name}的high比low小")
    return Income(low, high, _one_of(get_args(Per))(value.get("per") or "month", f"{name}.per"))


def _pay_months(value: object, name: str) -> tuple[PayMonth, ...]:
    if not isinstance(value, list):
        raise InputError(f"{name}应当是一个列表，现在是{value!r}")
    rows = [_group(row, f"{name}[{i}]") for i, row in enumerate(value)]
    return tuple(PayMonth(_whole(1, 12)(row.get("month"), f"{name}[{i}].month"), _optional(row, "at_most", _money, f"{name}[{i}].")) for i, row in enumerate(rows))


def _parts(value: object, name: str) -> tuple[NamedPart, ...]:
    if not isinstance(value, list):
        raise InputError(f"{name}应当是一个列表，现在是{value!r}")
    rows = [_group(row, f"{name}[{i}]") for i, row in enumerate(value)]
    return tuple(NamedPart(_optional(row, "amount", _money, f"{name}[{i}]."), _optional(row, "due", _day, f"{name}[{i}].")) for i, row in enumerate(rows))


def _optional(row: Mapping[str, Any], key: str, read: Callable[[object, str], T], prefix: str = "") -> T | None:
    value = row.get(key)
    return None if value is None else read(value, prefix + key)


def _text(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise InputError(f"{name}应当是文字，现在是{value!r}")
    return value


SAID: dict[str, Callable[[object, str], Any]] = {
    "at_most_month": _money, "at_most_week": _money, "first_at_most": _money, "each": _money, "start": _day, "until": _day,
    "periods": _whole(1, 1200), "defer_months": _whole(0, 600), "defer_days": _whole(0, 10000), "pay_day": _whole(1, 31), "weekday": _whole(0, 6),
    "pay_months": _pay_months, "parts": _parts, "income": _income, "outgoings": _money, "reason": _text, "each_per": _one_of(("week", "month")),
    "wish": _one_of(get_args(Wish)), "basis": _one_of(("arrears", "balance")), "dependants": _whole(0, 50), "other_debts": _money,
}
assert SAID.keys() == {f.name for f in fields(Said)}, "every field of Said can be given"


def _loan(raw: Mapping[str, Any], today: date) -> LoanFacts:
    region = _optional(raw, "region", _text, "loan.") or ""
    if raw.get("contract") is not None:
        try:
            return replace(account_facts(raw, today), region=region)
        except BadAccount as error:
            raise InputError(f"loan：{error}") from error
    for name in ("overdue_amount", "instalment_amount"):
        if raw.get(name) is None:
            raise InputError(f"loan缺少{name}")
    overdue = _money(raw["overdue_amount"], "loan.overdue_amount")
    balance = _optional(raw, "balance", _money, "loan.")
    if balance is not None and balance < overdue:
        raise InputError(f"loan.balance的{balance}比逾期的{overdue}还少")
    rate = _optional(raw, "annual_rate", _text, "loan.")
    try:
        annual_rate = None if rate is None else Decimal(rate)
    except InvalidOperation:
        raise InputError(f"loan.annual_rate不是利率：{rate!r}，6.75%写成\"0.0675\"") from None
    if annual_rate is not None and not (annual_rate.is_finite() and 0 <= annual_rate < 1):
        raise InputError(f"loan.annual_rate的{rate}不合理：6.75%写成\"0.0675\"")
    return LoanFacts(
        loan_id=str(raw.get("id") or raw.get("loan_id") or "1"),
        product=_optional(raw, "product", _text, "loan.") or "",
        overdue_amount=overdue,
        days_past_due=_optional(raw, "days_overdue", _whole(0, 100000), "loan.") or 0,
        due_date=_optional(raw, "due_date", _day, "loan."),
        instalment_amount=_money(raw["instalment_amount"], "loan.instalment_amount"),
        balance=overdue if balance is None else balance,
        annual_rate=annual_rate,
        penalty=_optional(raw, "penalty", _money, "loan.") or ZERO,
        region=region,
    )


def case_of(line: str, fallback: date) -> AskedCase:
    """The values of one line; `fallback` is the day where the line names none. Raises InputError saying what is wrong and how to write it."""
    try:
        raw = _group(json.loads(line), "这一行")
    except json.JSONDecodeError as error:
        raise InputError(f"不是合格的JSON（第{error.colno}个字符附近）") from None
    except RecursionError:
        raise InputError("JSON嵌套得太深") from None
    said = _group(raw.get("said") or {}, "said")
    values = {name: value for name, read in SAID.items() if (value := _optional(said, name, read, "said.")) is not None}
    today = _optional(raw, "today", _day) or fallback
    return AskedCase(
        _loan(_group(raw.get("loan"), "loan"), today), Said(**values), today,
        tuple(sorted(str(k) for k, v in said.items() if k not in SAID and v is not None)),
    )


def answer_of(proposal: Proposal) -> dict[str, Any]:
    """The line that answers: offers with dated parts, and what was declined."""
    return {
        "offers": [
            {"kind": o.kind, "schedule": [{"due": p.due.isoformat(), "amount": str(p.amount)} for p in o.schedule], "total": str(o.total),
             "cost": str(o.cost), "approval": o.approval, "why": o.why, "notes": list(o.notes),
             "papers": list(o.papers)}
            for o in proposal.offers
        ],
        "declined": [{"kind": d.kind, "why": d.why, "approver": d.approver} for d in proposal.declined],
    }
