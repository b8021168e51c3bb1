"""The event stream of the desk: its own process, because each open page holds one connection for hours.

It takes the pages' signs of life too: thirty a second of a full house are nothing here, and in the web process they
would stand in the way of the telephone.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from contextlib import suppress
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qs

import structlog

from agent_console.news_feed import REMEMBER, NewsFeed, Subscriber
from agent_console.news_rows import NewsRow
from agent_console.signs_of_life import Sign, SignKeeper
from agent_console.stream_pass import Pass, PassReader
from clock import Clock, SystemClock
from config import Config
from ivr.long_lived import keep_what_is_there
from models.store import Store

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

BEAT_SECONDS = 15.0
MOST_SAID = 1000  # bytes of a sign of life
SAID_WITHIN = 5.0  # seconds
_PLAIN = re.compile(r"[A-Za-z0-9_-]{0,64}")

log = structlog.get_logger()
_STREAM_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


class EventStream:
    """An ASGI application: `GET /events` is the stream, `POST /events` the sign of life of a page."""

    def __init__(self, config: Config, store: Store, clock: Clock | None = None) -> None:
        self._origin = config.public_url
        self._passes = PassReader(config, store)
        self._feed = NewsFeed(config.redis_url, store)
        self._signs = SignKeeper(store, clock or SystemClock())

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
        elif scope["method"] not in ("GET", "POST") or scope["path"] != "/events":
            await self._say(send, 404, "There is nothing here. The stream of the desk is at /events.")
        elif headers.get("origin", self._origin) != self._origin:
            await self._say(send, 403, "Open the desk at its own address: pages of other sites get no news.")
        elif scope["method"] == "POST":
            await self._hear_sign(headers, receive, send)
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

    async def _hear_sign(self, headers: Mapping[str, str], receive: Receive, send: Send) -> None:
        """Whether it was kept: if not, the page tells the web process, whose answer is the one that counts."""
        known = self._passes.claimed(headers.get("cookie", ""))
        if "origin" not in headers:  # each browser sends it with such a request
            await self._say(send, 403, "Only pages of the desk show signs of life.")
        elif known is None:
            await self._say(send, 401, "Sign in at the desk first.")
        elif (body := await _read(receive)) is None:
            await self._say(send, 413, f"A sign of life has at most {MOST_SAID} bytes, and comes at once.")
        else:
            await self._say(send, *await self._keep_sign(_sign(*known, body)))

    async def _keep_sign(self, sign: Sign | None) -> tuple[int, str]:
        try:
            kept = sign is not None and await self._signs.keep(sign)
        except Exception as error:
            log.warning("signs_not_kept", kind=type(error).__name__)
            return 503, "The store is away. Tell the desk itself."
        return (200, "kept") if kept else (202, "Tell the desk itself.")

    async def _tell_next(self, subscriber: Subscriber, send: Send) -> bool:
        """Write what is new. False if nothing came for a while, and a beat went out instead."""
        try:
            async with asyncio.timeout(BEAT_SECONDS):
                heard = await subscriber.next()
        except TimeoutError:
            await _write(send, "event: beat\ndata: \n\n")
            return False
        news = [_written(row) for row in heard.rows]
        lines = [f"event: line\ndata: {line}\n\n" for line in heard.lines]
        await _write(send, "".join((*lines, *news)))
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
        body = words.encode()
        length = (b"content-length", str(len(body)).encode())
        headers = [(b"content-type", b"text/plain; charset=utf-8"), length, *self._cors()]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def create_stream() -> EventStream:
    """The stream process, from the environment."""
    config = Config.from_env()
    application = EventStream(config, Store(config.database_url))
    keep_what_is_there()
    return application


def _after(scope: Scope, headers: Mapping[str, str]) -> int | None:
    """The last id that the page has: its own header on a new try wins over the one in the address."""
    asked = headers.get("last-event-id") or parse_qs(scope["query_string"].decode("latin-1")).get("after", [""])[0]
    return int(asked) if asked.isascii() and asked.isdecimal() else None


@lru_cache(REMEMBER)  # the same for each of the pages
def _written(row: NewsRow) -> str:
    return f"id: {row.id}\ndata: {json.dumps(row.as_told())}\n\n"


async def _read(receive: Receive) -> bytes | None:
    """The body of a request; None if it is too long, or too slow."""
    body = b""
    with suppress(TimeoutError):
        async with asyncio.timeout(SAID_WITHIN):
            while len(body) <= MOST_SAID:
                message = await receive()
                body += message.get("body", b"")
                if not message.get("more_body"):
                    return body if len(body) <= MOST_SAID else None
    return None


def _sign(staff_id: int, epoch: int, body: bytes) -> Sign | None:
    """None of what no page of this person says: another one may have signed in on this machine meanwhile."""
    said = {name: values[0] for name, values in parse_qs(body.decode("latin-1")).items()}
    tab, leg = said.get("tab", ""), said.get("leg", "")
    if said.get("who") != str(staff_id) or not _PLAIN.fullmatch(tab) or not _PLAIN.fullmatch(leg):
        return None
    return Sign(staff_id, epoch, tab, leg, muted=said.get("muted") == "yes")


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
