"""The way to a situation as a rehearsal, which anybody can play."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from flows.exploration.moves import NOW, Move
from flows.rehearsal_text import Done, write_rehearsal
from flows.values import Arrived
from flows.world import INDIA

_TOO_LONG = "60m"  # later than any flow lets a caller stay in its menus


def write_play(
    title: str, arrived: Arrived, path: Sequence[tuple[Move, bool]], step: str, after: Sequence[Done] = ()
) -> str:
    """A rehearsal of these moves and what is to be seen `after` them, that ends in `step`."""
    clock = datetime.fromtimestamp(NOW, tz=INDIA)
    return write_rehearsal(title, clock, arrived, [*list(_doings(path))[::-1], *after], step)


def _doings(path: Sequence[tuple[Move, bool]]) -> Iterator[Done]:
    """What the outside answers is said before the caller does what makes it answer."""
    before: list[Done] = []
    for move, late in reversed(path):
        if move.doing.startswith("outside "):
            name = move.doing.removeprefix("outside ")
            before.append(Done("outside", move.value, move.facts, name))
            continue
        before.insert(0, Done(move.doing, move.value, move.facts))
        yield from before
        if late:
            yield Done("waits", _TOO_LONG)
        before = []
    yield from before
