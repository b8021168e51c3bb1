"""A fresh store for a test: SQLite always, PostgreSQL as well where TEST_DATABASE_URL is set."""

import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import URL, make_url

from models.store import Store

TEST_DATABASE_URL = os.environ.get("TEST_DATABASE_URL", "")
BACKENDS = ["sqlite", "postgresql"] if TEST_DATABASE_URL else ["sqlite"]


class _Server:
    """The PostgreSQL server of the tests: one migrated template a test worker, copied for each test."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url)
        self._template = self._create()
        store = Store(self._address(self._template))
        store.migrate()
        store.close()

    def copy(self) -> tuple[str, str]:
        """Name and address of a fresh migrated database."""
        name = self._create(self._template)
        return name, self._address(name)

    def empty(self) -> tuple[str, str]:
        """Name and address of a database without tables."""
        name = self._create()
        return name, self._address(name)

    def drop(self, name: str) -> None:
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def close(self) -> None:
        self.drop(self._template)

    def _create(self, template: str = "template0") -> str:
        name = f"helpline_test_{secrets.token_hex(6)}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'")
        self._run(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def _address(self, name: str) -> str:
        return self._plain().set(database=name).render_as_string(hide_password=False)

    def _plain(self) -> URL:
        return self._url.set(drivername="postgresql")

    def _run(self, statement: sql.Composed) -> None:
        address = self._plain().render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="session")
def _postgresql() -> Iterator[_Server | None]:
    server = _Server(TEST_DATABASE_URL) if TEST_DATABASE_URL else None
    yield server
    if server is not None:
        server.close()


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "helpline.db"
    store = Store(f"sqlite:///{path}")
    store.migrate()
    store.close()
    return path


@pytest.fixture(params=BACKENDS)
def store_url(request: pytest.FixtureRequest, tmp_path: Path, _sqlite_template: Path) -> Iterator[str]:
    """Address of a fresh migrated database, for tests that start other processes."""
    if request.param == "sqlite":
        path = tmp_path / "helpline.db"
        shutil.copy(_sqlite_template, path)
        yield f"sqlite:///{path}"
        return
    server = request.getfixturevalue("_postgresql")
    name, url = server.copy()
    yield url
    server.drop(name)


@pytest.fixture(params=BACKENDS)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server = request.getfixturevalue("_postgresql")
    name, url = server.empty()
    yield url
    server.drop(name)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A fresh migrated store."""
    opened = Store(store_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_store(tmp_path: Path, _sqlite_template: Path) -> Iterator[Store]:
    """A fresh store on SQLite only, for slow stories that need not run twice."""
    path = tmp_path / "story.db"
    shutil.copy(_sqlite_template, path)
    opened = Store(f"sqlite:///{path}")
    yield opened
    opened.close()
