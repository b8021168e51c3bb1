"""Which notes and facts may still be asked for from each step on: what nobody asks for any more cannot matter."""

import re
from collections.abc import Iterator

from flows.flow import (
    Ask,
    Callback,
    ChooseLanguage,
    Decide,
    Flow,
    LookUp,
    Menu,
    Otp,
    Run,
    Say,
    Set,
    Step,
)
from flows.ways import ways_of

_FACT = re.compile(r"\{([^{}]+)\}")
ASKED = (Menu, Ask, ChooseLanguage)


def find_live(flow: Flow, names: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """By step, the names that some way from it on asks for before they are written anew."""
    watched = frozenset(names)
    after = {name: set(successors(flow, step)) for name, step in flow.steps.items()}
    before: dict[str, set[str]] = {name: set() for name in flow.steps}
    for name, following in after.items():
        for other in following & before.keys():
            before[other].add(name)
    live: dict[str, frozenset[str]] = dict.fromkeys(flow.steps, frozenset())
    waiting = list(flow.steps)
    while waiting:
        name = waiting.pop()
        step = flow.steps[name]
        later = frozenset().union(*(live[other] for other in after[name] if other in live))
        now = (_asked(step, later) | later - _forgotten(flow, step)) & watched
        if now != live[name]:
            live[name] = now
            waiting += before[name]
    return live


def find_ways_to(flow: Flow, kind: type) -> frozenset[str]:
    """The steps from which the flow itself leads to a step of a kind."""
    found = {name for name, step in flow.steps.items() if isinstance(step, kind)}
    after = {name: set(successors(flow, step)) for name, step in flow.steps.items()}
    while more := {name for name, following in after.items() if name not in found and following & found}:
        found |= more
    return frozenset(found)


def successors(flow: Flow, step: Step) -> Iterator[str]:
    """The steps that the flow itself names as the next ones, and those of keys that work everywhere."""
    destinations = [to for why, to in ways_of(step).items() if why != "on_error"]
    if isinstance(step, Menu | ChooseLanguage):
        destinations += flow.keys_everywhere.keys.values()
    if "back" in ways_of(step).values():
        yield from (name for name, other in flow.steps.items() if isinstance(other, ASKED))
    meaning = {"home": flow.home, "person": flow.person, "repeat": step.name}
    yield from (meaning.get(to, to) for to in destinations)


def _asked(step: Step, later: frozenset[str]) -> frozenset[str]:
    return frozenset(_asks(step, later))


def _asks(step: Step, later: frozenset[str]) -> Iterator[str]:
    match step:
        case Decide():
            yield from (clause.subject for row in step.rows for clause in row.when.clauses)
        case Say():
            yield from (name for prompt in step.prompts for name in _FACT.findall(prompt))
        case Callback():
            yield from step.number
        case Otp():
            yield step.to
        case Set():
            yield from (value for note, value in step.notes.items() if note in later)
        case Run():
            yield from (value for note, value in step.given.items() if note in later)
        case Menu():
            yield from (value for choice in step.choices for note, value in choice.sets.items() if note in later)


def _forgotten(flow: Flow, step: Step) -> frozenset[str]:
    """What the step writes anew, whatever way it is left."""
    if isinstance(step, LookUp) and step.look_up in flow.look_ups:
        outcomes = flow.look_ups[step.look_up].outcomes.values()
        return frozenset(fact for outcome in outcomes for fact in outcome.facts) - flow.notes.keys()
    return frozenset(step.notes) if isinstance(step, Set) else frozenset()
