"""Ways in which a store goes away and comes back, while the processes that use it run on."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.postgresql import Road, Server

Outage = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True)
class FrailStore:
    """A store without tables. Each outage, by what happens, lasts as long as its block."""

    url: str
    outages: dict[str, Outage]


@contextmanager
def frail_store_of(kind: str, folder: Path) -> Iterator[FrailStore]:
    """A store of this kind that can be taken away: PostgreSQL in a database of its own, SQLite in `folder`."""
    if kind == "sqlite":
        path = folder / "helpline.db"
        yield FrailStore(f"sqlite:///{path}", {"another program holds the file": partial(file_held, path)})
        return
    server = Server()
    road = Road(server)
    try:
        with server.database() as url:
            outages: dict[str, Outage] = {
                "the server is gone": road.server_gone,
                "the server is silent": road.server_silent,
            }
            yield FrailStore(road.leading_to(url), outages)
    finally:
        road.close()


@contextmanager
def file_held(path: Path) -> Iterator[None]:
    """Nobody can write to this SQLite file meanwhile."""
    with closing(sqlite3.connect(path, isolation_level=None, timeout=20)) as other:
        other.execute("BEGIN EXCLUSIVE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
