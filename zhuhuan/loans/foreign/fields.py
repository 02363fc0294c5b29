"""Fields of a record of another system, each to a value; one that is wrong is told by its path."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from zhuhuan.loans import cells
from zhuhuan.loans.rows import Problem
from zhuhuan.money import FEN, ZERO

LARGEST = cells.LARGEST


@dataclass
class Fields:
    """A record with the place where it stands. `bad` collects what is wrong; readers then return None, or the default."""

    value: Mapping[str, Any]
    line: int
    file: str = ""
    path: str = ""
    problems: list[Problem] = field(default_factory=list)

    def bad(self, name: str, reason: str) -> None:
        """Tell that a field is wrong."""
        self.problems.append(Problem(self.line, f"{self.path}{name}", reason, self.file))

    def inner(self, value: Mapping[str, Any], path: str) -> Fields:
        """An object inside this record; its problems are this record's."""
        return Fields(value, self.line, self.file, f"{self.path}{path}.", self.problems)

    def get(self, *names: str) -> Any:
        """The first of these fields that says something."""
        for name in names:
            value: Any = self.value
            for part in name.split("."):
                value = value.get(part) if isinstance(value, Mapping) else None
            if value is not None and value != "":
                return value
        return None

    def text(self, *names: str) -> str:
        """A field as plain text; empty where there is none."""
        value = self.get(*names)
        return "" if value is None or isinstance(value, (dict, list)) else cells.plain(value)

    def number(self, *names: str) -> Decimal | None:
        """A number, as it stands; None where there is none or it is wrong."""
        value = self.get(*names)
        if value is None:
            return None
        try:
            found = Decimal(str(value).replace(",", "")) if not isinstance(value, bool) else None
        except InvalidOperation:
            found = None
        if found is None or not found.is_finite() or abs(found) >= LARGEST:
            self.bad(names[0], f"“{value}”不是合理的数字")
            return None
        return found

    def money(self, *names: str) -> Decimal:
        """Yuan, rounded half up to the fen (other systems keep up to nine decimals); 0 where there is none."""
        found = self.number(*names)
        if found is not None and found < 0:
            self.bad(names[0], f"“{found}”是负数")
            return ZERO
        return found.quantize(FEN, rounding=ROUND_HALF_UP) if found is not None else ZERO

    def whole(self, *names: str) -> int | None:
        """A whole number."""
        found = self.number(*names)
        if found is not None and found != found.to_integral_value():
            self.bad(names[0], f"“{found}”不是整数")
            return None
        return int(found) if found is not None else None

    def day(self, *names: str) -> date | None:
        """A day: `[2026, 11, 5]`, `2026-11-05`, with or without an hour."""
        value = self.get(*names)
        if value is None:
            return None
        try:
            if isinstance(value, list):
                return date(*(int(part) for part in value[:3]))
            return cells.day(cells.plain(value).split("T")[0].split(" ")[0])
        except (TypeError, ValueError) as error:  # BadCell is a ValueError
            self.bad(names[0], str(error) if isinstance(error, cells.BadCell) else f"“{value}”不是日期")
            return None

    def parsed(self, parse: Callable[[str], Any], *names: str) -> Any:
        """A field by a parser of cells; None where there is none or it is wrong."""
        text = self.text(*names)
        if not text:
            return None
        try:
            return parse(text)
        except cells.BadCell as error:
            self.bad(names[0], str(error))
            return None


def fen_parts(principal: Decimal, parts: list[tuple[Decimal, Decimal]]) -> list[tuple[Decimal, Decimal]]:
    """Principal and interest of each instalment to the fen so that the parts of principal still add up: what rounding left over goes to the last one.

    >>> fen_parts(Decimal("100"), [(Decimal("33.333333"), Decimal("0.335")), (Decimal("33.333333"), ZERO), (Decimal("33.333334"), ZERO)])[-1]
    (Decimal('33.34'), Decimal('0.00'))
    """
    rounded = [(p.quantize(FEN, rounding=ROUND_HALF_UP), i.quantize(FEN, rounding=ROUND_HALF_UP)) for p, i in parts]
    left = principal - sum((p for p, _ in rounded), ZERO)
    if rounded and left and abs(left) <= FEN * len(rounded):
        last_principal, last_interest = rounded[-1]
        rounded[-1] = (last_principal + left, last_interest)
    return rounded
