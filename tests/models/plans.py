"""How SQLite will find the rows of statements, with their parameters bound as they are in use."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, event

from models.store import Store


def plans_of(store: Store, work: Callable[[Connection], object]) -> list[str]:
    """The lines of the plans of all that `work` reads. Skips where the plan depends on how much is in the tables."""
    if store.url.get_backend_name() != "sqlite":
        pytest.skip("PostgreSQL plans by the sizes of tables, which are small here")
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        sent.append((statement, parameters))

    with store.read() as connection:
        event.listen(connection, "before_cursor_execute", note)
        work(connection)
        event.remove(connection, "before_cursor_execute", note)
        return [
            row[3]
            for statement, parameters in sent
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
