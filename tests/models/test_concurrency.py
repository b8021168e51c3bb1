"""Writers at once: threads and processes lose nothing and undo nothing of each other's."""

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.call import Call
from models.store import Store
from models.turn import Turn
from tests.models.counting import count_up

AT = datetime(2026, 2, 27, 13, 10, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
PROCESSES, THREADS, TIMES = 2, 4, 25


def start(session: Session) -> None:
    session.add(Call(sid="CA1", started_at=AT))


def run_threads(work: Callable[[int], None], count: int = 16) -> None:
    threads = [threading.Thread(target=work, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_no_update_is_lost_between_processes(store: Store, store_url: str) -> None:
    store.transact(start)
    command = [sys.executable, "-m", "tests.models.counting", store_url, str(THREADS), str(TIMES)]
    processes = [subprocess.Popen(command, cwd=ROOT) for _ in range(PROCESSES)]
    assert [process.wait(timeout=60) for process in processes] == [0] * PROCESSES
    with store.session() as session:
        assert session.get_one(Call, "CA1").turn == PROCESSES * THREADS * TIMES


def test_a_failed_unit_takes_no_other_with_it(store: Store) -> None:
    store.transact(start)
    outcomes: list[str] = []

    def work(number: int) -> None:
        def unit(session: Session) -> None:
            session.add(Turn(call_sid="CA1", n=number, event_digest="", twiml="", at=AT))
            session.flush()
            if number % 3 == 1:
                raise ZeroDivisionError
            if number % 3 == 2:
                session.add(Turn(call_sid="nobody", n=number, event_digest="", twiml="", at=AT))

        try:
            store.transact(unit)
            outcomes.append("kept")
        except (ZeroDivisionError, IntegrityError) as error:
            outcomes.append(type(error).__name__)

    run_threads(work, 18)
    assert sorted(outcomes) == ["IntegrityError"] * 6 + ["ZeroDivisionError"] * 6 + ["kept"] * 6
    with store.session() as session:
        assert list(session.scalars(select(Turn.n).order_by(Turn.n))) == list(range(0, 18, 3))


def test_the_first_of_two_processes_adds_a_row_and_the_other_finds_it(store: Store, store_url: str) -> None:
    """Each looks for the row before the other has written it, if the database lets them."""
    other = Store(store_url)
    both_have_looked = threading.Barrier(2)
    outcomes: list[str] = []

    def add_if_missing(session: Session) -> str:
        found = session.get(Call, "CA1") is not None
        with contextlib.suppress(threading.BrokenBarrierError):
            both_have_looked.wait(0.5)
        if found:
            return "found"
        session.add(Call(sid="CA1", started_at=AT))
        session.flush()
        return "added"

    run_threads(lambda number: outcomes.append((store, other)[number].transact(add_if_missing)), 2)
    assert sorted(outcomes) == ["added", "found"]
    other.close()


def test_readers_do_not_wait_for_a_writer(store: Store) -> None:
    store.transact(start)
    inside, go_on = threading.Event(), threading.Event()

    def slow(session: Session) -> None:
        session.get_one(Call, "CA1").turn = 5
        session.flush()
        inside.set()
        go_on.wait(20)

    writer = threading.Thread(target=store.transact, args=(slow,))
    writer.start()
    assert inside.wait(20)
    with store.session() as session:
        assert session.get_one(Call, "CA1").turn == 0
    go_on.set()
    writer.join()
    with store.session() as session:
        assert session.get_one(Call, "CA1").turn == 5


def test_close_writes_what_is_queued(store_url: str) -> None:
    store = Store(store_url)
    store.transact(start)
    entered = threading.Barrier(9)
    kept: list[int] = []

    def work(_number: int) -> None:
        entered.wait()
        store.transact(count_up)
        kept.append(1)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    entered.wait()
    for thread in threads:
        thread.join()
    store.close()
    again = Store(store_url)
    with again.session() as session:
        assert session.get_one(Call, "CA1").turn == len(kept) == 8
    again.close()


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")  # that is what is tested
def test_forked_child_writes_on_connections_of_its_own(store: Store) -> None:
    store.transact(start)
    with store.read() as connection:
        connection.execute(select(func.count()).select_from(Call)).scalar()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            store.transact(count_up)
            status = 0
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    store.transact(count_up)
    with store.session() as session:
        assert session.get_one(Call, "CA1").turn == 2
