"""The prompts of a version as people look for them: by the step that says them, with every line they are heard as."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from flows.checks.length import MIDDLING
from flows.compose import compose_line
from flows.flow import Flow, Sms
from flows.read import read_pages
from flows.saying import fixed_unit
from flows.texts import texts_of
from flows.values import Blank, Line, Words

TEXTS, SYSTEM, HOLIDAYS, ELSEWHERE = "texts", "system", "holidays", "elsewhere"


@dataclass(frozen=True, slots=True)
class PromptGroup:
    """Prompts that belong together. `kind` is the verb of their step, or what they are where no step says them."""

    kind: str
    step: str
    prompts: tuple[str, ...]


def group_prompts(flow: Flow) -> list[PromptGroup]:
    """Every prompt once, in the order in which a call meets them; what is said from many places comes last."""
    left = dict.fromkeys(flow.catalogues[flow.written_in].prompts)
    texts = [key for key in left if key in set(texts_of(flow)) | set(flow.approved)]
    for key in texts:
        del left[key]
    groups = []
    for page in read_pages(flow, flow.written_in):
        said = dict.fromkeys(heard.line.prompt for heard in page.heard)
        own = tuple(key for key in said if key in left and not _is_of_the_system(key))
        for key in own:
            del left[key]
        if own and not isinstance(flow.steps[page.step], Sms):
            groups.append(PromptGroup(page.verb, page.step, own))
    holidays = tuple(key for key in left if key.startswith("holiday_"))
    system = tuple(key for key in left if _is_of_the_system(key))
    others = tuple(key for key in left if key not in holidays and key not in system)
    rest = ((ELSEWHERE, others), (SYSTEM, system), (HOLIDAYS, holidays), (TEXTS, tuple(texts)))
    return [*groups, *(PromptGroup(kind, "", keys) for kind, keys in rest if keys)]


def _is_of_the_system(key: str) -> bool:
    return key.startswith(("std_", "key_"))


def lines_of_prompts(flow: Flow, language: str) -> Mapping[str, tuple[Line, ...]]:
    """Each prompt as a caller hears it, once for each key that it is said with. Blanks have middling values."""
    return _lines(_ByVersion(flow), language)


def pieces_of(line: Line) -> Iterator[str]:
    """The fixed words of a line, each of which a person can record."""
    for piece in line.pieces:
        if isinstance(piece, Words):
            yield from fixed_unit(piece.text)


@dataclass(frozen=True, slots=True, eq=False)
class _ByVersion:
    """A flow that a cache knows by the hash of its source."""

    flow: Flow

    def __hash__(self) -> int:
        return hash(self.flow.version)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByVersion) and other.flow.version == self.flow.version


@lru_cache(maxsize=12)
def _lines(version: _ByVersion, language: str) -> Mapping[str, tuple[Line, ...]]:
    flow = version.flow
    found: dict[str, dict[Line, None]] = {}
    for page in read_pages(flow, language):
        for heard in page.heard:
            if heard.line.language == language:
                found.setdefault(heard.line.prompt, {})[_filled(heard.line)] = None
    for key in flow.catalogues[language].prompts:
        if key not in found:
            found[key] = {_filled(compose_line(flow, language, key, _braced)): None}
    return {key: tuple(lines) for key, lines in found.items()}


def _braced(name: str) -> str:
    return f"{{{name}}}"


def _filled(line: Line) -> Line:
    return replace(line, pieces=tuple(_fill(line.pieces)))


def _fill(pieces: Iterable[Words | Blank]) -> Iterator[Words | Blank]:
    for piece in pieces:
        yield replace(piece, value=MIDDLING.get(piece.kind, "…")) if isinstance(piece, Blank) else piece
