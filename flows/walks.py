"""Automatic walks: what becomes of callers who do nothing unusual, told in a sentence each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flows.calendar import Calendar
from flows.dialogue import Dialogue
from flows.entries import example_entry
from flows.flow import Ask, Callback, ChooseLanguage, End, Flow, Menu, Otp, Queue, Record
from flows.moments import first_calendar, next_moment
from flows.seconds import seconds_of
from flows.values import Arrived, Line, TakeRecording
from flows.world import World

MOVES = 150  # of a caller; a walk that is longer does not end
NUMBER = "+919830012345"
REFERENCE = example_entry("reference")

Move = Callable[[Dialogue], None]


@dataclass(frozen=True, slots=True)
class Walk:
    """What one caller heard. `problem` is empty when all went well."""

    who: str
    things: int
    seconds: float
    on_the_way: tuple[str, ...]
    ending: str
    problem: str
    lines: tuple[Line, ...]
    steps: tuple[str, ...]

    def __str__(self) -> str:
        """`a silent caller hears 6 things and goodbye after 95 seconds`."""
        if self.problem:
            return f"{self.who} {self.problem}"
        doings = ", ".join([f"hears {self.things} things", *self.on_the_way])
        return f"{self.who} {doings} and {self.ending} after {self.seconds:.0f} seconds"


def walk_flow(flow: Flow, calendars: Mapping[str, Calendar], today: date) -> list[Walk]:
    """A silent caller, one in each language, a withheld number, a holiday, and closed hours."""
    calendar = first_calendar(flow, calendars)
    work = next_moment(calendar, today, "open")
    walks = [_walk(flow, calendars, "a silent caller", work, NUMBER, _stay_silent)]
    for language in flow.languages:
        walks.append(_walk(flow, calendars, f"a caller in {language}", work, NUMBER, _Willing(language)))
    first = flow.languages[0]
    walks.append(_walk(flow, calendars, "a caller with a withheld number", work, None, _Willing(first)))
    for who, when in (("a caller on a holiday", "holiday"), ("a caller in closed hours", "closed")):
        walks.append(_walk(flow, calendars, who, next_moment(calendar, today, when), NUMBER, _Willing(first)))
    return walks


def _walk(
    flow: Flow, calendars: Mapping[str, Calendar], who: str, at: datetime, number: str | None, move: Move
) -> Walk:
    arrived = Arrived(at.timestamp(), number, "mobile" if number else "withheld")
    call = Dialogue(flow, World(calendars), arrived)
    for _ in range(MOVES):
        if call.is_over:
            break
        move(call)
    call.at += seconds_of(call.fresh)
    last = flow.steps.get(call.step)
    goodbye = len(flow.languages if not call.state or not call.state.language_chosen else (1,))
    return Walk(
        who=who,
        things=len(call.heard) - (goodbye if isinstance(last, End) else 0),
        seconds=call.at - call.began_at,
        on_the_way=tuple(_on_the_way(flow, call)),
        ending=last.name.replace("_", " ") if isinstance(last, End) else "is hung up on",
        problem=_problem(call),
        lines=tuple(call.heard),
        steps=tuple(entry.to for entry in call.path),
    )


def _problem(call: Dialogue) -> str:
    if not call.is_over:
        return f'never comes to an end: after {MOVES} turns the call is at step "{call.step}"'
    if call.path[-1].to == "last_resort":
        return f'hears the apology of the last resort, because step "{call.path[-1].step}" cannot be carried out'
    return ""


def _on_the_way(flow: Flow, call: Dialogue) -> list[str]:
    doings = []
    for entry in call.path:
        step = flow.steps.get(entry.step)
        if isinstance(step, Queue):
            doings.append(f'waits in line for "{step.queue}"' + (" and is answered" if entry.why == "answered" else ""))
        elif isinstance(step, Callback) and entry.why == "booked":
            doings.append("is promised a call-back")
        elif isinstance(step, Record) and entry.why == "recorded":
            doings.append("leaves a message")
    return list(dict.fromkeys(doings))


def _stay_silent(call: Dialogue) -> None:
    step = call.flow.steps.get(call.step)
    if isinstance(step, Queue):
        call.leave_queue("too_long", after=step.longest_wait)
    elif isinstance(call.wait, TakeRecording) and isinstance(step, Record):
        call.speak(0, "silence")
    else:
        call.stay_silent()


class _Willing:
    """Listens to everything, chooses a language, and then the first choice that was not taken before."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.taken: set[tuple[str, str]] = set()

    def __call__(self, call: Dialogue) -> None:
        step = call.flow.steps.get(call.step)
        if isinstance(step, Queue):
            call.leave_queue("answered", facts={"reference": REFERENCE})
        elif isinstance(call.wait, TakeRecording):
            call.speak(20)
        else:
            keys = self._keys(call)
            if keys:
                call.at += seconds_of(call.fresh)
                call.press(keys)
            else:
                call.stay_silent()

    def _keys(self, call: Dialogue) -> str:
        match call.flow.steps.get(call.step):
            case ChooseLanguage(choices=choices):
                return next((key for key, language in choices.items() if language == self.language), "")
            case Menu(name=name, choices=choices):
                fresh = (choice.key for choice in choices if (name, choice.key) not in self.taken)
                key = next(fresh, "")
                self.taken.add((name, key))
                return key
            case Ask(kind=kind, digits=digits) if call.state and call.state.phase == "question":
                return example_entry(kind, digits)
            case Otp():
                return call.world.code
            case _:
                return "1"
