"""The outside of a call in a walk or a rehearsal: what it answers to the requests of a flow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import get_args

from flows.advance import advance
from flows.calendar import Calendar, Closed
from flows.flow import Flow
from flows.state_json import from_json, to_json
from flows.values import (
    Action,
    Answered,
    AskAnnouncements,
    AskHours,
    AskLookUp,
    AwaitRecording,
    BookCallback,
    CheckCode,
    Event,
    KeepMessage,
    Request,
    SendCode,
    State,
)

INDIA = timezone(timedelta(hours=5, minutes=30))
REQUESTS = get_args(Request)
REQUEST_REFERENCE = "26117304958"


@dataclass(frozen=True, slots=True)
class Told:
    """One answer of the outside."""

    outcome: str
    facts: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class World:
    """`answers` go before what is answered otherwise: by the name of a look-up, or of a kind of request.

    The kinds are hours, send_code, check_code, callback, announcements, recording and message.
    """

    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    closures: tuple[Closed, ...] = ()
    code: str = "123456"
    answers: Mapping[str, Told] = field(default_factory=dict)

    def answer(self, request: Request, turn: int, at: float) -> Answered:
        told = self.answers.get(name_of(request)) or self._usual(request, at)
        return Answered(turn, at, request.request, told.outcome, told.facts, told.lines)

    def _usual(self, request: Request, at: float) -> Told:
        match request:
            case AskHours():
                return self._hours(request, at)
            case AskLookUp():
                return Told("not_found")
            case SendCode():
                return Told("sent")
            case CheckCode():
                return Told("right" if request.digits == self.code else "wrong")
            case BookCallback():
                by = datetime.fromtimestamp(at + 3600, tz=INDIA).replace(minute=0, second=0, microsecond=0)
                facts = {"callback.number": request.number, "callback.by": by.isoformat()}
                return Told("booked", {**facts, "request.reference": REQUEST_REFERENCE})
            case AwaitRecording():
                return Told("ready")
            case KeepMessage():
                return Told("kept", {"request.reference": REQUEST_REFERENCE})
            case AskAnnouncements():
                return Told("told")

    def _hours(self, request: AskHours, at: float) -> Told:
        calendar = self.calendars.get(request.calendar)
        if calendar is None:
            return Told("open")
        opening = calendar.at(datetime.fromtimestamp(at, tz=INDIA), self.closures)
        return Told(opening.outcome, opening.facts)


def go_on(flow: Flow, world: World, state: State | None, event: Event) -> tuple[State, list[Action]]:
    """Give the flow an event, and answer its requests until it waits for the caller.

    The state goes through JSON between every two events, as a real one does.
    """
    after, actions = advance(flow, state, event)
    after = from_json(to_json(after))
    while actions and isinstance(request := actions[-1], REQUESTS):
        after, more = advance(flow, after, world.answer(request, after.turn, event.at))
        after, actions = from_json(to_json(after)), actions + more
    return after, actions


def name_of(request: Request) -> str:
    """By what name an answer to this request is handed in."""
    match request:
        case AskHours():
            return "hours"
        case AskLookUp():
            return request.look_up
        case SendCode():
            return "send_code"
        case CheckCode():
            return "check_code"
        case BookCallback():
            return "callback"
        case AwaitRecording():
            return "recording"
        case KeepMessage():
            return "message"
        case AskAnnouncements():
            return "announcements"
