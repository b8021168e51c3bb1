"""A fresh store for a test: SQLite always, PostgreSQL as well where TEST_DATABASE_URL is set."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.store import Store
from tests.postgresql import BACKENDS, Server


@pytest.fixture(scope="session")
def _migrated() -> Iterator[str]:
    """Address of a migrated database on the PostgreSQL server, one a test worker, copied for each test."""
    with Server().database() as url:
        store = Store(url)
        store.migrate()
        store.close()
        yield url


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
    with Server().database(request.getfixturevalue("_migrated")) as url:
        yield url


@pytest.fixture(params=BACKENDS)
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
def sqlite_store(tmp_path: Path, _sqlite_template: Path) -> Iterator[Store]:
    """A fresh store on SQLite only, for slow stories that need not run twice."""
    path = tmp_path / "story.db"
    shutil.copy(_sqlite_template, path)
    opened = Store(f"sqlite:///{path}")
    yield opened
    opened.close()
