"""Random calls: whatever comes in whatever order, the call goes on or ends, and nothing happens twice."""

from dataclasses import dataclass
from itertools import product
from typing import Literal, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.advance import advance
from flows.entries import example_entry
from flows.flow import Announcements, Ask, Callback, Flow, Hours, LookUp, Menu, Otp, Record
from flows.state_json import from_json, to_json
from flows.values import (
    Action,
    Answered,
    Arrived,
    Close,
    Collect,
    Event,
    Faulted,
    HangUp,
    HungUp,
    JoinQueue,
    Keyed,
    LeftQueue,
    Nothing,
    Recorded,
    Reject,
    Replay,
    Request,
    Resumed,
    Silent,
    State,
    TakeRecording,
)
from tests.flows.calls import OPEN, shipped

OUTCOMES: dict[type, list[str]] = {
    Hours: ["open", "open", "closed", "holiday"],
    LookUp: ["found", "not_your_number", "not_found"],
    Otp: ["sent", "sent", "cannot_send", "right", "wrong", "spent"],
    Callback: ["booked"],
    Record: ["kept"],
    Announcements: ["told"],
}
FACTS = {
    "complaint.status": "forwarded",
    "complaint.department": "Food",
    "complaint.due_on": "2026-12-09",
    "office.next_open": "2026-12-02T10:00:00+05:30",
    "callback.number": "+919830012345",
    "callback.by": "2026-12-02T10:00:00+05:30",
    "request.reference": "26482173059",
    "reference": "26482173059",
}
KINDS = ["fitting"] * 24 + ["keys", "silence", "hang_up", "fault", "repeat", "answer", "queue", "recording"]
Result = Literal["answered", "too_long", "nobody_working", "full", "key", "failed"]


@dataclass(frozen=True)
class Oddity:
    """How late an event comes, and whether it is of another turn or request."""

    elapsed: float = 0.0
    other_turn: int = 0
    other_request: int = 0


@dataclass(frozen=True)
class Move:
    """One event to come, as far as it can be told before the call has got there."""

    kind: str
    is_smart: bool  # presses what leads on
    oddity: Oddity
    keys: str
    choice: int
    facts: dict[str, str]
    result: Result
    seconds: int


KEYS = [*"1112345679", "9830012345", "123456", example_entry("reference"), "#", "*", "0", "", "12#", "1*", "0" * 12]
SOME_FACTS = [FACTS, FACTS, {}, {"complaint.status": "odd", "x": "1"}, dict.fromkeys(FACTS, "odd")]
ODDITIES = [Oddity()] * 24 + [
    Oddity(elapsed=1.0),
    Oddity(elapsed=20.0),
    Oddity(elapsed=700.0),
    Oddity(other_turn=-1),
    Oddity(other_turn=-2),
    Oddity(other_turn=1),
    Oddity(other_request=1),
    Oddity(other_request=-1),
]
# Three draws a move: most of the time of these tests goes into drawing.
moves = st.builds(
    lambda when, what, outside: Move(*when, *what, *outside),
    st.sampled_from(list(product(KINDS, [True, True, True, False], ODDITIES))),
    st.sampled_from(list(product(KEYS, range(12)))),
    st.sampled_from(list(product(SOME_FACTS, get_args(Result), [0, 1, 30]))),
)


def _event(move: Move, state: State, at: float, last: Event) -> Event:
    turn = state.turn + move.oddity.other_turn
    expected = {"keys": "keys", "recording": "recording", "queue": "queue", "answer": "answer"}
    match expected.get(state.expects, "silence") if move.kind == "fitting" else move.kind:
        case "keys":
            return Keyed(turn, at, _fitting_keys(state, move.choice) if move.is_smart else move.keys)
        case "hang_up":
            return HungUp(at)
        case "fault":
            return Faulted(turn, at, "broken")
        case "repeat":
            return last
        case "answer":
            return _answer(move, state, turn, at)
        case "queue":
            return LeftQueue(turn, at, move.result, move.keys[:1] or None, move.facts)
        case "recording":
            return Recorded(turn, at, "RE1" if move.seconds else None, move.seconds, "key")
        case _:
            return Silent(turn, at)


def _fitting_keys(state: State, choice: int) -> str:
    """Keys that lead on from where the call is."""
    match shipped().steps.get(state.step):
        case Menu(choices=choices):
            return choices[choice % len(choices)].key
        case Ask(kind=kind) if state.phase == "question":
            return example_entry(kind)
        case Otp():
            return "123456"
        case _:
            return "1"


def _answer(move: Move, state: State, turn: int, at: float) -> Event:
    if move.choice == 11:
        return Resumed(turn, at)
    outcomes = OUTCOMES.get(type(shipped().steps.get(state.step)), ["told"])
    outcome = {10: "failed", 9: "odd"}.get(move.choice, outcomes[move.choice % len(outcomes)])
    return Answered(turn, at, state.request + move.oddity.other_request, outcome, move.facts, ("Words.",))


def _check(before: State | None, after: State, actions: list[Action]) -> None:
    """What holds after every event."""
    assert from_json(to_json(after)) == after
    assert actions
    if isinstance(actions[-1], Reject | Replay | Nothing):
        assert after is before
        return
    stops = [action for action in actions if isinstance(action, Request | Collect | TakeRecording | JoinQueue | HangUp)]
    closes = [action for action in actions if isinstance(action, Close)]
    if after.expects == "over":
        assert len(closes) == 1
        assert isinstance(actions[-1], Close | HangUp)
    else:
        assert closes == []
        assert stops == [actions[-1]]
        assert isinstance(actions[-1], Request) == (after.expects == "answer")
    assert len(actions) <= 250
    assert set(after.back) <= set(shipped().steps)


def _run(flow: Flow, arrived: Arrived, plan: list[Move]) -> None:
    state, actions = advance(flow, None, arrived)
    _check(None, state, actions)
    at = arrived.at
    last: Event = arrived
    for move in plan:
        at += move.oddity.elapsed
        event = _event(move, state, at, last)
        before = state
        state, actions = advance(flow, before, event)
        _check(before, state, actions)
        if not isinstance(actions[-1], Reject | Replay | Nothing):
            _check_repeat(flow, state, event)
        last = event
    _end(flow, state, at)


def _check_repeat(flow: Flow, state: State, event: Event) -> None:
    """The same event once more, when its turn has been answered, changes nothing."""
    if state.expects != "answer" and not isinstance(event, Faulted | HungUp):
        after, actions = advance(flow, state, event)
        assert after is state
        assert isinstance(actions[0], Replay | Nothing)


def _end(flow: Flow, state: State, at: float) -> None:
    """From anywhere, a silent caller whose outside fails comes to an end within a bounded number of turns."""
    for _ in range(120):
        match state.expects:
            case "over":
                return
            case "keys":
                event: Event = Silent(state.turn, at)
            case "recording":
                event = Recorded(state.turn, at, None, 0, "silence")
            case "queue":
                event = LeftQueue(state.turn, at, "too_long")
            case _:
                event = Answered(state.turn, at, state.request, "failed")
        at += 6
        state, _ = advance(flow, state, event)
    raise AssertionError(f"the call does not end: {state}")


arrivals = st.builds(
    Arrived,
    at=st.just(OPEN),
    number=st.sampled_from(["+919830012345", "+913322145555", "+8801712345678", None]),
    number_kind=st.sampled_from(["mobile", "landline", "foreign", "withheld"]),
    returning=st.booleans(),
    remembered_language=st.sampled_from([None, "bn", "hi", "or"]),
)
plans = st.lists(moves, min_size=12, max_size=40) | st.lists(moves, max_size=12)


@settings(max_examples=1_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(arrivals, plans)
def test_a_thousand_random_calls_end_and_never_step_twice(arrived: Arrived, plan: list[Move]) -> None:
    _run(shipped(), arrived, plan)


@pytest.mark.soak
@settings(max_examples=20_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(arrivals, plans)
def test_twenty_thousand_random_calls_end_and_never_step_twice(arrived: Arrived, plan: list[Move]) -> None:
    _run(shipped(), arrived, plan)
