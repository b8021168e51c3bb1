"""The clocks under stress: two sweeps at once, one that is killed, a case that cannot be dealt with."""

import multiprocessing
import os
import signal
import threading
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import partial
from multiprocessing.connection import Connection
from typing import NoReturn

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models.clock_notice import ClockNotice
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.deadline import WorkingCalendar
from models.explanation import Explanation
from models.level_stay import LevelStay
from models.record import verify_chain
from models.services import escalating
from models.services.escalating import BATCH, due_cases, escalate_due
from models.store import Store
from tests.models.cases import DISTRICT, lay_people
from tests.models.desk_kit import WEEK, Week, register

LATE = datetime(2026, 3, 10, 20, 0, tzinfo=UTC)  # 11 March in India: level 1 has missed its date


def lay_cases(store: Store, count: int) -> None:
    """Cases that are late at level 1, all opened."""

    def work(session: Session) -> None:
        lay_people(session)
        for _ in range(count):
            register(session)
        opened = LATE - timedelta(days=8)
        session.execute(update(LevelStay).values(opened_at=opened))
        session.execute(update(Complaint).values(state="in_progress"))

    store.transact(work)


def week(_department: str) -> WorkingCalendar:
    return WEEK


def is_right(store: Store, count: int) -> None:
    """Every case has risen once, with one explanation, and its record holds."""
    with store.session() as session:
        cases = session.scalars(select(Complaint)).all()
        assert Counter((case.level, case.office_code) for case in cases) == {(2, DISTRICT): count}
        assert session.scalar(select(func.count(Explanation.id))) == count
        kinds = Counter(session.scalars(select(ClockNotice.kind)))
        assert kinds["breached"] == count
        stays = Counter(session.scalars(select(LevelStay.level).where(LevelStay.until_at.is_(None))))
        assert stays == {2: count}
        events = session.scalar(select(func.count(ComplaintEvent.id)).where(ComplaintEvent.kind == "breached"))
        assert events == count
        for case in cases:
            verify_chain(session, case)


def test_many_rise_in_batches_and_a_second_look_finds_nothing(store: Store) -> None:
    lay_cases(store, BATCH + 20)
    assert escalate_due(store, LATE, week, batches=1) == {"breached": BATCH, "looked": BATCH}
    assert len(due_cases(store, LATE)) == 20
    assert escalate_due(store, LATE, week) == {"breached": 20, "looked": 20}
    assert escalate_due(store, LATE, week) == {}
    is_right(store, BATCH + 20)


def test_sweeps_at_the_same_time_say_everything_once(store: Store) -> None:
    count = 120
    lay_cases(store, count)
    start, said, faults = threading.Barrier(4), Counter[str](), list[BaseException]()
    other = Store(store.url.render_as_string(hide_password=False))

    def sweep(through: Store) -> None:
        try:
            start.wait()
            for _ in range(20):
                said.update(escalate_due(through, LATE, week, batches=1))
        except BaseException as error:  # told by the test below
            faults.append(error)

    threads = [threading.Thread(target=sweep, args=(through,)) for through in (store, other, store, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert faults == []
    escalate_due(store, LATE, week)
    is_right(store, count)


@pytest.mark.parametrize(
    "batches", [1, pytest.param(0, marks=pytest.mark.rest), pytest.param(6, marks=pytest.mark.rest)]
)
def test_a_killed_sweep_leaves_nothing_half_done(store_url: str, batches: int) -> None:
    """It is killed after some batches, when the next is written and not committed."""
    store = Store(store_url)
    lay_cases(store, 80)
    store.close()
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    killed = spawn.Process(target=_sweep_and_stop, args=(store_url, batches, there))
    killed.start()
    assert here.poll(60)
    assert here.recv() == 10
    assert killed.pid is not None
    os.kill(killed.pid, signal.SIGKILL)
    killed.join()
    again = Store(store_url)
    assert _kinds_said(again) == Counter(breached=10 * batches)
    while due_cases(again, LATE):  # until the server, too, knows that the other is dead
        escalate_due(again, LATE, week)
    is_right(again, 80)
    again.close()


def _kinds_said(store: Store) -> Counter[str]:
    with store.read() as connection:
        return Counter(connection.scalars(select(ClockNotice.kind)))


def _sweep_and_stop(url: str, batches: int, other: Connection) -> None:
    """In a process of its own: ten cases at a time, and in the batch after the last it waits to be killed."""
    store, sweep = Store(url), escalating.Sweep(LATE, week)
    for _ in range(batches):
        store.transact(partial(escalating._speak, ids=due_cases(store, LATE, limit=10), sweep=sweep))

    def stop(session: Session) -> None:
        done = escalating._speak(session, ids=due_cases(store, LATE, limit=10), sweep=sweep)
        session.flush()
        other.send(done["looked"])
        other.recv()

    store.transact(stop)


def test_a_case_that_cannot_be_dealt_with_keeps_no_other_waiting(store: Store) -> None:
    lay_cases(store, 5)
    store.transact(
        lambda session: session.execute(update(Complaint).where(Complaint.id == 2).values(department_code="urban"))
    )

    def broken(department: str) -> WorkingCalendar:
        return _raise() if department == "urban" else WEEK

    assert escalate_due(store, LATE, broken) == {"breached": 4, "stumbled": 1, "looked": 5}
    with store.session() as session:
        assert session.get_one(Complaint, 2).clock_on == date(2026, 3, 12)
    assert escalate_due(store, LATE, broken) == {}
    assert escalate_due(store, LATE + timedelta(days=1), week)["breached"] == 1
    is_right(store, 5)


def _raise() -> NoReturn:
    raise ValueError("this calendar has no working day")


def test_a_sweep_that_was_away_says_no_warning_of_days_gone_by(store: Store) -> None:
    lay_cases(store, 1)
    assert escalate_due(store, LATE, week) == {"breached": 1, "looked": 1}
    with store.session() as session:
        assert session.scalars(select(ClockNotice.kind)).all() == ["breached"]


def test_a_day_off_is_no_day_of_the_clock(store: Store) -> None:
    lay_cases(store, 1)
    closed = Week(holidays=frozenset(date(2026, 3, day) for day in range(3, 11)))
    # The days are read when the clock is looked at, not when it was wound.
    assert escalate_due(store, LATE, lambda _: closed) == {"looked": 1}
    with store.session() as session:
        assert session.get_one(Complaint, 1).level == 1
