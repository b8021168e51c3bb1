"""`takes.lock`: which of people's recordings a version is spoken with, by their names in the store of sounds.

It is written when a version is published and never by hand. A version that has none plays the newest recordings.
"""

from collections.abc import Iterable

from flows.source import Source

FILE = "takes.lock"
_HEADING = "# The recordings that this version is spoken with. Written when it is published.\n"


def read_takes(source: Source) -> tuple[str, ...] | None:
    """The names; None for a version that names no recordings and takes the newest."""
    text = source.get(FILE)
    if text is None:
        return None
    return tuple(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


def write_takes(names: Iterable[str]) -> str:
    return _HEADING + "".join(f"{name}\n" for name in sorted(names))
