"""A full house: news to many desks at once, while each page asks for what they mean."""

import asyncio
import random
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx

from ivr.desk_events import EVERYBODY, QUEUE, tell_desk
from ivr.wake import RedisWake
from models.store import Store
from tests.bench.servers import Server
from tests.bench.streams import Streams

DESKS_A_SECOND = 50  # agent_console/static/for_all.js: how the pages of a full house spread their asking
SETTLE_S = 3.0
_SUBJECT = re.compile(rb'"subject": ?"b(\d+)"')


@dataclass
class House:
    """What the desks have seen. Times in seconds; a delay counts from the commit of the news to its arrival."""

    told_at: dict[int, float] = field(default_factory=dict)
    delays: list[float] = field(default_factory=list)
    fetches: list[float] = field(default_factory=list)
    refused: int = 0
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
    async with httpx.AsyncClient(base_url=server.url, headers={"Cookie": streams.cookie}, timeout=30) as client:
        open_desks = [await _open(streams) for _ in range(desks)]
        ready.set()
        asked: set[asyncio.Task[None]] = set()
        pages = [asyncio.create_task(_attend(house, reader, client, desks, asked)) for reader, _ in open_desks]
        await asyncio.to_thread(_tell, house, server, streams, rate)
        await asyncio.sleep(SETTLE_S)  # for what is under way
        for task in (*pages, *asked):
            task.cancel()
        await asyncio.gather(*pages, *asked, return_exceptions=True)
        for _, writer in open_desks:
            writer.close()


async def _open(streams: Streams) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", streams.port)
    writer.write(streams.request())
    await reader.readuntil(b"welcome")
    return reader, writer


async def _attend(
    house: House,
    reader: asyncio.StreamReader,
    client: httpx.AsyncClient,
    desks: int,
    asked: set[asyncio.Task[None]],
) -> None:
    """One page: note when news come, and ask for the facts of the bar in its turn."""
    mine: asyncio.Task[None] | None = None
    while line := await reader.readline():
        found = _SUBJECT.search(line)
        if found is None:
            continue
        house.delays.append(time.perf_counter() - house.told_at[int(found[1])])
        if mine is None or mine.done():
            mine = asyncio.create_task(_ask_in_turn(house, client, desks))
            asked.add(mine)
            mine.add_done_callback(asked.discard)


async def _ask_in_turn(house: House, client: httpx.AsyncClient, desks: int) -> None:
    await asyncio.sleep(random.random() * 2 * desks / DESKS_A_SECOND)
    began = time.perf_counter()
    with suppress(httpx.HTTPError):
        answer = await client.get("/desk/parts/facts")
        house.fetches.append(time.perf_counter() - began)
        house.refused += answer.status_code != 200


def _tell(house: House, server: Server, streams: Streams, rate: float) -> None:
    store, wake = Store(server.config.database_url), RedisWake(server.config.redis_url)
    number, began = 0, time.perf_counter()
    try:
        while not house.over:
            subject = f"b{number}"
            house.told_at[number] = time.perf_counter()  # replaced after the commit; a stream may be quicker
            store.write(lambda c, subject=subject: tell_desk(c, QUEUE, subject, EVERYBODY, datetime.now(UTC)))  # type: ignore[misc]  # bound
            house.told_at[number] = time.perf_counter()
            wake.desk()
            number += 1
            time.sleep(max(0.0, began + number / rate - time.perf_counter()))
    finally:
        store.close()
