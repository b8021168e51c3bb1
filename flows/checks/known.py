"""What is known for certain when a step is reached, whatever way a caller took to it."""

from collections.abc import Iterable, Mapping

from flows.checks.gains import gained, known_if
from flows.checks.graph import BACK, GOODBYE, Edge, all_edges
from flows.flow import Decide, LookUp
from flows.loading.draft import Draft

ALWAYS = ("caller.returning", "call.language")

Facts = int
"""A set of facts, one bit each: flows of ten thousand steps are checked too."""


class Knowledge:
    """For each step that can be reached, the facts that are known on every way to it.

    Ways by `back` are left out: who goes back has been there before, and nothing but a look-up makes callers forget.
    What look-ups may have made forget by then is `lost`, by question.
    """

    def __init__(self, draft: Draft, lost: Mapping[str, Iterable[str]] | None = None) -> None:
        self._draft = draft
        self._bits = {name: 1 << number for number, name in enumerate(draft.facts)}
        self._all = (1 << len(self._bits)) - 1
        self._lost = {name: self._set(facts) for name, facts in (lost or {}).items()}
        self._at: dict[str, Facts] = {draft.start: self._set(ALWAYS)}
        self._edges: dict[str, list[Edge]] = {}
        for edge in all_edges(draft):
            if edge.to not in (BACK, GOODBYE):
                self._edges.setdefault(edge.step, []).append(edge)
        self._spread()

    def is_known(self, step: str, name: str) -> bool:
        """Whether every caller at the step has it. A step that cannot be reached misses nothing."""
        return bool(self._at.get(step, self._all) & self._bits.get(name, 0))

    def _spread(self) -> None:
        waiting = [self._draft.start]
        while waiting:
            step = waiting.pop()
            rows = self._after_rows(step)
            for edge in self._edges.get(step, ()):
                after = rows[edge.why] if edge.why in rows else self._after(edge)
                known = self._at.get(edge.to, self._all) & after & ~self._lost.get(edge.to, 0)
                if edge.to not in self._at or known != self._at[edge.to]:
                    self._at[edge.to] = known
                    waiting.append(edge.to)

    def _set(self, names: Iterable[str]) -> Facts:
        facts = 0
        for name in names:
            facts |= self._bits.get(name, 0)
        return facts

    def _after(self, edge: Edge) -> Facts:
        step, before = self._draft.steps.get(edge.step), self._at[edge.step]
        if edge.why == "on_error":
            return before
        if isinstance(step, LookUp):
            return self._after_look_up(step, edge.why, before)
        return before | self._set(gained(step, edge.why, lambda name: bool(before & self._bits.get(name, 0))))

    def _after_look_up(self, step: LookUp, outcome: str, before: Facts) -> Facts:
        """An answer replaces all that an earlier answer of the same look-up told, but for what went into notes."""
        outcomes = self._draft.look_ups[step.look_up].outcomes if step.look_up in self._draft.look_ups else {}
        forgotten = {fact for one in outcomes.values() for fact in one.facts} - set(self._draft.notes)
        told = outcomes[outcome].facts if outcome in outcomes else {}
        return before & ~self._set(forgotten) | self._set(told)

    def _after_rows(self, name: str) -> dict[str, Facts]:
        """By the row of a `decide` step that is taken: its condition holds, those before it do not."""
        step = self._draft.steps.get(name)
        if not isinstance(step, Decide):
            return {}
        rows: dict[str, Facts] = {}
        passed = self._at[name]
        for number, row in enumerate(step.rows, 1):
            rows[f"row {number}"] = passed | self._set(known_if(row.when, holds=True))
            passed |= self._set(known_if(row.when, holds=False))
        return {**rows, "otherwise": passed}
