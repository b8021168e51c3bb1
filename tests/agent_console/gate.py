"""A gate before the desk: an answer is drawn, and goes out only when the test lets it. So a race has a fixed order."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from werkzeug.test import run_wsgi_app

_AT_MOST = 60  # seconds that an answer is held: a test that failed meanwhile lets nobody out


class Held:
    """Answers to one kind of address that wait at the gate."""

    def __init__(self, ending: str) -> None:
        self.ending = ending
        self.drawn = threading.Event()
        self._open = threading.Event()

    def let_out(self) -> None:
        self._open.set()

    def wait(self) -> None:
        self.drawn.set()
        self._open.wait(_AT_MOST)


class Gate:
    """A WSGI application around another one."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app
        self._held: list[Held] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        held = [one for one in self._held if environ["PATH_INFO"].endswith(one.ending)]
        if not held:
            return self._app(environ, start_response)
        body, status, headers = run_wsgi_app(self._app, environ, buffered=True)
        for one in held:
            one.wait()
        start_response(status, headers.to_wsgi_list())
        return body

    @contextmanager
    def hold(self, ending: str) -> Iterator[Held]:
        """Answers to addresses with this ending are drawn at once, and go out after `let_out()` or this block."""
        held = Held(ending)
        self._held.append(held)
        try:
            yield held
        finally:
            self._held.remove(held)
            held.let_out()
