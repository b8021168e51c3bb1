"""A real browser for the tests marked `browser`: the system's Chromium or Chrome, else the one Playwright installed.

With none found the tests are skipped with a loud reason; with REQUIRE_BROWSER=1 they fail instead.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    BrowserType,
    Page,
    Request,
    ViewportSize,
    expect,
    sync_playwright,
)

DESK: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 360, "height": 740}

NewPage = Callable[..., Page]

_SYSTEM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No other host is ever found. Requests to this machine go their ordinary way, and through the browser's own cache.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE ::1",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]
_PATIENCE = 20_000  # ms that `expect` waits: the machine may be busy with other tests
_LOOPBACK = ("127.0.0.1", "localhost", "::1", None)  # None: data: and blob: addresses


def find_browser(own: str) -> str | None:
    """Path of a browser to drive; `own` is where Playwright would have put its own. None if there is none."""
    found = next((path for name in _SYSTEM if (path := shutil.which(name))), None)
    return found or (own if Path(own).exists() else None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the whole run."""
    expect.set_options(timeout=_PATIENCE)
    with sync_playwright() as playwright:
        running = launch(playwright.chromium)
        yield running
        running.close()


def launch(kind: BrowserType, *, more: Sequence[str] = (), without: Sequence[str] = ()) -> Browser:
    """Start a browser, with `more` arguments, and `without` some of those that Playwright would give it."""
    path = find_browser(kind.executable_path)
    if path is None:
        _go_without()
    return kind.launch(executable_path=path, args=[*_ARGUMENTS, *more], ignore_default_args=list(without))


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Open pages, each in a context of its own (own cookies): `new_page(viewport=PHONE, locale="bn-IN")`.

    A page that asks another host than this machine, or whose script throws, fails the test.
    """
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(**settings: object) -> Page:
        settings.setdefault("viewport", DESK)
        context = browser.new_context(**settings)  # type: ignore[arg-type]  # passed on as Playwright takes them
        contexts.append(context)
        context.on("request", lambda request: _note_other_host(request, faults))
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(f"the page's script failed: {error}"))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults, faults


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """One page at 1366x768."""
    return new_page()


def _note_other_host(request: Request, faults: list[str]) -> None:
    if urlsplit(request.url).hostname not in _LOOPBACK:
        faults.append(f"the page asked another host: {request.url}")


def _go_without() -> None:
    reason = "NO BROWSER: install chromium, or run `.venv/bin/playwright install chromium`"
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
