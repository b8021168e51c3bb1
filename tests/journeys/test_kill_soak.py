"""Fifty calls, and ten times in them, at random moments, `kill -9` of one process. What was confirmed exists once."""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from ivr.emulator.local_api import NotReached
from ivr.emulator.phone import Phone, UnexpectedText
from models.complaint import Complaint
from models.message import Message
from models.presence import Presence
from models.store import Store
from models.talk import Talk
from tests.journeys.conftest import hire, new_number, open_store
from tests.journeys.processes import kill, wait_until_whole
from tests.journeys.rows import count, find, one, wait_for
from tests.journeys.steps import expect_nothing_stuck, grouped, join_queue
from tests.line import RunningLine, answers, settings_of_store, start_line, wait_until
from tests.representative import Representative

pytestmark = pytest.mark.soak

CALLS = 50
KILLS = 10
CITIZENS = 3  # at once
REPRESENTATIVES = 2
PATIENCE = 900.0  # seconds for all calls
SHAKEN = (AssertionError, httpx.HTTPError, NotReached, OSError)  # what a killed process looks like from outside


class Bustle:
    """Citizens who call until there were enough calls, and representatives who answer until told to go home."""

    def __init__(self, line: RunningLine, store: Store) -> None:
        self.confirmed: list[str] = []  # references that a representative was shown
        self.troubles: list[str] = []
        self.begun = 0
        self.over = threading.Event()
        self._line = line
        self._store = store
        self._count = threading.Lock()

    def call(self) -> None:
        """One citizen after the other; a call that breaks off is a call, too."""
        while self._takes_one_more():
            phone = Phone(self._line.emulator_url, new_number(), patience=40)
            try:
                with phone:
                    join_queue(phone).talks().ends()
            except UnexpectedText:
                continue  # the text with the reference, which nobody of us has waited for
            except SHAKEN as error:
                self.troubles.append(f"citizen: {error}")
                self._wait_for_line()

    def answer(self) -> None:
        """One person's working day: after each trouble signed in again, out of the old talk, and ready."""
        login = hire(self._store)
        while not self.over.is_set():
            try:
                with Representative(self._line, self._store, login) as representative:
                    while not self.over.is_set():
                        self._come_back(representative)
                        self._answer_one(representative)
            except SHAKEN as error:
                self.troubles.append(f"representative: {error}")
                self._wait_for_line()

    def _come_back(self, representative: Representative) -> None:
        mine = (Talk.staff_id == representative.staff_id) & (Talk.state != "ended")
        if talk := find(self._store, Talk, mine):
            representative.act(f"/desk/talks/{talk.id}/end")
        presence = one(self._store, Presence, Presence.staff_id == representative.staff_id)
        if presence.state == "wrap_up":
            representative.act("/desk/wrap-up/finish", outcome="unfinished")
        elif presence.state not in ("ready", "offered"):
            representative.go_ready()

    def _answer_one(self, representative: Representative) -> None:
        conversation = representative.answer()
        self.confirmed.append(representative.register(conversation, f"Call number {random.random()}"))
        representative.end(conversation)
        representative.wrap_up()

    def _wait_for_line(self) -> None:
        while not (self.over.is_set() or answers(f"{self._line.public_url}/ready")):
            time.sleep(0.5)

    def _takes_one_more(self) -> bool:
        with self._count:
            self.begun += 1
            return self.begun <= CALLS and not self.over.is_set()


@pytest.fixture
def own_line(store_kind: str, tmp_path: Path) -> Iterator[RunningLine]:
    """A line for one proof alone."""
    with settings_of_store(store_kind) as settings:
        running = start_line(tmp_path / "line", EMULATOR_SPEED="5", **settings)
        yield running
        running.stop()


@pytest.mark.parametrize("victim", ["web", "worker", "valkey", "router"])
def test_ten_kills_in_fifty_calls_lose_nothing(own_line: RunningLine, victim: str) -> None:
    line = own_line
    with closing(open_store(line)) as store:
        bustle = Bustle(line, store)
        citizens = [threading.Thread(target=bustle.call) for _ in range(CITIZENS)]
        representatives = [threading.Thread(target=bustle.answer) for _ in range(REPRESENTATIVES)]
        for thread in (*citizens, *representatives):
            thread.start()
        try:
            kill_at_random(line, victim, bustle)
            for thread in citizens:
                thread.join(PATIENCE)
                assert not thread.is_alive(), "a citizen is stuck"
        finally:
            bustle.over.set()
            for thread in (*citizens, *representatives):
                thread.join(120)
        assert not any(thread.is_alive() for thread in representatives), "a representative is stuck"
        wait_until_whole(line)
        assert len(bustle.confirmed) >= CALLS // 5, "\n".join(bustle.troubles)
        expect_all_kept(store, bustle.confirmed)
        expect_nothing_stuck(store)


def kill_at_random(line: RunningLine, victim: str, bustle: Bustle) -> None:
    """Once in each tenth of the calls, in whatever they are doing then; each time it has come back before."""
    dice = random.Random(victim)
    for n in range(KILLS):
        wait_until(lambda: bustle.begun > n * CALLS // KILLS, line, PATIENCE)  # noqa: B023 (at once)
        time.sleep(dice.uniform(0, 8))
        kill(line, victim)
        wait_until_whole(line)


def expect_all_kept(store: Store, confirmed: list[str]) -> None:
    """Each confirmed complaint exists once, and its text has arrived; so has that of any other complaint."""
    assert len(set(confirmed)) == len(confirmed)
    for reference in confirmed:
        complaint = one(store, Complaint, Complaint.reference == reference)
        text = one(store, Message, Message.complaint_id == complaint.id)
        assert grouped(reference) in text.body
    undelivered = Message.status != "delivered"
    wait_for(lambda: count(store, Message, undelivered) == 0, "every text to arrive", 240)
    assert find(store, Message, undelivered) is None
