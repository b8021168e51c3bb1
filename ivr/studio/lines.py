"""The numbered lines of the recording scripts: a number is given once, and stands for the same words for ever."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from audio.names import line_key, one_line
from audio.voices import at_usual_pace
from models.script_line import ScriptLine

Words = tuple[str, str]
"""A language and what is said in it."""


def number_lines(connection: Connection, wanted: Iterable[Words], now: datetime) -> dict[str, ScriptLine]:
    """The lines of these words by their keys, in the order asked for; those without a number get the next ones."""
    keyed = {line_key(text, language): (language, text) for language, text in wanted}
    known = find_lines(connection, keyed)
    new = {key: words for key, words in keyed.items() if key not in known}
    if new:
        highest = select(ScriptLine.language, func.max(ScriptLine.number)).group_by(ScriptLine.language)
        last: dict[str, int] = {row.language: row[1] for row in connection.execute(highest)}
        rows = []
        for key, (language, text) in new.items():
            language = at_usual_pace(language)
            last[language] = last.get(language, 0) + 1
            said = one_line(text)
            row = {"language": language, "number": last[language], "words_key": key, "text": said, "created_at": now}
            rows.append(row)
        connection.execute(insert(ScriptLine), rows)
        known |= find_lines(connection, new)
    return {key: known[key] for key in keyed}


def find_lines(connection: Connection, keys: Iterable[str]) -> dict[str, ScriptLine]:
    """Those of the lines that have a number."""
    wanted = set(keys)
    rows = connection.execute(_LINES) if wanted else ()
    return {row.words_key: ScriptLine(**row._mapping) for row in rows if row.words_key in wanted}


def numbered_line(connection: Connection, language: str, number: int) -> ScriptLine | None:
    """The line of a script with this number."""
    row = connection.execute(_LINES.where(ScriptLine.language == language, ScriptLine.number == number)).one_or_none()
    return ScriptLine(**row._mapping) if row is not None else None


_LINES = select(
    ScriptLine.id,
    ScriptLine.language,
    ScriptLine.number,
    ScriptLine.words_key,
    ScriptLine.text,
    ScriptLine.created_at,
)
