"""What the web processes of a machine remember of the calls that they answered last, so that a turn need not read
before it writes: a table in memory that all of them share, one slot for each call.

It may be out of date, when a process of another machine has answered meanwhile. Then the write finds the call elsewhere
than the memory has it, changes nothing, and the stored document goes out: the store alone decides.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import blake2b
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from struct import Struct
from typing import cast
from zlib import crc32

from flows.state_json import UnreadableState, from_json
from flows.values import State

_SLOT = 2048  # bytes; a call in the middle of its menus takes about four hundred
_HEAD = Struct("<II")  # checksum and length of what follows
_SLOTS_OF_ONE_PROCESS = 1024
SLOTS = 16_384  # calls; pages that no call touches take no memory


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
    """The latest calls, shared by all threads and by the processes that were given the same memory.

    Nobody locks anything. A checksum tells a call from a slot that two have written at once, and whoever needs a slot
    takes it: what is lost here is read from the store.
    """

    def __init__(self, memory: SharedMemory | None = None) -> None:
        self._memory = memory  # kept, because the bytes go with it
        own = bytearray(_SLOTS_OF_ONE_PROCESS * _SLOT) if memory is None else b""
        self._bytes = memoryview(own) if memory is None else cast(memoryview, memory.buf)
        self._slots = len(self._bytes) // _SLOT

    def find(self, sid: str, turn: int) -> RecentCall | None:
        """The call, if it is remembered after just this turn."""
        found = self._read(sid)
        if found is None or found[3] != str(turn):
            return None
        _, number, version, _, stored = found
        try:
            return RecentCall(sid, number or None, int(version), turn, from_json(stored), stored)
        except UnreadableState:
            return None

    def keep(self, call: RecentCall) -> None:
        """Remember what was just committed."""
        told = "\n".join((call.sid, call.from_number or "", str(call.flow_version_id), str(call.turn), call.stored))
        payload = told.encode()
        if len(payload) > _SLOT - _HEAD.size:
            self.forget(call.sid)
            return
        at = self._place(call.sid)
        self._bytes[at : at + _HEAD.size + len(payload)] = _HEAD.pack(crc32(payload), len(payload)) + payload

    def forget(self, sid: str) -> None:
        """What is remembered turned out to be old, or the call is over."""
        if self._read(sid) is not None:
            at = self._place(sid)
            self._bytes[at : at + _HEAD.size] = bytes(_HEAD.size)

    def _place(self, sid: str) -> int:
        return crc32(sid.encode()) % self._slots * _SLOT

    def _read(self, sid: str) -> list[str] | None:
        at = self._place(sid)
        slot = bytes(self._bytes[at : at + _SLOT])
        checksum, length = _HEAD.unpack_from(slot)
        payload = slot[_HEAD.size : _HEAD.size + length]
        if not length or crc32(payload) != checksum:
            return None
        told = payload.decode().split("\n", 4)
        return told if told[0] == sid else None


@contextmanager
def sharing_calls(folder: Path) -> Iterator[str]:
    """The name of new memory for the web processes of a line, which is there until the end of the block.

    It is named after the line's data folder, so that the next start removes what a killed one left behind.
    """
    name = f"helpline-{blake2b(bytes(folder), digest_size=8).hexdigest()}"  # macOS takes thirty characters
    with suppress(FileNotFoundError):
        left = SharedMemory(name)
        left.close()
        left.unlink()
    memory = SharedMemory(name, create=True, size=SLOTS * _SLOT)
    try:
        yield memory.name
    finally:
        memory.close()
        memory.unlink()


def open_recent_calls(name: str | None) -> RecentCalls:
    """The calls in the memory of this name; without one, or when it is gone, this process remembers for itself."""
    if name is not None:
        with suppress(FileNotFoundError):
            return RecentCalls(SharedMemory(name))
    return RecentCalls()
