"""Parts of the line fail in the middle of calls: nothing is lost, nothing happens twice, and it mends itself."""

import os
import signal
import subprocess
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import ColumnElement

from clock import SystemClock
from flows.last_resort import APOLOGY, RING_BACK
from ivr.bridges.phrases import OFFICE_CALLS
from ivr.calendars import set_calendars
from ivr.emulator.phone import Phone
from models.base import Base
from models.call import Call
from models.call_back import CallBack
from models.command import Command
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.late_event import LateEvent
from models.message import Message
from models.offer import Offer
from models.queue_entry import QueueEntry
from models.store import Store
from models.talk import Talk
from models.turn import Turn
from operations.preparing import DEMO_CALENDAR
from tests.journeys.conftest import NewCitizen, NewRepresentative, hire, new_number, open_store
from tests.journeys.desk_officer import at_desk, case_of, ends, let_it_be_old
from tests.journeys.processes import PROCESSES, family_of, is_running, kill, processes_of, wait_until_whole
from tests.journeys.rows import count, find, one, wait_for
from tests.journeys.steps import expect_nothing_stuck, grouped, hold_talk, join_queue, spoken
from tests.line import HELPLINE, NUMBER, RunningLine, start_line
from tests.outages import FrailStore, frail_store_of
from tests.representative import Refused, Representative

FAULTS: dict[str, dict[str, object]] = {
    "twice": {"duplicate": True},
    "twice and late": {"duplicate": True, "duplicate_delay": 3.0, "delay_callbacks": 4.0},
    "swapped": {"reorder_callbacks": True},
    "texts' reports lost": {"lose_kinds": ["message"]},
    "all at once": {"duplicate": True, "duplicate_delay": 1.0, "reorder_callbacks": True, "delay_callbacks": 2.0},
}
NO_FAULTS: dict[str, object] = {
    "duplicate": False,
    "duplicate_delay": 0.0,
    "delay_callbacks": 0.0,
    "reorder_callbacks": False,
    "lose_kinds": [],
}


@pytest.fixture(scope="module")
def breakable(store_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrailStore]:
    with frail_store_of(store_kind, tmp_path_factory.mktemp("store")) as made:
        yield made


@pytest.fixture(scope="module")
def frail(breakable: FrailStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLine]:
    """A line of its own, because its parts are killed and its store is taken away."""
    running = start_line(tmp_path_factory.mktemp("frail"), EMULATOR_SPEED="5", DATABASE_URL=breakable.url)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def frail_store(frail: RunningLine) -> Iterator[Store]:
    store = open_store(frail)
    yield store
    store.close()


# ---- webhooks


@pytest.mark.parametrize(
    "fault", [name if name == "all at once" else pytest.param(name, marks=pytest.mark.soak) for name in FAULTS]
)
def test_webhooks_that_come_twice_late_swapped_or_never_change_nothing(
    line: RunningLine,
    line_store: Store,
    new_citizen: NewCitizen,
    new_representative: NewRepresentative,
    fault: str,
) -> None:
    phone, representative = new_citizen(), new_representative()
    representative.go_ready()
    switch(line, FAULTS[fault])
    try:
        call = join_queue(phone)
        reference = hold_talk(phone, call, representative, "Twice, late and swapped.")
        call.hears(f"Your complaint number is {spoken(reference, 'en')}").hears("Good, press 4.").press("4").ends()
        representative.wrap_up()
        ended = wait_for(lambda: find(line_store, Call, Call.sid == call.sid, Call.status == "completed"))
    finally:
        switch(line, NO_FAULTS)
    assert (ended.phase, ended.abandoned) == ("ended", False)
    assert count(line_store, Turn, Turn.call_sid == call.sid) == ended.turn + 1
    assert count(line_store, Talk, Talk.call_sid == call.sid) == 1
    assert count(line_store, Complaint, Complaint.call_sid == call.sid) == 1
    entry = one(line_store, QueueEntry, QueueEntry.call_sid == call.sid)
    assert (entry.ended_as, count(line_store, Offer, Offer.entry_id == entry.id)) == ("answered", 1)
    complaint = representative.finds(reference)
    of_complaint = Message.complaint_id == complaint.id
    message = wait_for(lambda: find(line_store, Message, of_complaint, delivered()), "the text's report", 120)
    assert (message.attempts, len(phone.texts())) == (1, 1)
    assert count(line_store, CallBack, CallBack.number == phone.number) == 0


def test_a_key_in_the_queue_races_the_answer(
    line_store: Store, new_citizen: NewCitizen, new_representative: NewRepresentative
) -> None:
    phone, representative = new_citizen(), new_representative()
    representative.take_break()
    call = join_queue(phone).hears("To keep your place and be called back, press 1.")
    representative.go_ready()
    offer = wait_for(
        lambda: find(line_store, Offer, Offer.staff_id == representative.staff_id, Offer.state == "ringing")
    )
    call.press_now("1")
    accepted = representative.try_to_accept(offer.id)
    entry = wait_for(lambda: find(line_store, QueueEntry, QueueEntry.call_sid == call.sid, entry_decided()))
    promised = count(line_store, CallBack, CallBack.number == phone.number)
    if accepted:
        assert (entry.ended_as, count(line_store, Talk, Talk.call_sid == call.sid)) in ((None, 1), ("answered", 1))
        assert promised == 0
    else:
        assert (entry.ended_as, count(line_store, Talk, Talk.call_sid == call.sid)) == ("callback", 0)
        call.hears("We will call you on").ends()
        phone.expects_text("We will call you by")
        assert count(line_store, CallBack, CallBack.number == phone.number) == 1


def test_a_wrong_signature_is_refused(line: RunningLine, line_store: Store) -> None:
    form = {"CallSid": "CA" + "9" * 32, "From": new_number(), "To": NUMBER, "CallStatus": "ringing"}
    refused = httpx.post(f"{line.public_url}/voice/incoming", data=form, headers={"X-Twilio-Signature": "AAAA"})
    assert refused.status_code == 403
    assert count(line_store, Call, Call.sid == form["CallSid"]) == 0


# ---- the store and Redis


@pytest.mark.every_store
def test_without_the_store_the_caller_hears_the_last_resort_and_is_called_back(
    frail: RunningLine, breakable: FrailStore, frail_store: Store
) -> None:
    for what, outage in breakable.outages.items():
        early, late = Phone(frail.emulator_url, new_number()), Phone(frail.emulator_url, new_number())
        under_way = early.dial(NUMBER).hears("press 2").press("2").hears("For a new complaint, press 1.")
        with outage():
            under_way.press("1")
            ringing = late.dial(NUMBER)
            for call in (under_way, ringing):
                call.hears(APOLOGY["en"]).hears(RING_BACK["en"], allowed=[".*"]).ends()
        wait_until_whole(frail)
        for phone in (early, late):
            promised = CallBack.number == phone.number
            promise = wait_for(lambda: find(frail_store, CallBack, promised), f"the promise after {what}")  # noqa: B023 (at once)
            assert (promise.reason, promise.state) == ("fault", "open"), what
            assert count(frail_store, CallBack, promised) == 1, what


@pytest.mark.every_store
def test_a_talk_outlives_an_outage_of_the_store(frail: RunningLine, breakable: FrailStore, frail_store: Store) -> None:
    phone = Phone(frail.emulator_url, new_number())
    with Representative(frail, frail_store, hire(frail_store)) as representative:
        representative.go_ready()
        call = join_queue(phone)
        conversation = representative.answer()
        call.talks()
        form = representative.fill_in(conversation, "The tube well has been broken for a month.")
        for outage in breakable.outages.values():
            with outage(), pytest.raises(Refused, match=r"register: 503"):
                representative.hand_in(conversation, form)
            wait_until_whole(frail)
            assert one(frail_store, Talk, Talk.id == conversation.talk_id).state == "live"
        reference = representative.hand_in(conversation, form)
        assert one(frail_store, Complaint, Complaint.call_sid == call.sid).reference == reference
        phone.expects_text(grouped(reference))
        representative.end(conversation)
        call.hears(f"Your complaint number is {spoken(reference, 'en')}").hang_up()
        representative.wrap_up()


def test_without_redis_calls_go_on_and_texts_leave_later(frail: RunningLine, frail_store: Store) -> None:
    phone = Phone(frail.emulator_url, new_number())
    with Representative(frail, frail_store, hire(frail_store)) as representative:
        representative.go_ready()
        valkey = processes_of(frail)["valkey"]
        os.kill(valkey, signal.SIGSTOP)  # it answers nobody, and its supervisor does not start another one
        try:
            call = join_queue(phone)
            conversation = representative.answer()
            call.talks()
            reference = representative.register(conversation, "No medicine in the health centre.")
            representative.end(conversation)
            call.hears(f"Your complaint number is {spoken(reference, 'en')}").hang_up()
            representative.wrap_up()
        finally:
            os.kill(valkey, signal.SIGCONT)
        phone.expects_text(grouped(reference))
        complaint = representative.finds(reference)
        wait_for(lambda: find(frail_store, Message, Message.complaint_id == complaint.id, delivered()))


# ---- killed processes


@pytest.mark.every_store
def test_a_killed_process_loses_nothing(frail: RunningLine, frail_store: Store) -> None:
    """Each of four is killed once in the course of a call, at the moment when it is needed most."""
    with Representative(frail, frail_store, hire(frail_store)) as representative:
        representative.go_ready()
        for victim in ("router", "web", "valkey", "worker"):
            phone = Phone(frail.emulator_url, new_number())
            call = join_queue(phone)
            if victim == "router":
                kill(frail, victim)
            conversation = representative.answer()
            call.talks()
            if victim in ("web", "valkey"):
                kill(frail, victim)
            if victim == "web":
                wait_until_whole(frail)
            reference = representative.register(conversation, f"Registered while the {victim} was killed.")
            if victim == "worker":
                kill(frail, victim)
            representative.end(conversation)
            call.hears("Your complaint number").hang_up()
            representative.wrap_up()
            assert count(frail_store, Complaint, Complaint.reference == reference) == 1
            complaint = representative.finds(reference)
            wait_for(
                lambda: find(frail_store, Message, Message.complaint_id == complaint.id, delivered()),  # noqa: B023 (at once)
                f"the text after the {victim} was killed",
                120,
            )
            assert grouped(reference) in phone.texts()[0]["body"]
            wait_until_whole(frail)
    expect_nothing_stuck(frail_store)


@pytest.mark.rest
def test_a_talk_of_an_officer_that_ends_while_a_process_is_dead_ends_once(
    frail: RunningLine, frail_store: Store
) -> None:
    """The router dies before the officer is rung, the web process before it could hear that the talk is over."""
    phone = Phone(frail.emulator_url, new_number())
    case = case_of(frail_store, phone.number)
    with at_desk(frail, frail_store) as officer:
        kill(frail, "router")
        officer.ring(case)
        own = officer.phone.answers().hears("press 1").press("1")
        theirs = phone.answers().hears(OFFICE_CALLS["bn"]).talks()
        own.talks()
        kill(frail, "web")
        own.hang_up()
        theirs.ends()  # the network has joined them, and parts them
        wait_until_whole(frail)
        let_it_be_old(frail_store, case)
        ends(frail_store, case, "answered")
    assert not phone.rings


# ---- starting and stopping


def test_a_second_start_says_so_plainly(frail: RunningLine) -> None:
    second = subprocess.run(
        [HELPLINE, "up"],
        env={"PATH": os.environ["PATH"]} | frail.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 1
    assert "something already listens on" in second.stderr
    assert "earlier start of this line" in second.stderr
    assert "Traceback" not in second.stderr


def test_the_end_leaves_no_process_and_the_next_start_finds_everything(
    frail: RunningLine, breakable: FrailStore, frail_store: Store
) -> None:
    """The last test of this file: it stops the line."""
    set_calendars(frail_store, DEMO_CALENDAR.read_text(encoding="utf-8"), by="the test", now=SystemClock().now())
    tables: list[type[Base]] = [Call, Turn, Complaint, ComplaintEvent, Message, CallBack, Talk, Command, LateEvent]
    family = list(family_of(frail.process.pid))
    assert len(family) > len(PROCESSES)
    frail.stop()
    assert [pid for pid in family if is_running(pid)] == []
    before = [count(frail_store, table) for table in tables]
    assert before[0] > 0
    again = start_line(frail.data_dir, EMULATOR_SPEED="5", DATABASE_URL=breakable.url)
    try:
        assert [count(frail_store, table) for table in tables] == before
        phone = Phone(again.emulator_url, new_number())
        phone.dial(NUMBER).hears("press 2").press("2").hears("How can we help you?").hang_up()
    finally:
        again.stop()


def switch(line: RunningLine, faults: dict[str, object]) -> None:
    httpx.post(f"{line.emulator_url}/local/faults", json=faults).raise_for_status()


def delivered() -> ColumnElement[bool]:
    return Message.status == "delivered"


def entry_decided() -> ColumnElement[bool]:
    return QueueEntry.state.in_(("accepted", "talking", "ended"))
