"""What a caller may know no longer at a question to which they go back."""

from collections.abc import Collection, Iterable, Mapping

from flows.checks.graph import BACK, GOODBYE, Edge, all_edges, reachable, successors
from flows.flow import Ask, ChooseLanguage, LookUp, Menu, Otp
from flows.loading.draft import Draft


def lost_by_going_back(draft: Draft, known: Mapping[str, Collection[str]]) -> dict[str, frozenset[str]]:
    """By question, those of the facts `known` there that a look-up may have made forget when a caller comes back to it.

    A question that stands on every way to another one lets go of it: whoever comes by there again cannot go back to
    the other one any more. So what is looked up behind it does not count.
    """
    edges = list(all_edges(draft))
    after = successors(edge for edge in edges if edge.to not in (BACK, GOODBYE))
    turning = _before_going_back(draft, edges)
    forgets: dict[str, frozenset[str]] = {}
    for edge in edges:
        step = draft.steps.get(edge.step)
        if isinstance(step, LookUp) and edge.to in turning and edge.why != "on_error":
            forgets[edge.step] = forgets.get(edge.step, frozenset()) | forgotten_by(draft, step, edge.why)
    if not any(forgets.values()):
        return {}
    passed = _questions_passed(draft, after)
    lost = {}
    for name, facts in known.items():
        closed = passed.get(name, frozenset())
        reached = reachable([to for to in after.get(name, ()) if to not in closed], after, closed)
        lost[name] = frozenset(fact for step in reached & forgets.keys() for fact in forgets[step]) & frozenset(facts)
    return {name: facts for name, facts in lost.items() if facts}


def forgotten_by(draft: Draft, step: LookUp, outcome: str) -> frozenset[str]:
    """What an earlier answer of the look-up told, and this one does not tell again. Notes are kept."""
    declared = draft.look_ups.get(step.look_up)
    told = {name: frozenset(one.facts) for name, one in declared.outcomes.items()} if declared else {}
    return frozenset().union(*told.values()) - told.get(outcome, frozenset()) - draft.notes.keys()


def _before_going_back(draft: Draft, edges: Iterable[Edge]) -> set[str]:
    """The steps from which callers can still go back, now or later. Some take star for it, whatever the flow says."""
    turns = {name for name, step in draft.steps.items() if isinstance(step, Ask | Otp)}
    before: dict[str, list[str]] = {}
    for edge in edges:
        before.setdefault(edge.to, []).append(edge.step)
    return reachable({BACK, *turns}, before)


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
