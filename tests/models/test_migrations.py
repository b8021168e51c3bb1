"""The steps go up, down and up again with data in the tables, and match the code."""

from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from sqlalchemy import inspect, text

from models.call import Call
from models.caller import CallerMemory
from models.migrations.check import differences
from models.migrations.config import alembic_config
from models.store import Store
from models.turn import Turn

AT = datetime(2026, 2, 27, 13, 10, tzinfo=UTC)


def test_steps_match_the_tables(tmp_path: Path) -> None:
    assert differences(tmp_path) == []


def test_up_down_up_from_nothing(empty_url: str) -> None:
    store = Store(empty_url)
    store.migrate()
    with store.migrating() as connection:
        command.downgrade(alembic_config(connection), "base")
    with store.read() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    store.migrate()
    store.transact(lambda session: session.add(Call(sid="CA1", started_at=AT)))
    store.close()


def test_one_step_back_keeps_the_data(store: Store) -> None:
    store.transact(lambda session: session.add(Call(sid="CA1", started_at=AT)))
    store.transact(lambda session: session.add(Turn(call_sid="CA1", n=0, event_digest="", twiml="<a/>", at=AT)))
    with store.migrating() as connection:
        command.downgrade(alembic_config(connection), "-1")
    store.migrate()
    with store.session() as session:
        assert session.get_one(Call, "CA1").started_at == AT
        assert session.get_one(Turn, ("CA1", 0)).twiml == "<a/>"


def test_a_caller_is_known_on_either_side_of_the_confirmed_number(store: Store) -> None:
    caller = CallerMemory(number="+919830012345", language="bn", first_seen_at=AT, last_seen_at=AT, calls=3)
    store.transact(lambda session: session.add(caller))
    with store.migrating() as connection:
        command.downgrade(alembic_config(connection), "0003")
    store.migrate()
    with store.session() as session:
        kept = session.get_one(CallerMemory, "+919830012345")
        assert (kept.language, kept.calls, kept.number_confirmed_at) == ("bn", 3, None)


def test_migrating_again_changes_nothing(store: Store) -> None:
    store.migrate()
    with store.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1
