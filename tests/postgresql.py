"""The PostgreSQL server of TEST_DATABASE_URL: databases of their own for tests, and a road to it that can be broken."""

import asyncio
import os
import secrets
import socket
import threading
from collections.abc import Coroutine, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any, TypeVar

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

TEST_DATABASE_URL = os.environ.get("TEST_DATABASE_URL", "")
BACKENDS = ["sqlite", "postgresql"] if TEST_DATABASE_URL else ["sqlite"]
Result = TypeVar("Result")


class Server:
    """Makes and drops databases. Their names begin with `helpline_test_`."""

    def __init__(self, url: str = TEST_DATABASE_URL) -> None:
        self._url = make_url(url).set(drivername="postgresql")

    @contextmanager
    def database(self, template: str = "") -> Iterator[str]:
        """Address of a new database, a copy of the one at `template` or without tables; dropped at the end."""
        name = f"helpline_test_{secrets.token_hex(6)}"
        model = (template and make_url(template).database) or "template0"
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'")
        self._run(made.format(sql.Identifier(name), sql.Identifier(model)))
        try:
            yield _text(self._url.set(database=name))
        finally:
            self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def place(self) -> tuple[str, int]:
        """Where it listens, as the driver finds it: a host or the folder of a Unix socket, and the port."""
        with psycopg.connect(_text(self._url)) as connection:
            return connection.info.host, connection.info.port

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(_text(self._url), autocommit=True) as connection:
            connection.execute(statement)


class Recycled:
    """Databases that are emptied and lent again: making and dropping one takes longer than most tests."""

    def __init__(self, server: Server, template: str) -> None:
        self._server, self._template = server, template
        self._made = ExitStack()
        self._clean: list[str] = []
        self._shape = _shape_of(template)

    @contextmanager
    def lend(self) -> Iterator[str]:
        """Address of a database that is like the template."""
        url = self._clean.pop() if self._clean else self._made.enter_context(self._server.database(self._template))
        yield url
        if _empty(url, self._shape):
            self._clean.append(url)

    def close(self) -> None:
        """Drop them all."""
        self._made.close()


# Tables with their columns, indexes, triggers and constraints.
_SHAPE = """
    SELECT md5(string_agg(told, ';' ORDER BY told)) FROM (
        SELECT format('%s.%s %s', attrelid::regclass, attname, atttypid::regtype) AS told
            FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT format('%s %s %s', tgrelid::regclass, tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT format('%s %s', conrelid::regclass, conname) FROM pg_constraint
            WHERE connamespace = 'public'::regnamespace
    ) AS everything
"""
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
_OTHERS = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
_RESTART = "SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence"


def _shape_of(url: str) -> str:
    with psycopg.connect(url) as connection:
        return str(connection.execute(_SHAPE).fetchone())


def _empty(url: str, shape: str) -> bool:
    """Take every row away that a test has left. False if the tables are no longer what they were."""
    with psycopg.connect(url) as connection:
        connection.execute(_OTHERS)
        if str(connection.execute(_SHAPE).fetchone()) != shape:
            return False
        tables = [sql.Identifier(name) for (name,) in connection.execute(_TABLES)]
        asked = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(place), table)
            for place, table in enumerate(tables)
        )
        full = [tables[place] for (place,) in connection.execute(asked)]
        # Some tables refuse to lose rows, and all are watched for rows that others refer to.
        connection.execute("SET session_replication_role = replica")
        for table in full:
            connection.execute(sql.SQL("DELETE FROM {}").format(table))
        connection.execute(_RESTART)
    return True


class Road:
    """A port of its own that leads to the server. A line behind it sees the server go away and come back."""

    def __init__(self, server: Server) -> None:
        self._host, self._port = server.place()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="road", daemon=True)
        self._thread.start()
        self._travels: set[asyncio.Task[None]] = set()
        self._near = _bound(0)
        self._address: tuple[str, int] = self._near.getsockname()
        self._entrance: asyncio.Server | None = None
        self._passable = asyncio.Event()
        self._passable.set()
        self._do(self._open())

    def leading_to(self, url: str) -> str:
        """The same address by this road."""
        host, port = self._address
        return _text(make_url(url).set(host=host, port=port).difference_update_query(["host", "port"]))

    @contextmanager
    def server_gone(self) -> Iterator[None]:
        """As when the server is killed or starts anew: every connection breaks, new ones are refused."""
        self._do(self._shut())
        try:
            yield
        finally:
            self._do(self._open())

    @contextmanager
    def server_silent(self) -> Iterator[None]:
        """As when the server's machine stands still: connections hold, no answer comes; later all of them come."""
        self._loop.call_soon_threadsafe(self._passable.clear)
        try:
            yield
        finally:
            self._loop.call_soon_threadsafe(self._passable.set)

    def close(self) -> None:
        self._do(self._shut())
        self._near.close()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _do(self, work: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    async def _open(self) -> None:
        self._entrance = await asyncio.start_server(self._travel, sock=self._near)

    async def _shut(self) -> None:
        """Let nobody in and break what is under way. The port stays ours: a bound one that nobody hears refuses."""
        if self._entrance is not None:
            self._entrance.close()
            self._entrance = None
            self._near = _bound(self._address[1])
        for travel in list(self._travels):
            travel.cancel()
        await asyncio.gather(*self._travels, return_exceptions=True)

    async def _travel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, both ways."""
        travel = asyncio.current_task()
        assert travel is not None
        self._travels.add(travel)
        try:
            far_reader, far_writer = await self._reach()
            try:
                await asyncio.gather(self._carry(reader, far_writer), self._carry(far_reader, writer))
            finally:
                far_writer.transport.abort()
        except (OSError, asyncio.CancelledError):
            return  # broken off, by one end or by us
        finally:
            writer.transport.abort()
            self._travels.discard(travel)

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._host.startswith("/"):
            return await asyncio.open_unix_connection(f"{self._host}/.s.PGSQL.{self._port}")
        return await asyncio.open_connection(self._host, self._port)

    async def _carry(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while data := await source.read(65536):
            await self._passable.wait()
            target.write(data)
            await target.drain()
        with suppress(OSError):
            target.write_eof()


def _bound(port: int) -> socket.socket:
    near = socket.socket()
    near.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    near.bind(("127.0.0.1", port))
    return near


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)
