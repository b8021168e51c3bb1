"""What callers did, read back from the rows of real turns: figures by step, and calls played on a draft."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from flows.loader import load_flow, read_source
from ivr.pinned import DRAFT, FLOW
from ivr.publishing import SHIPPED, seed
from ivr.replaying import replay_on
from models.flow_figures import last_calls, misunderstood_keys, read_flow_figures, read_path
from models.queue_entry import QueueEntry
from models.store import Store
from models.talk import Talk
from models.turn import Turn
from tests.ivr.line_in_test import MONDAY_NOON, LineInTest

SOURCE = read_source(SHIPPED)
START, END = MONDAY_NOON - timedelta(hours=1), MONDAY_NOON + timedelta(days=3)


@pytest.fixture
def line(store: Store, tmp_path: Path) -> LineInTest:
    line = LineInTest(store, tmp_path)
    seed(store, line.clock.now())
    return line


@pytest.fixture
def three_calls(line: LineInTest) -> LineInTest:
    """One into the queue in English, one silent at the main menu and gone, one with a wrong key in Bengali next day."""
    line.call("CA1").join_queue().hang_up()
    second = line.call("CA2", "+919830011111").dial().press("1")
    line.clock.advance(10)
    second.stay_silent()
    line.clock.advance(5)
    second.hang_up()
    line.clock.advance(86_400)
    third = line.call("CA3", "+919830022222").dial()
    third.stay_silent().press("1", "1", "7").hang_up()
    return line


def test_figures_by_step(three_calls: LineInTest) -> None:
    with three_calls.store.read() as connection:
        figures = read_flow_figures(connection, FLOW, START, END)
        english = read_flow_figures(connection, FLOW, START, END, language="en")
        nothing = read_flow_figures(connection, FLOW, START, START)
    menu = figures["main_menu"]
    assert (menu.arrivals, menu.silences, menu.hang_ups) == (3, 1, 1)
    assert menu.exits["key 1"] == 2
    assert menu.to["key 1"] == "category"
    assert menu.seconds == 15
    assert figures["category"].wrong_keys == 1
    assert figures["category"].wrong == {"7": 1}
    assert english["main_menu"].arrivals == 1
    assert nothing == {}


def test_the_wrong_key_is_kept_at_menus_and_nothing_that_was_typed_at_a_question(line: LineInTest) -> None:
    call = line.call("CA1", "+919830033333").dial().press("78", "2", "8", "1", "9", "2")
    call.press("1234567890")  # no such mobile number
    with line.store.read() as connection:
        figures = read_flow_figures(connection, FLOW, START, END)
        kept = "".join(connection.scalars(select(Turn.path)))
    assert {step: dict(one.wrong) for step, one in figures.items() if one.wrong} == {
        "choose_language": {"7": 1},
        "main_menu": {"8": 1},
    }
    assert figures["ask_number"].wrong_keys == 1
    assert "1234" not in kept
    call.hang_up()
    assert replay_on(line.telephone, load_flow(FLOW, SOURCE)).calls == 1  # and replays do not stumble over it


def test_the_last_calls_through_an_exit(three_calls: LineInTest) -> None:
    with three_calls.store.read() as connection:
        passed = last_calls(connection, FLOW, "main_menu", "key 1")
        one = last_calls(connection, FLOW, "main_menu", "key 1", limit=1, end=MONDAY_NOON + timedelta(hours=1))
        assert last_calls(connection, FLOW, "main_menu", "key _") == []
        bengali = last_calls(connection, FLOW, "main_menu", "key 1", language="bn")
    assert [call.sid for call in passed] == ["CA3", "CA1"]
    assert [call.sid for call in bengali] == ["CA3"]
    assert [call.sid for call in one] == ["CA1"]
    assert [why for _, _, why, _ in passed[1].path if why.startswith("key ")] == ["key 2", "key 1", "key 1", "key 1"]


def test_a_call_that_waited_for_one_moment_is_found_by_all_its_exits(line: LineInTest) -> None:
    """Its turn was written twice; rows of older programs have their path in another spelling."""
    line.clock.advance(timedelta(days=6).total_seconds())  # a Sunday: messages are taken
    call = line.call("CA1").dial().press("2", "1", "1", "1")
    spoken = {"RecordingSid": "RE1", "RecordingDuration": "7", "Digits": "#"}
    first = call.post(call.last.address("Record"), **spoken)
    assert first.said == "One moment, please."
    call.post(first.address("Redirect", ""))
    with line.store.read() as connection:
        turns = connection.execute(select(Turn.path).where(Turn.call_sid == "CA1").order_by(Turn.n)).scalars().all()
        *_, (_, step, why, _) = (entry for path in turns for entry in read_path(path))
        assert [one.sid for one in last_calls(connection, FLOW, step, why)] == ["CA1"]
    as_before = {path: json.dumps(json.loads(path)) for path in turns}

    def write(session: Session) -> None:
        for turn in session.scalars(select(Turn)):
            turn.path = as_before[turn.path]

    line.store.transact(write)
    with line.store.read() as connection:
        assert [one.sid for one in last_calls(connection, FLOW, step, why)] == ["CA1"]


def test_options_that_are_misunderstood(three_calls: LineInTest) -> None:
    staff = three_calls.work("en")

    def write(session: Session) -> None:
        entry = session.scalars(select(QueueEntry)).one()
        assert entry.tell["category"] == "ration"
        for number, real in enumerate(("health", "ration", None)):
            session.add(
                Talk(
                    call_sid="CA1",
                    entry_id=entry.id,
                    staff_id=staff,
                    conference=f"room {number}",
                    state="ended",
                    created_at=MONDAY_NOON,
                    pressed_kind="ration" if real else None,
                    real_kind=real,
                )
            )

    three_calls.store.transact(write)
    with three_calls.store.read() as connection:
        found = misunderstood_keys(connection, START, END, not_of=DRAFT)
    assert [(one.pressed, one.real, one.calls, one.of_all) for one in found] == [("ration", "health", 1, 3)]


def test_recorded_calls_are_played_on_a_draft(three_calls: LineInTest) -> None:
    same = replay_on(three_calls.telephone, load_flow(FLOW, SOURCE))
    assert (same.calls, same.same, same.unplayable) == (3, 3, 0)
    text = SOURCE["helpline.yaml"].replace("go: category}", "go: leave_message}")
    other = replay_on(three_calls.telephone, load_flow(FLOW, {**SOURCE, "helpline.yaml": text}))
    assert (other.same, {parting.sid for parting in other.partings}) == (1, {"CA1", "CA3"})
    assert {parting.step for parting in other.partings} == {"main_menu"}
    assert replay_on(three_calls.telephone, load_flow(FLOW, SOURCE), last=1).calls == 1
