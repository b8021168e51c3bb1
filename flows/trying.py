"""A call tried on a draft: somebody presses, the flow answers, and the whole of it can become a rehearsal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flows.calendar import Calendar
from flows.dialogue import Dialogue
from flows.flow import Flow
from flows.rehearsal import QUEUE_FACTS
from flows.rehearsal_text import Done, write_rehearsal
from flows.values import Arrived, AskHours, Collect, JoinQueue, Line, TakeRecording
from flows.waiting import while_waiting
from flows.world import Told, World

NUMBER = "+919830012345"
CALLERS = ("new", "returning", "withheld")
QUEUES = ("usual", "full", "nobody_working")
MOST_MOVES = 200

Move = tuple[str, str]
"""What the caller does (press, silent, speak, queue), and with what: keys, seconds, how the queue ends."""


class BadMove(ValueError):
    """This cannot be done where the call stands."""


@dataclass(frozen=True, slots=True)
class Setting:
    """When somebody calls, who, and what is out of order. `language` is what a returning caller spoke before."""

    clock: datetime
    caller: str = "new"
    language: str = ""
    queue: str = "usual"
    look_ups_down: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """What was heard between two doings, and the step at which the call then waits."""

    move: Move | None
    lines: tuple[Line, ...]
    step: str
    hours: Told | None = None  # what the calendar answered meanwhile; None where nobody asked


@dataclass(frozen=True, slots=True)
class Tried:
    """A call as far as it has come. `waits_for` is keys, recording, queue or nothing more."""

    turns: tuple[Turn, ...]
    step: str
    waits_for: str
    seconds: float = 0.0
    told: Mapping[str, str] = field(default_factory=dict)


def try_call(flow: Flow, calendars: Mapping[str, Calendar], setting: Setting, moves: Sequence[Move]) -> Tried:
    """Play the call from its first ring. Raises BadMove."""
    down = {name: Told("failed") for name in flow.look_ups} if setting.look_ups_down else {}
    call = Dialogue(flow, World(calendars, answers=down), _arrived(setting))
    turns = [_turn(call, None)]
    for move in moves[:MOST_MOVES]:
        _meet_queue(call, setting, turns)
        if call.is_over:
            break
        _do(call, move)
        turns.append(_turn(call, move))
    _meet_queue(call, setting, turns)
    told = call.joined.tell if call.joined else {}
    return Tried(tuple(turns), call.step, _waits_for(call), call.at - call.began_at, told)


def write_tried(title: str, setting: Setting, tried: Tried, look_ups: Iterable[str] = ()) -> str:
    """The call as a rehearsal: what was done, and by its name the last thing that was heard before each.

    `look_ups` are those that were down. What the hours answered is written down too: calendars are changed at any time,
    and a rehearsal must tell tomorrow what it tells today.
    """
    outside = [Done("outside", "failed", name=name) for name in look_ups if setting.look_ups_down]
    doings: list[Done] = []
    for turn in tried.turns:
        hours = [] if turn.hours is None else [Done("outside", turn.hours.outcome, turn.hours.facts, "hours")]
        if turn.move is None:
            outside += hours
        else:
            doings += [*hours, _doing(turn.move)]
        if turn.lines:
            doings.append(Done("hears", turn.lines[-1].prompt))
    caller = _arrived(setting)
    return write_rehearsal(title, setting.clock, caller, doings, tried.step, outside=outside, agent_sees=tried.told)


def _doing(move: Move) -> Done:
    what, how = move
    match what:
        case "press":
            return Done("presses", how)
        case "speak":
            return Done("records", f"{int(how or 0)}s")
        case "queue":
            return Done("queue", how)
    return Done("silent")


def _arrived(setting: Setting) -> Arrived:
    at = setting.clock.timestamp()
    if setting.caller == "withheld":
        return Arrived(at, None, "withheld")
    is_known = setting.caller == "returning"
    return Arrived(at, NUMBER, "mobile", is_known, setting.language or None if is_known else None)


def _meet_queue(call: Dialogue, setting: Setting, turns: list[Turn]) -> None:
    """Whoever comes to a line that is full, or at which nobody works, is out of it at once."""
    if isinstance(call.wait, JoinQueue) and not call.is_over and setting.queue != "usual":
        move = ("queue", setting.queue)
        _do(call, move)
        turns.append(_turn(call, move))


def _do(call: Dialogue, move: Move) -> None:
    what, how = move
    in_line = isinstance(call.wait, JoinQueue)
    match what:
        case "press" if in_line:
            call.leave_queue("key", key=how)
        case "press" if isinstance(call.wait, Collect) and how:
            call.press(how)
        case "silent" if isinstance(call.wait, Collect):
            call.stay_silent()
        case "speak" if isinstance(call.wait, TakeRecording):
            call.speak(int(how or 0))
        case "queue" if in_line and how in ("answered", "too_long", "nobody_working", "full"):
            call.leave_queue(how)  # type: ignore[arg-type]  # one of these four
        case _:
            raise BadMove(f"{what} {how}")


def _turn(call: Dialogue, move: Move | None) -> Turn:
    lines = list(call.fresh)
    if isinstance(call.wait, JoinQueue) and call.state and not call.is_over:
        lines += while_waiting(call.flow, call.state, QUEUE_FACTS, at=call.at).lines
    return Turn(move, tuple(lines), call.step, _hours(call))


def _hours(call: Dialogue) -> Told | None:
    """None also where two calendars were asked and answered differently: a rehearsal has one answer for all."""
    answers = [call.world.answer(one, call.turn, call.at) for one in call.asked if isinstance(one, AskHours)]
    told = [Told(answer.outcome, answer.facts) for answer in answers]
    return told[0] if told and all(one == told[0] for one in told) else None


def _waits_for(call: Dialogue) -> str:
    if call.is_over:
        return "over"
    if isinstance(call.wait, JoinQueue):
        return "queue"
    return "recording" if isinstance(call.wait, TakeRecording) else "keys"
