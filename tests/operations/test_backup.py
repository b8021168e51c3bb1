"""What was copied is put back elsewhere, whole, and its line takes calls."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import make_url, text

from app import main
from config import Config
from ivr.last_resort import write_promise
from ivr.publishing import seed_all
from models.store import Store
from operations.backup import BackupFailed, _run_client, back_up
from tests.ivr.line_in_test import CALLER, MONDAY_NOON, LineInTest
from tests.postgresql import Server


def run(*command: str, folder: Path, database: str) -> str:
    """What a command says. AssertionError unless it ends well."""
    told = CliRunner().invoke(main, command, env={"HELPLINE_DATA_DIR": str(folder), "DATABASE_URL": database})
    assert told.exit_code == 0, told.output
    return told.output


@contextmanager
def empty_beside(url: str, folder: Path) -> Iterator[str]:
    """Address of a database without tables, of the same kind."""
    if url.startswith("sqlite"):
        yield f"sqlite:///{folder / 'empty.db'}"
        return
    with Server().database() as empty:
        yield empty


@pytest.mark.every_store
def test_a_line_is_put_back_and_its_call_goes_on(store: Store, store_url: str, tmp_path: Path) -> None:
    line = LineInTest(store, tmp_path / "first", DATABASE_URL=store_url)
    first, second = line.config.data_dir, tmp_path / "second" / "data"
    seed_all(store, MONDAY_NOON)
    call = line.call()
    call.dial()
    write_promise(line.config.spool_dir, "CA2", CALLER, MONDAY_NOON)
    for name in ("recordings/talk-1.wav", "recordings/half.part", "proofs/a.proof", "audio/said.wav"):
        (first / name).parent.mkdir(exist_ok=True)
        (first / name).write_text(name)

    with empty_beside(store_url, tmp_path) as empty_url:
        written = run("backup", str(tmp_path / "copies"), folder=first, database=store_url)
        copy = Path(written.removeprefix("Written to ").strip())
        assert copy.stat().st_mode & 0o077 == 0
        assert "now run: helpline prepare" in run("restore", str(copy), folder=second, database=empty_url).lower()

        assert sorted(str(file.relative_to(second)) for file in second.rglob("*") if "secrets" not in file.parts) == [
            "audio", "audio/said.wav", "proofs", "proofs/a.proof", "recordings", "recordings/talk-1.wav", "spool",
            "spool/CA2.json",
        ]  # fmt: skip
        again = Store(empty_url)
        other = LineInTest(again, tmp_path / "second", DATABASE_URL=empty_url)
        assert other.config.secret_key == line.config.secret_key
        call.line = other
        call.press("1")
        assert other.row().language == "bn"
        assert "Gather" in {element.tag for element in other.call("CA3").dial().last.root.iter()}
        again.close()


def test_a_copy_that_fails_leaves_no_rest_and_no_password_where_others_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "pg_dump"
    program.write_text('#!/bin/sh\necho "$@" "$PGPASSWORD" > "$0.told"\nexit 1\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(BackupFailed, match="pg_dump failed"):
        _run_client(make_url("postgresql://line:geheim@127.0.0.1/line"), "pg_dump")
    assert (tmp_path / "pg_dump.told").read_text() == "--dbname=postgresql://line@127.0.0.1/line geheim\n"

    store = Store(f"sqlite:///{tmp_path / 'line.db'}")
    store.migrate()
    store.close()
    config = Config.from_env({"HELPLINE_DATA_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path / 'line.db'}"})
    monkeypatch.setattr("os.sync", _full)
    with pytest.raises(BackupFailed, match="No space left"):
        back_up(config, tmp_path / "copies", MONDAY_NOON)
    assert list((tmp_path / "copies").iterdir()) == []


def _full() -> None:
    raise OSError(28, "No space left on device")


def test_nothing_is_put_back_over_what_is_there(store: Store, store_url: str, tmp_path: Path) -> None:
    written = run("backup", str(tmp_path / "copies"), folder=tmp_path, database=store_url)
    copy = written.removeprefix("Written to ").strip()
    settings = {"HELPLINE_DATA_DIR": str(tmp_path), "DATABASE_URL": store_url}
    told = CliRunner().invoke(main, ["restore", copy], env=settings)
    assert told.exit_code == 1
    assert "holds tables already. Name an empty one in DATABASE_URL" in told.output
    other = "sqlite" if "postgresql" in store_url else "postgresql"
    elsewhere = {"sqlite": f"sqlite:///{tmp_path}/other.db", "postgresql": "postgresql://helpline@127.0.0.1:1/nowhere"}
    told = CliRunner().invoke(main, ["restore", copy], env=settings | {"DATABASE_URL": elsewhere[other]})
    assert "This copy is of" in told.output
    with store.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM alembic_version")) == 1


def test_a_copy_that_is_not_whole_is_named(tmp_path: Path) -> None:
    settings = {"HELPLINE_DATA_DIR": str(tmp_path / "data")}
    told = CliRunner().invoke(main, ["backup", str(tmp_path / "copies")], env=settings)
    assert told.exit_code == 1
    assert "There is nothing to copy: the database is empty." in told.output
    told = CliRunner().invoke(main, ["restore", str(tmp_path)], env=settings)
    assert told.exit_code == 1
    assert "backup.json is missing there" in told.output
