"""A rehearsal: a call as somebody wants it to go, written down, and played against a flow."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from flows.calendar import Calendar
from flows.dialogue import Dialogue
from flows.flow import Flow, Place
from flows.saying import written
from flows.values import Arrived, JoinQueue, Line, TakeRecording
from flows.waiting import while_waiting
from flows.world import Told, World

Doing = Literal["hears", "presses", "silent", "records", "queue", "hangs_up", "outside", "breaks", "waits", "comes_by"]
QUEUE_FACTS = {"queue.place": "2", "queue.minutes": "5"}


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a call goes otherwise than written, or what cannot be played."""

    place: Place
    text: str

    def __str__(self) -> str:
        return f"{self.place.file}:{self.place.line}:{self.place.column}: {self.text}"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that the caller does or hears. `value` is keys, words, seconds or how the queue ends.

    `outside` is what the outside answers from here on to the request or look-up called `name`.
    """

    doing: Doing
    value: str
    at: Place
    facts: Mapping[str, str]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """`ends_in` is a step; `agent_sees` are notes as the representative gets them."""

    title: str
    at: Place
    clock: datetime
    arrived: Arrived
    answers: Mapping[str, Told]
    parts: tuple[Part, ...]
    ends_in: str
    agent_sees: Mapping[str, str]


def rehearse(flow: Flow, rehearsal: Rehearsal, calendars: Mapping[str, Calendar]) -> list[Difference]:
    """Play the call. What goes otherwise than written is told at its line; nothing, if all goes as written."""
    return _Play(flow, rehearsal, calendars).run()


class _Play:
    def __init__(self, flow: Flow, rehearsal: Rehearsal, calendars: Mapping[str, Calendar]) -> None:
        self.rehearsal = rehearsal
        world = World(calendars, answers=rehearsal.answers)
        self.call = Dialogue(flow, world, rehearsal.arrived)
        self.findings: list[Difference] = []

    def run(self) -> list[Difference]:
        for part in self.rehearsal.parts:
            if part.doing not in ("hears", "outside", "waits", "comes_by") and self.call.is_over:
                self.report(part.at, f'the call is over here: it ended at step "{self.call.step}".')
                break
            self.play(part)
        self.check_end()
        return self.findings

    def report(self, at: Place, sentence: str) -> None:
        self.findings.append(Difference(at, sentence))

    def play(self, part: Part) -> None:
        match part.doing:
            case "hears":
                self.hear(part)
            case "presses" if isinstance(self.call.wait, JoinQueue):
                self.call.leave_queue("key", key=part.value)
            case "presses":
                self.call.press(part.value)
            case "silent":
                self.call.stay_silent()
            case "hangs_up":
                self.call.hang_up()
            case "records":
                self.record(part)
            case "queue":
                self.leave_queue(part)
            case "comes_by":
                self.come_by(part)
            case "outside":
                self.call.hear_outside(part.name, Told(part.value, part.facts))
            case "breaks":
                self.call.break_down()
            case "waits":
                self.call.at += int(part.value)

    def hear(self, part: Part) -> None:
        lines = self.lines()
        if not any(part.value == line.prompt or part.value in written(line) for line in lines):
            heard = " ".join(f'"{written(line)}"' for line in lines) or "nothing"
            self.report(part.at, f'"{part.value}" was expected here, but the caller hears {heard}.')

    def come_by(self, part: Part) -> None:
        steps = [entry.to for entry in self.call.fresh_path]
        if part.value not in steps:
            came = ", ".join(steps) or "no other step"
            self.report(part.at, f'the call should come by step "{part.value}" here, but comes by {came}.')

    def lines(self) -> list[Line]:
        """What is heard now: in a queue, what the wait says too."""
        call = self.call
        if isinstance(call.wait, JoinQueue) and call.state:
            return [*call.fresh, *while_waiting(call.flow, call.state, QUEUE_FACTS, at=call.at).lines]
        return call.fresh

    def record(self, part: Part) -> None:
        if not isinstance(self.call.wait, TakeRecording):
            self.report(part.at, f'nothing is recorded here: the call is at step "{self.call.step}".')
            return
        self.call.speak(int(part.value))

    def leave_queue(self, part: Part) -> None:
        if not isinstance(self.call.wait, JoinQueue):
            self.report(part.at, f'the caller stands in no line here: the call is at step "{self.call.step}".')
            return
        match part.value:
            case "answered" | "too_long" | "nobody_working" | "full" | "failed" as result:
                self.call.leave_queue(result, facts=part.facts)

    def check_end(self) -> None:
        ends_in = self.rehearsal.ends_in
        if ends_in and self.call.step != ends_in:
            self.report(self.rehearsal.at, f'the call ends in step "{self.call.step}", not in "{ends_in}".')
        seen = self.call.joined.tell if self.call.joined else {}
        for note, value in self.rehearsal.agent_sees.items():
            if seen.get(note) != value:
                sentence = f'the representative should see {note} "{value}", but sees "{seen.get(note, "nothing")}".'
                self.report(self.rehearsal.at, sentence)
