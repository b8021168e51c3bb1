"""A turn of a call on the real store: claimed once, replayed byte for byte, written with all that belongs to it."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from flows.loader import read_source
from flows.values import Action
from ivr import turn, twiml
from ivr.publishing import SHIPPED, publish
from ivr.twiml import Place
from models.call import Call
from models.call_back import CallBack
from models.caller import CallerMemory
from models.message import Message
from models.queue_entry import QueueEntry
from models.reference import formatted
from models.store import Store
from models.turn import Turn
from models.voice_message import VoiceMessage
from tests.ivr.at_once import at_once
from tests.ivr.line_in_test import CALLER, SUNDAY, LineInTest


@pytest.fixture
def line(store: Store, tmp_path: Path) -> LineInTest:
    return LineInTest(store, tmp_path)


def count(line: LineInTest, table: type) -> int:
    with line.store.session() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_call_goes_from_the_first_ring_into_the_queue(line: LineInTest) -> None:
    line.work("en")
    call = line.call().dial()
    assert "For English, press 2." in call.last.said
    call.press("2")
    assert "This call may be recorded." in call.last.said
    call.press("1", "1", "1")
    assert call.last.address("Enqueue", "") == "complaints"
    row, entry = line.row(), line.entry()
    assert (row.phase, row.turn, row.language, row.from_number) == ("queued", 4, "en", CALLER)
    assert (entry.state, entry.turn, entry.language) == ("waiting", 5, "en")
    assert entry.tell["category"] == "ration"
    assert line.wake.routed == 1


def test_silence_is_an_event_of_its_own(line: LineInTest) -> None:
    call = line.call().dial().press("2").stay_silent()
    assert "We did not hear a key." in call.last.said
    call.post(call.last.address())  # the key is absent altogether
    assert "We still did not hear a key." in call.last.said


def test_every_webhook_twice_gets_the_same_bytes_and_changes_nothing(line: LineInTest) -> None:
    line.work("en")
    call = line.call().dial()
    first = call.last
    assert line.post("/voice/incoming", call.form()).body == first.body
    for n, key in enumerate(("2", "1", "1", "1"), start=1):
        answer = call.press(key).last
        before = (count(line, Turn), count(line, QueueEntry), line.row().state)
        assert line.post(call.turn(n), call.form(Digits=key)).body == answer.body
        assert line.post(call.turn(n), call.form(Digits="9")).body == answer.body  # late, and with another key
        assert (count(line, Turn), count(line, QueueEntry), line.row().state) == before
    with line.store.session() as session:
        assert session.scalars(select(CallerMemory)).one().calls == 1


@pytest.mark.every_store
def test_repeats_at_the_same_moment_are_answered_alike(line: LineInTest) -> None:
    call = line.call().dial()
    answers: list[bytes] = []
    press = lambda: answers.append(line.post(call.turn(1), call.form(Digits="2")).body)  # noqa: E731  two of a kind
    at_once(*[press] * 8)
    assert len(set(answers)) == 1
    assert count(line, Turn) == 2
    arrive = lambda: answers.append(line.post("/voice/incoming", call.form(CallSid="CA2")).body)  # noqa: E731  two of a kind
    answers.clear()
    at_once(*[arrive] * 8)
    assert len(set(answers)) == 1
    assert count(line, Call) == 2


def test_turns_in_swapped_order(line: LineInTest) -> None:
    call = line.call().dial().press("2")
    second = call.last
    early = line.post(call.turn(7), call.form(Digits="1"))
    assert early.body == second.body  # what has not come yet changes nothing: the caller hears the question again
    assert line.row().turn == 1


def test_a_call_that_is_over_stays_over(line: LineInTest) -> None:
    call = line.call().dial().press("2").hang_up()
    ended = line.row()
    answer = line.post(call.turn(2), call.form(Digits="1"))
    assert answer.status == 200
    assert line.row().state == ended.state
    assert [node.tag for node in answer.root] in ([], ["Hangup"])


def test_a_call_that_nobody_knows_begins_anew(line: LineInTest) -> None:
    answer = line.post("/voice/calls/CA9/turns/3", line.call("CA9").form(Digits="1"))
    assert answer.address("Redirect", "") == f"{line.config.public_url}/voice/incoming"


def test_a_language_is_remembered_for_the_next_call(line: LineInTest) -> None:
    line.call().dial().press("2").hang_up()
    again = line.call("CA2").dial()
    assert "9" in again.last.said
    assert "বাংলা" not in again.last.said
    with line.store.session() as session:
        memory = session.scalars(select(CallerMemory)).one()
    assert (memory.language, memory.calls) == ("en", 2)


def test_a_number_that_a_caller_has_called_their_own_is_not_asked_about_again(line: LineInTest) -> None:
    first = line.call().dial()
    for key in "211":
        first.press(key)
    assert "Your number is" in first.last.said
    first.press("1").hang_up()
    again = line.call("CA2").dial().stay_silent().press("1").press("1")
    assert again.last.address("Enqueue", "") == "complaints"
    assert line.entry("CA2").tell["contact_number"] == CALLER
    assert line.entry("CA2").tell["number_check"] == "same_as_caller"


def test_a_number_that_is_not_called_their_own_is_asked_about_again(line: LineInTest) -> None:
    first = line.call().dial()
    for key in "2112":
        first.press(key)
    first.hang_up()
    again = line.call("CA2").dial().stay_silent().press("1").press("1")
    assert "Your number is" in again.last.said


def test_a_withheld_number_is_nobody(line: LineInTest) -> None:
    line.call(number="anonymous").dial().press("2")
    row = line.row()
    assert (row.from_number, row.number_kind, row.from_raw) == (None, "withheld", "anonymous")
    assert count(line, CallerMemory) == 0


def test_a_call_keeps_the_version_that_it_began_with(line: LineInTest) -> None:
    call = line.call().dial()
    source = read_source(SHIPPED)
    prompts = source["prompts/en.yaml"].replace("How can we help you?", "What is it?")
    publish(line.store, "helpline", source | {"prompts/en.yaml": prompts}, by="mina", note="", now=line.clock.now())
    call.press("2")
    assert "How can we help you?" in call.last.said
    assert "What is it?" in line.call("CA2", "+919830099999").dial().press("2").last.said


def test_outside_hours_a_call_back_is_booked_and_told_by_text(store: Store, tmp_path: Path) -> None:
    line = LineInTest(store, tmp_path, SUNDAY)
    call = line.call().dial().press("2", "1", "1", "2")
    assert "We will call" in call.last.said
    with store.session() as session:
        promised = session.scalars(select(CallBack)).one()
        text = session.scalars(select(Message)).one()
    assert (promised.number, promised.reason, promised.state) == (CALLER, "asked", "open")
    assert promised.due_by > line.clock.now()
    assert f"request {formatted(promised.request_reference)}." in text.body
    assert line.wake.texts == [text.id]
    assert line.post(call.turn(4), call.form(Digits="2")).body == call.last.body
    assert (count(line, CallBack), count(line, Message)) == (1, 1)
    call.hang_up()
    assert line.row().outcome == "promised"
    assert count(line, CallBack) == 1


def test_who_is_promised_a_call_is_not_promised_another(line: LineInTest) -> None:
    line.call().dial().press("2", "1", "1").hang_up()
    line.call("CA2").dial().press("2", "1", "1").hang_up()
    with line.store.session() as session:
        assert session.scalars(select(CallBack.reason)).all() == ["abandoned"]


SPOKEN = {"RecordingSid": "RE1", "RecordingUrl": "http://x/RE1", "RecordingDuration": "7", "Digits": "#"}


def test_a_message_is_kept_with_the_turn(store: Store, tmp_path: Path) -> None:
    line = LineInTest(store, tmp_path, SUNDAY)
    call = line.call().dial().press("2", "1", "1", "1")
    assert call.last.address("Record", "playBeep") == "true"
    call.post(call.last.address("Record"), **SPOKEN)
    for _ in range(12):  # nobody tells that the sound is there: the caller goes on without hearing it
        if call.last.root.find("Gather") is not None:
            break
        call.post(call.last.address("Redirect", ""))
    assert "To keep this message, press 1." in call.last.said
    assert not list(call.last.root.iter("Play"))
    call.press("1")
    with store.session() as session:
        kept = session.scalars(select(VoiceMessage)).one()
    assert (kept.recording_sid, kept.seconds, kept.language, kept.category) == ("RE1", 7, "en", "ration")
    assert kept.recording_url.endswith("/Recordings/RE1.wav")


def test_a_message_is_played_back_once_its_sound_is_there(store: Store, tmp_path: Path) -> None:
    line = LineInTest(store, tmp_path, SUNDAY)
    call = line.call().dial().press("2", "1", "1", "1")
    line.post("/voice/calls/CA1/recording", call.form(RecordingSid="RE1", RecordingStatus="completed"))
    heard = call.post(call.last.address("Record"), RecordingSid="RE1", RecordingDuration="7", Digits="#")
    assert heard.address("Play", "").endswith("/Recordings/RE1.wav")


def test_a_sound_that_comes_late_is_waited_for_and_played(store: Store, tmp_path: Path) -> None:
    line = LineInTest(store, tmp_path, SUNDAY)
    call = line.call().dial().press("2", "1", "1", "1")
    action = call.last.address("Record")
    first = call.post(action, **SPOKEN)
    assert first.said == "One moment, please."
    assert call.post(action, **SPOKEN).body == first.body  # the network asks twice
    second = call.post(first.address("Redirect", ""))
    assert (second.said, [verb.tag for verb in second.root]) == ("", ["Pause", "Redirect"])
    line.post("/voice/calls/CA1/recording", call.form(RecordingSid="RE1", RecordingStatus="completed"))
    call.post(second.address("Redirect", ""))
    assert call.last.address("Play", "").endswith("/Recordings/RE1.wav")
    call.press("2")  # record it again: the second one is heard too, not the first
    line.post("/voice/calls/CA1/recording", call.form(RecordingSid="RE2", RecordingStatus="completed"))
    call.post(call.last.address("Record"), **SPOKEN | {"RecordingSid": "RE2"})
    assert call.last.address("Play", "").endswith("/Recordings/RE2.wav")
    call.press("1")
    with store.session() as session:
        assert session.scalars(select(VoiceMessage.recording_sid)).all() == ["RE2"]


def test_a_sound_that_never_was_is_not_waited_for(store: Store, tmp_path: Path) -> None:
    line = LineInTest(store, tmp_path, SUNDAY)
    call = line.call().dial().press("2", "1", "1", "1")
    line.post("/voice/calls/CA1/recording", call.form(RecordingSid="RE1", RecordingStatus="absent"))
    heard = call.post(call.last.address("Record"), **SPOKEN)
    assert "To record it again, press 2." in heard.said
    assert not list(heard.root.iter("Play"))


def test_hanging_up_while_the_sound_is_waited_for_keeps_the_message(store: Store, tmp_path: Path) -> None:
    line = LineInTest(store, tmp_path, SUNDAY)
    call = line.call().dial().press("2", "1", "1", "1")
    call.post(call.last.address("Record"), **SPOKEN)
    call.hang_up()
    assert count(line, VoiceMessage) == 1
    assert line.row().outcome == "promised"


def test_hanging_up_on_the_recording_keeps_it(store: Store, tmp_path: Path) -> None:
    line = LineInTest(store, tmp_path, SUNDAY)
    call = line.call().dial().press("2", "1", "1", "1")
    form = call.form(RecordingSid="RE1", RecordingDuration="7", Digits="hangup", CallStatus="completed")
    line.post(call.last.address("Record"), form)
    line.post(call.last.address("Record"), form)
    assert count(line, VoiceMessage) == 1
    assert line.row().ended_at is not None


def test_an_empty_recording_goes_on_by_the_redirect(store: Store, tmp_path: Path) -> None:
    line = LineInTest(store, tmp_path, SUNDAY)
    call = line.call().dial().press("2", "1", "1", "1")
    assert call.post(call.last.address("Redirect", "")).status == 200
    assert line.row().turn == 5


def test_a_turn_is_found_by_its_path(line: LineInTest) -> None:
    line.call().dial().press("2", "1")
    with line.store.session() as session:
        paths = session.scalars(select(Turn.path).order_by(Turn.n)).all()
    assert '"choose_language"' in paths[0]
    assert '"key 1","category"' in paths[2]


def test_the_first_fault_leads_to_a_person_and_the_second_to_the_last_resort(
    line: LineInTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.work("en")
    call = line.call().dial().press("2")
    compose = twiml.document
    faults = 1

    def break_once(actions: Iterable[Action], place: Place) -> str:
        nonlocal faults
        if faults:
            faults -= 1
            raise RuntimeError("made to break")
        return compose(actions, place)

    monkeypatch.setattr(turn, "document", break_once)
    call.press("1")
    assert "Sorry, something went wrong on our side." in call.last.said
    assert "Your number is" in call.last.said  # on the way to a person
    faults = 1
    call.press("1")
    assert "Sorry, something went wrong on our side." in call.last.said
    assert [node.tag for node in call.last.root][-1] == "Hangup"
    with line.store.session() as session:
        assert session.scalars(select(CallBack.reason)).all() == ["fault"]


def test_the_store_is_away_and_the_caller_hears_the_last_resort(line: LineInTest, tmp_path: Path) -> None:
    call = line.call().dial()
    line.lose_store()
    call.press("2")
    assert call.last.status == 200
    assert all(word in call.last.said for word in ("Sorry", "দুঃখিত", "माफ़"))
    assert "call you back" in call.last.said
    assert [path.name for path in line.config.spool_dir.iterdir()] == ["CA1.json"]
