"""A source as a folder of files, and back: what is kept in git and what is kept in the store are the same text."""

import re
from collections.abc import Mapping
from pathlib import Path

from flows.rehearse import FOLDER as REHEARSALS
from flows.rehearse import read_rehearsals
from flows.source import Source, read_source
from flows.takes import FILE as TAKES

_KNOWN = re.compile(r"(?:prompts/|rehearsals/)?[A-Za-z0-9_][A-Za-z0-9_-]*\.yaml|prompts\.lock")


def is_file_of_menus(path: str) -> bool:
    """Whether a source may have a file of this name: nothing outside its folder, and no text that is not ours."""
    return _KNOWN.fullmatch(path) is not None


def read_folder(folder: Path) -> dict[str, str]:
    """Every file of the menus with their rehearsals, by relative path."""
    return read_source(folder) | read_rehearsals(folder)


def write_folder(folder: Path, source: Source) -> list[str]:
    """Write each file as it is, byte for byte. Returns those that the folder has and the source has not.

    The recordings of a version are no file of the menus: they stay behind.
    """
    kept = {path: text for path, text in source.items() if path != TAKES}
    for path, text in kept.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    return sorted(set(read_folder(folder)) - set(kept))


def rehearsals_in(source: Source) -> Mapping[str, str]:
    """The rehearsals among the files of a source."""
    return {path: text for path, text in source.items() if path.startswith(f"{REHEARSALS}/")}
