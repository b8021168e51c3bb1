"""What differs between SQLite and PostgreSQL: connecting, and the raw control of transactions.

Transaction control goes round SQLAlchemy, because savepoints through it cost more than the statements they guard.
"""

import select
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError

from models.errors import StoreUnavailable
from models.file_lock import FileLock
from models.impatient import ImpatientConnection
from models.write_ahead_log import WriteAheadLog

POOL = 6  # reading connections kept a process
BUSY_S = 2  # how long SQLite itself waits for a stranger's lock: each writer in our own line waits so long in turn
PING_AFTER_S = 5  # a PostgreSQL connection idle for longer is tried before it is lent
MIGRATION_WAIT_MS = 4000  # so long calls may stand still while a table is changed; they have 15 seconds
MIGRATION_LOCK = 918370  # any number, as long as all versions of the program use the same
# Serialization failure, deadlock, unique violation: nothing was kept, and again is allowed. The last because a row that
# another process has just written is not seen by our snapshot, and yet in the way; run again alone, the unit sees it.
CONFLICTS = frozenset({"40001", "40P01", "23505"})

LOCK_NOT_AVAILABLE = "55P03"


class Backend(ABC):
    """One kind of database. `raw` is always the driver's own connection."""

    def __init__(self, url: URL) -> None:
        self.url = url

    @abstractmethod
    def readers(self) -> Engine:
        """A pool of connections that cannot write."""

    @abstractmethod
    def writers(self) -> Engine:
        """Makes connections for writing, one at a time."""

    @abstractmethod
    def begin(self, raw: Any, *, alone: bool) -> None:
        """Open a write transaction. `alone` keeps every other writer out, so that nothing can conflict."""

    @abstractmethod
    def begin_migrating(self, raw: Any) -> None:
        """Open a transaction for changing the tables; another process that tries the same waits."""

    @abstractmethod
    def check_migrated(self, raw: Any) -> None:
        """Raise if the change left rows without the rows that they refer to."""

    @abstractmethod
    def mark(self, raw: Any) -> None:
        """Set the savepoint of the next unit."""

    @abstractmethod
    def keep(self, raw: Any) -> None:
        """Keep the unit and set the savepoint of the next."""

    @abstractmethod
    def undo(self, raw: Any) -> None:
        """Undo the unit; the savepoint stands for the next."""

    @abstractmethod
    def check(self, raw: Any) -> None:
        """Raise if the work hid a failed statement: the commit would keep nothing, without a word."""

    @abstractmethod
    def is_alive(self, raw: Any) -> bool:
        """True if the connection still reaches the database."""

    @abstractmethod
    def flush(self) -> None:
        """Return when all that was committed outlives a loss of power. Raises OSError: then nobody knows."""

    @abstractmethod
    @contextmanager
    def glancing(self, raw: Any) -> Iterator[Any]:
        """A reading connection on which each statement stands alone."""

    @abstractmethod
    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait until this process may write."""

    def is_conflict(self, error: BaseException) -> bool:
        """True if another writer came first and the unit may simply run again."""
        return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) in CONFLICTS

    @abstractmethod
    def after_fork(self) -> None:
        """Forget what must not be shared with the parent process."""

    @abstractmethod
    def close(self) -> None:
        """Give back what the process holds besides connections."""


class Sqlite(Backend):
    """A file in WAL mode. What is committed is in the write-ahead log, and `flush` makes that survive a power cut.

    `synchronous=FULL` would do the same within each commit, while no other process may write: they would flush one
    after the other, and the disk takes longer than the writing.
    """

    def __init__(self, url: URL) -> None:
        super().__init__(url)
        if not url.database or url.database == ":memory:":
            raise ValueError("The store needs a file: sqlite:////absolute/path/helpline.db")
        self._lock = FileLock(f"{url.database}.lock")
        self._log = WriteAheadLog(f"{url.database}-wal")

    def readers(self) -> Engine:
        pragmas = ("PRAGMA query_only=ON", "PRAGMA cache_size=-8000")
        return self._engine(*pragmas, begin=True, pool_size=POOL, max_overflow=4 * POOL)

    def writers(self) -> Engine:
        # 64 MB: inserting into the indexes of a million calls must not read the file.
        return self._engine("PRAGMA cache_size=-64000", "PRAGMA synchronous=NORMAL", poolclass=NullPool)

    def begin(self, raw: Any, *, alone: bool) -> None:
        raw.execute("BEGIN IMMEDIATE")

    def begin_migrating(self, raw: Any) -> None:
        # A table is changed by copying and dropping it; its referrers must not notice.
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("PRAGMA synchronous=FULL")
        raw.execute("BEGIN IMMEDIATE")

    def check_migrated(self, raw: Any) -> None:
        orphans = raw.execute("PRAGMA foreign_key_check").fetchall()
        if orphans:
            raise StoreUnavailable(f"The change would leave {len(orphans)} rows without what they refer to.")

    def mark(self, raw: Any) -> None:
        raw.execute("SAVEPOINT unit")

    def keep(self, raw: Any) -> None:
        raw.execute("RELEASE unit")
        raw.execute("SAVEPOINT unit")

    def undo(self, raw: Any) -> None:
        raw.execute("ROLLBACK TO unit")

    def check(self, raw: Any) -> None:
        if not raw.in_transaction:
            raise StoreUnavailable("The database dropped the transaction. Nothing was kept; try again.")

    def is_alive(self, raw: Any) -> bool:
        return True

    def flush(self) -> None:
        self._log.flush()

    @contextmanager
    def glancing(self, raw: Any) -> Iterator[Any]:
        yield raw  # without BEGIN every statement is a transaction of its own

    @contextmanager
    def turn(self) -> Iterator[None]:
        with self._lock.held():
            yield

    def after_fork(self) -> None:
        self.close()
        self._lock = FileLock(f"{self.url.database}.lock")

    def close(self) -> None:
        self._lock.close()
        self._log.close()

    def _engine(self, *extra: str, begin: bool = False, **settings: Any) -> Engine:
        arguments = {"isolation_level": None, "timeout": BUSY_S, "check_same_thread": False}
        engine = create_engine(self.url, connect_args=arguments, **settings)
        pragmas = ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON", *extra)

        @event.listens_for(engine, "connect")
        def prepare(raw: Any, _record: object) -> None:
            for pragma in pragmas:
                raw.execute(pragma).close()

        if begin:

            @event.listens_for(engine, "begin")
            def start(connection: Connection) -> None:
                raw: Any = connection.connection.dbapi_connection
                raw.execute("BEGIN")

        return engine


class Postgresql(Backend):
    """A server. REPEATABLE READ turns a lost update into a conflict, which is run again alone."""

    def __init__(self, url: URL) -> None:
        super().__init__(url.set(drivername="postgresql+psycopg"))

    def readers(self) -> Engine:
        engine = self._engine(
            options="-c default_transaction_read_only=on", pool_size=POOL, max_overflow=2 * POOL, pool_timeout=5
        )

        @event.listens_for(engine, "checkin")
        def note(_raw: object, record: Any) -> None:
            record.info["idle_since"] = time.monotonic()

        @event.listens_for(engine, "checkout")
        def test(raw: Any, record: Any, _proxy: object) -> None:
            idle = time.monotonic() - record.info.get("idle_since", time.monotonic())
            # A server that closes a connection says so at once: then there is something to read.
            if idle < PING_AFTER_S and not _has_something_to_read(raw.pgconn.socket):
                return
            try:
                raw.execute("SELECT 1")
                raw.rollback()
            except psycopg.Error as error:
                raise DisconnectionError from error

        return engine

    def writers(self) -> Engine:
        # The driver's own BEGIN would be one more journey for each transaction.
        return self._engine(poolclass=NullPool).execution_options(isolation_level="AUTOCOMMIT")

    def begin(self, raw: Any, *, alone: bool) -> None:
        # A table lock, unlike an advisory one, is got before the snapshot is taken.
        mode = "EXCLUSIVE" if alone else "ROW SHARE"
        raw.execute(f"BEGIN ISOLATION LEVEL REPEATABLE READ; LOCK TABLE lease IN {mode} MODE")

    def begin_migrating(self, raw: Any) -> None:
        raw.answer_s = None  # a large table takes its time
        raw.execute("BEGIN")
        raw.execute(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
        # Whoever waits to change a table keeps everybody behind it from reading it: a backup that reads for an hour
        # would stop every call for as long.
        raw.execute(f"SET LOCAL lock_timeout = {MIGRATION_WAIT_MS}")

    def check_migrated(self, raw: Any) -> None:
        pass  # the server never stops watching references

    def mark(self, raw: Any) -> None:
        raw.execute("SAVEPOINT unit")

    def keep(self, raw: Any) -> None:
        raw.execute("RELEASE SAVEPOINT unit; SAVEPOINT unit")

    def undo(self, raw: Any) -> None:
        raw.execute("ROLLBACK TO SAVEPOINT unit")

    def check(self, raw: Any) -> None:
        if raw.info.transaction_status != TransactionStatus.INTRANS:
            raise StoreUnavailable("The database dropped the transaction. Nothing was kept; try again.")

    def is_alive(self, raw: Any) -> bool:
        return not raw.closed

    def flush(self) -> None:
        pass  # the server answers a COMMIT when it is on disk

    @contextmanager
    def glancing(self, raw: Any) -> Iterator[Any]:
        # The driver would send BEGIN, and the pool ROLLBACK: two journeys more.
        raw.autocommit = True
        try:
            yield raw
        finally:
            if not raw.closed:
                raw.autocommit = False

    @contextmanager
    def turn(self) -> Iterator[None]:
        yield

    def after_fork(self) -> None:
        pass  # a server tells connections apart by itself

    def close(self) -> None:
        pass  # nothing besides connections

    def _engine(self, options: str = "", **settings: Any) -> Engine:
        arguments = {
            "connect_timeout": 4,
            "tcp_user_timeout": 10_000,  # ms: a server that vanished is noticed before the telephone gives up
            "application_name": "helpline",
            # Compiling a query to machine code takes longer than any of ours runs.
            "options": f"{options} -c synchronous_commit=on -c jit=off",
        }
        engine = create_engine(self.url, connect_args=arguments, isolation_level="REPEATABLE READ", **settings)

        @event.listens_for(engine, "do_connect")
        def connect(_dialect: object, _record: object, positional: Any, named: Any) -> ImpatientConnection:
            return ImpatientConnection.connect(*positional, **named)

        return engine


def _has_something_to_read(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(0))


def backend_of(url: str) -> Backend:
    """The backend for an address. `postgresql://` means psycopg 3."""
    parsed = make_url(url)
    name = parsed.get_backend_name()
    if name == "sqlite":
        return Sqlite(parsed)
    if name == "postgresql":
        return Postgresql(parsed)
    raise ValueError("The address of the store must begin with sqlite:/// or postgresql://.")
