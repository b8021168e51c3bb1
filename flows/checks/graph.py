"""Where callers can get to from each step."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from flows.flow import Ask, ChooseLanguage, End, Menu, Queue, Record, Say, Step
from flows.loading.draft import Draft

GOODBYE = "hang_up"
STRUCTURE = ("E01", "E02", "E03", "E04", "E05", "E06", "E07", "E09", "E17")
"""Errors after which nobody can say where callers get to."""
BACK = "back"


@dataclass(frozen=True, slots=True)
class Edge:
    """One way between two steps; `to` is a step, `back` or `hang_up`."""

    step: str
    why: str
    to: str
    automatic: bool


def own_edges(draft: Draft) -> Iterator[Edge]:
    """What the steps themselves say, destinations resolved."""
    for way in draft.ways:
        to = draft.resolve(way.to, way.step)
        if to:
            yield Edge(way.step, way.why, to, way.automatic)


def everywhere_edges(draft: Draft) -> Iterator[Edge]:
    """The keys that work in every menu."""
    for step in draft.steps.values():
        if isinstance(step, Menu | ChooseLanguage):
            for key, does in draft.keys_everywhere.keys.items():
                yield Edge(step.name, f"key {key}", draft.resolve(does, step.name), False)


def fault_edges(draft: Draft) -> Iterator[Edge]:
    """Where a caller goes when something breaks on our side."""
    for step in draft.steps.values():
        if step.defaults.on_error:
            yield Edge(step.name, "on_error", draft.resolve(step.defaults.on_error, step.name), False)


def all_edges(draft: Draft) -> Iterator[Edge]:
    yield from own_edges(draft)
    yield from everywhere_edges(draft)
    yield from fault_edges(draft)


def successors(edges: Iterable[Edge]) -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for edge in edges:
        table.setdefault(edge.step, []).append(edge.to)
    return table


def reachable(starts: Iterable[str], table: dict[str, list[str]], closed: Collection[str] = ()) -> set[str]:
    """Everything that can be got to from `starts`, themselves included, but by way of none that is `closed`."""
    seen = set(starts)
    waiting = list(seen)
    while waiting:
        for to in table.get(waiting.pop(), ()):
            if to not in seen and to not in closed:
                seen.add(to)
                waiting.append(to)
    return seen


def backward_edges(draft: Draft, edges: Iterable[Edge]) -> list[tuple[str, str]]:
    """What `back` means, as pairs of nodes.

    Going back from a step leads to the step that the caller came from and that waited for a key. `(back, step)` nodes,
    written `back:STEP`, walk over the steps in between, so that the whole stays as small as the flow.
    """
    pairs = []
    for edge in edges:
        if edge.to in (BACK, GOODBYE):
            continue
        asks = isinstance(draft.steps.get(edge.step), Menu | Ask | ChooseLanguage)
        pairs.append((f"{BACK}:{edge.to}", edge.step if asks else f"{BACK}:{edge.step}"))
    return pairs


def ways_out(draft: Draft) -> set[str]:
    """Steps at which a person, a message or a goodbye is reached; and those of which we cannot know."""
    ends = {name for name, step in draft.steps.items() if _is_way_out(step)}
    lost = {way.step for way in draft.ways if not draft.resolve(way.to, way.step)}
    returned = {way.step for way in draft.ways if way.to in draft.results}  # to the flow that runs this one
    return ends | lost | returned | draft.unsure


def _is_way_out(step: Step) -> bool:
    """Words before the line goes dead are a goodbye; to be cut off after pressing a key is none."""
    return isinstance(step, Queue | Record | End) or (isinstance(step, Say) and step.then == GOODBYE)
