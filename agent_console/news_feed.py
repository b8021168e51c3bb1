"""One reader of news a process, for all its open streams. Redis wakes it sooner; without Redis it looks by itself."""

import asyncio
from collections import deque
from collections.abc import Iterable
from contextlib import suppress

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from agent_console.news_rows import NewsRow, newest_id, read_news
from ivr.wake import DESK_CHANNEL
from models.store import Store

log = structlog.get_logger()

LOOK_EVERY = 1.0  # seconds, while Redis wakes nobody
LOOK_ANYWAY = 5.0  # seconds, for a nudge that was lost
REREAD = 64  # PostgreSQL commits ids out of order: a little is read again, and told once
REMEMBER = 4096


class Subscriber:
    """One open stream. What it cannot take in time is kept up to a limit; then it is told to start afresh."""

    def __init__(self, audiences: frozenset[str]) -> None:
        self._audiences = audiences
        self._rows: deque[NewsRow] = deque(maxlen=REMEMBER)
        self._told: deque[int] = deque(maxlen=REMEMBER)
        self._ready = asyncio.Event()

    def offer(self, rows: Iterable[NewsRow]) -> None:
        """Keep what is for this person and was not told yet."""
        for row in rows:
            if row.audience in self._audiences and row.id not in self._told:
                self._told.append(row.id)
                self._rows.append(row)
        if self._rows:
            self._ready.set()

    async def next(self) -> list[NewsRow]:
        """Everything since the last time, as soon as there is any."""
        await self._ready.wait()
        rows = list(self._rows)
        self._rows.clear()
        self._ready.clear()
        return rows


class NewsFeed:
    """Reads each row once for everybody. No database connection is held between two looks."""

    def __init__(self, redis_url: str, store: Store) -> None:
        self._redis_url = redis_url
        self._store = store
        self._subscribers: set[Subscriber] = set()
        self._seen: deque[int] = deque(maxlen=REMEMBER)
        self._last = 0
        self._starting = asyncio.Lock()
        self._nudged = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._with_redis = False

    async def subscribe(self, audiences: frozenset[str], after: int | None) -> Subscriber:
        """Join in; what came after the id `after` is told first."""
        await self._start()
        subscriber = Subscriber(audiences)
        self._subscribers.add(subscriber)  # before the look back, so that nothing falls between
        if after is not None:
            subscriber.offer(await asyncio.to_thread(self._read, after))
        return subscriber

    def leave(self, subscriber: Subscriber) -> None:
        self._subscribers.discard(subscriber)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def _start(self) -> None:
        """Know where the news stand before anybody joins: what comes later is told to all."""
        async with self._starting:
            if self._tasks:
                return
            self._last = await asyncio.to_thread(self._newest)
            self._seen.extend(row.id for row in await asyncio.to_thread(self._read, self._last - REREAD))
            self._tasks = [asyncio.create_task(self._follow()), asyncio.create_task(self._hear())]

    async def _follow(self) -> None:
        while True:
            try:
                await self._look()
            except Exception:
                log.exception("news_not_read")  # the store is away: the streams stay open and go on after it returns
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._nudged.wait(), LOOK_ANYWAY if self._with_redis else LOOK_EVERY)
            self._nudged.clear()

    async def _look(self) -> None:
        rows = await asyncio.to_thread(self._read, self._last - REREAD)
        fresh = [row for row in rows if row.id not in self._seen]
        if not fresh:
            return
        self._seen.extend(row.id for row in fresh)
        self._last = max(self._last, fresh[-1].id)
        for subscriber in self._subscribers:
            subscriber.offer(fresh)

    async def _hear(self) -> None:
        while True:
            try:
                async with Redis.from_url(self._redis_url) as redis, redis.pubsub() as channel:
                    await channel.subscribe(DESK_CHANNEL)
                    self._with_redis = True
                    async for _ in channel.listen():
                        self._nudged.set()
            except (RedisError, OSError):
                self._with_redis = False
            await asyncio.sleep(LOOK_EVERY)

    def _newest(self) -> int:
        with self._store.read() as connection:
            return newest_id(connection)

    def _read(self, after: int) -> list[NewsRow]:
        with self._store.read() as connection:
            return read_news(connection, after)
