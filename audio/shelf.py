"""Where files of sound stand, by name: a folder, or a bucket of an S3-compatible store (`audio.bucket`)."""

import os
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

_LIST_AGAIN_S = 1.0
_UNKNOWN, _UNSETTLED = -2, -1  # in the place of the time of a folder's last change


class ShelfAway(RuntimeError):
    """The shelf cannot be reached. The message says why."""


class Shelf(Protocol):
    """Several processes may read and write it at once. A file is there whole or not at all.

    What goes over a network raises ShelfAway.
    """

    def listed(self) -> Mapping[str, float]:
        """The names of all that is there, and when each was written (seconds since 1970). May wait on a network."""
        ...

    def seen(self) -> Mapping[str, float]:
        """The same as last known, without waiting; the same object for as long as nothing has changed."""
        ...

    def holds(self, name: str) -> bool:
        """Whether it is there, as far as this process knows without waiting on a network."""
        ...

    def read(self, name: str) -> bytes | None:
        """The file, or None if it is not there. May wait on a network."""
        ...

    def put(self, name: str, content: bytes) -> None:
        """Keep a file, also when the power goes."""
        ...

    def remove(self, name: str) -> None:
        """Have it no longer; nothing happens if it is not there."""
        ...


class Folder:
    """A folder of files, made when the first one comes. Each name gets an ending; `private`: nobody else may read."""

    def __init__(self, path: Path, ending: str = ".wav", *, private: bool = False) -> None:
        self.path = path
        self._ending = ending
        self._private = private
        self._seen: Mapping[str, float] = {}
        self._changed = _UNKNOWN
        self._list_at = 0.0

    def file(self, name: str) -> Path:
        """Where the file of this name is or would be."""
        return self.path / f"{name}{self._ending}"

    def listed(self) -> Mapping[str, float]:
        try:
            with os.scandir(self.path) as entries:
                found = [(entry.name, entry.stat().st_mtime) for entry in entries if entry.name.endswith(self._ending)]
        except FileNotFoundError:
            return {}
        return {name.removesuffix(self._ending): at for name, at in found}

    def seen(self) -> Mapping[str, float]:
        now = time.monotonic()
        if self._changed != _UNKNOWN and now < self._list_at:
            return self._seen
        self._list_at = now + _LIST_AGAIN_S
        try:
            changed = self.path.stat().st_mtime_ns
        except FileNotFoundError:
            changed = 0
        if changed != self._changed:
            self._seen = self.listed()
            # The clock of a file system is coarse: what comes within its next tick would not be noticed.
            settled = time.time_ns() - changed > _LIST_AGAIN_S * 1e9
            self._changed = changed if settled else _UNSETTLED
        return self._seen

    def holds(self, name: str) -> bool:
        return self.file(name).exists()

    def read(self, name: str) -> bytes | None:
        try:
            return self.file(name).read_bytes()
        except FileNotFoundError:
            return None

    def put(self, name: str, content: bytes) -> None:
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700 if self._private else 0o777)
        unfinished, file_name = tempfile.mkstemp(dir=self.path, suffix=".part")
        try:
            with os.fdopen(unfinished, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                os.fchmod(file.fileno(), 0o600 if self._private else 0o644)
            os.replace(file_name, self.file(name))
            self._changed = _UNKNOWN
        except BaseException:
            Path(file_name).unlink(missing_ok=True)
            raise

    def remove(self, name: str) -> None:
        self.file(name).unlink(missing_ok=True)
        self._changed = _UNKNOWN
