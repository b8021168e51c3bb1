"""The recording script of a language: everything that a person may speak, numbered, in the order of the menus."""

from dataclasses import dataclass

from audio.names import line_key
from audio.voices import is_slow
from flows.speaking import vocabulary
from ivr.publishing import wanted_sounds
from ivr.studio.changes import read_working
from ivr.studio.lines import Words, find_lines, number_lines
from ivr.studio.prompts import TEXTS, group_prompts, lines_of_prompts, pieces_of
from ivr.studio.sheet import Piece, Voices
from ivr.telephone import Telephone
from models.script_line import ScriptLine

OWN, NUMBERS = "own", "numbers"


@dataclass(frozen=True, slots=True)
class NumberedPiece:
    """Words to be spoken, and the number by which their file is known. `prompt` is where they come from, if any."""

    number: int
    piece: Piece
    prompt: str


@dataclass(frozen=True, slots=True)
class ScriptPart:
    """Lines that belong together. `title` is how its step begins; empty without one."""

    kind: str
    step: str
    title: str
    lines: tuple[NumberedPiece, ...]


def read_script(telephone: Telephone, language: str) -> list[ScriptPart]:
    """The whole script; lines without a number get one, and keep it. Raises NoFlow."""
    with telephone.store.read() as connection:
        working = read_working(telephone, connection)
    flow = working.flow
    left = dict.fromkeys(text for spoken, text in wanted_sounds(flow) if spoken == language and not is_slow(spoken))
    lines = lines_of_prompts(flow, language)
    plan: list[tuple[str, str, str, list[tuple[str, str]]]] = []
    for group in group_prompts(flow):
        if group.kind == TEXTS:
            continue
        said = [
            (prompt, text) for prompt in group.prompts for line in lines.get(prompt, ()) for text in pieces_of(line)
        ]
        own = {text: prompt for prompt, text in said if text in left}
        for text in own:
            del left[text]
        title = flow.catalogues[language].prompts[group.prompts[0]].source if group.step else ""
        plan.append((group.kind, group.step, title, [(prompt, text) for text, prompt in own.items()]))
    numbers = set(vocabulary(language))
    plan.append((OWN, "", "", [("", text) for text in left if text not in numbers]))
    plan.append((NUMBERS, "", "", [("", text) for text in left if text in numbers]))
    numbered = _numbered(telephone, [(language, text) for _, _, _, pieces in plan for _, text in pieces])
    voices = Voices(telephone, working)
    return [
        ScriptPart(
            kind,
            step,
            title,
            tuple(
                NumberedPiece(numbered[line_key(text, language)].number, voices.piece(language, text), prompt)
                for prompt, text in pieces
            ),
        )
        for kind, step, title, pieces in plan
        if pieces
    ]


def _numbered(telephone: Telephone, wanted: list[Words]) -> dict[str, ScriptLine]:
    """The lines by their keys. Only where some have no number yet the store is written."""
    keys = {line_key(text, language) for language, text in wanted}
    with telephone.store.read() as connection:
        known = find_lines(connection, keys)
    if known.keys() == keys:
        return known
    now = telephone.clock.now()
    return telephone.store.write(lambda connection: number_lines(connection, wanted, now))
