"""Two web processes on one store: what one of them remembers of a call is never believed against the store."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from flows.values import State
from ivr.recent import RecentCall, RecentCalls
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


def test_the_latest_calls_are_remembered_and_older_ones_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivr.recent._MOST", 2)
    recent = RecentCalls()
    state = State(version="v", step="s", turn=2, expects="keys", language="en")
    one = RecentCall("CA1", None, 1, 1, state, "{}")
    for sid in ("CA1", "CA2", "CA1", "CA3"):
        recent.keep(replace(one, sid=sid))
    assert recent.find("CA1", 1) is not None
    assert recent.find("CA1", 2) is None
    assert recent.find("CA2", 1) is None
    recent.forget("CA3")
    assert recent.find("CA3", 1) is None
