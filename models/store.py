"""The door to the database: plain reads, and writes that are durable when they return."""

import os
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, event
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

import models.tables  # noqa: F401  an entity may refer to any table, so all must be known
from models.backend import LOCK_NOT_AVAILABLE, backend_of
from models.claim import TurnClaim
from models.errors import StoreUnavailable, TablesBusy
from models.glance import Glance, Row
from models.turns import Claims, StoredTurn
from models.writer import DRIVER_ERRORS, Writer

__all__ = ["Store", "StoreUnavailable"]

T = TypeVar("T")

_CLAIMS = Claims()
_open_stores: "weakref.WeakSet[Store]" = weakref.WeakSet()
_of_the_parent: list[Any] = []  # never closed here: closing would speak on the parent's sockets


class Store:
    """One database, shared by all threads of a process. A forked child gets connections of its own."""

    def __init__(self, url: str) -> None:
        self._backend = backend_of(url)
        self._readers = self._backend.readers()
        self._writer = Writer(self._backend)
        self.url = self._backend.url
        self.before_waiting: Callable[[], None] = _nothing
        """Called in a thread that turns to the database, so that it can let another compute meanwhile."""
        _open_stores.add(self)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read transaction, which sees one moment of the database and cannot write. Raises StoreUnavailable."""
        self.before_waiting()
        try:
            with self._readers.connect() as connection, connection.begin():
                yield connection
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            raise StoreUnavailable("The database cannot be read just now. Try again.") from error

    def glance(self, glance: Glance, parameters: Mapping[str, Any]) -> list[Row]:
        """The rows of one SELECT, without a transaction round it. Raises StoreUnavailable."""
        self.before_waiting()
        try:
            connection = self._readers.raw_connection()
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            raise StoreUnavailable("The database cannot be read just now. Try again.") from error
        try:
            with self._backend.glancing(connection.dbapi_connection) as raw:
                return glance.rows(raw, self._readers.dialect, parameters)
        except DRIVER_ERRORS as error:
            connection.invalidate(error)
            raise StoreUnavailable("The database cannot be read just now. Try again.") from error
        finally:
            connection.close()

    @contextmanager
    def session(self) -> Iterator[Session]:
        """An ORM session for reading; it cannot write."""
        with self.read() as connection, Session(connection, autoflush=False, expire_on_commit=False) as session:
            yield session

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a write transaction and return after its commit. Its exception undoes it and is raised here.

        `work` may run again after a conflict, so it touches nothing but the connection. Raises StoreUnavailable.
        """
        self.before_waiting()
        return self._writer.write(work)

    def claim(self, claim: TurnClaim) -> StoredTurn | None:
        """`claim_turn` in a write transaction, together with the claims of other callers at this moment."""
        self.before_waiting()
        return self._writer.write_in_bulk(_CLAIMS, claim)

    def transact(self, work: Callable[[Session], T]) -> T:
        """`write` with an ORM session. Objects stay usable afterwards."""

        def flushed(connection: Connection) -> T:
            with Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint") as session:
                result = work(session)
                session.commit()
                return result

        return self.write(flushed)

    def migrate(self) -> None:
        """Bring the tables to the newest shape. Safe to call from several processes at once.

        Raises StoreUnavailable, also for tables of a newer version of the program: those it leaves as they are.
        """
        # Here, because it takes as long to import as the web framework, and most processes never change a table.
        from alembic import command

        from models.migrations.config import alembic_config
        from models.migrations.shape import shape_of

        with self.migrating() as connection:
            if shape_of(connection) == "newer":
                raise StoreUnavailable("The tables are those of a newer version of the program.")
            command.upgrade(alembic_config(connection), "head")

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """A transaction for changing the tables themselves, alone. Raises StoreUnavailable; TablesBusy, too."""
        engine = self._backend.writers()
        try:
            with self._backend.turn(), engine.connect() as connection:
                raw: Any = connection.connection.dbapi_connection
                self._backend.begin_migrating(raw)
                with connection.begin():
                    yield connection
                    self._backend.check_migrated(raw)
        except (OperationalError, InterfaceError) as error:
            if getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE:
                says = "Nothing was changed: a backup or a report reads the tables. Try again when it has ended."
                raise TablesBusy(says) from error
            raise StoreUnavailable("The tables cannot be changed just now: the database does not answer.") from error
        finally:
            engine.dispose()

    def close(self) -> None:
        """Write what is queued, then give every connection back; one that somebody still reads with, when they end."""
        self._writer.close()
        event.listen(self._readers.pool, "checkin", _close_returned)
        self._readers.dispose()
        self._backend.close()
        _open_stores.discard(self)

    def _after_fork(self) -> None:
        _of_the_parent.extend((self._readers, self._readers.pool, self._writer))
        self._backend.after_fork()
        self._readers = self._backend.readers()
        self._writer = Writer(self._backend)


def _close_returned(raw: Any, _record: object) -> None:
    """The pool has been disposed of, and would only forget what comes back to it."""
    if raw is not None:
        raw.close()


def _nothing() -> None:
    """Most processes have nobody to let in."""


def _renew_in_child() -> None:
    for store in list(_open_stores):
        store._after_fork()


os.register_at_fork(after_in_child=_renew_in_child)
