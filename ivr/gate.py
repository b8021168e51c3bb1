"""One webhook computes at a time. The interpreter runs one thread at a time in any case, and thirty that fight for it
spend longer on the fight than on the work; those that wait here cost nothing.
"""

import threading

PATIENCE_S = 0.05


class Gate:
    """A thread enters to compute, and leaves when it is done or turns to the database.

    Nobody waits longer than `patience_s` for it: whoever is inside may be held up by something slow, and must not hold
    up the other callers with it.
    """

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._lock = threading.Lock()
        self._mine = threading.local()

    def enter(self) -> None:
        """Wait until the one inside has left, or patience is at its end."""
        self._mine.inside = self._lock.acquire(timeout=self._patience_s)

    def leave(self) -> None:
        """Let the next one in. Does nothing for a thread that is not inside."""
        if getattr(self._mine, "inside", False):
            self._mine.inside = False
            self._lock.release()
