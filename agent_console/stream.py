"""The event stream of the desk: its own process, because each open page holds one connection for hours."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from agent_console.news_feed import NewsFeed, Subscriber
from agent_console.stream_pass import Pass, PassReader
from config import Config
from models.store import Store

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

BEAT_SECONDS = 15.0
_STREAM_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


class EventStream:
    """An ASGI application with one route, `GET /events`."""

    def __init__(self, config: Config, store: Store) -> None:
        self._origin = config.public_url
        self._passes = PassReader(config, store)
        self._feed = NewsFeed(config.redis_url, store)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                await self._feed.stop()
            await send({"type": f"{message['type']}.complete"})
            if message["type"] == "lifespan.shutdown":
                return

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if scope["method"] == "GET" and scope["path"] == "/health":
            await self._say(send, 200, "ok")
        elif scope["method"] != "GET" or scope["path"] != "/events":
            await self._say(send, 404, "There is nothing here. The stream of the desk is at /events.")
        elif "origin" in headers and headers["origin"] != self._origin:
            await self._say(send, 403, "Open the desk at its own address: pages of other sites get no news.")
        else:
            known = await asyncio.to_thread(self._passes.read, headers.get("cookie", ""))
            if known is None:
                await self._say(send, 401, "Sign in at the desk first.")
            else:
                await self._stream(known, _after(scope, headers), receive, send)

    async def _stream(self, known: Pass, after: int | None, receive: Receive, send: Send) -> None:
        subscriber = await self._feed.subscribe(known.audiences, after)
        gone = asyncio.create_task(_end_when_gone(receive, subscriber))
        try:
            await send({"type": "http.response.start", "status": 200, "headers": [*_STREAM_HEADERS, *self._cors()]})
            await _write(send, ": welcome\nretry: 1000\n\n")
            while not subscriber.is_over:
                if not await self._tell_next(subscriber, send) and not await self._still_welcome(known):
                    return
        except OSError:
            return  # the browser is gone; it comes back with the id it saw last
        finally:
            self._feed.leave(subscriber)
            gone.cancel()
            await _end(send)

    async def _tell_next(self, subscriber: Subscriber, send: Send) -> bool:
        """Write what is new. False if nothing came for a while, and a beat went out instead."""
        try:
            async with asyncio.timeout(BEAT_SECONDS):
                heard = await subscriber.next()
        except TimeoutError:
            await _write(send, "event: beat\ndata: \n\n")
            return False
        news = [f"id: {row.id}\ndata: {json.dumps(row.as_told())}\n\n" for row in heard.rows]
        if heard.line:
            news.insert(0, f"event: line\ndata: {heard.line}\n\n")  # first: who hears the news may look at it
        await _write(send, "".join(news))
        return True

    async def _still_welcome(self, known: Pass) -> bool:
        return await asyncio.to_thread(self._passes.is_valid, known)

    def _cors(self) -> list[tuple[bytes, bytes]]:
        return [
            (b"access-control-allow-origin", self._origin.encode()),
            (b"access-control-allow-credentials", b"true"),
            (b"vary", b"Origin"),
        ]

    async def _say(self, send: Send, status: int, words: str) -> None:
        headers = [(b"content-type", b"text/plain; charset=utf-8"), *self._cors()]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": words.encode()})


def create_stream() -> EventStream:
    """The stream process, from the environment."""
    config = Config.from_env()
    return EventStream(config, Store(config.database_url))


def _after(scope: Scope, headers: Mapping[str, str]) -> int | None:
    """The last id that the page has: its own header on a new try wins over the one in the address."""
    asked = headers.get("last-event-id") or parse_qs(scope["query_string"].decode("latin-1")).get("after", [""])[0]
    return int(asked) if asked.isascii() and asked.isdecimal() else None


async def _end_when_gone(receive: Receive, subscriber: Subscriber) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    subscriber.end()


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _end(send: Send) -> None:
    try:
        await send({"type": "http.response.body", "body": b""})
    except (OSError, RuntimeError):
        return  # it had ended already
