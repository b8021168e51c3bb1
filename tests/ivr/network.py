"""A stand-in for the network's REST interface at the edge: real HTTP, replies and faults as a test sets them."""

import json
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

ACCOUNT = "AC" + "0" * 31 + "1"
_BASE = f"/2010-04-01/Accounts/{ACCOUNT}"


@dataclass
class Asked:
    """One request as it came over the wire."""

    method: str
    path: str  # below the account, without .json
    form: dict[str, str]
    query: dict[str, str]
    authorization: str | None


@dataclass
class Network:
    """What was asked, and what is answered: by (method, path) a status with a JSON body, or a plain default."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    replies: dict[tuple[str, str], list[tuple[int, Any]]] = field(default_factory=lambda: defaultdict(list))
    statuses: dict[str, str] = field(default_factory=dict)  # of calls and texts
    errors: dict[str, int] = field(default_factory=dict)  # of texts
    queues: dict[str, str] = field(default_factory=dict)  # name -> QueueSid
    conferences: dict[str, str] = field(default_factory=dict)  # name -> ConferenceSid, going on
    recordings: dict[str, list[dict[str, Any]]] = field(default_factory=dict)  # ConferenceSid -> as listed
    meanwhile: dict[tuple[str, str], Callable[[], None]] = field(default_factory=dict)  # done once, before the answer
    connections: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def refuse(self, method: str, path: str, status: int, code: int, times: int = 1) -> None:
        """Answer the next `times` requests with a Twilio error."""
        body = {"code": code, "message": "no", "more_info": "", "status": status}
        self.replies[method, path].extend([(status, body)] * times)

    def requests(self, method: str, path: str) -> list[Asked]:
        """What was asked so."""
        return [asked for asked in self.asked if (asked.method, asked.path) == (method, path)]

    def answer(self, asked: Asked) -> tuple[int, Any]:
        with self._lock:
            self.asked.append(asked)
            number = len(self.asked)
            happens = self.meanwhile.pop((asked.method, asked.path), None)
        if happens is not None:
            happens()
        with self._lock:
            if waiting := self.replies[asked.method, asked.path]:
                return waiting.pop(0)
        return self._default(asked, number)

    def _default(self, asked: Asked, number: int) -> tuple[int, Any]:
        parts = asked.path.strip("/").split("/")
        match (asked.method, parts):
            case ("POST", ["Messages"]):
                return 201, {"sid": f"SM{number:032x}", "status": "queued"}
            case ("GET", ["Messages", sid]):
                return 200, {"sid": sid, "status": self.statuses.get(sid, "sent"), "error_code": self.errors.get(sid)}
            case ("POST", ["Calls"]):
                return 201, {"sid": f"CA{number:032x}", "status": "queued"}
            case (_, ["Calls", sid]):
                return 200, {"sid": sid, "status": self.statuses.get(sid, "in-progress")}
            case ("GET", ["Queues"]):
                rows = [{"sid": sid, "friendly_name": name} for name, sid in self.queues.items()]
                return 200, _page("queues", rows)
            case ("GET", ["Conferences"]):
                name = asked.query.get("FriendlyName", "")
                found = self.conferences.get(name) if asked.query.get("Status") in ("in-progress", None) else None
                return 200, _page("conferences", [{"sid": found, "friendly_name": name}] if found else [])
            case ("POST", ["Conferences", sid]):
                if asked.form.get("Status") == "completed":
                    self.conferences = {name: one for name, one in self.conferences.items() if one != sid}
                return 200, {"sid": sid, "status": asked.form.get("Status") or "in-progress"}
            case ("GET", ["Conferences", sid, "Recordings"]):
                return 200, _page("recordings", self.recordings.get(sid, []))
            case ("POST", ["Queues", _, "Members", sid]):
                return 200, {"call_sid": sid}
            case ("DELETE", _):
                return 204, None
        return 200, {}


def _encoded(answer: Any) -> bytes:
    return answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()


def _page(name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: rows, "next_page_uri": None, "page": 0, "page_size": 50}


@contextmanager
def running_network() -> Iterator[Network]:
    """A network on a free port, until the end of the block."""
    network = Network()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            network.connections += 1
            super().setup()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0) or 0)).decode()
            parts = urlsplit(self.path)
            asked = Asked(
                self.command,
                parts.path.removeprefix(_BASE).removesuffix(".json"),
                {name: values[-1] for name, values in parse_qs(body, keep_blank_values=True).items()},
                {name: values[-1] for name, values in parse_qs(parts.query).items()},
                self.headers.get("Authorization"),
            )
            status, answer = network.answer(asked)
            text = answer if isinstance(answer, bytes) else b"" if answer is None else _encoded(answer)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = do_DELETE = _answer

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    network.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield network
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
