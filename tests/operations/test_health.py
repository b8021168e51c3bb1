"""`/ready` and `/metrics` tell the truth: of the store, of its tables, and of the processes that nobody sees."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from redis import Redis
from rq import SimpleWorker
from rq.serializers import JSONSerializer
from sqlalchemy import text

from app import create_app
from config import Config
from ivr.duty import ROUTER, take_duty
from ivr.last_resort import write_promise
from ivr.line import open_telephone
from ivr.publishing import seed_all
from models.store import Store
from tests.valkey import Valkey, valkey

__all__ = ["valkey"]


def ready(browser: FlaskClient) -> tuple[int, str, dict[str, str]]:
    """The HTTP status, the word for it all, and what is amiss."""
    told = browser.get("/ready")
    assert told.json is not None
    amiss = {check["name"]: check["says"] for check in told.json["checks"] if not check["well"]}
    return told.status_code, told.json["status"], amiss


@contextmanager
def served(config: Config) -> Iterator[FlaskClient]:
    """A browser at the web process of these settings."""
    telephone = open_telephone(config)
    yield create_app(config, telephone).test_client()
    telephone.store.close()


@pytest.fixture
def config(store: Store, store_url: str, tmp_path: Path) -> Config:
    """Settings of a line whose tables and menus are there, and of which only the web process runs."""
    seed_all(store, datetime.now(UTC))
    return Config.from_env(
        {"HELPLINE_DATA_DIR": str(tmp_path), "DATABASE_URL": store_url, "REDIS_URL": "redis://127.0.0.1:1"}
    )


def test_what_does_not_run_is_told_and_calls_are_taken_all_the_same(
    config: Config, store: Store, valkey: Valkey
) -> None:
    with served(config) as browser:
        status, word, amiss = ready(browser)
        assert (status, word) == (200, "limping")
        assert set(amiss) == {"router", "redis"}
        assert "helpline_router_up 0.0" in browser.get("/metrics").text
        assert "helpline_redis_up 0.0" in browser.get("/metrics").text

    now = datetime.now(UTC)
    store.write(lambda connection: take_duty(connection, ROUTER, "r", now, timedelta(minutes=5)))
    with served(replace(config, redis_url=valkey.url)) as browser:
        assert ready(browser)[2] == {
            "workers": "Nobody does codes, texts, recordings. Start: helpline worker codes texts recordings"
        }
        client = Redis.from_url(valkey.url)
        running = SimpleWorker(["codes", "texts", "recordings"], connection=client, serializer=JSONSerializer)
        running.register_birth()  # type: ignore[no-untyped-call]  # the package types it not
        client.close()
        assert ready(browser) == (200, "ready", {})
        told = browser.get("/metrics").text
        assert "helpline_router_up 1.0" in told
        assert 'helpline_workers{queue="codes"} 1.0' in told


def test_a_promise_that_nobody_takes_in_is_told(config: Config) -> None:
    (config.spool_dir).mkdir()
    (config.spool_dir / "CA1.unreadable").write_text("half a fi")
    write_promise(config.spool_dir, "CA2", "+919830012345", datetime.now(UTC))
    with served(config) as browser:
        assert "0 to ring back are not taken in, 1 unreadable" in ready(browser)[2]["promises"]
        assert "helpline_promises_lying 1.0" in browser.get("/metrics").text


@pytest.mark.parametrize(("revision", "status"), [("0001", 503), ("9999", 200)])
def test_tables_that_are_too_old_end_readiness_and_those_of_the_next_version_do_not(
    config: Config, store: Store, revision: str, status: int
) -> None:
    change = text("UPDATE alembic_version SET version_num = :to")
    with store.migrating() as connection:
        newest = connection.scalar(text("SELECT version_num FROM alembic_version"))
        connection.execute(change, {"to": revision})
    with served(config) as browser:
        told = ready(browser)
    assert told[0] == status
    assert "version of the program" in told[2]["tables"]
    with store.migrating() as connection:  # the database is lent again
        connection.execute(change, {"to": newest})


@pytest.mark.every_store
def test_a_database_that_takes_no_row_is_not_ready(config: Config, store: Store) -> None:
    """As on a full disk, or on a server that has become a mere copy: transactions begin and end well there."""
    with store.migrating() as connection:
        connection.execute(text("ALTER TABLE lease RENAME TO lease_away"))
        connection.execute(text("CREATE VIEW lease AS SELECT * FROM lease_away LIMIT 1000"))
    with served(config) as browser:
        status, word, amiss = ready(browser)
    with store.migrating() as connection:
        connection.execute(text("DROP VIEW lease"))
        connection.execute(text("ALTER TABLE lease_away RENAME TO lease"))
    assert (status, word) == (503, "not ready")
    assert "its disk is full" in amiss["store"]
