"""Inserts that do nothing where the row is already there, on both databases."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import Connection, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

from models.base import Base


class InsertOnce:
    """A prepared `INSERT ... ON CONFLICT DO NOTHING` into the table of an entity."""

    def __init__(self, entity: type[Base]) -> None:
        table = cast(Table, entity.__table__)
        self._of = {
            "sqlite": sqlite.insert(table).on_conflict_do_nothing(),
            "postgresql": postgresql.insert(table).on_conflict_do_nothing(),
        }
        self._plain: dict[str, Executable] = {
            name: statement.inline().execution_options(preserve_rowcount=True) for name, statement in self._of.items()
        }
        if "id" in table.c:
            self._with_id = {name: statement.returning(table.c.id) for name, statement in self._of.items()}

    def add(self, connection: Connection, values: dict[str, Any]) -> bool:
        """Insert one row. False if a row with the same key is there."""
        return connection.execute(self._plain[connection.dialect.name], values).rowcount > 0

    def add_all(self, connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
        """Insert those rows whose keys are not there. Give them in the order of the keys, or two writers that add the
        same ones wait for each other."""
        if rows:
            connection.execute(self._plain[connection.dialect.name], rows)

    def add_returning_id(self, connection: Connection, values: dict[str, Any]) -> int | None:
        """Insert one row and return its id, or None if a row with the same key is there."""
        return connection.execute(self._with_id[connection.dialect.name], values).scalar()
