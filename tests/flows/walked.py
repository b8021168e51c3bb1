"""Lines that callers really hear: many calls, led by chance but always the same."""

from collections.abc import Iterator
from random import Random

from flows.dialogue import Dialogue
from flows.entries import example_entry
from flows.flow import Ask, Flow, Menu, Queue
from flows.values import Arrived, Collect, JoinQueue, Line, TakeRecording
from flows.waiting import while_waiting
from flows.world import Told, World
from tests.flows.calls import CLOSED, HOLIDAY, MOBILE, OPEN, shipped_calendars

FOUND = {"complaint.department": "Food", "complaint.due_on": "2026-12-09"}


def walked_lines(flow: Flow, calls: int = 150) -> Iterator[Line]:
    for number in range(calls):
        yield from _walk(flow, Random(number))


def _walk(flow: Flow, chance: Random) -> Iterator[Line]:
    at = chance.choice([OPEN, CLOSED, HOLIDAY])
    number = chance.choice([MOBILE, None])
    statuses = flow.look_ups["complaint_status"].outcomes["found"].facts["complaint.status"].values
    told = Told("found", {**FOUND, "complaint.status": chance.choice(statuses)})
    world = World(shipped_calendars(), answers={"complaint_status": told})
    remembered = chance.choice([None, *flow.languages])
    call = Dialogue(flow, world, Arrived(at, number, "mobile" if number else "withheld", False, remembered))
    for _ in range(60):
        if call.is_over:
            break
        if isinstance(call.wait, JoinQueue):
            assert call.state is not None
            yield from while_waiting(flow, call.state, {"queue.place": "3", "queue.minutes": "12"}).lines
        _move(call, chance)
    yield from call.heard


def _move(call: Dialogue, chance: Random) -> None:
    step = call.flow.steps[call.step]
    if isinstance(call.wait, TakeRecording):
        call.speak(chance.choice([0, 20]))
    elif isinstance(step, Queue):
        call.leave_queue(chance.choice(["answered", "too_long", "full"]), facts={"reference": "26482173059"})
    elif chance.random() < 0.2 or not isinstance(call.wait, Collect):
        call.stay_silent()
    elif isinstance(step, Menu):
        call.press(chance.choice(step.choices).key)
    elif isinstance(step, Ask) and call.state and call.state.phase == "question":
        call.press(example_entry(step.kind))
    else:
        call.press(chance.choice("123*#7"))
