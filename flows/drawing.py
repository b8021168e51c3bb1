"""A flow as it is drawn: its steps and the ways between them, also of one that is not sound yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flows.check import Checked
from flows.editing.text_tree import CannotEdit, Part, Trail, find_part, read_parts, walk_parts
from flows.finding import Finding
from flows.loading.draft import Draft, Way
from flows.loading.grammar import VERBS
from flows.source import Source

END = "hang_up"
_UNDRAWN = ("repeat", "back")  # they lead to where the caller is, or was


@dataclass(frozen=True, slots=True)
class DrawnStep:
    """`says` is what is heard first there."""

    name: str
    verb: str
    line: int
    says: str
    errors: int
    warnings: int


@dataclass(frozen=True, slots=True)
class DrawnWay:
    """`path` is where the destination is written, so that it can be led elsewhere. `to` is as written."""

    step: str
    why: str
    to: str
    target: str
    path: Trail


@dataclass(frozen=True, slots=True)
class Drawing:
    """`is_readable` is false where the file is no YAML: nothing can be drawn then."""

    steps: tuple[DrawnStep, ...]
    ways: tuple[DrawnWay, ...]
    start: str
    is_readable: bool = True


def draw_flow(checked: Checked, source: Source, *, language: str = "") -> Drawing:
    """What can be drawn of the flow, with how much of what was found concerns each step.

    Steps speak `language`, and that which the flow is written in where they have no words in it.
    """
    draft = checked.draft
    try:
        root = read_parts(source.get(draft.file, ""))
        steps = find_part(root, ("steps",))
    except CannotEdit:
        return Drawing((), (), "", is_readable=False)
    troubles = _troubles(draft.file, steps, checked.findings)
    drawn = tuple(_step(draft, part, troubles.get(part.name, (0, 0)), language) for part in steps.children)
    places = {(part.line, part.column): path for path, part in walk_parts(root) if part.kind == "scalar"}
    ways = tuple(
        DrawnWay(way.step, way.why, way.to, draft.resolve(way.to, way.step), places[way.at.line, way.at.column])
        for way in draft.ways
        if (way.at.line, way.at.column) in places and way.to not in _UNDRAWN and not _is_inherited(draft, way)
    )
    return Drawing(drawn, ways, draft.start)


def step_at(name: str, source: Source, line: int) -> str:
    """The step that this line of the flow's file belongs to; empty where there is none, or the file cannot be read."""
    try:
        return _step_of(find_part(read_parts(source.get(f"{name}.yaml", "")), ("steps",)), line)
    except CannotEdit:
        return ""


def _step_of(steps: Part, line: int) -> str:
    return next((part.name for part in reversed(steps.children) if part.key and part.key.line <= line), "")


def _is_inherited(draft: Draft, way: Way) -> bool:
    return way.at == draft.step_places.get(way.step)


def _step(draft: Draft, part: Part, trouble: tuple[int, int], language: str) -> DrawnStep:
    verb = next((child.name for child in part.children if child.name in VERBS), "")
    said = part.child(verb) if verb else None
    key = said.text if said and said.kind == "scalar" else ""
    if said and said.kind == "sequence" and said.children:
        key = said.children[0].text
    line = part.key.line if part.key else part.line
    return DrawnStep(part.name, verb, line, _words(draft, key, language), *trouble)


def _words(draft: Draft, key: str, language: str) -> str:
    catalogues = [draft.catalogues[one] for one in (language, draft.written_in) if one in draft.catalogues]
    return next((one.prompts[key].source for one in catalogues if key in one.prompts), "")


def _troubles(file: str, steps: Part, findings: Sequence[Finding]) -> Mapping[str, tuple[int, int]]:
    """Errors and warnings by the step in whose lines they stand."""
    counts: dict[str, tuple[int, int]] = {}
    for finding in findings:
        if finding.place.file != file:
            continue
        step = _step_of(steps, finding.place.line)
        errors, warnings = counts.get(step, (0, 0))
        is_error = finding.severity == "error"
        counts[step] = (errors + is_error, warnings + (not is_error))
    return counts
