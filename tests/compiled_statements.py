"""Statements compiled once for all stores of a test process, as a long-lived process compiles them once.

Each test has a store of its own; compiling what it asks took a fifth of its time.
"""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

import pytest
from sqlalchemy import Engine

from models.backend import Backend, Postgresql, Sqlite

_MOST = 3000  # statements kept; an engine itself keeps 500


@pytest.fixture(scope="session", autouse=True)
def _share_compiled_statements() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for kind in (Sqlite, Postgresql):
            patch.setattr(kind, "_engine", _sharing(kind._engine))
        yield


def _sharing(make_engine: Callable[..., Engine]) -> Callable[..., Engine]:
    first: list[Engine] = []

    @wraps(make_engine)
    def make(backend: Backend, *arguments: Any, **settings: Any) -> Engine:
        engine = make_engine(backend, *arguments, **settings)
        if not first or first[0].dialect.server_version_info is None:  # has never met its database
            first[:] = [engine]
            engine._compiled_cache.capacity = _MOST  # type: ignore[union-attr]  # it has one
            return engine
        # A statement is compiled for a dialect; both are of the same kind, and set up alike.
        engine.dialect, engine._compiled_cache = first[0].dialect, first[0]._compiled_cache
        return engine

    return make
