"""What has been known of each note and fact in any call so far, to be known again where nobody kept account of it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product

from flows.exploration.watched import NUMBER, OF_NUMBER, Watched
from flows.values import State


class Values:
    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self._noted: set[tuple[object, ...]] = set()
        self._found: dict[str, dict[object, Mapping[str, str | None]]] = {name: {} for name in watched.names}

    def note(self, state: State) -> None:
        """Take account of what is known in this state."""
        everything = self._watched.seen(state)
        if everything in self._noted:
            return
        self._noted.add(everything)
        for (name, found), seen in zip(self._found.items(), everything, strict=True):
            if seen not in found:
                names = OF_NUMBER if name == NUMBER else (name,)
                found[seen] = {one: state.notes.get(one) or state.facts.get(one) for one in names}

    def recall(self, state: State, target: str) -> Iterator[State]:
        """The state, with all that was not live at its step, but is at `target`, as it may have been in any call."""
        lost = [
            name
            for name in self._watched.names
            if self._watched.is_live(name, target) and not self._watched.is_live(name, state.step)
        ]
        for chosen in product(*(self._found[name].values() for name in lost)):
            values = {name: value for values in chosen for name, value in values.items()}
            yield _with(state, values)


def _with(state: State, values: Mapping[str, str | None]) -> State:
    if not values:
        return state
    facts = {name: value for name, value in state.facts.items() if name not in values}
    notes = {name: value for name, value in state.notes.items() if name not in values}
    for name, value in values.items():
        if value is not None:
            (facts if "." in name else notes)[name] = value
    return replace(state, facts=facts, notes=notes)
