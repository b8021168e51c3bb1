"""A full house: news to many desks at once, while their pages ask for what they show."""

import asyncio
import itertools
import os
import re
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from ivr.desk_events import CALL_BACK, EVERYBODY, QUEUE, tell_desk
from ivr.presences import LEASE
from ivr.wake import RedisWake
from models.presence import Presence
from models.staff import Staff
from models.store import Store
from tests.bench.load import Client
from tests.bench.servers import Server
from tests.bench.streams import Streams

ALIVE_EVERY_S, LOOK_AT_EVERY = 10.0, 3  # agent_console/static: one_tab.js, alive.js
ONE_CALL_BACK_IN = 10  # news; the others are of the line
SETTLE_S = 3.0
_NEWS = re.compile(rb'"subject": ?"b(\d+)"')


@dataclass
class House:
    """What the desks have seen. Times in seconds; a delay counts from the commit of the news to its arrival."""

    told_at: dict[int, float] = field(default_factory=dict)
    delays: list[float] = field(default_factory=list)
    fetches: list[float] = field(default_factory=list)
    signs: int = 0  # of life
    refused: int = 0
    cpu_s: float = 0.0  # of the pages, which run beside the servers
    over: bool = False


@contextmanager
def full_house(server: Server, streams: Streams, desks: int, rate: float) -> Iterator[House]:
    """Open the desks and tell them `rate` news a second, in a thread of its own, until the block ends."""
    house = House()
    ready = threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(_live(house, ready, server, streams, desks, rate)))
    thread.start()
    try:
        if not ready.wait(120):
            raise RuntimeError("The desks did not open within two minutes.")
        yield house
    finally:
        house.over = True
        thread.join()


async def _live(
    house: House, ready: threading.Event, server: Server, streams: Streams, count: int, rate: float
) -> None:
    # The pages of a house run on machines of their own: here they take what the servers leave.
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)
    desks = await asyncio.to_thread(_open_desks, server, streams, count)
    asking = _Asking(house, server, streams)
    pages = [await _open(house, streams, desk) for desk in desks]
    began = time.thread_time()
    by_themselves = asyncio.create_task(asking.by_themselves(desks))
    ready.set()
    await asyncio.to_thread(_tell, house, server, streams, rate)
    await asyncio.sleep(SETTLE_S)  # for what is under way
    house.cpu_s = time.thread_time() - began
    by_themselves.cancel()
    for page in pages:
        page.close()
    await asking.stop()


@dataclass(frozen=True)
class _Desk:
    """One page of one person."""

    who: int
    tab: str
    cookie: str


class _Asking:
    """What open pages ask by themselves: each shows signs of life, and looks whether the server still answers."""

    def __init__(self, house: House, server: Server, streams: Streams) -> None:
        self._house = house
        self._server = server
        self._streams = streams
        self._idle: dict[int, list[Client]] = {server.port: [], streams.port: []}
        self._running: set[asyncio.Task[None]] = set()

    async def by_themselves(self, desks: list[_Desk]) -> None:
        """As static/alive.js does, all pages spread evenly."""
        for number in itertools.count():
            await asyncio.sleep(ALIVE_EVERY_S / len(desks))
            desk, lap = desks[number % len(desks)], number // len(desks)
            self._start(self._show_alive(desk))
            # Pages were not all opened at once, nor do they look at once.
            if (number + lap) % LOOK_AT_EVERY == 0:
                self._start(self._ask("/health", desk))

    async def stop(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _start(self, asking: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(asking)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _show_alive(self, desk: _Desk) -> None:
        said = f"who={desk.who}&tab={desk.tab}"
        form = ("Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(said)}")
        status = await self._send(self._streams.port, desk, "POST /events HTTP/1.1", *form, said=said)
        self._house.signs += 1
        self._house.refused += status != 200

    async def _ask(self, path: str, desk: _Desk) -> None:
        began = time.perf_counter()
        status = await self._send(self._server.port, desk, f"GET {path} HTTP/1.1", "X-Requested-With: desk")
        self._house.fetches.append(time.perf_counter() - began)
        self._house.refused += status != 200

    async def _send(self, port: int, desk: _Desk, *lines: str, said: str = "") -> int:
        """By a connection that is kept, as a browser or a proxy keeps it."""
        head = (*lines, f"Host: 127.0.0.1:{port}", f"Origin: {self._streams.origin}", f"Cookie: {desk.cookie}")
        idle = self._idle[port]
        if not idle:
            _, client = await asyncio.get_running_loop().create_connection(Client, "127.0.0.1", port)
            idle.append(client)
        client = idle.pop()
        status = await client.send(("\r\n".join((*head, "", "")) + said).encode())
        if status:
            idle.append(client)
        return status


def _open_desks(server: Server, streams: Streams, desks: int) -> list[_Desk]:
    """So many people at work, each with a page that is their desk."""
    now = datetime.now(UTC)

    def employ(session: Session) -> list[int]:
        people = [
            Staff(
                login=f"desk-{number}-{now:%H%M%S%f}",
                name=f"Desk {number}",
                password_hash="",
                roles=["representative"],
                languages=["bn"],
                created_at=now,
            )
            for number in range(desks)
        ]
        session.add_all(people)
        session.flush()
        session.add_all(
            Presence(staff_id=one.id, state="break", reason="other", since=now, lease_until=now + LEASE, desk="t")
            for one in people
        )
        return [one.id for one in people]

    store = Store(server.config.database_url)
    try:
        return [_Desk(one, "t", streams.cookie_of(one, server.config)) for one in store.transact(employ)]
    finally:
        store.close()


async def _open(house: House, streams: Streams, desk: _Desk) -> "_Page":
    loop = asyncio.get_running_loop()
    _, page = await loop.create_connection(lambda: _Page(house), "127.0.0.1", streams.port)
    page.write(streams.request(desk.cookie))
    await page.is_welcome.wait()
    return page


class _Page(asyncio.Protocol):
    """One page: note when news come. What they mean for the line the stream tells, and the page need not ask.

    It reads as little of them as it can: three thousand news a second arrive beside the servers that are measured.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._unread = b""
        self._transport: asyncio.Transport | None = None
        self.is_welcome = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def write(self, request: bytes) -> None:
        assert self._transport is not None
        self._transport.write(request)

    def close(self) -> None:
        """Read nothing any more."""
        assert self._transport is not None
        self._transport.close()

    def data_received(self, data: bytes) -> None:
        whole, _, self._unread = (self._unread + data).rpartition(b"\n")
        if not self.is_welcome.is_set() and b"welcome" in whole:
            self.is_welcome.set()
        for number in _NEWS.findall(whole):
            self._house.delays.append(time.perf_counter() - self._house.told_at[int(number)])


def _tell(house: House, server: Server, streams: Streams, rate: float) -> None:
    store, wake = Store(server.config.database_url), RedisWake(server.config.redis_url)
    number, began = 0, time.perf_counter()
    try:
        while not house.over:
            subject = f"b{number}"
            house.told_at[number] = time.perf_counter()  # replaced after the commit; a stream may be quicker
            kind = CALL_BACK if number % ONE_CALL_BACK_IN == 0 else QUEUE
            store.write(lambda c, kind=kind, subject=subject: tell_desk(c, kind, subject, EVERYBODY, datetime.now(UTC)))  # type: ignore[misc]  # bound
            house.told_at[number] = time.perf_counter()
            wake.desk()
            number += 1
            time.sleep(max(0.0, began + number / rate - time.perf_counter()))
    finally:
        store.close()
