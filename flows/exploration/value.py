"""How far it is from each situation to help or a goodbye, whatever the outside answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

from flows.exploration.graph import Node, Way

Allowed = Callable[[Way], bool]
NOT_AT_ALL = float("inf")


@dataclass(frozen=True, slots=True, order=True)
class Far:
    """Seconds, and the keys pressed in them."""

    seconds: float
    keys: int


HERE = Far(0.0, 0)


@dataclass(slots=True)
class _Answers:
    """A situation in which the outside has to answer: how many of its answers are still open, and the worst so far."""

    open: int
    worst: Far = field(default=HERE)


def measure(nodes: Sequence[Node], allowed: Allowed) -> dict[int, Far]:
    """By situation: the quickest way that its caller can be sure of, by ways that are `allowed`.

    The caller chooses, and the outside answers as badly as it may. A situation without such a way is left out. It is
    Dijkstra's search, begun at the ends (Knuth, A generalization of Dijkstra's algorithm, 1977).
    """
    came: list[list[tuple[int, Way]]] = [[] for _ in nodes]
    answers: dict[int, _Answers] = {}
    order: list[tuple[Far, int]] = []
    for number, node in enumerate(nodes):
        if node.is_help:
            heappush(order, (HERE, number))
            continue
        ways = [way for way in node.ways if _counts(way) and (node.is_of_outside or allowed(way))]
        if node.is_of_outside:
            answers[number] = _Answers(len(ways))
        for way in ways:
            if way.to is not None:
                came[way.to].append((number, way))
            elif not way.cut_off:
                _arrive(answers, order, number, way, HERE)
    far: dict[int, Far] = {}
    while order:
        here, number = heappop(order)
        if number in far:
            continue
        far[number] = here
        for origin, way in came[number]:
            if origin not in far:
                _arrive(answers, order, origin, way, here)
    return far


def _counts(way: Way) -> bool:
    return not (way.move.odd or way.late or way.is_jump or way.broke)


def _arrive(answers: dict[int, _Answers], order: list[tuple[Far, int]], number: int, way: Way, here: Far) -> None:
    far = Far(here.seconds + way.seconds, here.keys + way.move.keys)
    waiting = answers.get(number)
    if waiting is None:
        heappush(order, (far, number))
        return
    waiting.open -= 1
    waiting.worst = Far(max(waiting.worst.seconds, far.seconds), max(waiting.worst.keys, far.keys))
    if not waiting.open:
        heappush(order, (waiting.worst, number))
