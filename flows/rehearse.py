"""All rehearsals of a folder, played."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from flows.calendar import Calendar
from flows.flow import Flow
from flows.rehearsal import Difference, rehearse
from flows.rehearsal_file import read_rehearsal

FOLDER = "rehearsals"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one rehearsal; it went as written if there are no differences."""

    title: str
    differences: tuple[Difference, ...]


def read_rehearsals(folder: Path) -> dict[str, str]:
    """The rehearsals that belong to the flows of a folder: path -> text."""
    paths = sorted((folder / FOLDER).glob("*.yaml"))
    return {path.relative_to(folder).as_posix(): path.read_bytes().decode("utf-8", errors="replace") for path in paths}


def rehearse_all(flow: Flow, rehearsals: Mapping[str, str], calendars: Mapping[str, Calendar]) -> Iterator[Outcome]:
    """Play each rehearsal on the flow."""
    for file, text in rehearsals.items():
        rehearsal, unreadable = read_rehearsal(file, text)
        if rehearsal is None:
            yield Outcome(file, tuple(unreadable))
        else:
            yield Outcome(rehearsal.title, tuple(rehearse(flow, rehearsal, calendars)))
