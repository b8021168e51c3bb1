"""Statements sent to PostgreSQL one after another without waiting for each answer.

A journey to the server and back costs more than the work there. Only statements that are sure to touch exactly one row
go this way; where one did not, the whole transaction is undone and its units run again, one by one.
"""

from contextlib import AbstractContextManager
from typing import Any

KEY = "pipeline"  # under which the writer keeps it in `Connection.info`


class NotOneRow(Exception):
    """A statement in the pipeline touched no row: its unit must look for itself."""


class Pipeline:
    """Statements on their way. `settle` waits for all of them."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw
        self._mode: AbstractContextManager[Any] | None = None
        self._sent: list[Any] = []

    def send(self, sql: str, values: dict[str, Any]) -> None:
        """Send without waiting. Errors come out of `settle`."""
        if self._mode is None:
            self._mode = self._raw.pipeline()
            self._mode.__enter__()
        self._sent.append(self._raw.execute(sql, values))

    def settle(self) -> None:
        """Wait for the answers. Raises the driver's error, or NotOneRow."""
        mode, self._mode = self._mode, None
        sent, self._sent = self._sent, []
        if mode is not None:
            mode.__exit__(None, None, None)
        if any(cursor.rowcount != 1 for cursor in sent):
            raise NotOneRow
