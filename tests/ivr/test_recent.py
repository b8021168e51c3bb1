"""Two web processes on one store: what one of them remembers of a call is never believed against the store."""

from dataclasses import replace
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path

import pytest
from sqlalchemy import func, select

from flows.state_json import to_json
from flows.values import State
from ivr.recent import RecentCall, RecentCalls, open_recent_calls, sharing_calls
from ivr.voice import make_voice
from models.message import Message
from models.store import Store
from models.turn import Turn
from tests.ivr.line_in_test import LineInTest


@pytest.fixture
def line(store: Store, tmp_path: Path) -> LineInTest:
    return LineInTest(store, tmp_path)


def other_process(line: LineInTest) -> None:
    """From now on the other process answers: it remembers what it answered itself, and nothing else."""
    extensions = line.app.extensions
    extensions["voice"], extensions["other"] = (
        extensions.get("other") or make_voice(line.telephone),
        extensions["voice"],
    )


def count(line: LineInTest, table: type) -> int:
    with line.store.session() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_turns_that_go_from_process_to_process(line: LineInTest) -> None:
    line.work("en")
    call = line.call().dial()
    for n, key in enumerate(("2", "1", "1", "1"), start=1):
        call.press(key)
        other_process(line)
        assert line.post(call.turn(n), call.form(Digits="9")).body == call.last.body
    assert (count(line, Turn), line.entry().state) == (5, "waiting")


def test_an_old_memory_gives_the_stored_answer(line: LineInTest) -> None:
    call = line.call().dial().press("2")
    other_process(line)
    call.press("1")
    stored = call.last.body
    other_process(line)  # still remembers the call after its first turn
    assert line.post(call.turn(2), call.form(Digits="2")).body == stored
    assert line.row().step == "category"


def test_an_old_memory_sends_no_second_code(line: LineInTest) -> None:
    call = line.call().dial().press("2", "1", "1", "2", "9830099999", "1")
    other_process(line)
    n = line.row().turn + 1
    call.press("1")
    line.clock.advance(60)
    other_process(line)
    assert line.post(call.turn(n), call.form(Digits="1")).body == call.last.body
    assert count(line, Message) == 1


def test_a_call_that_was_closed_elsewhere_stays_closed(line: LineInTest) -> None:
    call = line.call().dial().press("2")
    other_process(line)
    call.hang_up()
    other_process(line)
    call.press("1")
    assert line.row().ended_at is not None
    assert line.row().turn == 1


STATE = State(version="v", step="s", turn=2, expects="keys", language="en")
ONE = RecentCall("CA1", "+919830012345", 7, 1, STATE, to_json(STATE))


def test_a_call_is_remembered_after_its_latest_turn_only() -> None:
    recent = RecentCalls()
    recent.keep(ONE)
    assert recent.find("CA1", 1) == ONE
    assert recent.find("CA1", 2) is None
    assert recent.find("CA2", 1) is None
    recent.keep(replace(ONE, turn=2, from_number=None))
    assert recent.find("CA1", 1) is None
    assert recent.find("CA1", 2) == replace(ONE, turn=2, from_number=None)
    recent.forget("CA1")
    assert recent.find("CA1", 2) is None


def test_what_a_killed_line_left_behind_is_removed_by_its_next_start(tmp_path: Path) -> None:
    with sharing_calls(tmp_path) as name:
        pass
    left = SharedMemory(name, create=True, size=4096)  # smaller than ours, so that it is told from a new one
    with sharing_calls(tmp_path) as again:
        assert again == name
        recent = open_recent_calls(again)
        recent.keep(ONE)
        assert recent.find("CA1", 1) == ONE
        assert open_recent_calls(again).find("CA1", 1) == ONE
    with pytest.raises(FileNotFoundError):
        SharedMemory(name)
    left.close()


def test_the_processes_of_a_machine_share_what_they_remember(tmp_path: Path) -> None:
    with sharing_calls(tmp_path) as name:
        first, second = open_recent_calls(name), open_recent_calls(name)
        first.keep(ONE)
        assert second.find("CA1", 1) == ONE
        second.forget("CA1")
        assert first.find("CA1", 1) is None
    assert open_recent_calls(name).find("CA1", 1) is None  # the memory is gone with its block


def test_calls_that_need_the_same_place_take_it_from_one_another() -> None:
    recent = RecentCalls()
    sids = [f"CA{n}" for n in range(5000)]  # more than there are places
    for sid in sids:
        recent.keep(replace(ONE, sid=sid))
    found = [sid for sid in sids if (call := recent.find(sid, 1)) is not None and call.sid == sid]
    assert 0 < len(found) < len(sids)
    forgotten = next(sid for sid in sids if sid not in found)
    recent.forget(forgotten)
    assert [sid for sid in found if recent.find(sid, 1) is None] == []


@pytest.mark.parametrize("place", [0, 4, 8, 40, 60])
def test_what_two_have_written_at_once_is_not_believed(place: int) -> None:
    recent = RecentCalls()
    recent.keep(ONE)
    start = recent._place("CA1") + place
    recent._bytes[start] ^= 1
    assert recent.find("CA1", 1) is None


def test_a_call_that_is_too_long_for_its_place_is_read_from_the_store() -> None:
    recent = RecentCalls()
    recent.keep(ONE)
    recent.keep(replace(ONE, turn=2, stored='{"step":"' + "x" * 5000 + '"}'))
    assert recent.find("CA1", 1) is None
    assert recent.find("CA1", 2) is None


def test_a_state_of_a_later_release_is_read_from_the_store() -> None:
    recent = RecentCalls()
    recent.keep(replace(ONE, stored='{"nonsense": '))
    assert recent.find("CA1", 1) is None
