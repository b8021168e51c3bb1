"""Which events a call is waiting for. What it is not waiting for changes nothing."""

from flows.flow import Flow, Queue
from flows.steps.queue import is_way_out
from flows.values import (
    Answered,
    Arrived,
    Event,
    Faulted,
    HungUp,
    Keyed,
    LeftQueue,
    Nothing,
    Recorded,
    Reject,
    Replay,
    Resumed,
    Silent,
    State,
)

WAITED_FOR: dict[type, str] = {
    Keyed: "keys",
    Silent: "keys",
    Recorded: "recording",
    LeftQueue: "queue",
    Answered: "answer",
    Resumed: "answer",
}


def refuse(flow: Flow, state: State, event: Event) -> Replay | Nothing | Reject | None:
    """Why this event changes nothing now; None if it does."""
    if isinstance(event, Arrived):
        return Replay(0)
    if not isinstance(event, HungUp) and event.turn < state.turn:
        return Replay(event.turn)
    if state.expects == "over":
        return Nothing()
    if isinstance(event, HungUp):
        return None
    if event.turn > state.turn:
        return Reject(f"turn {event.turn} has not come yet: the call is at turn {state.turn}")
    return None if isinstance(event, Faulted) else _refuse_unexpected(flow, state, event)


def _refuse_unexpected(
    flow: Flow, state: State, event: Keyed | Silent | Recorded | LeftQueue | Answered | Resumed
) -> Reject | None:
    if WAITED_FOR[type(event)] != state.expects:
        return Reject(f"the call waits for {state.expects}, not for {type(event).__name__}")
    if isinstance(event, Answered) and event.request != state.request:
        return Reject(f"request {event.request} is not the open one: that is {state.request}")
    if isinstance(event, LeftQueue):
        step = flow.steps.get(state.step)
        if isinstance(step, Queue) and not is_way_out(step, event):
            return Reject("this key leads nowhere from the queue")
    return None
