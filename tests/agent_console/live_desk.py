"""The desk behind real addresses for a real browser: web process, event stream, and a voice line at the edge."""

import asyncio
import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import parse_qs, urlsplit
from urllib.request import urlopen

import jwt
import pytest
from granian.constants import Interfaces
from granian.server.embed import Server
from playwright.sync_api import Page
from sqlalchemy import select
from werkzeug.serving import make_server

from agent_console.stream import EventStream
from clock import Clock
from config import Config
from ivr.talks import begin_talk, representative_joined
from ivr.tickets import use_ticket
from models.store import Store
from models.talk import Talk
from tests.agent_console.desk_in_test import PASSWORD, Desk, new_screens, open_desk
from tests.agent_console.gate import Gate
from tests.ivr.network import Network
from tests.line import free_ports


@dataclass
class Voice:
    """Where softphones connect: lets them in by their ticket, and brings the caller at once."""

    desk: Desk | None = None
    calls: dict[str, str] = field(default_factory=dict)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def connect(self, token: str, ticket: str) -> str | None:
        assert self.desk is not None
        secret = self.desk.telephone.config.twilio_api_secret
        read = jwt.decode(token, secret, algorithms=["HS256"], options={"verify_aud": False})
        staff_id = int(read["grants"]["identity"].removeprefix("staff-"))
        sid, now = f"CA{len(self.calls) + 1:032d}", self.desk.clock.now()

        def enter(connection: Any) -> bool:
            entrance = use_ticket(connection, ticket, sid, staff_id, now)
            if entrance is None:
                return False
            representative_joined(connection, entrance.talk_id, now)
            call_sid = connection.scalar(select(Talk.call_sid).where(Talk.id == entrance.talk_id))
            if call_sid is not None:
                begin_talk(connection, entrance.talk_id, call_sid, now)
            return True

        if not self.desk.store.write(enter):
            return None
        self._become(sid, "in-progress")
        return sid

    def hang_up(self, sid: str) -> None:
        self._become(sid, "completed")

    def follow(self, sid: str, known: str, seconds: float) -> str | None:
        """The status of a call, as soon as it is another one than `known`, or after so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self.calls.get(sid) != known, seconds)
            return self.calls.get(sid)

    def wait_for_calls(self, count: int) -> None:
        """Until so many softphones have connected in all."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.calls) >= count, 20), self.calls
            assert len(self.calls) == count

    def _become(self, sid: str, status: str) -> None:
        with self._changed:
            self.calls[sid] = status
            self._changed.notify_all()


@dataclass
class LiveDesk:
    """A desk that browsers can open."""

    desk: Desk
    voice: Voice
    url: str
    gate: Gate
    web: ExitStack

    @contextmanager
    def restarting(self) -> Iterator[None]:
        """The web process is gone; after this block there is a new one, which remembers nothing of the old."""
        self.web.close()
        yield
        self.gate = Gate(new_screens(self.desk.telephone))
        self.web.enter_context(_web(self.gate, urlsplit(self.url).port or 0))

    def sign_in(self, page: Page, login: str, *, path: str = "/desk") -> Page:
        """Open the sign-in page and go through it."""
        page.goto(f"{self.url}/desk/sign-in?next={path}")
        page.fill("#login", login)
        page.fill("#password", PASSWORD)
        page.press("#password", "Enter")
        page.wait_for_url(f"{self.url}{path}*" if path != "/desk" else f"{self.url}/desk/*")
        page.wait_for_function("!location.pathname.endsWith('sign-in')")
        page.wait_for_load_state()  # from here on its keys count
        return page


@pytest.fixture
def live(page_store: Store, network: Network, tmp_path: Path) -> Iterator[LiveDesk]:
    """Web process, stream process and voice line, each on a free port."""
    web, stream = free_ports(2)
    voice = Voice()
    with ExitStack() as stack:
        voice_url = stack.enter_context(_voice_line(voice))
        settings = {
            "PUBLIC_URL": f"http://127.0.0.1:{web}",
            "STREAM_URL": f"http://127.0.0.1:{stream}",
            "EMULATOR_URL": voice_url,
            "LOCAL_VOICE_URL": "none",
            "DATABASE_URL": page_store.url.render_as_string(False),
            "SECRET_KEY": "a-key-of-the-tests",
            "HELPLINE_DATA_DIR": str(tmp_path),
        }
        desk = voice.desk = open_desk(page_store, network, tmp_path, **settings)
        assert desk.app is not None
        gate = Gate(desk.app)
        pages = stack.enter_context(ExitStack())
        pages.enter_context(_web(gate, web))
        stack.enter_context(_stream(settings, stream, desk.clock))
        yield LiveDesk(desk, voice, settings["PUBLIC_URL"], gate, pages)


@contextmanager
def _web(gate: Gate, port: int) -> Iterator[None]:
    server = make_server("127.0.0.1", port, gate, threaded=True)
    server.daemon_threads = True  # type: ignore[attr-defined]  # of the threaded kind
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield
    server.shutdown()
    server.server_close()
    thread.join()


@contextmanager
def _stream(settings: dict[str, str], port: int, clock: Clock) -> Iterator[None]:
    """The server of the product in a thread: a process of its own takes longer to start than most tests to pass."""
    config = Config.from_env({**os.environ, **settings})
    store = Store(config.database_url)
    stream = EventStream(config, store, clock)
    server = Server(stream, "127.0.0.1", port, interface=Interfaces.ASGI, websockets=False, log_enabled=False)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_until_complete, args=(server.serve(),), daemon=True)
    thread.start()
    try:
        _await_answer(f"http://127.0.0.1:{port}/health")
        yield
    finally:
        loop.call_soon_threadsafe(server.stop)
        thread.join()
        loop.close()
        store.close()


@contextmanager
def _voice_line(voice: Voice) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_OPTIONS(self) -> None:
            self._answer(204, None)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0) or 0))
            if self.path == "/local/clients/connect":
                token = self.headers["Authorization"].removeprefix("Bearer ")
                sid = voice.connect(token, json.loads(body)["params"]["ticket"])
                self._answer(201 if sid else 403, {"call_sid": sid})
            else:
                voice.hang_up(self.path.split("/")[4])
                self._answer(200, {})

        def do_GET(self) -> None:
            address = urlsplit(self.path)
            asked = parse_qs(address.query)
            known = "in-progress" if asked["after"] == ["1"] else ""
            status = voice.follow(address.path.split("/")[4], known, float(asked["wait"][0]))
            with suppress(BrokenPipeError, ConnectionResetError):  # the page was left meanwhile
                self._answer(200, {"status": status, "events": [], "next": 1})

        def _answer(self, status: int, data: object) -> None:
            body = b"" if data is None else json.dumps(data).encode()
            self.send_response(status)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Access-Control-Allow-Headers", "Authorization, Content-Type")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def _await_answer(address: str) -> None:
    for _ in range(600):
        try:
            with urlopen(address, timeout=1):  # noqa: S310  our own address
                return
        except (URLError, OSError):
            time.sleep(0.05)
    raise AssertionError("the event stream did not start")
