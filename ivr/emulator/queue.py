"""Callers waiting in line."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ivr.emulator.call import Call
from ivr.emulator.clock import Clock
from ivr.emulator.names import new_sid, rfc2822, whole_seconds

if TYPE_CHECKING:
    from ivr.emulator.bridge import Bridge

USUAL_SIZE = 1000
GREATEST_SIZE = 5000


@dataclass(eq=False)
class Member:
    """One caller in a queue; `chosen` brings the bridge to whoever dialled the queue."""

    call: Call
    entered_at: datetime
    left_after: int | None = None  # seconds
    chosen: "asyncio.Future[Bridge]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())


@dataclass(eq=False)
class Queue:
    """First in, first out; places count from 1."""

    name: str
    account_sid: str
    clock: Clock
    max_size: int = USUAL_SIZE

    def __post_init__(self) -> None:
        self.sid = new_sid("QU")
        self.created_at = self.updated_at = self.clock.now()
        self.members: list[Member] = []
        self.arrival = asyncio.Event()
        self._waits: list[int] = []

    def join(self, call: Call) -> Member:
        member = Member(call, self.clock.now())
        self.members.append(member)
        self.updated_at = member.entered_at
        arrival, self.arrival = self.arrival, asyncio.Event()
        arrival.set()
        return member

    def leave(self, member: Member) -> int:
        """Take a caller out; returns the seconds waited. A second time changes nothing."""
        if member.left_after is None:
            member.left_after = self.waited(member)
            self.members.remove(member)
            self._waits.append(member.left_after)
            self.updated_at = self.clock.now()
        return member.left_after

    def waited(self, member: Member) -> int:
        return int((self.clock.now() - member.entered_at).total_seconds())

    def position(self, member: Member) -> int:
        """From 1; 0 for a caller who has left."""
        return self.members.index(member) + 1 if member in self.members else 0

    def find(self, call_sid: str) -> Member | None:
        """By call, or the one called Front."""
        if call_sid == "Front":
            return self.members[0] if self.members else None
        return next((member for member in self.members if member.call.sid == call_sid), None)

    @property
    def average_wait(self) -> int:
        waits = [*self._waits[-50:], *(self.waited(member) for member in self.members)]
        return sum(waits) // len(waits) if waits else 0

    def facts(self, member: Member) -> Iterator[tuple[str, str]]:
        """The fields that a wait document is asked for with."""
        yield "QueueSid", self.sid
        yield "QueuePosition", str(self.position(member))
        yield "QueueTime", str(self.waited(member))
        yield "AvgQueueTime", str(self.average_wait)
        yield "CurrentQueueSize", str(len(self.members))
        yield "MaxQueueSize", str(self.max_size)

    def as_json(self) -> dict[str, Any]:
        uri = f"/2010-04-01/Accounts/{self.account_sid}/Queues/{self.sid}"
        return {
            "sid": self.sid,
            "account_sid": self.account_sid,
            "friendly_name": self.name,
            "current_size": len(self.members),
            "average_wait_time": self.average_wait,
            "max_size": self.max_size,
            "date_created": rfc2822(self.created_at),
            "date_updated": rfc2822(self.updated_at),
            "uri": f"{uri}.json",
            "subresource_uris": {"members": f"{uri}/Members.json"},
        }

    def member_json(self, member: Member) -> dict[str, Any]:
        uri = f"/2010-04-01/Accounts/{self.account_sid}/Queues/{self.sid}/Members/{member.call.sid}.json"
        return {
            "call_sid": member.call.sid,
            "queue_sid": self.sid,
            "date_enqueued": rfc2822(member.entered_at),
            "position": self.position(member),
            "wait_time": whole_seconds(member.entered_at, self.clock.now()),
            "uri": uri,
        }
