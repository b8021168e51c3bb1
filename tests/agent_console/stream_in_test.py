"""The stream process as an ASGI application, and those who ask it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from agent_console.stream import EventStream
from ivr.desk_events import EVERYBODY, QUEUE, tell_desk
from tests.agent_console.desk_in_test import Desk

NOWHERE = "unix:///nowhere/valkey.sock"
PATIENCE = 20.0


class Listener:
    """A browser's EventSource, at the level of ASGI messages."""

    def __init__(self, body: bytes = b"") -> None:
        self._body = body
        self.status = 0
        self.headers: dict[str, str] = {}
        self.text = ""
        self._more = asyncio.Event()
        self._gone = asyncio.Event()
        self._asked = False

    async def receive(self) -> MutableMapping[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": self._body, "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self.text += message.get("body", b"").decode()
        self._more.set()

    def events(self) -> list[dict[str, Any]]:
        """The news, without what is told of the line."""
        return [one for one in self._told() if "kind" in one]

    def lines(self) -> list[dict[str, Any]]:
        """Who was told to be in line."""
        return [one for one in self._told() if "waiting" in one]

    def _told(self) -> list[dict[str, Any]]:
        return [json.loads(line[6:]) for line in self.text.splitlines() if line.startswith("data: {")]

    async def until(self, is_there: Callable[["Listener"], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not is_there(self):
                self._more.clear()
                await self._more.wait()

    def leave(self) -> None:
        self._gone.set()


def application(desk: Desk, redis_url: str = NOWHERE) -> EventStream:
    return EventStream(replace(desk.telephone.config, redis_url=redis_url), desk.store, desk.clock)


@asynccontextmanager
async def listening(
    app: EventStream, cookie: str, *, query: str = "", path: str = "/events", said: str | None = None, **headers: str
) -> AsyncIterator[Listener]:
    """Ask for the stream, or with `said` post it to the same address."""
    listener = Listener((said or "").encode())
    names = {"cookie": cookie, **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {
        "type": "http",
        "method": "GET" if said is None else "POST",
        "path": path,
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in names.items()],
    }
    task = asyncio.create_task(app(scope, listener.receive, listener.send))
    try:
        yield listener
    finally:
        listener.leave()
        await task


def cookie_of(desk: Desk, login: str) -> str:
    kept = desk.client(login).client.get_cookie("helpline_staff")
    assert kept is not None
    return f"other=1; helpline_staff={kept.value}"


def tell(desk: Desk, subject: str, audience: str = EVERYBODY, *, kind: str = QUEUE) -> None:
    desk.store.write(lambda connection: tell_desk(connection, kind, subject, audience, desk.clock.now()))


def run(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run it in a thread of its own: the browser tests keep a loop in this one."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(lambda: asyncio.run(story())).result()
