"""Writers of several processes on one SQLite file stand in line here, because SQLite's own waiting is unfair."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class FileLock:
    """An exclusive lock with a turnstile: who has just written cannot overtake the one that waits next."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock = _open(path)
        self._next = _open(f"{path}-next")

    @contextmanager
    def held(self) -> Iterator[None]:
        """Wait for the turn; the lock falls back when the process dies."""
        fcntl.flock(self._next, fcntl.LOCK_EX)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX)
        finally:
            fcntl.flock(self._next, fcntl.LOCK_UN)
        try:
            yield
        finally:
            fcntl.flock(self._lock, fcntl.LOCK_UN)

    def close(self) -> None:
        for descriptor in (self._lock, self._next):
            with suppress(OSError):
                os.close(descriptor)


def _open(path: str) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
