"""A call without a telephone: somebody presses, waits and speaks, and a flow answers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from flows.flow import Flow
from flows.seconds import seconds_of
from flows.values import (
    Action,
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
    Line,
    Recorded,
    Remember,
    RememberNumber,
    Request,
    SendText,
    Silent,
    Speak,
    State,
    TakeRecording,
    Wait,
    Went,
)
from flows.world import REQUESTS, Told, World, go_on

Left = Literal["answered", "too_long", "nobody_working", "full", "key", "failed"]


class Dialogue:
    """One call under way. Its state goes through JSON between every two events, as a real one does.

    Time passes as it would: lines take their seconds, silence the wait of the question.
    """

    def __init__(self, flow: Flow, world: World, arrived: Arrived) -> None:
        self.flow = flow
        self.world = world
        self.began_at = arrived.at
        self.at = arrived.at
        self.state: State | None = None
        self.heard: list[Line] = []
        self.fresh: list[Line] = []  # heard since the caller last did something
        self.path: list[Went] = []
        self.fresh_path: list[Went] = []  # gone since the caller last did something
        self.asked: list[Request] = []  # of the outside, since the caller last did something
        self.texts: list[SendText] = []
        self.remembered: str | None = None
        self.number_confirmed = False
        self.joined: JoinQueue | None = None
        self.wait: Wait | None = None
        self.closed: Close | None = None
        self.take(arrived)

    @property
    def turn(self) -> int:
        return self.state.turn if self.state else 0

    @property
    def step(self) -> str:
        return self.state.step if self.state else ""

    @property
    def is_over(self) -> bool:
        return self.closed is not None

    def press(self, keys: str) -> None:
        self.at += len(keys)
        self.take(Keyed(self.turn, self.at, keys))

    def stay_silent(self) -> None:
        self.at += seconds_of(self.fresh) + (self.wait.wait if isinstance(self.wait, Collect) else 0)
        self.take(Silent(self.turn, self.at))

    def speak(self, seconds: int, ended_by: Literal["key", "silence", "hang_up"] = "key") -> None:
        """Say something into a recording; zero seconds is silence."""
        self.at += seconds_of(self.fresh) + seconds
        self.take(Recorded(self.turn, self.at, "RE1" if seconds else None, seconds, ended_by))

    def leave_queue(
        self, result: Left, *, after: float = 60.0, key: str | None = None, facts: Mapping[str, str] | None = None
    ) -> None:
        self.at += after
        self.take(LeftQueue(self.turn, self.at, result, key, facts or {}))

    def hear_outside(self, name: str, told: Told) -> None:
        """From here on the outside answers so to the request or look-up of this name."""
        self.world = replace(self.world, answers={**self.world.answers, name: told})

    def break_down(self) -> None:
        """Something breaks on our side while the caller is answered."""
        self.take(Faulted(self.turn, self.at, "rehearsed"))

    def hang_up(self) -> None:
        self.at += 1
        self.take(HungUp(self.at))

    def take(self, event: Event) -> None:
        """Give the flow an event, and answer its requests until it waits for the caller."""
        self.fresh = []
        self.fresh_path = []
        self.state, actions = go_on(self.flow, self.world, self.state, event)
        self.asked = [action for action in actions if isinstance(action, REQUESTS)]
        for action in actions:
            self._carry_out(action)

    def _carry_out(self, action: Action) -> None:
        match action:
            case Speak():
                self.heard += action.lines
                self.fresh += action.lines
            case Went():
                self.path.append(action)
                self.fresh_path.append(action)
            case RememberNumber():
                self.number_confirmed = True
            case SendText():
                self.texts.append(action)
            case Remember():
                self.remembered = action.language
            case Close():
                self.closed = action
            case JoinQueue():
                self.joined = action
                self.wait = action
            case Collect() | TakeRecording() | HangUp():
                self.wait = action
