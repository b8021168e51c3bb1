"""A call tried on a draft: somebody presses, the flow answers, and the whole of it can become a rehearsal."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flows.calendar import Calendar
from flows.dialogue import Dialogue
from flows.flow import Flow
from flows.rehearsal import QUEUE_FACTS
from flows.values import Arrived, Collect, JoinQueue, Line, TakeRecording
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


@dataclass(frozen=True, slots=True)
class Tried:
    """A call as far as it has come. `waits_for` is keys, recording, queue or nothing more."""

    turns: tuple[Turn, ...]
    step: str
    waits_for: str
    passed: tuple[str, ...] = ()
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
    passed = tuple(entry.to for entry in call.path if entry.to in flow.steps)
    return Tried(tuple(turns), call.step, _waits_for(call), passed, call.at - call.began_at, told)


def write_tried(title: str, setting: Setting, tried: Tried, look_ups: Iterable[str] = ()) -> str:
    """The call as a rehearsal: what was done, and by its name the last thing that was heard before each.

    `look_ups` are those that were down.
    """
    number: object = "withheld" if setting.caller == "withheld" else NUMBER
    if setting.caller == "returning" and setting.language:
        number = {"number": NUMBER, "remembered": setting.language}
    lines = [f"rehearsal: {_text(title)}", f"clock: {setting.clock:%Y-%m-%d %H:%M}", f"caller: {_text(number)}"]
    if setting.look_ups_down:
        lines.append(f"outside: {_text(dict.fromkeys(look_ups, 'failed'))}")
    lines.append("call:")
    for turn in tried.turns:
        if turn.move is not None:
            lines.append(f"  - {_doing(turn.move)}")
        if turn.lines:
            lines.append(f"  - hears: {_text(turn.lines[-1].prompt)}")
    lines.append(f"ends_in: {tried.step}")
    if tried.told:
        lines.append(f"agent_sees: {_text(dict(tried.told))}")
    return "\n".join(lines) + "\n"


def _text(value: object) -> str:
    # What JSON writes, YAML reads as the same.
    return json.dumps(value, ensure_ascii=False)


def _doing(move: Move) -> str:
    what, how = move
    match what:
        case "press":
            return f"presses: {_text(how)}"
        case "speak" if int(how or 0) > 0:
            return f"records: {how}s"
        case "queue":
            return f"queue: {how}"
    return "records: 0s" if what == "speak" else "silent"


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
    return Turn(move, tuple(lines), call.step)


def _waits_for(call: Dialogue) -> str:
    if call.is_over:
        return "over"
    if isinstance(call.wait, JoinQueue):
        return "queue"
    return "recording" if isinstance(call.wait, TakeRecording) else "keys"
