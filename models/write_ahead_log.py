"""SQLite's write-ahead log, flushed to disk by us: once for all that was committed until now."""

import os
from threading import Lock

# macOS has no fdatasync; where there is one it leaves out the file's times.
_sync = getattr(os, "fdatasync", os.fsync)


class WriteAheadLog:
    """The file at `path`. SQLite takes no locks on it, so that closing it here takes none away."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._descriptor: int | None = None
        self._lock = Lock()

    def flush(self) -> None:
        """Return when everything written to the log until now is on disk. Raises OSError.

        A log that is gone was brought over into the database, with a flush, by the last connection that closed it.
        """
        with self._lock:
            descriptor = self._open()
            if descriptor is not None:
                _sync(descriptor)

    def close(self) -> None:
        with self._lock:
            if self._descriptor is not None:
                os.close(self._descriptor)
                self._descriptor = None

    def _open(self) -> int | None:
        """The file that has this name now, which is a new one after its last connection has closed it."""
        try:
            now = os.stat(self._path)
        except FileNotFoundError:
            return None
        if self._descriptor is not None and os.path.samestat(now, os.fstat(self._descriptor)):
            return self._descriptor
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        try:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        return self._descriptor
