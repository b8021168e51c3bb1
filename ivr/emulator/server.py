"""The emulator as a web server: in the foreground for a person, or in a thread for tests."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from ivr.emulator import page_routes, verbs
from ivr.emulator.exchange import Exchange
from ivr.emulator.local import calls as local_calls
from ivr.emulator.local import clients, phones, rooms, stage
from ivr.emulator.local.doorman import doorman
from ivr.emulator.rest import (
    account,
    applications,
    calls,
    conferences,
    messages,
    notifications,
    numbers,
    participants,
    queues,
    recordings,
)
from ivr.emulator.rest.guard import guard
from ivr.emulator.settings import Settings
from ivr.emulator.wire import EXCHANGE

VERBS = verbs.__all__  # importing them is what makes the interpreter know them
_REST = (
    account, applications, calls, conferences, messages, notifications, numbers, participants, queues, recordings,
)  # fmt: skip
_LOCAL = (phones, local_calls, clients, rooms, stage, page_routes)
_STOP_SECONDS = 10.0


def make_app(exchange: Exchange) -> web.Application:
    """All routes around one exchange."""
    app = web.Application(middlewares=[guard, doorman], client_max_size=2 * 1024 * 1024)
    app[EXCHANGE] = exchange
    for room in (*_REST, *_LOCAL):
        app.add_routes(room.ROUTES)
    app.router.add_route("OPTIONS", "/local/{rest:.*}", _preflight)
    return app


async def _preflight(request: web.Request) -> web.Response:
    return web.Response(status=204)


def _listen(bind: str) -> socket.socket:
    """Raises OSError where the address is taken."""
    host, _, port = bind.rpartition(":")
    return socket.create_server((host, int(port)), reuse_port=False)


@dataclass(frozen=True, slots=True)
class _Voice:
    """The door for browsers' voices: a second address of the same pages, with a certificate."""

    listening: socket.socket
    context: ssl.SSLContext


def _add_voice(exchange: Exchange, app: web.Application) -> _Voice | None:
    """Have sound carried, where that was asked for and is possible; else the exchange says why not."""
    settings = exchange.settings
    if not settings.voice_bind:
        return None
    if settings.virtual or settings.speed != 1:
        exchange.no_voice = "Voices cannot be made faster: sound is carried at the usual speed only."
        return None
    try:
        # Loaded only here: it takes seconds, and an emulator without voice does without it.
        from ivr.emulator.voice.gateway import add_voice
    except ImportError as error:
        exchange.no_voice = f"A library for sound is missing: {error}"
        return None
    from ivr.emulator.voice.certificate import BadCertificate, server_context

    try:
        context = server_context(Path(settings.voice_folder))
    except BadCertificate as error:
        exchange.no_voice = str(error)
        return None
    except OSError as error:
        exchange.no_voice = f"The certificate for voice cannot be kept in {settings.voice_folder}: {error.strerror}"
        return None
    try:
        voice = _Voice(_listen(settings.voice_bind), context)
    except OSError as error:
        exchange.no_voice = f"The address for voice, {settings.voice_bind}, cannot be used: {error.strerror}"
        return None
    add_voice(exchange, app)
    exchange.no_voice = ""
    return voice


@dataclass
class _Server:
    """One running emulator inside an event loop."""

    settings: Settings
    voice_url: str = ""  # empty where no sound is carried

    async def open(self) -> str:
        """Listen; returns the address."""
        host = self.settings.bind.rpartition(":")[0]
        # The exchange must know its own address before it exists: take the port first, then serve on it.
        listening = _listen(self.settings.bind)
        shown = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - only compared
        self.url = f"http://{shown}:{listening.getsockname()[1]}"
        self.exchange = Exchange(self.settings, self.url)
        app = make_app(self.exchange)
        voice = _add_voice(self.exchange, app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.SockSite(self._runner, listening).start()
        if voice is not None:
            await web.SockSite(self._runner, voice.listening, ssl_context=voice.context).start()
            self.voice_url = f"https://{shown}:{voice.listening.getsockname()[1]}"
        return self.url

    async def close(self) -> None:
        await self.exchange.close()
        await self._runner.cleanup()


class Running:
    """An emulator in a thread of its own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._loop = asyncio.new_event_loop()
        self._ready: Future[str] = Future()
        self._stopped = asyncio.Event()
        self.voice_url = ""  # where browsers signal their voice; empty where no sound is carried
        self._thread = threading.Thread(target=self._run, name="emulator", daemon=True)
        self._thread.start()
        self.url = self._ready.result(_STOP_SECONDS)

    def stop(self) -> None:
        """End all calls and free the port."""
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(_STOP_SECONDS)

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        server = _Server(self._settings)
        try:
            url = await server.open()
            self.voice_url = server.voice_url
            self._ready.set_result(url)
        except BaseException as error:
            self._ready.set_exception(error)
            raise
        await self._stopped.wait()
        await server.close()


def start(settings: Settings) -> Running:
    """Start an emulator beside the caller. Raises OSError where the port is taken."""
    return Running(settings)


async def serve(settings: Settings, tell: Callable[[str, str], None]) -> None:
    """Run until cancelled; `tell` is given the address once it can be used, and why no sound is carried, if so.

    Raises OSError where the address is taken.
    """
    server = _Server(settings)
    url = await server.open()
    tell(url, server.exchange.no_voice)
    try:
        await asyncio.Event().wait()
    finally:
        await server.close()
