"""Moments as whole microseconds in SQL, exactly, on both databases: for differences, and for intervals of the day."""

import sqlite3
from typing import Any

from sqlalchemy import BigInteger, ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

SECOND = 1_000_000
# India keeps one time all year and has since 1945, so a day there is a plain division.
INDIA_AHEAD = 19_800 * SECOND


_HAS_UNIXEPOCH = sqlite3.sqlite_version_info >= (3, 38)  # three times as fast


class micros_of(FunctionElement[int]):
    """Microseconds since 1970 of a stored moment."""

    type = BigInteger()
    inherit_cache = True
    name = "micros_of"


@compiles(micros_of, "sqlite")
def _sqlite(element: micros_of, compiler: Any, **kw: Any) -> str:
    stored = compiler.process(element.clauses, **kw)  # text: 2026-03-02 05:30:00.000000; strftime would round it
    whole = f"substr({stored}, 1, 19)"
    seconds = f"unixepoch({whole})" if _HAS_UNIXEPOCH else f"CAST(strftime('%s', {whole}) AS INTEGER)"
    return f"({seconds} * 1000000 + CAST(substr({stored}, 21, 6) AS INTEGER))"


@compiles(micros_of, "postgresql")
def _postgresql(element: micros_of, compiler: Any, **kw: Any) -> str:
    # As a float and not as a numeric, which costs several times as much: it holds microseconds until the year 2255, and
    # the cast rounds to the nearest.
    return f"CAST(date_part('epoch', {compiler.process(element.clauses, **kw)}) * 1000000 AS BIGINT)"


def interval_of(moment: Any, micros: int) -> ColumnElement[int]:
    """Number of the interval of this length, counted from midnight in India, in which a stored moment lies."""
    return (micros_of(moment) + INDIA_AHEAD) // micros
