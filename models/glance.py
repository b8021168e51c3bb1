"""Single SELECTs of the hot path, compiled once and handed to the driver as they are (ADR 0011).

A transaction and a result object round each would cost several times what the database takes to answer.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Dialect, SelectBase

Row = tuple[Any, ...]


class Glance:
    """A SELECT with named parameters. Whatever it sees was committed; two glances may see two moments."""

    def __init__(self, statement: SelectBase) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, raw: Any, dialect: Dialect, parameters: Mapping[str, Any]) -> list[Row]:
        """The rows, read through the driver's own connection."""
        compiled = self._compiled.get(dialect.name)
        if compiled is None:
            compiled = self._compiled[dialect.name] = _Compiled(self._statement, dialect)
        return compiled.rows(raw, parameters)


class _Compiled:
    """The statement for one kind of database, with what turns values into the driver's and back."""

    def __init__(self, statement: SelectBase, dialect: Dialect) -> None:
        compiled = statement.compile(dialect=dialect)
        self._sql = str(compiled)
        self._order: list[str] | None = compiled.positiontup  # None: the driver takes names
        self._fixed = dict(compiled.params)
        binding = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in compiled.binds.items()
        }
        self._bind = {name: process for name, process in binding.items() if process is not None}
        reading = [
            column.type.dialect_impl(dialect).result_processor(dialect, None) for column in statement.selected_columns
        ]
        self._read = [(place, process) for place, process in enumerate(reading) if process is not None]

    def rows(self, raw: Any, parameters: Mapping[str, Any]) -> list[Row]:
        values = {**self._fixed, **parameters}
        for name, process in self._bind.items():
            values[name] = process(values[name])
        given = values if self._order is None else [values[name] for name in self._order]
        rows: list[Row] = raw.execute(self._sql, given).fetchall()
        return [self._readable(row) for row in rows] if self._read else rows

    def _readable(self, row: Row) -> Row:
        values = list(row)
        for place, process in self._read:
            values[place] = process(values[place])
        return tuple(values)
