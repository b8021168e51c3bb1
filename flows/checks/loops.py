"""E14: no loop without a key press. E15: a person, a message or a goodbye from every step. W01: no step in vain."""

from collections import deque
from collections.abc import Mapping, Sequence

from flows.checks.components import find_components
from flows.checks.graph import (
    BACK,
    STRUCTURE,
    all_edges,
    backward_edges,
    own_edges,
    reachable,
    successors,
    ways_out,
)
from flows.loading.draft import Draft


def check_loops(draft: Draft) -> None:
    """E14, once a loop, at the first step of it in the file."""
    own = list(own_edges(draft))
    table = successors(edge for edge in own if edge.automatic)
    for step, to in table.items():
        table[step] = [f"{BACK}:{step}" if one == BACK else one for one in to]
    if any(edge.automatic and edge.to == BACK for edge in own):
        for node, earlier in backward_edges(draft, own):
            table.setdefault(node, []).append(earlier)
    order = {name: number for number, name in enumerate(draft.step_places)}
    for component in find_components(list(table), table):
        steps = [node for node in component if node in order]
        if steps and (len(component) > 1 or component[0] in table.get(component[0], ())):
            first = min(steps, key=order.__getitem__)
            loop = " -> ".join(node for node in _around(first, set(component), table) if node in order)
            sentence = f"a caller who presses nothing would go round for ever: {loop}"
            draft.report(draft.step_places[first], "E14", sentence)


def _around(first: str, component: set[str], table: Mapping[str, Sequence[str]]) -> list[str]:
    """A shortest loop from a step back to itself."""
    came_from: dict[str, str] = {}
    waiting = deque([first])
    while waiting:
        node = waiting.popleft()
        for to in table.get(node, ()):
            if to == first:
                return _path(first, node, came_from)
            if to in component and to not in came_from:
                came_from[to] = node
                waiting.append(to)
    return [first, first]


def _path(first: str, last: str, came_from: Mapping[str, str]) -> list[str]:
    path = [first]
    node = last
    while node != first:
        path.append(node)
        node = came_from[node]
    return [first, *reversed(path)]


def check_ways_out(draft: Draft) -> None:
    """E15, once for each group of steps that callers cannot leave, at the first step of it in the file."""
    if draft.has_errors(("E02", "E09", "E14")):
        return  # a loop, or a choice that does not count, is the reason and has been told
    # Keys that work everywhere are left out: a caller who is not told of them here does not know the way.
    edges = list(own_edges(draft))
    forward = successors(edges)
    for step, to in forward.items():
        forward[step] = [f"{BACK}:{step}" if one == BACK else one for one in to]
    for node, earlier in backward_edges(draft, edges):
        forward.setdefault(node, []).append(earlier)
    backward: dict[str, list[str]] = {}
    for node, to in forward.items():
        for one in to:
            backward.setdefault(one, []).append(node)
    saved = reachable(ways_out(draft), backward)
    trapped = {name: number for number, name in enumerate(draft.step_places) if name not in saved}
    for component in find_components(trapped, forward):
        steps, members = [name for name in component if name in trapped], set(component)
        leads_on = any(to in trapped and to not in members for node in component for to in forward.get(node, ()))
        if steps and not leads_on:
            first = min(steps, key=trapped.__getitem__)
            sentence = (
                f'there is no way out of step "{first}": no agent, no message, no goodbye can be reached from it.'
            )
            draft.report(draft.step_places[first], "E15", sentence)


def check_reached(draft: Draft) -> None:
    """W01. While anything is broken, nobody can say what is reached."""
    if draft.has_errors(STRUCTURE):
        return
    reached = reachable([draft.start], successors(all_edges(draft)))
    for name, at in draft.step_places.items():
        if name not in reached:
            draft.report(at, "W01", f'no caller can ever reach step "{name}".')
