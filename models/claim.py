"""Claiming a turn in one statement, for PostgreSQL: each journey to the server costs more than the work there."""

from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from sqlalchemy import CTE, Connection, Dialect, Insert, Table, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from models.call import Call
from models.pipeline import KEY, Pipeline
from models.turn import Turn

_calls = cast(Table, Call.__table__)
_turns = cast(Table, Turn.__table__)
_TURN_VALUES = ("n", "event_digest", "twiml", "path", "at")


def claim_at_once(connection: Connection, turn: Mapping[str, Any], call_values: Mapping[str, Any]) -> bool:
    """Store the turn and move its call. False if that cannot be done, and then nothing is changed.

    It cannot if the call is not at the turn before, is over, or, for turn 0, is there already.
    """
    parameters = {f"call_{name}": value for name, value in call_values.items()}
    parameters |= {f"turn_{name}": value for name, value in turn.items()}
    if turn["n"] == 0:
        parameters.setdefault("call_started_at", turn["at"])
        prepared = _prepare(_first(tuple(call_values)), connection.dialect)
    else:
        parameters["turn_before"] = turn["n"] - 1
        prepared = _prepare(_next(tuple(call_values)), connection.dialect)
    return prepared.run(connection, parameters)


class _Prepared:
    """A statement compiled once: SQLAlchemy's own way to the driver costs as much as the driver."""

    def __init__(self, statement: Insert, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self._sql = str(compiled)
        self._constants = dict(compiled.params)
        self._processors = {
            name: process
            for parameter, name in compiled.bind_names.items()
            if (process := parameter.type.dialect_impl(dialect).bind_processor(dialect)) is not None
        }

    def run(self, connection: Connection, parameters: dict[str, Any]) -> bool:
        """True if one row was inserted, or is taken to be until the pipeline settles."""
        values = self._constants | parameters
        for name, process in self._processors.items():
            values[name] = process(values[name])
        pipeline: Pipeline | None = connection.info.get(KEY)
        if pipeline is None:
            return connection.exec_driver_sql(self._sql, values).rowcount == 1
        pipeline.send(self._sql, values)
        return True


@cache
def _prepare(statement: Insert, dialect: Dialect) -> _Prepared:
    return _Prepared(statement, dialect)


@cache
def _next(names: tuple[str, ...]) -> Insert:
    values: dict[str, Any] = {name: bindparam(f"call_{name}", type_=_calls.c[name].type) for name in names}
    values["turn"] = bindparam("turn_n")
    moved = (
        update(_calls)
        .where(
            _calls.c.sid == bindparam("turn_call_sid"),
            _calls.c.turn == bindparam("turn_before"),
            _calls.c.ended_at.is_(None),
        )
        .values(values)
        .returning(_calls.c.sid)
        .cte("moved")
    )
    return _insert_turn(moved)


@cache
def _first(names: tuple[str, ...]) -> Insert:
    values: dict[str, Any] = {
        name: bindparam(f"call_{name}", type_=_calls.c[name].type) for name in {*names, "started_at"}
    }
    values["sid"] = bindparam("turn_call_sid")
    values["turn"] = bindparam("turn_n")
    for column in _calls.c:
        if column.name not in values and isinstance(column.default, ScalarElementColumnDefault):
            values[column.name] = column.default.arg
    begun = insert(_calls).values(values).on_conflict_do_nothing().returning(_calls.c.sid).cte("begun")
    return _insert_turn(begun)


def _insert_turn(source: CTE) -> Insert:
    values = [bindparam(f"turn_{name}", type_=_turns.c[name].type).label(name) for name in _TURN_VALUES]
    row = select(source.c.sid, *values)
    statement = insert(_turns).from_select(["call_sid", *_TURN_VALUES], row).on_conflict_do_nothing()
    return statement.execution_options(preserve_rowcount=True)
