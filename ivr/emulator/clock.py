"""The telephone's own time. Everything a caller would wait for is read from here, so that tests need not wait."""

import asyncio
import heapq
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

_PATIENCE = 20.0  # real seconds until work under way no longer holds up virtual time


class Clock(Protocol):
    """Tells the time in aware UTC and lets a task sleep in it."""

    def now(self) -> datetime: ...

    async def sleep(self, seconds: float) -> None: ...

    def at_work(self) -> "AtWork": ...


class AtWork:
    """Counts web requests under way: while there is one, virtual time must not move past its answer."""

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> None:
        self.count += 1

    def __exit__(self, *_: object) -> None:
        self.count -= 1


class RunningClock:
    """The wall's time from its start on, `speed` times as fast."""

    def __init__(self, speed: float = 1.0) -> None:
        if speed <= 0:
            raise ValueError(f"speed is {speed}; it must be above 0, for example 10 for ten times as fast")
        self._speed = speed
        self._began = datetime.now(UTC)
        self._mark = time.monotonic()
        self._work = AtWork()

    def now(self) -> datetime:
        return self._began + timedelta(seconds=(time.monotonic() - self._mark) * self._speed)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(0.0, seconds) / self._speed)

    def at_work(self) -> AtWork:
        return self._work


class VirtualClock:
    """Stands still until it is advanced; then sleepers wake in the order of their times."""

    def __init__(self, start: datetime | None = None) -> None:
        self._now = start or datetime.now(UTC)
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._count = 0
        self._work = AtWork()
        self._moving = asyncio.Lock()

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        self._count += 1
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + timedelta(seconds=seconds), self._count, waiter))
        await waiter

    def at_work(self) -> AtWork:
        return self._work

    async def advance(self, seconds: float) -> None:
        """Move on by `seconds`, letting each sleeper do its work, web requests too, before the next one wakes."""
        async with self._moving:
            await self._settle()
            target = self._now + timedelta(seconds=seconds)
            while self._sleepers and self._sleepers[0][0] <= target:
                due, _, waiter = heapq.heappop(self._sleepers)
                if waiter.done():
                    continue
                self._now = due
                waiter.set_result(None)
                await self._settle()
            self._now = target

    async def _settle(self) -> None:
        # An application that redirects to itself for ever would never be quiet: time goes on all the same.
        latest = time.monotonic() + _PATIENCE
        quiet = 0
        while quiet < 3 and time.monotonic() < latest:
            for _ in range(25):
                await asyncio.sleep(0)
            if self._work.count:
                quiet = 0
                await asyncio.sleep(0.002)
            else:
                quiet += 1
