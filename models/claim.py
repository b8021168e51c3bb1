"""Claiming the turns of many calls with a statement or two, because what a statement costs is hardly its rows.

On SQLite each statement gives the interpreter up and has to get it back from busy threads; on PostgreSQL each is a
journey to the server.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Column, Connection, Dialect, Table
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from models.call import Call
from models.caller import CallerMemory
from models.turn import Turn

_CALLS = cast(Table, Call.__table__)
_TURNS = cast(Table, Turn.__table__)
_CALLERS = cast(Table, CallerMemory.__table__)
_TURN_COLUMNS = ("call_sid", "n", "event_digest", "twiml", "path", "at")
_IS_NEXT = 'AND "call".turn = told.turn - 1 AND "call".ended_at IS NULL'
_CALLER_COLUMNS = ("number", "first_seen_at", "last_seen_at", "calls")


@dataclass(frozen=True, slots=True)
class TurnClaim:
    """Turn `n` of a call, what was answered, and the columns of the call to write with it.

    Turn 0 makes the call: `call_values` has `started_at` then, and a call of the number `caller` is counted.
    `language` is what the caller has chosen in this turn, to be remembered for the next call of that number.
    """

    call_sid: str
    n: int
    digest: str
    twiml: str
    path: str
    at: datetime
    call_values: Mapping[str, Any]
    caller: str | None = None
    language: str | None = None

    @property
    def turn_row(self) -> dict[str, Any]:
        """The row of the turn."""
        return {
            "call_sid": self.call_sid,
            "n": self.n,
            "event_digest": self.digest,
            "twiml": self.twiml,
            "path": self.path,
            "at": self.at,
        }


def claim_together(connection: Connection, claims: Sequence[TurnClaim]) -> bool:
    """Claim all of them, each a turn of another call. False, or an error, where that cannot be done for every one.

    The transaction must be undone then: some may have been claimed.
    """
    first = [claim for claim in claims if claim.n == 0]
    later = [claim for claim in claims if claim.n > 0]
    numbers = [claim.caller for claim in first if claim.caller is not None]
    chosen = [(claim.caller, claim.language) for claim in claims if claim.caller and claim.language]
    if len({claim.call_sid for claim in claims}) < len(claims) or len(set(numbers)) < len(numbers):
        return False
    if first and not _begin(connection, first):
        return False
    if later and not _move(connection, later):
        return False
    if chosen:
        _Update.of(_CALLERS, ("number", "language"), connection.dialect).run(connection, chosen)
    rows = [(one.call_sid, one.n, one.digest, one.twiml, one.path, one.at) for one in claims]
    return _Insert.of(_TURNS, _TURN_COLUMNS, connection.dialect).add(connection, rows) == len(claims)


def _begin(connection: Connection, claims: Sequence[TurnClaim]) -> bool:
    """Make the calls, and count them with their callers."""
    names = tuple(claims[0].call_values)
    if any(tuple(claim.call_values) != names for claim in claims):
        return False
    defaults = _defaults(names)
    columns = ("sid", "turn", *names, *defaults)
    rows = [(one.call_sid, 0, *one.call_values.values(), *defaults.values()) for one in claims]
    if _Insert.of(_CALLS, columns, connection.dialect).add(connection, rows) != len(claims):
        return False
    met = [(one.caller, one.at, one.at, 1) for one in claims if one.caller is not None]
    if met:
        # SQLite takes ON after a FROM for the condition of a join, unless WHERE ends it.
        again = "last_seen_at = excluded.last_seen_at, calls = caller.calls + 1"
        tail = f"WHERE true ON CONFLICT (number) DO UPDATE SET {again}"
        _Insert.of(_CALLERS, _CALLER_COLUMNS, connection.dialect, tail).add(connection, met)
    return True


@cache
def _defaults(names: tuple[str, ...]) -> dict[str, Any]:
    return {
        column.name: column.default.arg
        for column in _CALLS.c
        if column.name not in {"sid", "turn", *names} and isinstance(column.default, ScalarElementColumnDefault)
    }


def _move(connection: Connection, claims: Sequence[TurnClaim]) -> bool:
    """Move each call on from the turn before."""
    names = tuple(claims[0].call_values)
    if any(tuple(claim.call_values) != names for claim in claims):
        return False
    rows = [(one.call_sid, one.n, *one.call_values.values()) for one in claims]
    update = _Update.of(_CALLS, ("sid", "turn", *names), connection.dialect, _IS_NEXT)
    return update.run(connection, rows) == len(claims)


class _Rows:
    """Many rows of some columns as one table inside a statement: on PostgreSQL out of one JSON text.

    Its driver takes longer to write arrays than the server takes to read JSON, and SQLite has no arrays.
    """

    def __init__(self, columns: Iterable[Column[Any]], dialect: Dialect) -> None:
        self._columns = list(columns)
        self._names = [column.name for column in self._columns]
        self._is_sqlite = dialect.name == "sqlite"
        self._processors = [
            (place, process)
            for place, column in enumerate(self._columns)
            if (process := column.type.dialect_impl(dialect).bind_processor(dialect)) is not None
        ]
        typed = ", ".join(f"{column.name} {column.type.compile(dialect)}" for column in self._columns)
        self._unpacked = f"SELECT * FROM json_to_recordset(%s) AS one ({typed})"  # noqa: S608  (names of our own columns)
        named = ", ".join(f"column{place} AS {column.name}" for place, column in enumerate(self._columns, start=1))
        self._selected = f"SELECT {named} FROM"
        self._one = f"({', '.join('?' * len(self._columns))})"

    def sql(self, count: int) -> str:
        """The table's text."""
        if not self._is_sqlite:
            return self._unpacked
        return f"{self._selected} (VALUES {', '.join([self._one] * count)})"

    def values(self, rows: Sequence[tuple[Any, ...]]) -> tuple[Any, ...]:
        """The parameters in the order that the text takes them."""
        prepared = [list(row) for row in rows]
        for row in prepared:
            for place, process in self._processors:
                row[place] = process(row[place])
        if self._is_sqlite:
            return tuple(value for row in prepared for value in row)
        named = [dict(zip(self._names, row, strict=True)) for row in prepared]
        return (json.dumps(named, ensure_ascii=False, separators=(",", ":"), default=datetime.isoformat),)


class _Insert:
    """`INSERT` of many rows."""

    def __init__(self, table: Table, columns: tuple[str, ...], dialect: Dialect, tail: str) -> None:
        self._rows = _Rows((table.c[name] for name in columns), dialect)
        self._opening = f'INSERT INTO "{table.name}" ({", ".join(columns)})'
        self._tail = tail

    @staticmethod
    @cache
    def of(table: Table, columns: tuple[str, ...], dialect: Dialect, tail: str = "") -> "_Insert":
        return _Insert(table, columns, dialect, tail)

    def add(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> int:
        """How many rows were written. Raises IntegrityError if one is there already."""
        sql = f"{self._opening} {self._rows.sql(len(rows))} {self._tail}"
        return connection.exec_driver_sql(sql, self._rows.values(rows)).rowcount


class _Update:
    """`UPDATE` of many rows, each found by the first of `columns`, with values of its own for the others."""

    def __init__(self, table: Table, columns: tuple[str, ...], dialect: Dialect, condition: str) -> None:
        self._rows = _Rows((table.c[name] for name in columns), dialect)
        sets = ", ".join(f"{name} = told.{name}" for name in columns[1:])
        # The statement must begin with UPDATE: after WITH the driver of SQLite does not count rows.
        self._opening = f'UPDATE "{table.name}" SET {sets} FROM'  # noqa: S608  (names of our own columns)
        self._where = f'WHERE "{table.name}".{columns[0]} = told.{columns[0]} {condition}'

    @staticmethod
    @cache
    def of(table: Table, columns: tuple[str, ...], dialect: Dialect, condition: str = "") -> "_Update":
        return _Update(table, columns, dialect, condition)

    def run(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> int:
        """How many rows were changed."""
        sql = f"{self._opening} ({self._rows.sql(len(rows))}) AS told {self._where}"
        return connection.exec_driver_sql(sql, self._rows.values(rows)).rowcount
