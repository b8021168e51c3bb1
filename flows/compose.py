"""Prompts into lines: blanks filled with values, keys put into words."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Protocol

from flows.flow import Catalogue, Prompt, Text
from flows.missing import Missing
from flows.values import Blank, Line, Piece, Words

Known = Callable[[str], str | None]
"""Tells what a blank's name stands for now; None where it is not known."""


class Worded(Protocol):
    """What has wording: a flow, or the draft of one."""

    @property
    def catalogues(self) -> Mapping[str, Catalogue]: ...


NO_KEYS: Mapping[str, str] = {}


def compose_line(
    wording: Worded, language: str, key: str, known: Known, *, keys: Mapping[str, str] = NO_KEYS, at: float = 0.0
) -> Line:
    """The prompt `key` in `language`; `keys` are blanks that become words for a key of the telephone."""
    catalogue = catalogue_of(wording, language)
    constant = catalogue.composed.get((key, ""))
    if constant is not None:
        return constant
    prompt = prompt_of(catalogue, key)
    line = Line(language, key, tuple(_number_tellings(_join(_fill(catalogue, prompt, known, keys, at)))))
    return _keep(catalogue, (key, ""), line) if _is_constant(prompt) else line


def compose_choice(wording: Worded, language: str, say: str, key: str, known: Known, *, at: float = 0.0) -> Line:
    """A menu's line for one choice: its words with the key, by the language's `key_line`."""
    catalogue = catalogue_of(wording, language)
    constant = catalogue.composed.get((say, key))
    if constant is not None:
        return constant
    choice = prompt_of(catalogue, say)
    pieces: list[Piece] = []
    for text in catalogue.key_line.texts:
        if text.blank == "say":
            pieces += _fill(catalogue, choice, known, NO_KEYS, at)
        elif text.blank == "key":
            pieces.append(Words(say, key_words(catalogue, key)))
        else:
            pieces.append(Words(say, text.words))
    line = Line(language, say, tuple(_number_tellings(_join(pieces))))
    return _keep(catalogue, (say, key), line) if _is_constant(choice) else line


def _is_constant(prompt: Prompt) -> bool:
    return not any(text.blank for text in prompt.texts)


def _keep(catalogue: Catalogue, name: tuple[str, str], line: Line) -> Line:
    """Composing is most of the cost of a turn, and most lines never change."""
    catalogue.composed[name] = line
    return line


def catalogue_of(wording: Worded, language: str) -> Catalogue:
    catalogue = wording.catalogues.get(language)
    if catalogue is None:
        raise Missing(language)
    return catalogue


def prompt_of(catalogue: Catalogue, key: str) -> Prompt:
    prompt = catalogue.prompts.get(key)
    if prompt is None:
        raise Missing(key)
    return prompt


def key_words(catalogue: Catalogue, key: str) -> str:
    """How a key is called in a sentence: digits as they stand on the telephone, star and hash by their names."""
    named = {"*": "key_star", "#": "key_hash"}.get(key)
    prompt = catalogue.prompts.get(named) if named else None
    return prompt.source if prompt else key


def prompt_of_value(name: str, value: str) -> str:
    """The prompt that words a value of a blank without a kind: `office.holiday` = x is said as `holiday_x`."""
    return f"{name.rsplit('.', 1)[-1]}_{value}"


def _fill(catalogue: Catalogue, prompt: Prompt, known: Known, keys: Mapping[str, str], at: float) -> Iterable[Piece]:
    for text in prompt.texts:
        if not text.blank:
            yield Words(prompt.key, text.words)
        elif text.blank in keys:
            yield Words(prompt.key, key_words(catalogue, keys[text.blank]))
        else:
            value = known(text.blank)
            if value is not None:
                yield from _put(catalogue, text, value, at)


def _put(catalogue: Catalogue, text: Text, value: str, at: float) -> Iterable[Piece]:
    if text.kind:
        yield Blank(text.blank, text.kind, value, said_on=_said_on(text.kind, value, at))
        return
    wording = catalogue.prompts.get(prompt_of_value(text.blank, value))
    if wording is not None and not any(part.blank for part in wording.texts):
        yield Words(wording.key, wording.source)
    else:
        yield Blank(text.blank, "name", value)


def _said_on(kind: str, value: str, at: float) -> str:
    if kind != "day_time" or not at:
        return ""
    try:
        zone = datetime.fromisoformat(value).tzinfo
    except ValueError:
        return ""
    return datetime.fromtimestamp(at, tz=zone or UTC).date().isoformat()


def _join(pieces: Iterable[Piece]) -> list[Piece]:
    """Words of the same prompt that stand side by side become one run, so that they are spoken in one breath."""
    joined: list[Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if isinstance(piece, Words) and isinstance(last, Words) and last.prompt == piece.prompt:
            joined[-1] = Words(last.prompt, last.text + piece.text)
        else:
            joined.append(piece)
    return joined


def _number_tellings(pieces: list[Piece]) -> Iterable[Piece]:
    """The second telling of the same value in one line is slow."""
    told: set[str] = set()
    for piece in pieces:
        if isinstance(piece, Blank):
            if piece.name in told:
                yield Blank(piece.name, piece.kind, piece.value, slow=True, said_on=piece.said_on)
                continue
            told.add(piece.name)
        yield piece
