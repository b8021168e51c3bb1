"""Two legs that hear each other."""

import asyncio

from ivr.emulator.call import Call


class Bridge:
    """`ready` once both are there; `over` when either leaves. `url` is what a queued caller hears before."""

    def __init__(self, dialer: Call, url: str = "", method: str = "POST") -> None:
        loop = asyncio.get_running_loop()
        self.dialer = dialer
        self.url = url
        self.method = method
        self.ready: asyncio.Future[None] = loop.create_future()
        self.over: asyncio.Future[None] = loop.create_future()

    def begin(self) -> None:
        if not self.ready.done():
            self.ready.set_result(None)

    def end(self) -> None:
        if not self.over.done():
            self.over.set_result(None)
