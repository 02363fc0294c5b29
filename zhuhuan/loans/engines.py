"""Engines, one a URL, made when first asked for and kept in a bounded cache shared by all threads."""

from __future__ import annotations

import json
import os
import threading
from collections import OrderedDict
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.pool import QueuePool, StaticPool

CACHE = 64  # `converse` has one SQLite file a conversation: the oldest engine makes room for the newest
BUSY_SECONDS = 10.0

_engines: OrderedDict[tuple[int, str], Engine] = OrderedDict()
_lock = threading.Lock()


def _plain(value: Any) -> str:
    if isinstance(value, (date, datetime, time)):
        return value.isoformat()
    if isinstance(value, (Decimal, os.PathLike)):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be stored as JSON")


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_plain)


def _open_sqlite(connection: Any, record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # what a member was told stands survives a power cut; 0.4 ms a commit
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _make(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(url, future=True, pool_pre_ping=True, json_serializer=_dumps)
    # isolation_level None: the driver opens no transaction of its own; LoanBook says BEGIN where one is wanted.
    arguments = {"check_same_thread": False, "timeout": BUSY_SECONDS, "isolation_level": None}
    if parsed.database in (None, "", ":memory:"):
        engine = create_engine(url, future=True, poolclass=StaticPool, connect_args=arguments, json_serializer=_dumps)
    else:
        engine = create_engine(
            url, future=True, poolclass=QueuePool, pool_size=4, max_overflow=64, connect_args=arguments, json_serializer=_dumps
        )
    event.listen(engine, "connect", _open_sqlite)
    return engine


def engine_of(url: str) -> Engine:
    """The engine of a database URL; the same one for every caller of this process. Raises ArgumentError for no URL."""
    key = (os.getpid(), url)  # a connection must not be used on both sides of a fork
    with _lock:
        engine = _engines.get(key)
        if engine is None:
            engine = _engines[key] = _make(url)
        _engines.move_to_end(key)
        dropped = [_engines.popitem(last=False)[1] for _ in range(len(_engines) - CACHE)]
    for old in dropped:
        old.dispose()
    return engine


def close(url: str) -> None:
    """Close the pooled connections of a URL, so that its file may be removed."""
    with _lock:
        engine = _engines.pop((os.getpid(), url), None)
    if engine is not None:
        engine.dispose()
