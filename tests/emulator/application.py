"""A small real application on loopback for the emulator to call: it answers what a test has laid out for each path."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from twilio.request_validator import RequestValidator


@dataclass(frozen=True)
class Seen:
    """One request as it arrived."""

    path: str
    method: str
    query: dict[str, str]
    form: dict[str, str]
    headers: dict[str, str]
    signed: bool
    at: float


@dataclass
class Reply:
    """What goes back; a body that can be called is given what arrived."""

    body: "str | bytes | Callable[[Seen], str]" = "<Response/>"
    status: int = 200
    content_type: str | None = "text/xml"
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0  # real: how long it takes


class Application:
    """Answers each path with what was laid there, the last one again and again; others with an empty document."""

    def __init__(self, auth_token: str) -> None:
        self._validator = RequestValidator(auth_token)
        self._replies: dict[str, list[Reply]] = {}
        self._lock = threading.Lock()
        self.seen: list[Seen] = []
        self._server = _Server(("127.0.0.1", 0), self)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def on(self, path: str, *replies: "Reply | str | Callable[[Seen], str]") -> str:
        """Lay out the answers of a path, one after the other. Returns its address."""
        self._replies[path] = [each if isinstance(each, Reply) else Reply(each) for each in replies]
        return self.url + path

    def asked(self, path: str) -> list[Seen]:
        """The requests for a path so far."""
        with self._lock:
            return [each for each in self.seen if each.path == path]

    def wait_for(self, path: str, count: int = 1) -> list[Seen]:
        """The requests for a path, once there are so many."""
        until = time.monotonic() + 10
        while len(found := self.asked(path)) < count:
            assert time.monotonic() < until, f"{path} was asked {len(found)} times, not {count}: {self.seen}"
            time.sleep(0.005)
        return found

    def take(self, handler: BaseHTTPRequestHandler) -> Reply:
        """Note a request and choose its answer."""
        parts = urlsplit(handler.path)
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0)).decode()
        form = dict(parse_qsl(body, keep_blank_values=True))
        url = f"http://{handler.headers['Host']}{handler.path}"
        signed = self._validator.validate(url, form, handler.headers.get("X-Twilio-Signature", ""))
        seen = Seen(
            parts.path,
            handler.command,
            dict(parse_qsl(parts.query, keep_blank_values=True)),
            form,
            {name.lower(): value for name, value in handler.headers.items()},
            signed,
            time.monotonic(),
        )
        with self._lock:
            self.seen.append(seen)
            replies = self._replies.get(parts.path, [Reply()])
            reply = replies.pop(0) if len(replies) > 1 else replies[0]
        return (
            Reply(reply.body(seen), reply.status, reply.content_type, reply.headers) if callable(reply.body) else reply
        )


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], application: Application) -> None:
        self.application = application
        super().__init__(address, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """The emulator may hang up on a slow answer: nothing to report."""


class _Handler(BaseHTTPRequestHandler):
    def _answer(self) -> None:
        server = self.server
        assert isinstance(server, _Server)
        reply = server.application.take(self)
        time.sleep(reply.seconds)
        body = reply.body.encode() if isinstance(reply.body, str) else reply.body
        assert isinstance(body, bytes)
        self.send_response(reply.status)
        if reply.content_type is not None:
            self.send_header("Content-Type", reply.content_type)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = _answer
    do_POST = _answer

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""
