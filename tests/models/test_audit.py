"""The chain of acts: on both stores, with writers at once, and with somebody who changes a row behind the program."""

import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from click.testing import CliRunner
from sqlalchemy import Connection, select, text

from agent_console.audit_command import audit
from config import Config
from models.audit import FIRST_HASH, add_act, verify_acts
from models.audit_entry import AuditEntry
from models.errors import TamperedRecord
from models.migrations.config import alembic_config
from models.store import Store

AT = datetime(2026, 2, 27, 13, 10, 0, 123456, tzinfo=UTC)


def act(store: Store, subject: str = "talk:1", **data: Any) -> None:
    store.write(lambda connection: add_act(connection, "staff:1", "number_shown", subject, AT, data))


def break_seal(connection: Connection) -> None:
    """What only somebody with the database's own password can do."""
    if connection.dialect.name == "sqlite":
        for one in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER audit_entry_{one}"))
    else:
        connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))


def test_each_act_carries_the_hash_of_the_one_before(store: Store) -> None:
    for number in range(3):
        act(store, reason=f"কারণ {number}", nested=[1, {"b": None, "a": "é"}])
    with store.session() as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.n)).all()
    assert [row.n for row in rows] == [1, 2, 3]
    assert [row.previous_hash for row in rows] == [FIRST_HASH, rows[0].hash, rows[1].hash]
    with store.read() as connection:
        assert verify_acts(connection) == (3, rows[2].hash)


def test_writers_at_once_do_not_fork_the_chain(store: Store) -> None:
    def write(number: int) -> None:
        for time in range(5):
            act(store, f"talk:{number}", time=time)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as connection:
        assert verify_acts(connection)[0] == 40


def test_an_act_that_is_undone_leaves_no_gap(store: Store) -> None:
    def fail(connection: Connection) -> None:
        add_act(connection, "staff:1", "number_shown", "talk:1", AT)
        raise ZeroDivisionError

    act(store)
    with pytest.raises(ZeroDivisionError):
        store.write(fail)
    act(store)
    with store.read() as connection:
        assert verify_acts(connection)[0] == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE audit_entry SET actor = 'staff:2' WHERE n = 2", "act 2 (number_shown, 2026-02-27, id 2) is not"),
        ("UPDATE audit_entry SET data = '{}' WHERE n = 1", "act 1 "),
        ("DELETE FROM audit_entry WHERE n = 2", "act 2 is missing: act 3"),
        ("DELETE FROM audit_entry WHERE n = 3", "act 3 is missing: 3 acts were written, and 2 are there"),
        ("DELETE FROM audit_head", "the count of acts is missing: 3 are there"),
    ],
)
def test_the_first_broken_act_is_named(store: Store, change: str, said: str) -> None:
    for number in range(3):
        act(store, reason=f"reason {number}")

    def tamper(connection: Connection) -> None:
        break_seal(connection)
        connection.execute(text(change))

    store.write(tamper)
    with store.read() as connection, pytest.raises(TamperedRecord) as broken:
        verify_acts(connection)
    assert said in str(broken.value)


def test_the_command_tells_of_a_whole_and_of_a_broken_chain(store: Store, tmp_path: Path) -> None:
    act(store)
    config = Config.from_env({"DATABASE_URL": store.url.render_as_string(False), "HELPLINE_DATA_DIR": str(tmp_path)})
    whole = CliRunner().invoke(audit, ["verify"], obj=config)
    assert (whole.exit_code, whole.output.startswith("1 acts, each as it was written.")) == (0, True)

    def tamper(connection: Connection) -> None:
        break_seal(connection)
        connection.execute(text("DELETE FROM audit_entry"))

    store.write(tamper)
    broken = CliRunner().invoke(audit, ["verify"], obj=config)
    assert broken.exit_code == 1
    assert "The chain is broken: act 1 is missing" in broken.output


def test_acts_from_before_the_chain_are_chained_by_the_step(store: Store) -> None:
    for number in range(3):
        act(store, reason=f"কারণ {number}")
    with store.migrating() as connection:
        command.downgrade(alembic_config(connection), "0007")
    store.migrate()
    act(store)
    with store.read() as connection:
        assert verify_acts(connection)[0] == 4
