"""A store that goes away says so in time, keeps nothing by halves, and comes back by itself."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text

from models.call import Call
from models.impatient import ImpatientConnection
from models.store import Store, StoreUnavailable
from tests.models.counting import count_up
from tests.outages import FrailStore, frail_store_of
from tests.postgresql import BACKENDS

AT = datetime(2026, 2, 27, 13, 10, tzinfo=UTC)
CALLERS = 20
PATIENCE_S = 60.0  # whoever is not told by then never will be
SLOW = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT max(i) FROM n",
    "postgresql": "SELECT pg_sleep(0.5)",
}


@pytest.fixture(params=BACKENDS)
def breakable(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FrailStore]:
    with frail_store_of(request.param, tmp_path) as made:
        yield made


@pytest.fixture
def away(breakable: FrailStore) -> Iterator[Store]:
    store = Store(breakable.url)
    store.migrate()
    store.transact(lambda session: session.add(Call(sid="CA1", started_at=AT)))
    yield store
    store.close()


def test_whoever_writes_is_told_and_nothing_is_kept(breakable: FrailStore, away: Store) -> None:
    for what, outage in breakable.outages.items():
        before = turn_of(away)
        with ThreadPoolExecutor(CALLERS) as callers, outage():
            told = [callers.submit(away.transact, count_up) for _ in range(CALLERS)]
            assert wait(told, PATIENCE_S).not_done == set(), what
        assert {type(one.exception()) for one in told} == {StoreUnavailable}, what
        away.transact(count_up)
        assert turn_of(away) == before + 1, what


def test_whoever_reads_is_told_or_answered(breakable: FrailStore, away: Store) -> None:
    for what, outage in breakable.outages.items():
        with ThreadPoolExecutor(CALLERS) as callers, outage():
            told = [callers.submit(turn_of, away) for _ in range(CALLERS)]
            assert wait(told, PATIENCE_S).not_done == set(), what
        assert {type(one.exception()) for one in told} <= {StoreUnavailable, type(None)}, what
        assert turn_of(away) == 0, what


def test_a_change_of_the_tables_may_take_its_time(away: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImpatientConnection, "answer_s", 0.2)
    with away.migrating() as connection:
        connection.execute(text(SLOW[away.url.get_backend_name()]))


def turn_of(store: Store) -> int:
    with store.session() as session:
        return session.scalars(select(Call.turn).where(Call.sid == "CA1")).one()
