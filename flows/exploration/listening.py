"""How long callers listen, in the language that takes longest where one language stands for all."""

from collections.abc import Iterable, Iterator

from flows.compose import compose_choice, compose_line
from flows.flow import Decide, Flow
from flows.missing import Missing
from flows.seconds import Clip, seconds_of, sort_units
from flows.values import Blank, Line, Piece

_LANGUAGES = frozenset({"call.language", "caller.language"})
# Keys stand in some lines: all of them take as long to say.
_KEYS = {"key": "9", "finish_key": "#", "back": "*", "repeat": "#", "person": "0", "home": "9"}


def are_alike(flow: Flow) -> bool:
    """Whether calls in all languages go the same ways: the same wordings are there, and nothing asks which it is."""
    wordings = {frozenset(catalogue.prompts) for catalogue in flow.catalogues.values()}
    return len(wordings) == 1 and not any(_asks_language(step) for step in flow.steps.values())


def _asks_language(step: object) -> bool:
    rows = step.rows if isinstance(step, Decide) else ()
    asked = {clause.subject for row in rows for clause in row.when.clauses}
    copied = set(getattr(step, "notes", {}).values()) if not rows else set()
    copied |= {value for choice in getattr(step, "choices", ()) for value in getattr(choice, "sets", {}).values()}
    copied |= set(getattr(step, "given", {}).values()) if isinstance(getattr(step, "given", None), dict) else set()
    return bool((asked | copied) & _LANGUAGES)


class Listening:
    """Seconds of what is said, each line measured once."""

    def __init__(self, flow: Flow, clip: Clip) -> None:
        self._flow = flow
        self._clip = clip
        self._known: dict[tuple[str, str, tuple[Piece, ...]], float] = {}
        self.guessed = False

    def seconds(self, lines: Iterable[Line]) -> float:
        """Of lines, one after the other, each in the language that takes longest."""
        return sum(self._longest(line) for line in lines)

    def _longest(self, line: Line) -> float:
        name = (line.language, line.prompt, line.pieces)
        known = self._known.get(name)
        if known is None:
            said = list(self._in_all_languages(line))
            known = self._known[name] = max(seconds_of([one], self._clip) for one in said)
            self.guessed = self.guessed or bool(sort_units(said, self._clip)[1])
        return known

    def _in_all_languages(self, line: Line) -> Iterator[Line]:
        yield line
        values = {piece.name: piece.value for piece in line.pieces if isinstance(piece, Blank)}
        catalogue = self._flow.catalogues.get(line.language)
        keys = [key for (_, key), one in catalogue.composed.items() if key and one is line] if catalogue else []
        for language in self._flow.languages:
            try:
                if keys:
                    yield compose_choice(self._flow, language, line.prompt, keys[0], values.get)
                else:
                    yield compose_line(self._flow, language, line.prompt, values.get, keys=_KEYS)
            except Missing:
                continue  # the apology, or an announcement: no catalogue has it
