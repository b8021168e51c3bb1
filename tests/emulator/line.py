"""A small Twilio application, and an emulator that leads to it: what the tests of the phones ring up."""

import base64
import io
import json
import math
import struct
import threading
import urllib.request
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

from audio.words import add_words
from ivr.emulator.server import start
from ivr.emulator.settings import Settings

LINE = "+919137091370"

_MENU = """<Gather numDigits="1" action="/menu" actionOnEmptyResult="true" finishOnKey="" timeout="{wait}">
<Play>/hello.wav</Play><Say language="en-IN">For English, press 2.</Say>
<Say language="hi-IN">हिन्दी के लिए 3 दबाएँ।</Say></Gather>"""
_PAGES = {
    "1": '<Gather numDigits="1" action="/menu" timeout="600"><Say language="bn-IN">আমরা আপনাকে কীভাবে সাহায্য করতে পারি?</Say>'
    "</Gather>",
    "2": '<Say language="en-IN">Speak after the tone.</Say><Record action="/thanks" timeout="20" maxLength="30"/>',
    "3": '<Enqueue waitUrl="/wait">line</Enqueue>',
    "4": '<Say language="en-IN">One two three four five six seven eight nine ten.</Say><Redirect>/voice</Redirect>',
    "5": '<Say language="en-IN">You call from {From}.</Say><Hangup/>',
    # Speaks with somebody at a page, who may take their time on a busy machine.
    "7": '<Say language="en-IN">Speak after the tone.</Say><Record action="/thanks" timeout="600" maxLength="600"/>',
    "8": "<Say>no document",
}


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._send(greeting(), "audio/wav", ("Access-Control-Allow-Origin", "*"))

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        given = {name: values[0] for name, values in form.items()}
        self._send(f"<Response>{_document(self.path, given)}</Response>".encode(), "text/xml")

    def _send(self, body: bytes, kind: str, *headers: tuple[str, str]) -> None:
        self.send_response(200)
        for name, value in (("Content-Type", kind), ("Content-Length", str(len(body))), *headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def _document(path: str, given: dict[str, str]) -> str:
    if path == "/menu" and given.get("Digits"):
        return _PAGES.get(given["Digits"], '<Say language="en-IN">There is no such choice.</Say>').format(**given)
    if path == "/wait":
        return '<Say language="en-IN">You are first in line.</Say><Pause length="5"/>'
    if path == "/thanks":
        return '<Say language="en-IN">Thank you.</Say><Hangup/>'
    if path == "/callback":
        return (
            '<Gather numDigits="1" action="/menu" timeout="600"><Say language="en-IN">We ring you back.</Say></Gather>'
        )
    return _MENU.format(wait=6 if given.get("From", "").endswith("00006") else 600)


def greeting() -> bytes:
    """A short tone whose file notes the words it stands for."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"".join(struct.pack("<h", int(3000 * math.sin(at / 3))) for at in range(4000)))
    return add_words(out.getvalue(), "নমস্কার। অভিযোগ হেল্পলাইন।", "bn")


@dataclass(frozen=True, slots=True)
class Line:
    """Where the emulator is, and the REST requests that an application would make of it."""

    url: str
    application: str
    settings: Settings

    def send_text(self, to: str, body: str) -> None:
        self._rest("Messages", To=to, From="HLPLIN", Body=body)

    def send_text_later(self, seconds: float, to: str, body: str) -> None:
        threading.Timer(seconds, self.send_text, (to, body)).start()

    def ring(self, to: str) -> None:
        self._rest("Calls", To=to, From=LINE, Url=f"{self.application}/callback", Timeout="600")

    def look(self, number: str) -> dict[str, Any]:
        """What the telephone of this number knows."""
        with urllib.request.urlopen(f"{self.url}/local/phones/{quote(number)}") as reply:  # noqa: S310 - the emulator's own address
            told: dict[str, Any] = json.load(reply)
        return told

    def _rest(self, what: str, **fields: str) -> None:
        account = self.settings.account_sid
        key = base64.b64encode(f"{account}:{self.settings.auth_token}".encode()).decode()
        request = urllib.request.Request(  # noqa: S310 - the emulator's own address
            f"{self.url}/2010-04-01/Accounts/{account}/{what}.json",
            urlencode(fields).encode(),
            {"Authorization": f"Basic {key}"},
        )
        with urllib.request.urlopen(request) as reply:  # noqa: S310 - the emulator's own address
            json.load(reply)


@contextmanager
def open_line(speed: float, **more: object) -> Iterator[Line]:
    """Application and emulator on free ports."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    application = f"http://127.0.0.1:{server.server_port}"
    settings = Settings(voice_url=f"{application}/voice", speed=speed, text_seconds=0.1, **more)  # type: ignore[arg-type]  # passed on
    emulator = start(settings)
    try:
        yield Line(emulator.url, application, settings)
    finally:
        emulator.stop()
        server.shutdown()
        server.server_close()
        thread.join()
