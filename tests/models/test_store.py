"""What the store promises, and what it says when it cannot keep the promise."""

import socket
import sqlite3
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from models.call import Call
from models.store import Store, StoreUnavailable
from tests.models.counting import count_up

AT = datetime(2026, 2, 27, 13, 10, tzinfo=UTC)


@pytest.fixture
def begun(store: Store) -> Store:
    store.transact(lambda session: session.add(Call(sid="CA1", started_at=AT)))
    return store


def turn_of(store: Store) -> int:
    with store.session() as session:
        return session.get_one(Call, "CA1").turn


def test_commits_are_flushed_to_disk(store: Store) -> None:
    if store.url.get_backend_name() == "sqlite":  # NORMAL, because the store flushes by itself: test_write_ahead_log.py
        wanted = {"PRAGMA synchronous": 1, "PRAGMA journal_mode": "wal", "PRAGMA foreign_keys": 1}
    else:
        wanted = {"SHOW synchronous_commit": "on"}
    for question, answer in wanted.items():
        assert store.write(partial(Connection.scalar, statement=text(question))) == answer


def test_objects_stay_usable_after_the_transaction(begun: Store) -> None:
    def work(session: Session) -> Call:
        call = session.get_one(Call, "CA1")
        call.step = "greeting"
        return call

    assert begun.transact(work).step == "greeting"


def test_reading_cannot_write(begun: Store) -> None:
    change = text("UPDATE call SET turn = 9")
    with pytest.raises((StoreUnavailable, DBAPIError)), begun.read() as connection:
        connection.execute(change)
    assert turn_of(begun) == 0


def test_a_unit_inside_a_unit_is_refused(begun: Store) -> None:
    with pytest.raises(RuntimeError, match="cannot start another"):
        begun.transact(lambda _session: begun.transact(count_up))
    assert turn_of(begun) == 0


def test_session_of_a_unit_may_roll_back_by_itself(begun: Store) -> None:
    def work(session: Session) -> None:
        session.get_one(Call, "CA1").turn = 7
        session.flush()
        session.rollback()
        session.get_one(Call, "CA1").step = "after"

    begun.transact(work)
    assert turn_of(begun) == 0


def test_hidden_failure_is_not_taken_for_kept(begun: Store) -> None:
    """On PostgreSQL a failed statement spoils the transaction; the commit would say nothing."""

    def work(connection: Connection) -> None:
        connection.execute(text("UPDATE call SET turn = 3"))
        try:
            connection.execute(text("INSERT INTO turn SELECT * FROM turn WHERE 1 / 0 = 1 OR no_such_column = 1"))
        except DBAPIError:
            return

    try:
        begun.write(work)
        kept = True
    except StoreUnavailable:
        kept = False
    assert turn_of(begun) == (3 if kept else 0)
    begun.transact(count_up)
    assert turn_of(begun) == (4 if kept else 1)


def test_closed_store_says_so(store_url: str) -> None:
    store = Store(store_url)
    store.transact(lambda session: session.add(Call(sid="CA1", started_at=AT)))
    store.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        store.transact(count_up)


def test_broken_rules_stay_what_they_are(begun: Store) -> None:
    with pytest.raises(IntegrityError):
        begun.transact(lambda session: session.add(Call(sid="CA1", started_at=AT)))


def test_server_that_is_away() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and nobody listens
        port = taken.getsockname()[1]
    store = Store(f"postgresql://nobody@127.0.0.1:{port}/nothing")
    with pytest.raises(StoreUnavailable):
        store.transact(count_up)
    with pytest.raises(StoreUnavailable), store.read():
        pass
    store.close()


def test_file_that_cannot_be_opened(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'helpline.db'}")
    store.migrate()
    store.close()
    (tmp_path / "helpline.db").unlink()
    (tmp_path / "helpline.db").mkdir()
    again = Store(f"sqlite:///{tmp_path / 'helpline.db'}")
    with pytest.raises(StoreUnavailable):
        again.transact(count_up)
    with pytest.raises(StoreUnavailable), again.read():
        pass
    again.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://localhost/x"])
def test_addresses_that_are_no_store(url: str) -> None:
    with pytest.raises(ValueError, match="sqlite:///"):
        Store(url)


def test_lost_connections_are_replaced(begun: Store) -> None:
    if begun.url.get_backend_name() == "sqlite":
        pytest.skip("a file has no connections to lose")
    with begun.read() as connection:
        connection.execute(select(Call.turn)).all()
    begun.transact(count_up)
    _cut_all_connections(begun)
    begun.transact(count_up)
    assert turn_of(begun) == 2


def test_connection_lost_within_a_unit_is_tried_again(begun: Store) -> None:
    if begun.url.get_backend_name() == "sqlite":
        pytest.skip("a file has no connections to lose")
    runs: list[int] = []

    def work(session: Session) -> None:
        count_up(session)
        session.flush()
        runs.append(1)
        if len(runs) == 1:
            _cut_all_connections(begun)
        session.get_one(Call, "CA1").step = "kept"
        session.flush()

    begun.transact(work)
    assert len(runs) == 2
    assert turn_of(begun) == 1


def _cut_all_connections(store: Store) -> None:
    address = store.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_who_still_reads_when_the_store_is_closed_leaves_no_connection_behind(begun: Store) -> None:
    with begun.read() as connection:
        raw: Any = connection.connection.dbapi_connection
        begun.close()
        assert connection.scalar(select(Call.turn)) == 0
    if begun.url.get_backend_name() == "sqlite":
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            raw.execute("SELECT 1")
    else:
        assert raw.closed
