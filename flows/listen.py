"""How much a caller has to listen to before they are where they want to be: the caller's ear, in seconds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from heapq import heappop, heappush
from itertools import count

from flows.calendar import Calendar
from flows.course import KIND_NOTE
from flows.entries import example_entry
from flows.flow import Ask, ChooseLanguage, Flow, Menu, Otp
from flows.moments import first_calendar, next_moment
from flows.seconds import Clip, no_clips, seconds_of, sort_units
from flows.steps.ask import CORRECT
from flows.values import Action, Arrived, Collect, Event, JoinQueue, Keyed, Line, Silent, Speak, State
from flows.walks import NUMBER
from flows.world import World, go_on

MOST_PLACES = 5_000  # looked at in one call; a flow with more ways than that is measured as far as they go
FIRST_KEY, PERSON = "first useful key", "a person"


@dataclass(frozen=True, slots=True)
class Reached:
    """What it takes to be in line: seconds of sound, seconds of silence in which the line waits, the keys pressed."""

    seconds: float
    silence: float
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ear:
    """One caller, who presses each key as its option ends (`interrupts`) or when everything has been said."""

    is_returning: bool
    interrupts: bool
    reached: Mapping[str, Reached]  # by what the caller is after: FIRST_KEY, each kind of complaint, PERSON
    measured: frozenset[tuple[str, str]]  # units of (language, text) that have a sound, on the ways listened to
    guessed: frozenset[tuple[str, str]]  # and those whose seconds are a guess


def listen(
    flow: Flow, calendars: Mapping[str, Calendar], today: date, language: str, clip: Clip = no_clips
) -> list[Ear]:
    """A new caller and a returning one, whose language and number are known, each interrupting and not."""
    at = next_moment(first_calendar(flow, calendars), today, "open").timestamp()
    new = Arrived(at, NUMBER, "mobile")
    returning = replace(new, returning=True, remembered_language=language, number_confirmed=True)
    return [
        _Search(flow, World(calendars), language, clip, interrupts).run(arrived)
        for interrupts in (True, False)
        for arrived in (new, returning)
    ]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a caller stands: what has been heard on the way here, and what is said now."""

    state: State
    actions: Sequence[Action]
    at: float
    seconds: float = 0.0
    silence: float = 0.0
    keys: tuple[str, ...] = ()
    first_key: Reached | None = None
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class _Move:
    """A key, and after how many of the lines it is pressed; no key is silence."""

    keys: str
    after: int


@dataclass(slots=True)
class _Search:
    """The way with the least to listen to, to everything that can be reached: the nearest place comes first."""

    flow: Flow
    world: World
    language: str
    clip: Clip
    interrupts: bool
    reached: dict[str, Reached] = field(default_factory=dict)
    heard: list[Line] = field(default_factory=list)

    def run(self, arrived: Arrived) -> Ear:
        order = count()
        state, actions = go_on(self.flow, self.world, None, arrived)
        waiting = [(0.0, next(order), _Place(state, actions, arrived.at))]
        seen: set[tuple[object, ...]] = set()
        while waiting and len(seen) < MOST_PLACES:
            _, _, place = heappop(waiting)
            if (where := _where(place.state)) in seen:
                continue
            seen.add(where)
            self.arrive(place)
            for further in self.moves(place):
                heappush(waiting, (further.seconds + further.silence, next(order), further))
        measured, guessed = sort_units(self.heard, self.clip)
        return Ear(arrived.returning, self.interrupts, self.reached, measured, guessed)

    def arrive(self, place: _Place) -> None:
        wait = place.actions[-1] if place.actions else None
        if not isinstance(wait, JoinQueue):
            return
        goal = place.state.notes.get(KIND_NOTE, PERSON)
        if goal in self.reached:
            return
        # What is said on the way into the line is heard to its end.
        spoken = [line for line, _ in _spoken(place.actions)]
        seconds = place.seconds + seconds_of(spoken, self.clip)
        self.reached[goal] = Reached(seconds, place.silence, place.keys)
        if place.first_key:
            self.reached.setdefault(FIRST_KEY, place.first_key)
        self.heard += [*place.lines, *spoken]

    def moves(self, place: _Place) -> Iterator[_Place]:
        wait = place.actions[-1] if place.actions else None
        if not isinstance(wait, Collect):
            return
        spoken = _spoken(place.actions)
        lines = [line for line, _ in spoken]
        firm = max((n for n, (_, interrupt) in enumerate(spoken, 1) if not interrupt), default=0)
        for move in self.choices(place.state, lines):
            listened = lines[: max(move.after, firm)] if self.interrupts and move.keys else lines
            yield self.make(place, move, tuple(listened), 0.0 if move.keys else wait.wait)

    def make(self, place: _Place, move: _Move, listened: tuple[Line, ...], silence: float) -> _Place:
        here = seconds_of(listened, self.clip)
        seconds, at = place.seconds + here, place.at + here + silence
        keys = (*place.keys, move.keys) if move.keys else place.keys
        first = place.first_key or (Reached(seconds, place.silence, keys) if move.keys else None)
        event: Event = Keyed(place.state.turn, at, move.keys) if move.keys else Silent(place.state.turn, at)
        state, actions = go_on(self.flow, self.world, place.state, event)
        return _Place(state, actions, at, seconds, place.silence + silence, keys, first, (*place.lines, *listened))

    def choices(self, state: State, lines: Sequence[Line]) -> Iterator[_Move]:
        """What a caller who knows nothing but what is said here may do that leads on."""
        step = self.flow.steps.get(state.step)
        last = len(lines)
        match step:
            case ChooseLanguage() if state.phase == "known":
                yield _Move("", last)
            case ChooseLanguage():
                keys = [key for key, language in step.choices.items() if language == self.language]
                yield from (_Move(key, _end_of(step.prompt, lines, self.language)) for key in keys)
            case Menu():
                for choice in step.choices:
                    if choice.go not in ("repeat", "back"):
                        yield _Move(choice.key, _end_of(choice.say, lines))
                yield from self.everywhere(lines)
            case Ask(kind=kind, digits=digits) if state.phase == "question":
                yield _Move(example_entry(kind, digits), last)
            case Ask():
                yield _Move(CORRECT, _end_of("std_correct", lines))
            case Otp():
                yield _Move(self.world.code, last)

    def everywhere(self, lines: Sequence[Line]) -> Iterator[_Move]:
        """The key for a person counts where the caller is told of it."""
        told = [n for n, line in enumerate(lines, 1) if line.prompt == "std_keys_everywhere"]
        keys = [key for key, meaning in self.flow.keys_everywhere.keys.items() if meaning == "person"]
        yield from (_Move(key, after) for after in told for key in keys)


def _spoken(actions: Sequence[Action]) -> list[tuple[Line, bool]]:
    """What is said, line by line, each with whether a key ends it."""
    return [(line, action.interrupt) for action in actions if isinstance(action, Speak) for line in action.lines]


def _end_of(prompt: str, lines: Sequence[Line], language: str = "") -> int:
    """After how many lines the prompt has been said; after all, if it is not."""
    said = (n for n, line in enumerate(lines, 1) if line.prompt == prompt and language in ("", line.language))
    return next(said, len(lines))


def _where(state: State) -> tuple[object, ...]:
    return (state.step, state.phase, state.language, state.told_keys, tuple(sorted(state.notes.items())))
