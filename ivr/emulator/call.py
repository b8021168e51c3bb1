"""One call leg, inbound or outbound, of a phone or of a softphone."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from ivr.emulator.clock import Clock
from ivr.emulator.events import EventLog
from ivr.emulator.names import new_sid, rfc2822, whole_seconds
from ivr.emulator.outgoing import Params
from ivr.emulator.sounding import Sounding
from ivr.emulator.twiml import Document

FINAL = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
INDIA = "+91"


class HungUp(Exception):
    """The call is over; what is still running for it stops here."""


class Taken(Exception):
    """Someone gave the call a new document through REST."""

    def __init__(self, load: Callable[[], Awaitable[Document]]) -> None:
        self.load = load
        super().__init__("the call was given a new document")


@dataclass(frozen=True, slots=True)
class Callback:
    """Where the progress of something is told, and which of it."""

    url: str
    method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})


@dataclass(eq=False)
class Call:
    """Its status only moves forward; whoever waits on its behalf waits through `race`."""

    account_sid: str
    clock: Clock
    from_: str
    to: str
    direction: str  # inbound, outbound-api, outbound-dial
    status: str = "queued"
    parent_sid: str = ""
    number_sid: str = ""
    called: str | None = None  # where it differs from `to`: empty on a softphone's call
    extra: Params = ()  # further fields of each request: ApplicationSid and a softphone's own parameters
    fallback: Callback | None = None
    progress: Callback | None = None
    speaks_from: datetime | None = None  # of a recording: sound until `speaks_until`
    speaks_until: datetime | None = None
    spoken: str = ""  # words for a gather that listens
    handset: str = ""  # whose telephone dialled, where that is not shown
    parameters: Params = ()  # of a softphone that is dialled: what <Parameter> gave

    def __post_init__(self) -> None:
        self.sid = new_sid("CA")
        self.created_at = self.updated_at = self.clock.now()
        self.started_at: datetime | None = None
        self.ended_at: datetime | None = None
        self.events = EventLog(self.clock)
        self.jar = aiohttp.CookieJar(unsafe=True)  # also for addresses that are bare numbers
        self.sequence = 0
        self.queue_seconds = 0
        self.hears_keys: Callable[[str], bool] | None = None
        self.hears_voice: Callable[[float], None] | None = None  # who takes in what the caller says, for so long
        self.sound = asyncio.Event()  # set whenever the caller begins to speak
        self.soundings: list[Sounding] = []  # what the line plays to it now
        self.hears: Callable[[], list[Call]] = list  # whose voices reach it now
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.task: asyncio.Task[None] | None = None
        self._taken: asyncio.Future[Taken] = asyncio.get_running_loop().create_future()

    @property
    def live(self) -> bool:
        return self.status not in FINAL

    @property
    def answered(self) -> bool:
        return self.started_at is not None

    @property
    def handset_number(self) -> str:
        """The telephone of the public network that this leg belongs to."""
        return self.handset or (self.from_ if self.direction == "inbound" else self.to)

    @property
    def seconds(self) -> int:
        return whole_seconds(self.started_at, self.ended_at or self.clock.now())

    def params(self) -> list[tuple[str, str]]:
        """The fields that every request about this call carries."""
        called = self.to if self.called is None else self.called
        pairs = [
            ("CallSid", self.sid),
            ("AccountSid", self.account_sid),
            ("From", self.from_),
            ("To", self.to),
            ("Caller", self.from_),
            ("Called", called),
            ("CallStatus", self.status),
            ("ApiVersion", "2010-04-01"),
            ("Direction", self.direction),
        ]
        if self.parent_sid:
            pairs.append(("ParentCallSid", self.parent_sid))
        for side, number in (("From", self.from_), ("Caller", self.from_), ("To", self.to), ("Called", called)):
            if number.startswith(INDIA):
                pairs += [(f"{side}City", ""), (f"{side}State", ""), (f"{side}Zip", ""), (f"{side}Country", "IN")]
        return [*pairs, *self.extra]

    def move(self, status: str) -> None:
        """To another status; a final one ends every wait."""
        if not self.live:
            return
        self.status = status
        self.updated_at = self.clock.now()
        if status == "in-progress" and self.started_at is None:
            self.started_at = self.updated_at
        if status in FINAL:
            self.ended_at = self.updated_at
            self.over.set_result(None)
        self.events.add("ended" if status in FINAL else status, status=status)

    def take_over(self, load: Callable[[], Awaitable[Document]]) -> None:
        """Leave whatever runs and go on with the document that `load` brings."""
        if self._taken.done():
            self._taken = asyncio.get_running_loop().create_future()
        self._taken.set_result(Taken(load))

    def check(self) -> None:
        """Raise HungUp or Taken where the call was interrupted."""
        if not self.live:
            raise HungUp
        if self._taken.done():
            raise self._taken.result()

    def go_on(self) -> None:
        """Forget the interruption that has been followed."""
        self._taken = asyncio.get_running_loop().create_future()

    async def race(self, *waits: "asyncio.Future[Any]") -> None:
        """Wait for the first of these; an interruption of the call goes before them all."""
        self.check()
        interesting: set[asyncio.Future[Any]] = {self.over, self._taken, *waits}
        await asyncio.wait(interesting, return_when=asyncio.FIRST_COMPLETED)
        self.check()

    async def rest(self, seconds: float, *waits: "asyncio.Future[Any]") -> bool:
        """Wait telephone seconds, or less where one of `waits` comes first. Tells whether the time ran out."""
        timer = asyncio.ensure_future(self.clock.sleep(seconds))
        try:
            await self.race(timer, *waits)
            return timer.done()
        finally:
            timer.cancel()

    def press(self, keys: str) -> tuple[str, str]:
        """The caller presses keys. Returns those that something listened to, and those that were lost."""
        taken = lost = ""
        for key in keys:
            if self.hears_keys is not None and self.hears_keys(key):
                taken += key
            else:
                lost += key
        self.events.add("keys", count=len(keys), lost=len(lost))
        return taken, lost

    def stop_hearing(self, listener: Callable[[str], bool]) -> None:
        """Unless another has begun to listen meanwhile."""
        if self.hears_keys == listener:
            self.hears_keys = None

    @contextmanager
    def sounding(self, file: bytes = b"", *, endless: bool = False) -> Iterator[None]:
        """While this lasts the call hears a sound file, or without one the usual music."""
        sound = Sounding(file, endless, asyncio.get_running_loop().time())
        self.soundings.append(sound)
        try:
            yield
        finally:
            self.soundings.remove(sound)

    @contextmanager
    def hearing(self, others: "Callable[[], list[Call]]") -> Iterator[None]:
        """While this lasts the call hears the voices of these, as they are at each moment."""
        self.hears = others
        try:
            yield
        finally:
            self.hears = list

    def speak(self, seconds: float, words: str = "") -> None:
        """The caller speaks for so long; `words` are what a listening gather makes of it."""
        now = self.clock.now()
        self.speaks_from = self.speaks_from or now
        self.speaks_until = now + timedelta(seconds=seconds)
        self.spoken = words
        self.sound.set()
        if self.hears_voice is not None:
            self.hears_voice(seconds)

    def as_json(self) -> dict[str, Any]:
        """As the REST API shows it."""
        uri = f"/2010-04-01/Accounts/{self.account_sid}/Calls/{self.sid}"
        parts = ("events", "notifications", "payments", "recordings", "siprec", "streams", "transcriptions")
        status = "ringing" if self.status == "initiated" else self.status
        return {
            "sid": self.sid,
            "date_created": rfc2822(self.created_at),
            "date_updated": rfc2822(self.updated_at),
            "parent_call_sid": self.parent_sid or None,
            "account_sid": self.account_sid,
            "to": self.to,
            "to_formatted": self.to,
            "from": self.from_,
            "from_formatted": self.from_,
            "phone_number_sid": self.number_sid or None,
            "status": status,
            "start_time": rfc2822(self.started_at),
            "end_time": rfc2822(self.ended_at),
            "duration": str(self.seconds) if not self.live else None,
            "price": None,
            "price_unit": "USD",
            "direction": self.direction,
            "answered_by": None,
            "api_version": "2010-04-01",
            "forwarded_from": None,
            "group_sid": None,
            "caller_name": None,
            "queue_time": str(self.queue_seconds * 1000),
            "trunk_sid": None,
            "uri": f"{uri}.json",
            "subresource_uris": {part: f"{uri}/{part.title()}.json" for part in parts},
        }
