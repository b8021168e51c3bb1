"""A turn costs the same in a flow of ten steps and of thousands. Counted in calls of functions, not in seconds."""

import sys
from types import FrameType

import pytest

from flows.advance import advance
from flows.flow import Flow
from flows.loader import load_flow
from flows.state_json import to_json
from flows.values import Arrived, Event, HungUp, Keyed, Silent, State
from tests.flows.calls import MOBILE, OPEN
from tests.flows.giant import giant_flow


def _count_calls(flow: Flow, state: State, event: Event) -> int:
    count = 0

    def note(frame: FrameType, kind: str, argument: object) -> None:
        nonlocal count
        count += kind in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        advance(flow, state, event)
    finally:
        sys.setprofile(before)
    return count


def _costs(flow: Flow) -> list[int]:
    state, _ = advance(flow, None, Arrived(OPEN, MOBILE, "mobile"))
    costs = []
    for _ in range(3):
        for event in (Keyed(state.turn, OPEN, "1"), Silent(state.turn, OPEN), HungUp(OPEN)):
            advance(flow, state, event)  # composes what is composed once
            costs.append(_count_calls(flow, state, event))
        state, _ = advance(flow, state, Keyed(state.turn, OPEN, "1"))
    return costs


@pytest.fixture(scope="module")
def giant() -> Flow:
    return load_flow("giant", giant_flow(3_000))


def test_a_turn_costs_the_same_in_a_flow_of_any_size(giant: Flow) -> None:
    assert _costs(giant) == _costs(load_flow("giant", giant_flow(12)))


def test_a_state_does_not_grow_with_the_length_of_a_call(giant: Flow) -> None:
    state, _ = advance(giant, None, Arrived(OPEN, MOBILE, "mobile"))
    sizes = []
    for _ in range(120):
        state, _ = advance(giant, state, Keyed(state.turn, OPEN, "1"))
        sizes.append(len(to_json(state)))
    assert sizes[-1] - sizes[60] < 50
