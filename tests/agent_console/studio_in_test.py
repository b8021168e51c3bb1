"""The studio over the shipped menus: people of each role, and recordings to send."""

import io
import re
import zlib
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from audio.take import clip_seconds
from audio.telephone import RATE, encode
from flows.source import CALENDARS
from ivr.calendars import set_calendars
from ivr.publishing import SHIPPED, seed
from ivr.studio.takes import send_take
from tests.agent_console.desk_in_test import Browser, Desk
from tests.audio.test_take import voice, written

HELP = "How can we help you?"
PROMPT = "how_can_we_help"


def open_studio(desk: Desk, login: str, *roles: str, screen: str = "en") -> Browser:
    """A browser of a person with these roles, who has the shipped menus before them."""
    now = desk.clock.now()
    seed(desk.store, now)
    set_calendars(desk.store, (SHIPPED / CALENDARS).read_text(encoding="utf-8"), by="test", now=now)
    desk.employ(login, *roles, screen=screen)
    return desk.client(login)


def upload(browser: Browser, content: bytes, name: str = "take.wav", **form: Any) -> TestResponse:
    """Send a recording as the page's script does."""
    fields = {"language": "en", "text": HELP, "prompt": PROMPT, "speaker": "Rita", **form}
    headers = {"X-Requested-With": "desk", "X-CSRFToken": browser.token()}
    return _send(browser, "/desk/studio/takes", {**fields, "file": _file(name, content)}, headers)


def drop(browser: Browser, language: str, *files: tuple[str, bytes], by_script: bool = True) -> TestResponse:
    """Send numbered files."""
    headers = {"X-CSRFToken": browser.token()} | ({"X-Requested-With": "desk"} if by_script else {})
    data = MultiDict([("speaker", "Rita"), *(("file", _file(*file)) for file in files)])
    return _send(browser, f"/desk/studio/script/{language}/files", data, headers)


def _file(name: str, content: bytes) -> FileStorage:
    return FileStorage(io.BytesIO(content), name)


def _send(browser: Browser, address: str, data: Any, headers: dict[str, str]) -> TestResponse:
    """In memory: the client's own way leaves a temporary file to the collector."""
    boundary, body = encode_multipart(data)
    kind = f"multipart/form-data; boundary={boundary}"
    return browser.client.post(address, data=body, content_type=kind, headers=headers)


def speech(seconds: float = 1.0, kind: str = "WAV") -> bytes:
    """A recording that is taken."""
    return written(voice(seconds), kind)


def picture() -> bytes:
    """A PNG file that a browser would show."""
    return b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + zlib.compress(bytes(10_000))


def waiting_take(desk: Desk, text: str = HELP, language: str = "en", seconds: float = 1.0) -> int:
    """A take that waits for approval."""
    clip = encode(voice(seconds, RATE))
    return send_take(desk.telephone, language, text, clip, clip_seconds(clip), speaker="Rita", by="Mina").id


def words_form(page: str, **changed: str) -> dict[str, str]:
    """What the form of a prompt's page would send, with some of it typed anew."""
    import html

    hidden = dict(re.findall(r'name="(seen_\w+)" value="([^"]*)"', page))
    texts = re.findall(r'name="((?:words|template)_\w+)"[^>]*>([^<]*)</textarea>', page)
    numbers = re.findall(r'name="(number_\w+)"[^>]*value="([^"]*)"', page)
    return {**hidden, **{name: html.unescape(text) for name, text in (*texts, *numbers)}, **changed}
