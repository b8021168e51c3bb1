"""A flow while it is being read: what is understood so far, what refers to what, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flows.finding import Finding
from flows.flow import (
    Catalogue,
    Defaults,
    Hours,
    KeysEverywhere,
    LookUpDeclaration,
    NoteType,
    Place,
    QueueDeclaration,
    Step,
)
from flows.loading.suggestion import suggest

_MOST_SUGGESTIONS = 100  # comparing every word with every name must not make a broken giant slow


@dataclass(frozen=True, slots=True)
class Way:
    """One outcome of a step. `to` is as written, a step or a reserved word; `automatic` needs no key press."""

    step: str
    why: str
    to: str
    at: Place
    automatic: bool


@dataclass(frozen=True, slots=True)
class Wording:
    """A catalogue key that a step speaks or sends. `key` may hold a fact in braces.

    `given` names blanks that the step itself fills, such as `key` or `finish_key`.
    """

    key: str
    at: Place
    step: str
    as_text: bool = False
    given: tuple[str, ...] = ()
    chosen_by: str = ""  # the fact that was in the braces


@dataclass(frozen=True, slots=True)
class RunNode:
    """A step that runs another flow, as it is written; `wired` are the results that it names."""

    flow: str
    at: Place
    given: tuple[tuple[str, str, Place], ...]  # a note of the other flow, what it becomes, where that is written
    wired: Mapping[str, Place]


@dataclass(slots=True)
class Draft:
    name: str
    runner: Draft | None = None  # the flow that runs it, if it is read as a part of one
    findings: list[Finding] = field(default_factory=list)
    title: str = ""
    languages: tuple[str, ...] = ()
    languages_at: Place | None = None
    written_in: str = ""
    start: str = ""
    home: str = ""
    person: str = ""
    defaults: Defaults = field(default_factory=Defaults)
    keys_everywhere: KeysEverywhere = field(default_factory=lambda: KeysEverywhere({}, None))
    key_places: dict[str, Place] = field(default_factory=dict)  # of the keys everywhere
    notes: dict[str, NoteType] = field(default_factory=dict)
    facts: dict[str, NoteType] = field(default_factory=dict)  # everything a step may name, notes too
    note_places: dict[str, Place] = field(default_factory=dict)
    step_places: dict[str, Place] = field(default_factory=dict)
    steps: dict[str, Step] = field(default_factory=dict)
    catalogues: dict[str, Catalogue] = field(default_factory=dict)
    prompts_at: dict[str, Place] = field(default_factory=dict)  # where the wording of a language begins
    results: tuple[str, ...] = ()  # in which it ends where another flow runs it
    results_at: dict[str, Place] = field(default_factory=dict)
    runs: dict[str, RunNode] = field(default_factory=dict)  # steps that run another flow
    part_files: set[str] = field(default_factory=set)  # of the flows that it runs
    look_ups: dict[str, LookUpDeclaration] = field(default_factory=dict)
    queues: dict[str, QueueDeclaration] = field(default_factory=dict)
    calendars: frozenset[str] | None = None  # None: not known here, any name is taken
    boards: frozenset[str] = frozenset()
    approved: dict[str, dict[str, str]] = field(default_factory=dict)  # text prompt -> language -> template
    approved_under: dict[str, dict[str, str]] = field(default_factory=dict)  # the numbers of those approvals
    unread: set[str] = field(default_factory=set)  # files that could not be read: what they declare is not judged
    ways: list[Way] = field(default_factory=list)
    wordings: list[Wording] = field(default_factory=list)
    unsure: set[str] = field(default_factory=set)  # steps of which an outcome is missing or leads nowhere
    _suggestions: int = 0

    @property
    def file(self) -> str:
        return f"{self.name}.yaml"

    def report(self, at: Place, code: str, text: str) -> None:
        """Note something wrong."""
        self.findings.append(Finding(at, code, text))

    def suggest(self, word: str, known: Iterable[str]) -> str:
        """` Did you mean ...?`, as long as not too much is wrong."""
        self._suggestions += 1
        return suggest(word, known) if self._suggestions <= _MOST_SUGGESTIONS else ""

    def has_errors(self, codes: Iterable[str] | None = None) -> bool:
        """Whether any error, or one of these codes, has been found so far."""
        wanted = None if codes is None else set(codes)
        return any(
            finding.severity == "error" if wanted is None else finding.code in wanted for finding in self.findings
        )

    def uses_calendars(self) -> bool:
        """Whether any caller may be told about opening hours."""
        return any(isinstance(step, Hours) for step in self.steps.values())

    def resolve(self, to: str, step: str) -> str:
        """The step that a destination means; `back` and `hang_up` stay as they are."""
        return {"home": self.home, "person": self.person, "repeat": step}.get(to, to)
