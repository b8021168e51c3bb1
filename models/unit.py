"""A unit of writing: a function that is given the connection, and what became of it."""

import threading
from collections.abc import Callable, Sequence
from typing import Any, Generic, Protocol, TypeVar, cast

from sqlalchemy import Connection

from models.errors import StoreUnavailable

T = TypeVar("T")
Item = TypeVar("Item", contravariant=True)
Result = TypeVar("Result", covariant=True)

PATIENCE_S = 10.0  # a unit not begun by then is withdrawn: the telephone waits 15 s in all


class Bulk(Protocol[Item, Result]):
    """Work that many callers want at once, each for an item of their own."""

    def together(self, connection: Connection, items: Sequence[Item]) -> bool:
        """Do it for all items; the result of each is None. False where each must be done alone."""

    def alone(self, connection: Connection, item: Item) -> Result | None:
        """Do it for one item."""


class NotTogether(Exception):
    """What was tried for many at once is to be done for each alone."""


class Unit(Generic[T]):
    """One piece of work and what became of it. With `bulk` it is done for `item`, together with its like."""

    __slots__ = ("_claim", "_done", "bulk", "error", "item", "result", "work")

    def __init__(
        self, work: Callable[[Connection], T], bulk: Bulk[Any, Any] | None = None, item: object | None = None
    ) -> None:
        self.work = work
        self.bulk = bulk
        self.item = item
        self.result: T | None = None
        self.error: BaseException | None = None
        self._claim = threading.Lock()
        self._done = threading.Lock()
        self._done.acquire()

    def claim(self) -> bool:
        """True for the first who asks: the writer that begins it, or the caller that gives it up."""
        return self._claim.acquire(blocking=False)

    def finish(self) -> None:
        self._done.release()

    def wait(self) -> T:
        """Result after the commit, or the error. Raises StoreUnavailable if it was not even begun in time."""
        if not self._done.acquire(timeout=PATIENCE_S):
            if self.claim():
                raise StoreUnavailable("The database is too busy or does not answer. Nothing was kept; try again.")
            self._done.acquire()
        if self.error is not None:
            raise self.error
        return cast(T, self.result)
