"""What of a call can matter for where it goes: two calls that agree in it are one situation."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from flows.conditions import NUMBER_CONFIRMED, holds, is_mobile
from flows.exploration.live import find_live, find_ways_to
from flows.flow import Callback, ChooseLanguage, Clause, Condition, Decide, Flow, Menu, Otp, Run, Say, Set, Step
from flows.values import State
from flows.ways import ways_of

_FACT = re.compile(r"\{([^{}]+)\}")
NUMBER = "caller.number"
OF_NUMBER = (NUMBER, "caller.number_kind", NUMBER_CONFIRMED)

Situation = tuple[object, ...]
Look = Callable[["Known"], object]
"""What is looked at in what a call knows: whether a condition holds, whether something is known, a value itself."""


@dataclass(frozen=True, slots=True)
class Known:
    """The notes and facts of a state, as conditions ask for them. `renamed` reads a name under another one."""

    state: State
    renamed: Mapping[str, str]

    def known(self, name: str) -> str | None:
        name = self.renamed.get(name, name)
        if name == "call.language":
            return self.state.language
        return self.state.notes.get(name) or self.state.facts.get(name) or None


class Watched:
    """What a flow asks of notes and facts, by their names; and what is asked of those that are copied into them."""

    def __init__(self, flow: Flow) -> None:
        looks: dict[str, list[Look]] = {}
        for step in flow.steps.values():
            for name, look in _looks(step):
                looks.setdefault(name, []).append(look)
        copies = [copy for step in flow.steps.values() for copy in copies_of(step)]
        for _ in copies:
            for note, source in copies:
                if note in looks and source != note:
                    inherited = [_as_if(look, note, source) for look in looks[note]]
                    known = looks.setdefault(source, [])
                    if len(known) < len(inherited) * len(copies):
                        known += inherited
        self.looks = {name: tuple(dict.fromkeys(found)) for name, found in looks.items()}
        self.names = tuple(sorted(looks))
        self._live = find_live(flow, self.names)
        self._raw = (*self.names, *OF_NUMBER)
        self._seen: dict[tuple[str | None, ...], tuple[object, ...]] = {}
        self._all = tuple(range(len(self.names)))
        self._live_at = {
            step: tuple(number for number, name in enumerate(self.names) if name in live)
            for step, live in self._live.items()
        }
        self._may_greet = find_ways_to(flow, ChooseLanguage)
        self.has_own_back = any("back" in _destinations(step) for step in flow.steps.values())

    def situation(self, state: State) -> Situation:
        """What tells this situation from others."""
        quiet = "pressed" if state.pressed_anything else "given up" if state.given_up else ""
        return (
            state.step,
            state.phase,
            state.counters.get(state.step, 0),
            state.back if self.has_own_back else (),
            quiet,
            *self.context(state, state.step),
        )

    def seen(self, state: State) -> tuple[object, ...]:
        """All that the flow ever sees of each note and fact, in the order of `names`."""
        notes, facts = state.notes, state.facts
        raw = (state.language, *(notes.get(name) or facts.get(name) for name in self._raw))
        seen = self._seen.get(raw)
        if seen is None:
            known = Known(state, {})
            seen = self._seen[raw] = tuple(tuple(look(known) for look in self.looks[name]) for name in self.names)
        return seen

    def is_live(self, name: str, step: str) -> bool:
        return step not in self._live or name in self._live[step]

    def context(self, state: State, step: str) -> Situation:
        """What does not depend on the question that is being asked, as far as it can matter from `step` on."""
        everything = self.seen(state)
        seen = tuple(everything[number] for number in self._live_at.get(step, self._all))
        asks = step in self._may_greet and not state.language_chosen
        remembered = state.facts.get("caller.language") if asks else None
        return (state.language, state.language_chosen, remembered, state.entered_menus_at, seen)


def _looks(step: Step) -> Iterator[tuple[str, Look]]:
    match step:
        case Decide():
            for row in step.rows:
                yield from ((clause.subject, _holds(clause)) for clause in row.when.clauses)
        case Say():
            yield from ((name, _value(name)) for prompt in step.prompts for name in _FACT.findall(prompt))
        case Callback():
            yield from ((name, _is_known(name)) for name in step.number)
        case Otp():
            yield step.to, _is_known(step.to)
            yield step.to, _gets_texts(step.to)


@dataclass(frozen=True, slots=True)
class _Holds:
    clause: Clause

    def __call__(self, known: Known) -> object:
        return holds(Condition((self.clause,)), known)


def _holds(clause: Clause) -> Look:
    return _Holds(clause)


@dataclass(frozen=True, slots=True)
class _Sees:
    name: str
    how: str

    def __call__(self, known: Known) -> object:
        value = known.known(self.name)
        if self.how == "value" or value is None:
            return value
        if self.how == "texts":
            kind = known.known("caller.number_kind") if known.renamed.get(self.name, self.name) == NUMBER else ""
            return kind in ("mobile", "foreign") if kind else is_mobile(value) or value.startswith("+")
        return True


def _value(name: str) -> Look:
    return _Sees(name, "value")


def _is_known(name: str) -> Look:
    return _Sees(name, "known")


def _gets_texts(name: str) -> Look:
    return _Sees(name, "texts")


@dataclass(frozen=True, slots=True)
class _AsIf:
    look: Look
    note: str
    source: str

    def __call__(self, known: Known) -> object:
        return self.look(Known(known.state, {**known.renamed, self.note: self.source}))


def _as_if(look: Look, note: str, source: str) -> Look:
    """What would be seen in a note once the source has been copied into it."""
    return _AsIf(look, note, source)


def copies_of(step: Step) -> Iterator[tuple[str, str]]:
    """Notes, and the fact, note or value that is written into them."""
    match step:
        case Set():
            yield from step.notes.items()
        case Run():
            yield from step.given.items()
        case Menu():
            yield from (copy for choice in step.choices for copy in choice.sets.items())


def _destinations(step: Step) -> set[str]:
    return set(ways_of(step).values())
