"""The recording script of a language: numbered for the voice artist, printed, and its files taken back in by number."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from agent_console.answering import by_script
from agent_console.digits import latin_digits
from agent_console.guard import allow
from agent_console.studio import STUDIO
from agent_console.studio_prompt import artist
from agent_console.studio_takes import is_said, keep_take
from agent_console.studio_words import take_fault
from agent_console.surroundings import now, store, telephone
from agent_console.view_of_desk import bar
from agent_console.words import LANGUAGES, say
from audio.take import MOST_BYTES, UnusableTake
from ivr.studio.lines import numbered_line
from ivr.studio.script import ScriptPart, read_script

blueprint = Blueprint("studio_script", __name__)

_NUMBER = re.compile(r"\d+")
_MOST_DIGITS = 6
WHICH = ("missing", "all")


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one file. `state` is kept, known or refused."""

    file: str
    number: int | None
    words: str
    state: str
    told: str


@blueprint.get("/desk/studio/script/<language>")
@allow(*STUDIO)
def page(language: str) -> ResponseReturnValue:
    return _page(language, [])


@blueprint.post("/desk/studio/script/<language>/files")
@allow(*STUDIO)
def take_in(language: str) -> ResponseReturnValue:
    """Files named by their numbers. The page's script sends one after the other, a page without it all at once."""
    if language not in LANGUAGES:
        abort(404)
    results = [_take_in(file, language) for file in request.files.getlist("file") if file.filename]
    if by_script():
        return {"results": [_told(result) for result in results]}
    return _page(language, results or [Result("", None, "", "refused", say("studio.no_file"))])


def _page(language: str, results: list[Result]) -> ResponseReturnValue:
    if language not in LANGUAGES:
        abort(404)
    which = request.args.get("which", "missing")
    which = which if which in WHICH else "missing"
    parts = read_script(telephone(), language)
    shown = [_only_missing(part) for part in parts] if which == "missing" else parts
    lines = [line for part in parts for line in part.lines]
    with store().session() as session:
        return render_template(
            "desk/studio/script.html",
            **bar(session),
            language=language,
            which=which,
            ways=WHICH,
            most_bytes=MOST_BYTES,
            parts=[part for part in shown if part.lines],
            total=len(lines),
            recorded=sum(line.piece.is_recorded for line in lines),
            results=results,
            artist=artist(),
            printed_at=now(),
        )


def _only_missing(part: ScriptPart) -> ScriptPart:
    left = tuple(line for line in part.lines if not line.piece.is_recorded and line.piece.waiting is None)
    return ScriptPart(part.kind, part.step, part.title, left)


def _take_in(file: FileStorage, language: str) -> Result:
    name = PurePosixPath((file.filename or "").replace("\\", "/")).name[:200]
    number = number_in(name)
    if number is None:
        return Result(name, None, "", "refused", say("studio.files.no_number"))
    with store().read() as connection:
        line = numbered_line(connection, language, number)
    if line is None:
        return Result(name, number, "", "refused", say("studio.files.unknown_number", n=number))
    if not is_said(language, line.text):
        return Result(name, number, line.text, "refused", say("studio.files.not_said"))
    try:
        sent = keep_take(file, language, line.text)
    except UnusableTake as error:
        return Result(name, number, line.text, "refused", take_fault(error))
    if sent.is_new:
        return Result(name, number, line.text, "kept", say("studio.take_kept"))
    return Result(name, number, line.text, "known", say("studio.take_known"))


def number_in(name: str) -> int | None:
    """The first number in the name of a file, without its ending: `17 take2.mp3` is 17. None if there is none."""
    found = _NUMBER.search(latin_digits(PurePosixPath(name).stem))
    return int(found[0]) if found and len(found[0]) <= _MOST_DIGITS else None


def _told(result: Result) -> dict[str, object]:
    return {
        "file": result.file,
        "number": result.number,
        "words": result.words,
        "state": result.state,
        "state_words": say(f"studio.files.{result.state}"),
        "told": result.told,
    }
