"""Where the benchmarks print, and the stores that they fill."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, text

from models.store import Store


def tell(line: str = "") -> None:
    print(line, flush=True)  # noqa: T201  (what this program is for)


@contextmanager
def fresh_database(name: str) -> Iterator[str | None]:
    """None for SQLite; for PostgreSQL a new database on the server of TEST_DATABASE_URL, dropped afterwards."""
    if name == "SQLite":
        yield None
        return
    base = os.environ["TEST_DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1)
    database = f"helpline_bench_{os.getpid()}_{os.urandom(3).hex()}"
    admin = create_engine(base, isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {database}"))
        yield base.rsplit("/", 1)[0] + f"/{database}"
    finally:
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)"))
        admin.dispose()


@contextmanager
def fresh_store(name: str) -> Iterator[Store]:
    """The same with all its tables, SQLite too."""
    with tempfile.TemporaryDirectory() as folder, fresh_database(name) as url:
        opened = Store(url or f"sqlite:///{folder}/helpline.db")
        opened.migrate()
        yield opened
        opened.close()


def settle(store: Store) -> None:
    """What PostgreSQL does by itself within minutes: it clears up and counts. SQLite plans without, as on a line."""
    engine = create_engine(store.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("VACUUM ANALYZE"))
    engine.dispose()
