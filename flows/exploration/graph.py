"""The situations of a flow and what leads from one to another: found once, then asked in several ways."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from flows.advance import advance
from flows.exploration.listening import Listening, are_alike
from flows.exploration.live import ASKED
from flows.exploration.moves import NOW, NUMBER, Move, Moves
from flows.exploration.trials import open_trials
from flows.exploration.values import Values
from flows.exploration.watched import Situation, Watched
from flows.flow import ChooseLanguage, Flow
from flows.own_outcome import outcome_of_fault
from flows.seconds import Clip
from flows.values import (
    Action,
    Arrived,
    Collect,
    HangUp,
    JoinQueue,
    Request,
    Speak,
    State,
    TakeRecording,
    Wait,
    Went,
)
from flows.world import REQUESTS

WAITS = (Collect, TakeRecording, JoinQueue)
_OVERDUE = 0.0  # when a call that has taken too long entered the menus


@dataclass(frozen=True, slots=True)
class Way:
    """From one situation to another (None: the call is over). `seconds` are heard, or waited in silence, on the way."""

    move: Move
    to: int | None
    seconds: float
    late: bool = False  # the call had taken too long before
    broke: str = ""  # the step that could not be carried out
    cut_off: bool = False  # the call ends, and nothing has been said
    went: tuple[Went, ...] = ()
    is_jump: bool = False  # it leads back, or something breaks: it is looked at, and no way out counts on it


@dataclass(slots=True)
class Node:
    """One situation. `came` is how it was come to first: from which, and by which of its ways; None on arrival."""

    state: State
    waits: Wait | Request
    arrived: Arrived
    came: tuple[int, Move, bool] | None
    ways: list[Way] = field(default_factory=list)

    @property
    def is_of_outside(self) -> bool:
        """Whether the outside has to answer, and not the caller."""
        return isinstance(self.waits, REQUESTS)

    @property
    def is_help(self) -> bool:
        """Whether the caller stands in line, or is asked for a message."""
        return isinstance(self.waits, JoinQueue | TakeRecording)


class Graph:
    """All situations that callers can come to, as far as `most` go."""

    def __init__(self, flow: Flow, clip: Clip, most: int) -> None:
        self.flow = open_trials(flow)
        self.clip = clip
        self.most = most
        self.watched = Watched(self.flow)
        self.moves = Moves(self.flow, self.watched.names)
        self.listening = Listening(self.flow, clip)
        self.languages = self.flow.languages[:1] if are_alike(self.flow) else self.flow.languages
        self.questions = [name for name, step in self.flow.steps.items() if isinstance(step, ASKED)]
        self.nodes: list[Node] = []
        self.arrivals: list[tuple[Arrived, Way]] = []
        self.broken_on_arrival: list[tuple[Arrived, Way]] = []
        self._number: dict[Situation, int] = {}
        self._waiting: deque[int] = deque()
        self._jumping: deque[tuple[int, Move]] = deque()
        self._jumped: set[tuple[object, ...]] = set()
        self.values = Values(self.watched)

    @property
    def is_complete(self) -> bool:
        return len(self.nodes) <= self.most

    def search(self) -> None:
        for arrived in callers(self.flow, self.languages):
            state, actions = advance(self.flow, None, arrived)
            way = self._way(Move(arrived, "arrives", by_caller=False), None, arrived, state, actions, 0.0)
            self.arrivals.append((arrived, way))
            if way.to is None or way.broke:
                self.broken_on_arrival.append((arrived, way))
        while (self._waiting or self._jumping) and self.is_complete:
            if self._waiting:
                self._expand(self._waiting.popleft())
            else:
                self._jump()

    def _expand(self, number: int) -> None:
        node = self.nodes[number]
        if node.is_of_outside:
            moves = self.moves.of_outside(node.state, node.waits)  # type: ignore[arg-type]  # is_of_outside
        else:
            moves = self.moves.of_caller(node.state, node.waits)  # type: ignore[arg-type]  # all others are waits
        overdue = replace(node.state, entered_menus_at=_OVERDUE)
        may_be_late = isinstance(node.waits, Collect) and node.state.entered_menus_at != _OVERDUE
        for move in moves:
            if self._jumps(node, move):
                self._jumping.append((number, move))
                continue
            node.ways.append(self._go(number, node, node.state, move))
            # Whoever comes late to a question gives it up, as one does who is silent in it for too long: that is the
            # only move which has to be looked at twice.
            if may_be_late and move.doing == "silent":
                node.ways.append(self._go(number, node, overdue, move, late=True))

    def _jumps(self, node: Node, move: Move) -> bool:
        """Whether it leads out of the order of the flow: back, or to where everything leads that breaks."""
        if move.goes_back:
            return not self.watched.has_own_back
        return move.odd and outcome_of_fault(self.flow.steps.get(node.state.step)) is None

    def _jump(self) -> None:
        """Follow one such move, from every situation that it may be made in.

        Histories of calls are not told apart, nor is what was known but not asked for any more: whatever was known in
        any call may be known here. That leads to more situations than calls have, and to none fewer.
        """
        number, move = self._jumping.popleft()
        node = self.nodes[number]
        alike = (node.state.step, move.goes_back, node.state.pressed_anything, node.state.given_up)
        made = (*alike, *self.watched.context(node.state, node.state.step))
        if made in self._jumped:
            return
        self._jumped.add(made)
        targets: Sequence[str] = self.questions
        if not move.goes_back:
            step = self.flow.steps.get(node.state.step)
            targets = [(step.defaults if step else self.flow.defaults).on_error or ""]
        for target in targets:
            if target == node.state.step or target not in self.flow.steps:
                continue
            for known in self._recall(node.state, target):
                for entered in dict.fromkeys((node.state.entered_menus_at, _OVERDUE)):
                    state = replace(known, back=(target,), entered_menus_at=entered)
                    seen = (target, move.goes_back or state.pressed_anything, state.given_up)
                    situation = (*seen, *self.watched.context(state, target))
                    if situation not in self._jumped:
                        self._jumped.add(situation)
                        # No way out counts on it: nobody chooses where it leads.
                        late = entered != node.state.entered_menus_at
                        node.ways.append(replace(self._go(number, node, state, move, late=late), is_jump=True))

    def _recall(self, state: State, target: str) -> Iterator[State]:
        for known in self.values.recall(state, target):
            yield known
            if isinstance(self.flow.steps[target], ChooseLanguage) and not state.language_chosen:
                for language in self.languages:
                    yield replace(known, facts={**known.facts, "caller.language": language})
                yield replace(known, facts={one: told for one, told in known.facts.items() if one != "caller.language"})

    def _go(self, number: int, node: Node, state: State, move: Move, *, late: bool = False) -> Way:
        after, actions = advance(self.flow, state, move.event)
        silent = node.waits.wait if move.doing == "silent" and isinstance(node.waits, Collect) else float(move.keys)
        return self._way(move, number, node.arrived, after, actions, silent, late=late)

    def _way(
        self,
        move: Move,
        origin: int | None,
        arrived: Arrived,
        state: State,
        actions: Sequence[Action],
        passed: float,
        *,
        late: bool = False,
    ) -> Way:
        heard = passed + sum(self.listening.seconds(action.lines) for action in actions if isinstance(action, Speak))
        last = actions[-1] if actions else None
        self.values.note(state)
        went = tuple(action for action in actions if isinstance(action, Went))
        broke = _broken(actions, expected=int(move.odd))
        if not isinstance(last, (*WAITS, *REQUESTS)):
            spoke = any(isinstance(action, Speak) for action in actions)
            return Way(move, None, heard, late, broke, isinstance(last, HangUp) and not spoke, went)
        came = None if origin is None else (origin, move, late)
        return Way(move, self._place(state, cast(Wait | Request, last), arrived, came), heard, late, broke, went=went)

    def _place(self, state: State, waits: Wait | Request, arrived: Arrived, came: tuple[int, Move, bool] | None) -> int:
        if len(self.languages) == 1:
            state = _in_language(state, self.languages[0])
        situation = (*self.watched.situation(state), type(waits))
        number = self._number.get(situation)
        if number is None:
            number = self._number[situation] = len(self.nodes)
            # A second fault of a call is the built-in last resort: each is looked at as if it were the first.
            # Keys that work everywhere are told again each time, as the longest that a caller may have to listen to.
            since = NOW if state.waiting_since else 0.0
            kept = replace(state, faults=0, waiting_since=since, told_keys=False)
            self.nodes.append(Node(kept, waits, arrived, came))
            self._waiting.append(number)
        return number

    def arrived_at(self, number: int | None) -> Arrived:
        """The caller who comes to a situation; the first who was broken on arrival, where it is none."""
        return self.broken_on_arrival[0][0] if number is None else self.nodes[number].arrived

    def path_to(self, number: int) -> list[tuple[Move, bool]]:
        """What happened on the way to a situation, each with whether the call had taken too long."""
        path = []
        came = self.nodes[number].came
        while came is not None:
            origin, move, late = came
            path.append((move, late))
            came = self.nodes[origin].came
        return path[::-1]


def callers(flow: Flow, languages: Sequence[str]) -> Iterator[Arrived]:
    """One caller of each sort that a flow can tell apart."""
    yield Arrived(NOW, NUMBER, "mobile")
    for language in languages:
        yield Arrived(NOW, NUMBER, "mobile", returning=True, remembered_language=language)
        yield Arrived(NOW, NUMBER, "mobile", returning=True, remembered_language=language, number_confirmed=True)
    yield Arrived(NOW, NUMBER, "mobile", returning=True, number_confirmed=True)
    yield Arrived(NOW, "+913322145678", "landline")
    yield Arrived(NOW, "+4915112345678", "foreign")
    yield Arrived(NOW, None, "withheld")


def _in_language(state: State, language: str) -> State:
    """The state in the one language that stands for all."""
    facts = state.facts
    if facts.get("caller.language", language) != language:
        facts = {**facts, "caller.language": language}
    return (
        state if state.language == language and facts is state.facts else replace(state, language=language, facts=facts)
    )


def _broken(actions: Sequence[Action], expected: int) -> str:
    """The first step that cannot be carried out, besides one that is `expected` to break."""
    faults = [action.step for action in actions if isinstance(action, Went) and action.why == "fault"]
    return faults[expected] if len(faults) > expected else ""
