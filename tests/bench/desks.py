"""A full house: news to many desks at once, while their pages ask for what they show."""

import asyncio
import itertools
import os
import re
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx

from ivr.desk_events import CALL_BACK, EVERYBODY, QUEUE, tell_desk
from ivr.wake import RedisWake
from models.store import Store
from tests.bench.servers import Server
from tests.bench.streams import Streams

ALIVE_EVERY_S, BAR_EVERY_S = 10.0, 60.0  # agent_console/static/console.js
ONE_CALL_BACK_IN = 10  # news; the others are of the line
SETTLE_S = 3.0
_NEWS = re.compile(rb'"subject": ?"b(\d+)"')
_TOKEN = re.compile(r'data-token="([^"]+)"')


@dataclass
class House:
    """What the desks have seen. Times in seconds; a delay counts from the commit of the news to its arrival."""

    told_at: dict[int, float] = field(default_factory=dict)
    delays: list[float] = field(default_factory=list)
    fetches: list[float] = field(default_factory=list)
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
    house: House, ready: threading.Event, server: Server, streams: Streams, desks: int, rate: float
) -> None:
    # The pages of a house run on machines of their own: here they take what the servers leave.
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 19)
    cookies = httpx.Cookies()
    for name, value in (one.split("=", 1) for one in streams.cookie.split("; ")):
        cookies.set(name, value, domain="127.0.0.1")
    async with httpx.AsyncClient(base_url=server.url, cookies=cookies, timeout=30) as client:
        asking = _Asking(house, client, desks)
        await asking.read_token()
        pages = [await _open(house, streams) for _ in range(desks)]
        began = time.thread_time()
        by_themselves = asyncio.create_task(asking.by_themselves())
        ready.set()
        await asyncio.to_thread(_tell, house, server, streams, rate)
        await asyncio.sleep(SETTLE_S)  # for what is under way
        house.cpu_s = time.thread_time() - began
        by_themselves.cancel()
        for page in pages:
            page.close()
        await asking.stop()


class _Asking:
    """What open pages ask the server by themselves: each gives a sign of life, and asks for its bar, now and then."""

    def __init__(self, house: House, client: httpx.AsyncClient, desks: int) -> None:
        self._house = house
        self._client = client
        self._desks = desks
        self._token = ""
        self._running: set[asyncio.Task[None]] = set()

    async def read_token(self) -> None:
        page = await self._client.get("/desk/call-backs")
        found = _TOKEN.search(page.text)
        assert found is not None
        self._token = found[1]

    async def by_themselves(self) -> None:
        """As static/console.js does, all pages spread evenly."""
        for number in itertools.count():
            await asyncio.sleep(ALIVE_EVERY_S / self._desks)
            self._start(self._ask("POST", "/desk/alive"))
            if number % round(BAR_EVERY_S / ALIVE_EVERY_S) == 0:
                self._start(self._ask("GET", "/desk/parts/facts"))
                self._start(self._ask("GET", "/desk/parts/nav"))

    async def stop(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def _start(self, asking: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(asking)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _ask(self, method: str, path: str) -> None:
        headers = {"X-CSRFToken": self._token, "X-Requested-With": "desk", "Accept": "*/*"}
        began = time.perf_counter()
        with suppress(httpx.HTTPError):
            answer = await self._client.request(method, path, headers=headers)
            self._house.fetches.append(time.perf_counter() - began)
            self._house.refused += answer.status_code != 200


async def _open(house: House, streams: Streams) -> "_Page":
    loop = asyncio.get_running_loop()
    _, page = await loop.create_connection(lambda: _Page(house), "127.0.0.1", streams.port)
    page.write(streams.request())
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
