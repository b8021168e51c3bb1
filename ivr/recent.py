"""What this process remembers of the calls that it answered last, so that a turn need not read before it writes.

It may be out of date, when another process has answered meanwhile. Then the write finds the call elsewhere than the
memory has it, changes nothing, and the stored document goes out: the store alone decides.
"""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from flows.values import State

_MOST = 20_000  # calls; about a kilobyte each


@dataclass(frozen=True, slots=True)
class RecentCall:
    """A call after its turn number `turn`, as it was written."""

    sid: str
    from_number: str | None
    flow_version_id: int
    turn: int
    state: State
    stored: str  # the state's text


class RecentCalls:
    """The latest calls of this process, shared by its threads."""

    def __init__(self) -> None:
        self._calls: OrderedDict[str, RecentCall] = OrderedDict()
        self._lock = Lock()

    def find(self, sid: str, turn: int) -> RecentCall | None:
        """The call, if it is remembered after just this turn."""
        call = self._calls.get(sid)
        return call if call is not None and call.turn == turn else None

    def keep(self, call: RecentCall) -> None:
        """Remember what was just committed."""
        with self._lock:
            self._calls[call.sid] = call
            self._calls.move_to_end(call.sid)
            if len(self._calls) > _MOST:
                self._calls.popitem(last=False)

    def forget(self, sid: str) -> None:
        """What is remembered turned out to be old, or the call is over."""
        with self._lock:
            self._calls.pop(sid, None)
