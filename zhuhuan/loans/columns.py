"""Column types of the loan book: money as whole fen, rates as whole millionths, moments as China Standard Time."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import BigInteger, Column, DateTime, Integer, MetaData, Table, TypeDecorator
from sqlalchemy.orm import DeclarativeMeta, registry

from zhuhuan.money import to_fen

CHINA = timezone(timedelta(hours=8))
MILLION = Decimal(1_000_000)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Fen(TypeDecorator[Decimal]):
    """Decimal yuan in Python, whole fen in the database: SQLite has no exact decimal."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> int | None:
        return None if value is None else to_fen(value)

    def process_result_value(self, value: int | None, dialect: Any) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)


class Rate(TypeDecorator[Decimal]):
    """A yearly rate as a fraction (0.072 is 7.2 % a year) in Python, whole millionths in the database."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> int | None:
        return None if value is None else int((value * MILLION).to_integral_value())

    def process_result_value(self, value: int | None, dialect: Any) -> Decimal | None:
        return None if value is None else (Decimal(value) / MILLION).normalize()


class Moment(TypeDecorator[datetime]):
    """A naive datetime in China Standard Time; one that carries a time zone is converted on the way in."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None or value.tzinfo is None:
            return value
        return value.astimezone(CHINA).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value


def column(*args: Any, **options: Any) -> Any:
    """A Column, typed by the `Mapped[...]` annotation that it is assigned to."""
    return Column(*args, **options)


def money(name: str, **options: Any) -> Any:
    """The column `<name>_fen`, known in Python as `name`; never null unless said."""
    return Column(f"{name}_fen", Fen, key=name, **{"nullable": False, **options})


class Base(metaclass=DeclarativeMeta):
    __abstract__ = True
    registry = registry(metadata=metadata)
    metadata = metadata

    if TYPE_CHECKING:
        __table__: ClassVar[Table]

        def __init__(self, **values: Any) -> None: ...

    else:
        __init__ = registry.constructor
