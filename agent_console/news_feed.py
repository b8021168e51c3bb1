"""One reader of news a process, for all its open streams. Redis wakes it sooner; without Redis it looks by itself.

With news of the line and its lists it reads what the bar tells of them, once for everybody: three hundred pages that
each asked what such news mean would keep the telephone waiting.
"""

import asyncio
import json
from collections import deque
from collections.abc import Iterable, Iterator, Set
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import islice
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
GATHER = 1.0  # seconds at most that news for everybody wait for more; what concerns one person or role never waits
GROUPS = 20  # of pages that are written to together: each waking of a process costs as much as some writes
RETELL_EVERY = 60.0  # seconds; what the bar tells may change without news, by the hour or a lease that ran out
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
    """News in the order of their commits; and how the line and its lists stand since, as JSON, oldest first."""

    rows: list[NewsRow]
    lines: list[str]


class _Log:
    """The latest news and how the line stands, kept once for all who listen."""

    def __init__(self) -> None:
        self._rows: deque[NewsRow] = deque(maxlen=REMEMBER)
        self.count = 0  # of all news that ever came
        self.lines = 0  # how often the line was told
        self._line, self._lists = (0, ""), (0, "")  # the latest, and the latest with its lists: which one it was, JSON

    def add(self, rows: Iterable[NewsRow]) -> None:
        for row in rows:
            self._rows.append(row)
            self.count += 1

    def tell_line(self, line: str, *, has_lists: bool) -> None:
        self.lines += 1
        self._line = (self.lines, line)
        if has_lists:
            self._lists = self._line

    def since(self, count: int) -> Iterator[NewsRow]:
        """What came after the first `count` news, oldest first; the oldest of very many are gone."""
        return islice(self._rows, max(0, len(self._rows) - (self.count - count)), None)

    def lines_since(self, lines: int) -> list[str]:
        """What of the line was told after the first so many times, as far as nothing later says it too."""
        return [line for number, line in sorted({self._lists, self._line}) if number > lines]


class Subscriber:
    """One open stream, and how far it has read."""

    def __init__(self, audiences: frozenset[str], log: _Log) -> None:
        self._audiences = audiences
        self._log = log
        self._read, self._lines = log.count, log.lines
        self._before: list[NewsRow] = []
        self._told: set[int] = set()  # of what came before it joined in
        self._ready = asyncio.Event()
        self.is_over = False

    def remember(self, rows: Iterable[NewsRow]) -> None:
        """Tell these first: they came before it joined in. What was told already does not come again."""
        self._before = [row for row in rows if row.audience in self._audiences]
        self._told = {row.id for row in self._before}
        self.hurry()

    def is_one_of(self, audiences: Set[str]) -> bool:
        """True if news for one of `audiences` are for this stream."""
        return not self._audiences.isdisjoint(audiences)

    def hurry(self) -> None:
        """Hand over what there is."""
        self._ready.set()

    def end(self) -> None:
        """Nobody listens any more."""
        self.is_over = True
        self._ready.set()

    async def next(self) -> Heard:
        """Everything since the last time, as soon as there is any, or the end has come. Of the line only the latest."""
        while True:
            await self._ready.wait()
            self._ready.clear()
            heard = self._take()
            if heard.rows or heard.lines or self.is_over:
                return heard

    def _take(self) -> Heard:
        rows, self._before = self._before, []
        for row in self._log.since(self._read):
            if row.audience in self._audiences and row.id not in self._told:
                rows.append(row)
        self._read = self._log.count
        lines = self._log.lines_since(self._lines) if self.is_one_of(HAVE_THE_BAR) else []
        self._lines = self._log.lines
        return Heard(rows, lines)


def _as_told(line: InLine) -> dict[str, Any]:
    since = line.longest_since.timestamp() if line.longest_since else None
    waiting = [[one.language, one.waiting] for one in line.queue]
    return {"after": line.after, "waiting": waiting, "since": since, "desks": line.desks}


class NewsFeed:
    """Reads each row once for everybody. No database connection is held between two looks.

    News of one person or role are handed over at once. Those for everybody gather for a moment, and are handed to some
    pages now and to others a little later: to write to each of three hundred at once, ten times a second, would stand
    in the way of the telephone.
    """

    def __init__(self, redis_url: str, store: Store) -> None:
        self._redis_url = redis_url
        self._store = store
        self._subscribers: dict[Subscriber, None] = {}  # in the order in which they came
        self._log = _Log()
        self._seen = _Ids()
        self._last = 0
        self._starting = asyncio.Lock()
        self._nudged = asyncio.Event()
        self._gathered = asyncio.Event()
        self._about: set[str] = set()  # kinds of the gathered news
        self._tasks: list[asyncio.Task[None]] = []
        self._with_redis = False

    async def subscribe(self, audiences: frozenset[str], after: int | None) -> Subscriber:
        """Join in; what came after the id `after` is told first."""
        await self._start()
        subscriber = Subscriber(audiences, self._log)
        self._subscribers[subscriber] = None  # before the look back, so that nothing falls between
        if after is not None:
            subscriber.remember(await asyncio.to_thread(self._read, after))
        return subscriber

    def leave(self, subscriber: Subscriber) -> None:
        self._subscribers.pop(subscriber, None)

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
            work = (self._follow, self._hear, self._hand_over, self._retell)
            self._tasks = [asyncio.create_task(one()) for one in work]

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
        fresh = await asyncio.to_thread(self._read_fresh)
        if not fresh:
            return
        for row in fresh:
            self._seen.add(row.id)
        self._last = max(self._last, fresh[-1].id)
        self._log.add(fresh)
        at_once = {row.audience for row in fresh if row.audience != EVERYBODY}
        for subscriber in self._subscribers:
            if subscriber.is_one_of(at_once):
                subscriber.hurry()
        self._about |= {row.kind for row in fresh if row.audience == EVERYBODY}
        if self._about:
            self._gathered.set()

    async def _hand_over(self) -> None:
        """News for everybody, with what they mean for the line."""
        while True:
            await self._gathered.wait()
            self._gathered.clear()
            about, self._about = self._about, set()
            await self._read_line_for(about)
            everybody = list(self._subscribers)  # as it is now: whoever leaves in between moves nobody
            for group in range(GROUPS):
                for subscriber in everybody[group::GROUPS]:
                    subscriber.hurry()
                await asyncio.sleep(GATHER / GROUPS)

    async def _retell(self) -> None:
        while True:
            await asyncio.sleep(RETELL_EVERY)
            self._about.add(CALL_BACK)  # as if a list had changed: then all of it is read
            self._gathered.set()

    async def _read_line_for(self, about: Set[str]) -> None:
        has_lists = not about.isdisjoint((CALL_BACK, VOICE_MESSAGE))
        if not has_lists and QUEUE not in about:
            return
        try:
            line = await asyncio.to_thread(self._read_lists if has_lists else self._read_line)
            self._log.tell_line(line, has_lists=has_lists)
        except Exception:
            log.exception("line_not_read")  # the pages are told of the news, and of the line a little later
            self._about |= about
            self._gathered.set()

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

    def _read_fresh(self) -> list[NewsRow]:
        return [row for row in self._read(self._last - REREAD) if row.id not in self._seen]

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
