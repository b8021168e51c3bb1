"""The two addresses of a turn, answered without the web framework, which costs more than a turn computes (ADR 0011).

Everything else goes on to the framework's own routes.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from flask import Flask

from ivr.answering import arrive, speak, take_turn
from ivr.signed_form import BAD_SIGNATURE, LONGEST_FORM, BadSignature, read_form
from ivr.telephone import Telephone
from ivr.voice import Voice

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

INCOMING = "/voice/incoming"
TURN = "/voice/calls/<call_sid>/turns/<int:n>"
NO_QUERY: Mapping[str, str] = {}
_LONGEST_NUMBER = 9  # digits

NoteSeconds = Callable[[str, int, float], None]
"""Told the route, the status and the seconds of each answer."""

Work = Callable[[Telephone, Voice, dict[str, str]], str]


class TurnDoor:
    """A WSGI application in front of the webhooks' own."""

    def __init__(self, app: Flask, note: NoteSeconds) -> None:
        self._extensions = app.extensions
        self._behind: WSGIApplication = app.wsgi_app
        self._note = note

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            path: str = environ["PATH_INFO"]
            if path == INCOMING:
                return self._answer(environ, start_response, INCOMING, arrive)
            parts = path.split("/")
            if len(parts) == 6 and parts[1:3] == ["voice", "calls"] and parts[4] == "turns" and _is_number(parts[5]):
                turn = partial(_turn, call_sid=parts[3], n=int(parts[5]), resume=_query(environ))
                return self._answer(environ, start_response, TURN, turn)
        return self._behind(environ, start_response)

    def _answer(
        self, environ: "WSGIEnvironment", start_response: "StartResponse", route: str, work: Work
    ) -> Iterable[bytes]:
        began = perf_counter()
        telephone: Telephone = self._extensions["telephone"]
        voice: Voice = self._extensions["voice"]
        try:
            form = read_form(telephone.config, environ, _read_body(environ))
        except BadSignature:
            status, content_type, body = 403, "text/plain; charset=utf-8", BAD_SIGNATURE.encode()
        else:
            document = speak(telephone, voice, form, route, lambda: work(telephone, voice, form))
            status, content_type, body = 200, "text/xml; charset=utf-8", document.encode()
        start_response(
            "200 OK" if status == 200 else "403 FORBIDDEN",
            [("Content-Type", content_type), ("Content-Length", str(len(body)))],
        )
        self._note(route, status, perf_counter() - began)
        return (body,)


def _turn(
    telephone: Telephone, voice: Voice, form: dict[str, str], *, call_sid: str, n: int, resume: Mapping[str, str]
) -> str:
    return take_turn(telephone, voice, call_sid, n, form, resume)


def _is_number(text: str) -> bool:
    return text.isdecimal() and text.isascii() and len(text) <= _LONGEST_NUMBER


def _query(environ: "WSGIEnvironment") -> Mapping[str, str]:
    query = environ.get("QUERY_STRING", "")
    return dict(reversed(parse_qsl(query))) if query else NO_QUERY


def _read_body(environ: "WSGIEnvironment") -> bytes:
    """The body, as far as a form of the provider may be long; one without a length is none of the provider's."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if not _is_number(length) or int(length) > LONGEST_FORM:
        return b""
    body: bytes = environ["wsgi.input"].read(int(length))
    return body
