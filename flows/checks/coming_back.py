"""What a caller may know no longer at a question to which they go back."""

from collections.abc import Collection, Iterable, Mapping
from functools import reduce
from operator import and_

from flows.checks.graph import BACK, GOODBYE, all_edges
from flows.flow import Ask, ChooseLanguage, LookUp, Menu, Otp
from flows.loading.draft import Draft


def lost_by_going_back(draft: Draft, known: Mapping[str, Collection[str]]) -> dict[str, frozenset[str]]:
    """By question, those of the facts `known` there that a look-up may have made forget when a caller comes back to it.

    A question that stands on every way to another one lets go of it: whoever comes by there again cannot go back to
    the other one any more. So what is looked up behind it does not count.
    """
    edges = list(all_edges(draft))
    if not any(edge.to == BACK for edge in edges) and not _has_star(draft):
        return {}
    after: dict[str, list[str]] = {}
    for edge in edges:
        if edge.to not in (BACK, GOODBYE):
            after.setdefault(edge.step, []).append(edge.to)
    forgets = {name: forgotten_by(draft, step) for name, step in draft.steps.items() if isinstance(step, LookUp)}
    if not any(forgets.values()):
        return {}
    passed = _questions_passed(draft, after)
    lost = {}
    for name, facts in known.items():
        reached = _reached(name, after, passed.get(name, frozenset()))
        lost[name] = frozenset(fact for step in reached & forgets.keys() for fact in forgets[step]) & frozenset(facts)
    return {name: facts for name, facts in lost.items() if facts}


def forgotten_by(draft: Draft, step: LookUp) -> frozenset[str]:
    """What an earlier answer of the look-up told, and some answer does not tell again. Notes are kept."""
    declared = draft.look_ups.get(step.look_up)
    told = [frozenset(outcome.facts) for outcome in declared.outcomes.values()] if declared else []
    return frozenset().union(*told) - reduce(and_, told) - draft.notes.keys() if told else frozenset()


def _has_star(draft: Draft) -> bool:
    """Whether some step takes star for going back, whatever the flow says."""
    return any(isinstance(step, Ask | Otp) for step in draft.steps.values())


def _questions_passed(draft: Draft, after: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """By step, the questions that every way to it comes by."""
    passed: dict[str, frozenset[str]] = {draft.start: frozenset()}
    waiting = [draft.start]
    while waiting:
        name = waiting.pop()
        own = passed[name] | ({name} if is_question(draft, name) else frozenset())
        for to in after.get(name, ()):
            common = passed[to] & own if to in passed else own
            if to not in passed or common != passed[to]:
                passed[to] = common
                waiting.append(to)
    return passed


def is_question(draft: Draft, name: str) -> bool:
    """Whether callers can go back to this step."""
    return isinstance(draft.steps.get(name), Menu | Ask | ChooseLanguage)


def _reached(start: str, after: Mapping[str, Iterable[str]], closed: Collection[str]) -> set[str]:
    """The steps that can be got to from a question, itself left out where nothing leads there, but none `closed`."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for to in after.get(waiting.pop(), ()):
            if to not in seen and to not in closed:
                seen.add(to)
                waiting.append(to)
    return seen
