"""Strongly connected components: groups of steps from each of which all others of the group can be got to."""

from collections.abc import Iterable, Mapping, Sequence


def find_components(nodes: Iterable[str], table: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Tarjan's algorithm without recursion; linear in nodes and edges."""
    search = _Search(table)
    for node in nodes:
        if node not in search.index:
            search.run(node)
    return search.found


class _Search:
    def __init__(self, table: Mapping[str, Sequence[str]]) -> None:
        self._table = table
        self.index: dict[str, int] = {}
        self._low: dict[str, int] = {}
        self._stack: list[str] = []
        self._on_stack: set[str] = set()
        self.found: list[list[str]] = []

    def run(self, root: str) -> None:
        self._enter(root)
        work = [(root, iter(self._table.get(root, ())))]
        while work:
            node, rest = work[-1]
            following = next(rest, None)
            if following is None:
                work.pop()
                self._leave(node, work[-1][0] if work else None)
            elif following not in self.index:
                self._enter(following)
                work.append((following, iter(self._table.get(following, ()))))
            elif following in self._on_stack:
                self._low[node] = min(self._low[node], self.index[following])

    def _enter(self, node: str) -> None:
        self.index[node] = self._low[node] = len(self.index)
        self._stack.append(node)
        self._on_stack.add(node)

    def _leave(self, node: str, parent: str | None) -> None:
        if parent is not None:
            self._low[parent] = min(self._low[parent], self._low[node])
        if self._low[node] == self.index[node]:
            at = _last_index(self._stack, node)
            component = self._stack[at:]
            del self._stack[at:]
            self._on_stack.difference_update(component)
            self.found.append(component)


def _last_index(stack: Sequence[str], node: str) -> int:
    """Where a node stands, sought from the end: it is never deeper than its own component is large."""
    at = len(stack) - 1
    while stack[at] != node:
        at -= 1
    return at
