"""A stand-in for the endpoint that gTTS asks: real HTTP on loopback, answering as the provider does."""

import base64
import io
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import numpy as np
import soundfile

PATH = "/_/TranslateWebserverUi/data/batchexecute"


@dataclass(frozen=True)
class Reply:
    """What one request is answered with. `slow_s` passes before it, and where it drips, little comes at a time."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    slow_s: float = 0.0
    drips: bool = False


@dataclass(frozen=True)
class Asked:
    """A request as the provider reads it."""

    text: str
    language: str
    slow: bool


class Google:
    """Answers each request with what `answer` says of it, and keeps what was asked."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.answer: Callable[[Asked], Reply] = spoken
        self.url = ""

    @contextmanager
    def serving(self) -> Iterator["Google"]:
        """On a free port, until the end of the block."""
        google = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                assert self.path == PATH
                (((call, words, _, _),),) = json.loads(form["f.req"][0])
                assert call == "jQ1olc"
                text, language, slow, _ = json.loads(words)
                google.asked.append(Asked(text, language, bool(slow)))
                self._send(google.answer(google.asked[-1]))

            def _send(self, reply: Reply) -> None:
                time.sleep(reply.slow_s)
                try:
                    self.send_response(reply.status)
                    for name, value in reply.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(reply.body)))
                    self.end_headers()
                    size = 40 if reply.drips else max(1, len(reply.body))
                    for at in range(0, len(reply.body), size):
                        self.wfile.write(reply.body[at : at + size])
                        time.sleep(0.02 if reply.drips else 0)
                except OSError:
                    self.close_connection = True  # whoever asked has lost patience

            def log_message(self, format: str, *args: object) -> None:
                """Nothing: the tests look at `asked`."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def holding(mp3: bytes) -> bytes:
    """The provider's answer around a sound."""
    row = ["wrb.fr", "jQ1olc", json.dumps([base64.b64encode(mp3).decode()]), None, None, None, "generic"]
    return f')]}}\'\n\n1234\n{json.dumps([row])}\n25\n[["e",4,null,null,1234]]\n'.encode()


def spoken(asked: Asked) -> Reply:
    """Half a second of a tone for each word, as MP3 at 24 kHz like the provider's."""
    at = np.arange(12_000 * len(asked.text.split())) / 24_000
    file = io.BytesIO()
    soundfile.write(file, 0.3 * np.sin(2 * np.pi * 800 * at), 24_000, format="MP3")
    return Reply(body=holding(file.getvalue()))


def always(reply: Reply) -> Callable[[Asked], Reply]:
    """The same answer to everything."""
    return lambda asked: reply
