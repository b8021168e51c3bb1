"""Group commit: one thread of a process writes for all others, many units in one transaction, one flush to disk.

A unit is a function that is given the connection. It may run again after a conflict, so it touches nothing else.
"""

import sqlite3
import threading
from collections.abc import Callable
from functools import partial
from queue import Empty, SimpleQueue
from time import perf_counter
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from models.backend import Backend
from models.errors import StoreUnavailable
from models.unit import Bulk, Item, NotTogether, Result, T, Unit

BATCH = 128  # units in a transaction at most
BATCH_S = 0.02  # past this a transaction takes no further unit, so that those within are not kept waiting
DRIVER_ERRORS = (psycopg.Error, sqlite3.Error, DBAPIError)


class Writer:
    """The writing thread, started at the first unit."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._engine: Engine = backend.writers()
        self._connection: Connection | None = None
        self._raw: Any = None  # the driver's own connection beneath it
        self._queue: SimpleQueue[Unit[Any] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._start = threading.Lock()
        self._closed = False

    def write(self, work: Callable[[Connection], T]) -> T:
        """Hand `work` to the writing thread and wait for its commit."""
        return self._hand_in(Unit(work))

    def write_in_bulk(self, bulk: Bulk[Item, Result], item: Item) -> Result | None:
        """Hand in `item` for work that is done for many at once, and wait for its commit."""
        return self._hand_in(Unit(partial(bulk.alone, item=item), bulk, item))

    def _hand_in(self, unit: Unit[T]) -> T:
        thread = self._thread or self._begin()
        if threading.current_thread() is thread:
            raise RuntimeError("a unit of writing cannot start another: use the connection that it was given")
        self._queue.put(unit)
        if self._closed and unit.claim():
            raise StoreUnavailable("The store is closed.")
        return unit.wait()

    def close(self) -> None:
        """Write what is queued, then stop."""
        with self._start:
            self._closed = True
            self._queue.put(None)
            if self._thread is not None:
                self._thread.join()
        self._engine.dispose()

    def _begin(self) -> threading.Thread:
        with self._start:
            if self._closed:
                raise StoreUnavailable("The store is closed.")
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)
                self._thread.start()
            return self._thread

    def _run(self) -> None:
        waiting: list[Unit[Any]] = []
        stopping = False
        while not stopping or waiting:
            stopping = self._gather(waiting) or stopping
            if waiting:
                waiting = self._write_some(waiting)
        self._disconnect()

    def _gather(self, waiting: list[Unit[Any]]) -> bool:
        """Take what is queued into `waiting`; block if there is nothing. True when told to stop."""
        block = not waiting
        while len(waiting) < BATCH:
            try:
                unit = self._queue.get(block)
            except Empty:
                return False
            if unit is None:
                return True
            if unit.claim():
                waiting.append(unit)
            block = not waiting
        return False

    def _write_some(self, units: list[Unit[Any]]) -> list[Unit[Any]]:
        """Write as many of `units` as fit into one transaction, release their callers, return the rest."""
        left: list[Unit[Any]] = []
        try:
            with self._backend.turn():
                if len(units) == 1 and units[0].bulk is None:
                    self._run_alone(units[0])
                else:
                    left = self._run_together(units)
            self._flush(units[: len(units) - len(left)])
        except BaseException as error:  # the thread must live, and every caller must be told
            self._disconnect()
            left = []
            for unit in units:
                unit.error = unit.error or _translated(error)
        for unit in units[: len(units) - len(left)]:
            unit.finish()
        return left

    def _run_together(self, units: list[Unit[Any]]) -> list[Unit[Any]]:
        """One transaction. Returns those that came too late for it."""
        units.sort(key=_is_single)  # stable: what is done in bulk goes first
        done = self._run_unguarded(units)
        return units[done:] if done else self._run_guarded(units)

    def _run_unguarded(self, units: list[Unit[Any]]) -> int:
        """One transaction without savepoints, for the usual case that nothing fails. Returns how many units were kept.

        0 after any failure: nothing was kept then, and all of them are to run again, each in a savepoint.
        """
        connection, raw = self._open()
        end = perf_counter() + BATCH_S
        try:
            taken = self._run_bulk(connection, units)
            for unit in units[taken:]:
                if taken and perf_counter() > end:
                    break
                unit.result = unit.work(connection)
                taken += 1
            self._backend.check(raw)
        except BaseException:  # which unit failed, and how, is found out in the second run
            self._roll_back()
            return 0
        self._commit(connection, raw, units[:taken])
        return taken

    def _run_bulk(self, connection: Connection, units: list[Unit[Any]]) -> int:
        """Do what can be done for many at once; returns how many units that were. They stand first."""
        groups: dict[Bulk[Any, Any], list[Any]] = {}
        for unit in units:
            if unit.bulk is None:
                break
            groups.setdefault(unit.bulk, []).append(unit.item)
        for bulk, items in groups.items():
            if not bulk.together(connection, items):
                raise NotTogether
        return sum(map(len, groups.values()))

    def _run_guarded(self, units: list[Unit[Any]]) -> list[Unit[Any]]:
        """One transaction, a savepoint for each unit. Returns those that came too late for it."""
        taken = 0
        conflicts: list[Unit[Any]] = []
        kept: list[Unit[Any]] = []
        connection, raw = self._open()
        try:
            self._backend.mark(raw)
            end = perf_counter() + BATCH_S
            for unit in units:
                if taken and perf_counter() > end:
                    break
                taken += 1
                if self._run_marked(unit, connection, raw):
                    kept.append(unit)
                elif unit.error is None:
                    conflicts.append(unit)
        except DRIVER_ERRORS:
            # The transaction is lost and nothing of it was kept, so each unit may run again on its own.
            self._disconnect()
            for unit in units[:taken]:
                unit.error = None
                self._run_alone(unit)
            return units[taken:]
        self._commit(connection, raw, kept)
        for unit in conflicts:
            self._run_alone(unit, keep_others_out=True)
        return units[taken:]

    def _run_marked(self, unit: Unit[Any], connection: Connection, raw: Any) -> bool:
        """Run a unit in its savepoint. False: it was undone, and has an error unless it met a conflict."""
        try:
            unit.result = unit.work(connection)
            self._backend.check(raw)
        except BaseException as error:  # whatever it is belongs to the caller of the unit
            self._backend.undo(raw)  # fails where the whole transaction is lost
            if not self._backend.is_conflict(error):
                unit.error = _translated(error)
            return False
        self._backend.keep(raw)
        return True

    def _run_alone(self, unit: Unit[Any], *, keep_others_out: bool = False) -> None:
        """Run a unit in its own transaction; once more after a conflict or a lost connection."""
        for last in (False, True):
            try:
                connection, raw = self._open(alone=keep_others_out)
                unit.result = unit.work(connection)
                self._backend.check(raw)
            except BaseException as error:  # whatever it is belongs to the caller of the unit
                conflict = self._backend.is_conflict(error)
                if (self._roll_back() and not conflict) or last:
                    unit.error = _translated(error)
                    return
                keep_others_out = keep_others_out or conflict
            else:
                self._commit(connection, raw, [unit])
                return

    def _open(self, *, alone: bool = False) -> tuple[Connection, Any]:
        """A connection with a write transaction begun; a connection that died meanwhile is replaced once."""
        if self._connection is not None:
            try:
                self._backend.begin(self._raw, alone=alone)
            except DRIVER_ERRORS:
                alive = self._backend.is_alive(self._raw)
                self._disconnect()
                if alive:
                    raise
        if self._connection is None:
            self._connection = self._engine.connect()
            self._raw = self._connection.connection.dbapi_connection
            self._backend.begin(self._raw, alone=alone)
        self._connection.begin()  # sends nothing; tells sessions that the transaction is not theirs to commit
        return self._connection, self._raw

    def _commit(self, connection: Connection, raw: Any, units: list[Unit[Any]]) -> None:
        """Commit. If that fails nobody knows whether it was kept, and each caller is told so."""
        try:
            raw.commit()
            connection.commit()
        except DRIVER_ERRORS as error:
            self._disconnect()
            for unit in units:
                unit.error = _unsure(error)

    def _flush(self, units: list[Unit[Any]]) -> None:
        """Wait for the disk, out of the way of other processes. If that fails each caller is told as in `_commit`."""
        try:
            self._backend.flush()
        except OSError as error:
            self._disconnect()
            for unit in units:
                unit.error = unit.error or _unsure(error)

    def _roll_back(self) -> bool:
        """Undo the open transaction. False if the connection was lost."""
        if self._connection is None:
            return True
        try:
            self._connection.rollback()
            self._raw.rollback()
        except DRIVER_ERRORS:
            self._disconnect()
            return False
        return True

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
            connection.close()


def _is_single(unit: Unit[Any]) -> bool:
    return unit.bulk is None


def _unsure(error: BaseException) -> StoreUnavailable:
    unavailable = StoreUnavailable("The database failed while saving. It may or may not have been kept.")
    unavailable.__cause__ = error
    return unavailable


def _translated(error: BaseException) -> BaseException:
    """Faults of the database itself become StoreUnavailable; broken rules (IntegrityError) stay what they are."""
    if isinstance(error, (OperationalError, InterfaceError, psycopg.Error, sqlite3.Error)):
        unavailable = StoreUnavailable("The database cannot be used just now. Nothing was kept; try again.")
        unavailable.__cause__ = error
        return unavailable
    return error
