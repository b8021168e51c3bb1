"""Recorded calls, played on a draft."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from flows.dialogue import Dialogue
from flows.flow import Flow
from flows.loader import load_flow, read_source
from flows.replay import RecordedCall, replay_calls
from flows.values import Arrived
from flows.world import Told
from tests.flows.calls import MOBILE, OPEN, ROOM, dial, shipped

SOURCE = read_source(ROOM)
REFERENCE = "26482173059"


def draft(*edits: tuple[str, str]) -> Flow:
    text = SOURCE["helpline.yaml"]
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return load_flow("helpline", {**SOURCE, "helpline.yaml": text})


def recorded(call: Dialogue, arrived: Arrived | None = None) -> RecordedCall:
    return RecordedCall("CA1", shipped().version, arrived or Arrived(OPEN, MOBILE, "mobile"), tuple(call.path))


def ration(call: Dialogue) -> None:
    for keys in ("2", "1", "1", "1"):
        call.press(keys)
    call.leave_queue("answered")
    call.press("5")


def silent(call: Dialogue) -> None:
    while not call.is_over:
        call.leave_queue("too_long") if call.step == "join_queue" else call.stay_silent()


def status(call: Dialogue) -> None:
    for keys in ("2", "7", "2", REFERENCE[:5], "26482173059", "2", "26482173059", "1", "3"):
        call.press(keys)


def message(call: Dialogue) -> None:
    for keys in ("1", "0"):
        call.press(keys)
    call.stay_silent()
    call.press("2")
    call.press("9830012345")
    call.press("1")
    call.press("2")
    call.leave_queue("key", key="2")
    call.speak(20)
    call.press("1")


def gone(call: Dialogue) -> None:
    call.press("2")
    call.press("1")
    call.hang_up()


CALLS = [ration, silent, status, message, gone]


@pytest.mark.parametrize("play", CALLS)
def test_a_call_goes_as_it_went_on_the_version_that_it_was_made_with(play: Callable[[Dialogue], None]) -> None:
    call = dial(answers={"complaint_status": Told("found", {"complaint.status": "registered"})})
    play(call)
    found = replay_calls({shipped().version: shipped()}, shipped(), [recorded(call)])
    assert (found.calls, found.same, found.unplayable) == (1, 1, 0)
    assert found.seconds_before == found.seconds_after > 5


def test_a_call_that_ends_elsewhere_is_told_with_where_they_part() -> None:
    call = dial()
    ration(call)
    other = draft(
        ("too_long: nobody_free", "too_long: book_callback"), ("answered: your_reference", "answered: goodbye")
    )
    found = replay_calls({shipped().version: shipped()}, other, [recorded(call)] * 3)
    assert found.same == 3  # the call ends with goodbye either way
    moved = draft(("1: {say: cat_ration,      is: ration}", "1: {say: cat_ration, is: ration, go: leave_message}"))
    parted = replay_calls({shipped().version: shipped()}, moved, [recorded(call)])
    assert [(one.step, one.before, one.after) for one in parted.partings] == [("category", "goodbye", "leave_message")]
    assert parted.tell("en").startswith(
        '0 of 1 calls end in the same place; 1 differ: 1 ended in "goodbye" and would end in "leave_message" '
        '(they part at "category"). Listening took'
    )
    assert "১টি কলের ০টি" in parted.tell("bn")


def test_a_question_that_is_left_out_is_skipped_and_a_new_one_stops_the_call() -> None:
    call = dial()
    call.press("2")
    call.press("1")
    call.press("4")
    call.press("1")
    call.press("1")
    call.leave_queue("too_long")
    call.press("1")
    fewer = draft(("is: police,  go: your_safety}", "is: police}"))
    assert replay_calls({shipped().version: shipped()}, fewer, [recorded(call)]).same == 1
    more = draft(("  nobody_free:\n    menu: nobody_free\n", "  nobody_free:\n    menu: rate_us\n"))
    assert replay_calls({shipped().version: shipped()}, more, [recorded(call)]).same == 1


def test_hours_and_look_ups_answer_as_they_did_then() -> None:
    call = dial(answers={"hours": Told("closed", {}), "complaint_status": Told("failed")})
    for keys in ("2", "2", REFERENCE, "1", "3"):
        call.press(keys)
    call.hang_up()
    found = replay_calls({shipped().version: shipped()}, shipped(), [recorded(call)])
    assert (found.same, found.unplayable) == (1, 0)
    assert call.path[-2].to == "emergency_numbers"


def test_a_call_of_a_version_that_is_lost_cannot_be_played() -> None:
    call = dial()
    ration(call)
    found = replay_calls({}, shipped(), [recorded(call)])
    assert (found.calls, found.unplayable) == (0, 1)
    assert found.tell("en") == "There are no recorded calls to play. 1 more could not be played."


def test_who_was_known_is_known_again() -> None:
    arrived = Arrived(OPEN, MOBILE, "mobile", True, "hi", number_confirmed=True)
    call = dial(remembered="hi", confirmed=True)
    call.stay_silent()
    call.press("1")
    call.press("1")
    call.leave_queue("full")
    call.hang_up()
    found = replay_calls({shipped().version: shipped()}, shipped(), [recorded(call, arrived)])
    assert found.same == 1
    lost = replay_calls(
        {shipped().version: shipped()},
        shipped(),
        [recorded(call, replace(arrived, number=None, number_kind="withheld"))],
    )
    assert lost.calls + lost.unplayable == 1
