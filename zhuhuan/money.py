"""Money: Decimal yuan to the fen in Python, integer fen in the database.

>>> yuan("1,200.5")
Decimal('1200.50')
>>> to_fen(yuan("2500"))
250000
>>> split(yuan("100"), 3)
(Decimal('33.34'), Decimal('33.33'), Decimal('33.33'))
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

FEN = Decimal("0.01")
ZERO = Decimal("0.00")


def yuan(value: Decimal | int | str) -> Decimal:
    """`value` in yuan, rounded half up to the fen.

    Raises ValueError where the value is no finite number (a float is refused: it is not exact).
    """
    if isinstance(value, float):
        raise ValueError(f"{value!r} is a float: money is given as str, int or Decimal")
    try:
        amount = Decimal(value.replace(",", "").strip()) if isinstance(value, str) else Decimal(value)
        if not amount.is_finite():
            raise InvalidOperation
        return amount.quantize(FEN, rounding=ROUND_HALF_UP)
    except InvalidOperation:
        raise ValueError(f"{value!r} is no amount of money") from None


def to_fen(amount: Decimal) -> int:
    """Whole fen of an amount in yuan; raises ValueError where it has parts of a fen."""
    fen = amount.scaleb(2)
    whole = int(fen)
    if whole != fen:
        raise ValueError(f"{amount} has parts of a fen")
    return whole


def from_fen(fen: int) -> Decimal:
    """Yuan of whole fen."""
    return Decimal(fen).scaleb(-2)


def split(total: Decimal, parts: int) -> tuple[Decimal, ...]:
    """`total` yuan in `parts` parts that differ by a fen at most and add up exactly; the earlier ones carry the odd fen.

    Raises ValueError where there are fewer fen than parts.
    """
    if parts < 1 or to_fen(total) < parts:
        raise ValueError(f"{total} cannot be split into {parts} parts")
    each, odd = divmod(to_fen(total), parts)
    return tuple(from_fen(each + (i < odd)) for i in range(parts))


def speak(amount: Decimal) -> str:
    """An amount as it is said to people: always two decimals, so that it is true to the fen.

    >>> speak(yuan("3450"))
    '3450.00元'
    """
    return f"{yuan(amount)}元"
