"""What breaks, comes twice, comes late or does not belong: every event has an answer."""

import json
from dataclasses import replace

import pytest

from flows.advance import AUTOMATIC_STEPS, advance
from flows.flow import Set
from flows.state_json import UnreadableState, from_json, to_json
from flows.values import (
    Answered,
    Arrived,
    Close,
    Faulted,
    HangUp,
    HungUp,
    Keyed,
    LeftQueue,
    Nothing,
    Recorded,
    Reject,
    Replay,
    Silent,
    State,
)
from flows.world import Told
from tests.flows.calls import CLOSED, MOBILE, OPEN, dial, keys_of, shipped, small_flow


def _in_queue() -> State:
    call = dial()
    for key in "2111":
        call.press(key)
    assert call.state is not None
    return call.state


def test_a_repeated_event_is_replayed_and_changes_nothing() -> None:
    call = dial()
    call.press("2")
    state = call.state
    assert advance(call.flow, state, Keyed(1, call.at, "2")) == (state, [Replay(1)])
    assert advance(call.flow, state, Arrived(OPEN, MOBILE, "mobile")) == (state, [Replay(0)])


def test_what_is_not_waited_for_is_rejected_and_changes_nothing() -> None:
    state = _in_queue()
    for event in (
        Keyed(state.turn, 1.0, "1"),
        Silent(state.turn, 1.0),
        Recorded(state.turn, 1.0, "RE1", 3, "key"),
        Answered(state.turn, 1.0, 1, "open"),
        LeftQueue(state.turn + 1, 1.0, "answered"),
        LeftQueue(state.turn, 1.0, "key", "5"),
    ):
        after, actions = advance(shipped(), state, event)
        assert after is state
        assert [type(action) for action in actions] == [Reject]


def test_an_answer_to_another_request_is_rejected() -> None:
    flow = shipped()
    call = dial()
    state, _ = advance(flow, call.state, Keyed(1, call.at, "2"))
    assert state.expects == "answer"
    after, actions = advance(flow, state, Answered(1, call.at, 9, "told"))
    assert after is state
    assert isinstance(actions[0], Reject)


def test_nothing_happens_to_a_call_that_is_over() -> None:
    call = dial()
    call.hang_up()
    assert call.state is not None
    for event in (HungUp(1.0), Keyed(call.turn, 1.0, "1"), Faulted(call.turn, 1.0, "x")):
        assert advance(call.flow, call.state, event) == (call.state, [Nothing()])


@pytest.mark.parametrize("event", [Keyed(0, 1.0, "1"), HungUp(1.0), Faulted(0, 1.0, "x"), Silent(3, 1.0)])
def test_nothing_can_come_before_the_call(event: Keyed | HungUp | Faulted | Silent) -> None:
    state, actions = advance(shipped(), None, event)
    assert isinstance(actions[0], Reject)
    assert advance(shipped(), state, Arrived(OPEN, MOBILE, "mobile"))[0].step == "choose_language"


def test_a_fault_takes_the_flows_own_way_once_and_then_the_last_resort() -> None:
    call = dial()
    call.press("2")
    call.take(Faulted(call.turn, call.at, "database"))
    assert keys_of(call)[0] == "trouble"
    assert not call.is_over
    call.take(Faulted(call.turn, call.at, "database"))
    assert keys_of(call) == ["last_resort", "last_resort"]
    assert call.wait == HangUp()
    assert call.closed is not None
    assert call.closed.abandoned


def test_the_last_resort_speaks_all_languages_while_none_is_chosen() -> None:
    call = dial(small_flow("  first:\n    menu: kind\n    choices:\n      1: {say: one, go: talk}\n"))
    call.take(Faulted(call.turn, call.at, "x"))
    assert [line.language for line in call.fresh] == ["bn", "bn", "en", "en", "hi", "hi"]


def test_a_fault_in_a_step_with_an_outcome_of_its_own_takes_that() -> None:
    call = dial(at=CLOSED)
    for key in "211":
        call.press(key)
    state, _ = advance(call.flow, call.state, Keyed(call.turn, call.at, "2"))
    assert state.step == "book_callback"
    state, _ = advance(call.flow, state, Faulted(state.turn, call.at, "x"))
    assert (state.step, state.faults) == ("leave_message", 0)


def test_an_outside_that_never_works_still_ends_the_call() -> None:
    failed = Told("failed")
    call = dial(answers=dict.fromkeys(("hours", "callback", "message", "announcements"), failed))
    for _ in range(40):
        if not call.is_over:
            call.press("1")
    assert call.is_over


def test_fifty_automatic_steps_are_a_fault() -> None:
    # The checker lets no such flow through, so the loop is tied here by hand.
    steps = "  first:\n    set: {a: b}\n    then: talk\n"
    flow = small_flow(steps, head="notes: {a: {one_of: [b]}}\n", languages="en")
    first = flow.steps["first"]
    assert isinstance(first, Set)
    call = dial(replace(flow, steps={**flow.steps, "first": replace(first, then="first")}))
    assert call.is_over
    assert len(call.path) == AUTOMATIC_STEPS + 1
    assert call.path[-1].to == "last_resort"


def test_a_missing_wording_is_a_fault_and_not_a_silence() -> None:
    flow = shipped()
    prompts = {key: prompt for key, prompt in flow.catalogues["en"].prompts.items() if key != "how_can_we_help"}
    catalogue = replace(flow.catalogues["en"], prompts=prompts)
    call = dial(replace(flow, catalogues={**flow.catalogues, "en": catalogue}))
    call.press("2")
    assert "trouble" in keys_of(call)


def test_a_call_pinned_to_a_step_that_is_gone_is_a_fault() -> None:
    state = replace(_in_queue(), step="gone", expects="keys")
    after, actions = advance(shipped(), state, Silent(state.turn, 1.0))
    assert after.faults == 1
    assert actions


def test_a_hang_up_closes_the_call_and_tells_whether_to_ring_back() -> None:
    call = dial()
    call.hang_up()
    assert call.closed == Close(False, {})
    call = dial()
    for key in "211":
        call.press(key)
    call.hang_up()
    assert call.closed == Close(True, {"wants": "new_complaint", "category": "ration"})


def test_who_was_spoken_with_is_not_rung_back() -> None:
    state = _in_queue()
    _, actions = advance(shipped(), state, HungUp(1.0, talked=True))
    close = actions[-1]
    assert isinstance(close, Close)
    assert not close.abandoned
    _, actions = advance(shipped(), state, HungUp(1.0))
    close = actions[-1]
    assert isinstance(close, Close)
    assert close.abandoned


def test_a_state_survives_json() -> None:
    state = _in_queue()
    assert from_json(to_json(state)) == state
    assert json.loads(to_json(state))["step"] == "join_queue"


def test_a_field_of_another_release_is_passed_over() -> None:
    text = json.dumps({**json.loads(to_json(_in_queue())), "mood": "good"})
    assert from_json(text) == _in_queue()


@pytest.mark.parametrize("text", ["", "[]", "null", '{"step": 1', "{}"])
def test_what_is_no_state_is_refused(text: str) -> None:
    with pytest.raises(UnreadableState):
        from_json(text)
