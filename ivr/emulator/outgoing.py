"""One web request on its way from the emulator to an application."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote, urlencode, urlsplit, urlunsplit

import aiohttp
from multidict import MultiDict
from twilio.request_validator import RequestValidator

Params = Sequence[tuple[str, str]]
MOST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is to be asked. Cookies live in the jar that each call brings along."""

    url: str
    method: str
    params: Params
    token: str  # the same on a repeat
    jar: aiohttp.CookieJar | None = None
    keeps_port: bool = False  # in an https signature, as texts do
    most_bytes: int = MOST_BYTES

    @property
    def target(self) -> str:
        """The exact address on the wire: no fragment, no user and password; GET carries the fields in the query."""
        parts = urlsplit(self.url)
        url = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment=""))
        if self.method == "GET" and self.params:
            url += ("&" if "?" in url else "?") + urlencode(list(self.params))
        return url

    @property
    def form(self) -> bytes | None:
        return None if self.method == "GET" else urlencode(list(self.params)).encode()

    @property
    def login(self) -> str:
        """The Authorization header for the user and password in the address; empty where there are none."""
        parts = urlsplit(self.url)
        if parts.username is None:
            return ""
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        return "Basic " + base64.b64encode(pair.encode()).decode()

    def sign(self, validator: RequestValidator) -> str:
        url = self.target
        parts = urlsplit(url)
        if parts.scheme == "https" and parts.port and not self.keeps_port:
            url = urlunsplit(parts._replace(netloc=parts.netloc.rpartition(":")[0]))
        fields: MultiDict[str] = MultiDict([] if self.method == "GET" else self.params)
        return str(validator.compute_signature(url, fields))
