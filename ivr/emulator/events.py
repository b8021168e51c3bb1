"""What happens on a call or a device, in order, for whoever watches it by long poll."""

import asyncio
from typing import Any

from ivr.emulator.clock import Clock


class EventLog:
    """Numbered from 1. A watcher names the last one it has seen."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._events: list[dict[str, Any]] = []
        self._news = asyncio.Event()

    def add(self, kind: str, **facts: Any) -> None:
        at = self._clock.now().isoformat()
        self._events.append({"n": len(self._events) + 1, "at": at, "kind": kind, **facts})
        news, self._news = self._news, asyncio.Event()
        news.set()

    def after(self, n: int) -> list[dict[str, Any]]:
        return self._events[max(0, n) :]

    async def wait_after(self, n: int, seconds: float) -> list[dict[str, Any]]:
        """Events after `n`; waits up to real `seconds` for the first of them."""
        if seconds > 0 and not self.after(n):
            try:
                async with asyncio.timeout(seconds):
                    while not self.after(n):
                        await self._news.wait()
            except TimeoutError:
                return []
        return self.after(n)
