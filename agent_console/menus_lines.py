"""What differs between two sources, line by line: for people who know the script, and where no sentence can be said."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from flows.kinds_of_change import changed_files
from flows.loader import Source


@dataclass(frozen=True, slots=True)
class Line:
    """`mark` is - for a line that is gone, + for one that is new."""

    mark: str
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class FileDifference:
    """The lines of one file that differ."""

    file: str
    lines: tuple[Line, ...]


def read_difference(before: Source, after: Source) -> list[FileDifference]:
    """The files that differ, each with its lines."""
    return [
        FileDifference(file, tuple(_lines(before.get(file, ""), after.get(file, ""))))
        for file in changed_files(before, after)
    ]


def _lines(before: str, after: str) -> Iterator[Line]:
    old, new = before.splitlines(), after.splitlines()
    for tag, start, end, begin, until in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        yield from (Line("-", number + 1, old[number]) for number in range(start, end))
        yield from (Line("+", number + 1, new[number]) for number in range(begin, until))
