"""On SQLite we flush the log ourselves: after each commit, before anybody is told, and while others may write."""

import errno
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from models import write_ahead_log
from models.call import Call
from models.file_lock import FileLock
from models.store import Store, StoreUnavailable

AT = datetime(2026, 2, 27, 13, 10, tzinfo=UTC)


class NotedFlushes:
    """Flushes for real, and notes how long the log was, and whether another process could have written meanwhile."""

    def __init__(self, store: Store) -> None:
        self.lengths: list[int] = []
        self.free: list[bool] = []
        self._lock = f"{store.url.database}.lock"

    def __call__(self, descriptor: int) -> None:
        self.lengths.append(os.fstat(descriptor).st_size)
        with FileLock(self._lock).held():  # waits for ever if the writing thread holds it
            self.free.append(True)
        os.fsync(descriptor)


def add_call(store: Store, sid: str) -> None:
    store.transact(lambda session: session.add(Call(sid=sid, started_at=AT)))


def test_each_write_is_flushed_before_it_returns_and_out_of_the_way_of_others(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    flushes = NotedFlushes(sqlite_store)
    monkeypatch.setattr(write_ahead_log, "_sync", flushes)
    log = Path(f"{sqlite_store.url.database}-wal")
    for n in range(1, 4):
        add_call(sqlite_store, f"CA{n}")
        assert len(flushes.lengths) == n
        assert flushes.lengths[-1] == log.stat().st_size > 0
    assert flushes.free == [True] * 3


def test_who_waits_for_a_flush_that_fails_is_told_that_nobody_knows(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_call(sqlite_store, "CA1")

    def fail(_descriptor: int) -> None:
        raise OSError(errno.EIO, "the disk is broken")

    with monkeypatch.context() as broken:
        broken.setattr(write_ahead_log, "_sync", fail)
        with pytest.raises(StoreUnavailable, match="may or may not have been kept"):
            add_call(sqlite_store, "CA2")
    add_call(sqlite_store, "CA3")
    with sqlite_store.session() as session:
        assert session.get(Call, "CA3") is not None


def test_a_log_that_was_replaced_is_opened_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "helpline.db-wal"
    flushed: list[int] = []
    monkeypatch.setattr(write_ahead_log, "_sync", lambda descriptor: flushed.append(os.fstat(descriptor).st_ino))
    log = write_ahead_log.WriteAheadLog(str(path))
    log.flush()  # there is none yet
    path.write_bytes(b"one")
    log.flush()
    first = path.stat().st_ino
    path.rename(tmp_path / "old")
    path.write_bytes(b"two")
    log.flush()
    log.flush()
    second = path.stat().st_ino
    log.close()
    assert first != second
    assert flushed == [first, second, second]


def test_a_change_of_the_tables_is_flushed_within_its_commit(sqlite_store: Store) -> None:
    with sqlite_store.migrating() as connection:
        assert connection.scalar(text("PRAGMA synchronous")) == 2
