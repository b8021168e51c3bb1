"""The files of a flow as text: what is versioned, hashed and pinned."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

Source = Mapping[str, str]

CALENDARS = "calendars.yaml"
"""Opening hours are live, not pinned to a call: their file is no part of the content hash."""

_FOLDERS = ("", "prompts")
_LOCK = "prompts.lock"
_RECORDINGS = "recordings"
_RUNS = re.compile(r"^\s+run:\s*[\"']?([^\s\"'#]+)", re.MULTILINE)
_PART = re.compile(r"^results:", re.MULTILINE)
_FLOW = re.compile(r"^(flow|steps):", re.MULTILINE)


def read_source(folder: Path) -> dict[str, str]:
    """The flow files of a folder by relative path. Bytes that are no UTF-8 become a mark that the checker reports."""
    source = {}
    for part in _FOLDERS:
        for path in sorted((folder / part).glob("*.yaml")):
            source[path.relative_to(folder).as_posix()] = _read(path)
    if (folder / _LOCK).is_file():
        source[_LOCK] = _read(folder / _LOCK)
    return source


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace")


def content_hash(source: Source) -> str:
    """Names a version of a flow by everything that it is pinned to: 64 hexadecimal digits."""
    digest = hashlib.sha256()
    for path in sorted(source):
        if path == CALENDARS:
            continue
        for part in (path, source[path]):
            data = part.encode("utf-8", errors="surrogatepass")
            digest.update(len(data).to_bytes(8, "big"))
            digest.update(data)
    return digest.hexdigest()


def find_flows(path: Path) -> tuple[Path, list[str]]:
    """The folder of a path, and the names of the flows meant: that of a file, or all in the folder.

    A flow that others run is checked with each of them; by itself only where none does, or where it is named.
    """
    if path.is_file():
        return path.parent, [path.stem]
    found = {file.stem: text for file in sorted(path.glob("*.yaml")) if _FLOW.search(text := _read(file))}
    run = {name for text in found.values() for name in _RUNS.findall(text)}
    return path, [name for name, text in found.items() if name not in run or not _PART.search(text)]


def find_recordings(folder: Path) -> frozenset[str]:
    """The recordings that prompts may name, by their paths below `recordings`."""
    recordings = folder / _RECORDINGS
    return frozenset(path.relative_to(recordings).as_posix() for path in recordings.rglob("*") if path.is_file())
