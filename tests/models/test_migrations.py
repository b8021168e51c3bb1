"""The steps go up, down and up again with data in the tables, and match the code."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from models.call import Call
from models.call_back import CallBack
from models.caller import CallerMemory
from models.errors import TablesBusy
from models.lease import Lease
from models.message import Message
from models.migrations.check import differences
from models.migrations.config import alembic_config
from models.staff import Staff
from models.store import Store
from models.talk import Talk
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


def test_the_tables_that_are_rebuilt_keep_their_rows(store: Store) -> None:
    """SQLite copies a table to drop a column: what stood in it before the release stands in it after both ways."""

    def fill(session: Session) -> None:
        person = Staff(login="asha", name="Asha", password_hash="x", created_at=AT)
        session.add_all([person, Call(sid="CA1", started_at=AT)])
        session.flush()
        session.add(Talk(call_sid="CA1", staff_id=person.id, conference="c1", state="ended", created_at=AT))
        session.add(CallBack(number="+919830012345", reason="asked", due_by=AT, request_reference="r1", created_at=AT))
        words = {"recipient": "+919830012345", "language": "bn", "template": "t", "body": "b", "purpose": "status"}
        session.add(Message(**words, created_at=AT))

    def rows() -> list[object]:
        with store.session() as session:
            talk, promise = session.scalars(select(Talk)).one(), session.scalars(select(CallBack)).one()
            person, message = session.scalars(select(Staff)).one(), session.scalars(select(Message)).one()
            return [
                (talk.call_sid, talk.staff_id, talk.conference, talk.state, talk.created_at, talk.held_s),
                (promise.number, promise.reason, promise.due_by, promise.attempts),
                (person.login, person.roles, person.languages),
                (message.recipient, message.body, message.status),
            ]

    store.transact(fill)
    before = rows()
    with store.migrating() as connection:
        command.downgrade(alembic_config(connection), "0004")
    store.migrate()
    assert rows() == before


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


def test_no_call_waits_for_a_step_that_waits_for_a_backup(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.backend.MIGRATION_WAIT_MS", 50)
    with store.read() as backup:
        backup.execute(select(Lease))
        if backup.dialect.name == "sqlite":
            return  # a file is read as it was, whoever changes it
        with pytest.raises(TablesBusy, match="Nothing was changed"), store.migrating() as connection:
            connection.execute(text("ALTER TABLE lease ADD COLUMN more text"))
    with store.read() as connection:
        assert "more" not in {column["name"] for column in inspect(connection).get_columns("lease")}
