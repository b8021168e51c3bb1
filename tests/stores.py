"""A fresh store for a test: SQLite, and where TEST_DATABASE_URL is set PostgreSQL, or both.

What the store itself does is proved on both by `make test` (`tests/models`), and so is each test marked `every_store`:
of those who come at the same time, of locks and conflicts. Any other test tells of a page, a call or a rule: it runs
on one of the two, drawn from its name, so that about half of every file runs on either. `make soak` runs it on the
other one.
"""

import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from models.store import Store
from tests.postgresql import BACKENDS, Recycled, Server


@pytest.fixture(scope="session")
def _migrated() -> Iterator[Recycled]:
    """Migrated databases on the PostgreSQL server, copies of one."""
    with Server().database() as url:
        store = Store(url)
        store.migrate()
        store.close()
        recycled = Recycled(Server(), url)
        yield recycled
        recycled.close()


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "helpline.db"
    store = Store(f"sqlite:///{path}")
    store.migrate()
    store.close()
    return path


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Choose the stores of each test that has a fresh one."""
    for name in ("store_url", "empty_url"):
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, _stores_of(metafunc), indirect=True)


def _stores_of(metafunc: pytest.Metafunc) -> list[object]:
    marks = {mark.name for mark in metafunc.definition.iter_markers()}
    if metafunc.definition.path.parent.name == "models" or marks & {"every_store", "soak"}:
        return [*BACKENDS]
    drawn = zlib.crc32(f"{metafunc.module.__name__}.{metafunc.function.__name__}".encode()) % len(BACKENDS)
    return [kind if n == drawn else pytest.param(kind, marks=pytest.mark.soak) for n, kind in enumerate(BACKENDS)]


@pytest.fixture
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a fresh migrated database, for tests that start other processes."""
    with _migrated_database(request, request.param, tmp_path) as url:
        yield url


@contextmanager
def _migrated_database(request: pytest.FixtureRequest, kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        path = folder / "helpline.db"
        shutil.copy(request.getfixturevalue("_sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    with request.getfixturevalue("_migrated").lend() as url:
        yield url


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    with Server().database() as url:
        yield url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A fresh migrated store."""
    opened = Store(store_url)
    yield opened
    opened.close()


@pytest.fixture
def page_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A fresh migrated store for tests in a browser: on PostgreSQL where there is one, else on SQLite.

    What pages ask of the store is tested on both without a browser, which makes each test ten times as long.
    """
    with _migrated_database(request, BACKENDS[-1], tmp_path) as url:
        opened = Store(url)
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
