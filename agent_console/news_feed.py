"""One reader of news a process, for all its open streams. Redis wakes it sooner; without Redis it looks by itself.

With news of the line and its lists it reads what the bar tells of them, once for everybody: three hundred pages that
each asked what such news mean would keep the telephone waiting.
"""

import asyncio
import json
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from agent_console.news_rows import NewsRow, newest_id, read_news
from agent_console.whole_line import InLine, read_anew, read_in_line
from ivr.desk_events import CALL_BACK, EVERYBODY, QUEUE, REPRESENTATIVES, SUPERVISORS, VOICE_MESSAGE
from ivr.wake import DESK_CHANNEL
from models.store import Store

log = structlog.get_logger()

LOOK_EVERY = 1.0  # seconds, while Redis wakes nobody
LOOK_ANYWAY = 5.0  # seconds, for a nudge that was lost
REREAD = 64  # PostgreSQL commits ids out of order: a little is read again, and told once
REMEMBER = 4096
HAVE_THE_BAR = frozenset({REPRESENTATIVES, SUPERVISORS})
"""Whose pages tell of the line and its lists: the roles that may ask for that part of the page."""


class _Ids:
    """The latest ids, so many that an old one does not come again."""

    def __init__(self) -> None:
        self._ids: dict[int, None] = {}  # in the order in which they came

    def __contains__(self, one: int) -> bool:
        return one in self._ids

    def add(self, one: int) -> None:
        self._ids[one] = None
        if len(self._ids) > REMEMBER:
            del self._ids[next(iter(self._ids))]


@dataclass(frozen=True, slots=True)
class Heard:
    """News in the order of their commits; and the line and its lists since, as JSON, empty where they are as before."""

    rows: list[NewsRow]
    line: str


class Subscriber:
    """One open stream. What it cannot take in time is kept up to a limit; then it is told to start afresh."""

    def __init__(self, audiences: frozenset[str]) -> None:
        self._audiences = audiences
        self._rows: deque[NewsRow] = deque(maxlen=REMEMBER)
        self._told = _Ids()
        self._line = ""
        self._ready = asyncio.Event()
        self.is_over = False

    def offer(self, rows: Iterable[NewsRow], line: str = "") -> None:
        """Keep what is for this person and was not told yet. Of the line only the latest counts."""
        for row in rows:
            if row.audience in self._audiences and row.id not in self._told:
                self._told.add(row.id)
                self._rows.append(row)
        if self._audiences & HAVE_THE_BAR:
            self._line = line or self._line
        if self._rows or self._line:
            self._ready.set()

    def end(self) -> None:
        """Nobody listens any more."""
        self.is_over = True
        self._ready.set()

    async def next(self) -> Heard:
        """Everything since the last time, as soon as there is any, or the end has come."""
        await self._ready.wait()
        heard = Heard(list(self._rows), self._line)
        self._rows.clear()
        self._line = ""
        self._ready.clear()
        return heard


def _as_told(line: InLine) -> dict[str, Any]:
    since = line.longest_since.timestamp() if line.longest_since else None
    waiting = [[one.language, one.waiting] for one in line.queue]
    return {"after": line.after, "waiting": waiting, "since": since, "desks": line.desks}


class NewsFeed:
    """Reads each row once for everybody. No database connection is held between two looks."""

    def __init__(self, redis_url: str, store: Store) -> None:
        self._redis_url = redis_url
        self._store = store
        self._subscribers: set[Subscriber] = set()
        self._seen = _Ids()
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
            for row in await asyncio.to_thread(self._read, self._last - REREAD):
                self._seen.add(row.id)
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
        fresh, line = await asyncio.to_thread(self._read_fresh)
        if not fresh:
            return
        for row in fresh:
            self._seen.add(row.id)
        self._last = max(self._last, fresh[-1].id)
        for subscriber in self._subscribers:
            subscriber.offer(fresh, line)

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

    def _read_fresh(self) -> tuple[list[NewsRow], str]:
        """What is new; and what the bar tells, where that is among it: read after the news, and so at least as new."""
        fresh = [row for row in self._read(self._last - REREAD) if row.id not in self._seen]
        about = {row.kind for row in fresh if row.audience == EVERYBODY}
        if about & {CALL_BACK, VOICE_MESSAGE}:
            return fresh, self._read_lists()
        return fresh, self._read_line() if QUEUE in about else ""

    def _read_line(self) -> str:
        with self._store.read() as connection:
            return json.dumps(_as_told(read_in_line(connection)))

    def _read_lists(self) -> str:
        with self._store.session() as session:
            whole = read_anew(session)
        lists = asdict(whole)
        del lists["now"]
        return json.dumps(_as_told(whole.now) | {"lists": lists})

    def _read(self, after: int) -> list[NewsRow]:
        with self._store.read() as connection:
            return read_news(connection, after)
