"""News at a page: none is lost that was committed after one with a higher id, none is taken twice, and those of the
line are told without being asked for."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, Response, expect
from sqlalchemy import Connection, func, insert, select, update

from ivr.desk_events import CALL_BACK, EVERYBODY, QUEUE, tell_desk
from models.call_back import CallBack
from models.event import DeskEvent
from models.presence import Presence
from models.queue_entry import QueueEntry
from tests.agent_console.live_desk import LiveDesk

# Werkzeug's server leaves a file to the collector when the browser goes away in the middle of it.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

_HEARD = "window.heard = []; document.addEventListener('news', ({detail}) => detail.id && heard.push(detail.subject))"


def tell(live: LiveDesk, number: int) -> None:
    at = live.desk.clock.now()
    row = {"id": number, "kind": "queue", "subject": f"q{number}", "audience": EVERYBODY, "at": at}

    def write(connection: Connection) -> None:
        connection.execute(insert(DeskEvent).values(**row))

    live.desk.store.write(write)


@pytest.mark.rest
def test_news_with_a_lower_id_that_came_later_is_taken_once(live: LiveDesk, page: Page) -> None:
    live.desk.employ("asha")
    live.sign_in(page, "asha")
    page.evaluate(_HEARD)
    tell(live, 900)
    page.wait_for_function("() => heard.includes('q900')")
    tell(live, 899)
    page.wait_for_function("() => heard.includes('q899')")
    tell(live, 901)
    page.wait_for_function("() => heard.includes('q901')")
    assert page.evaluate("heard.filter((one) => one.startsWith('q'))") == ["q900", "q899", "q901"]


@pytest.mark.parametrize(
    ("screen", "empty", "one", "two", "zero_clock", "list_of_one"),
    [
        ("bn", "০", "বাংলা ১", "বাংলা ২", "০০:০", "ফিরতি ফোন (১)"),
        ("en", "0", "বাংলা 1", "বাংলা 2", "00:0", "Call-backs (1)"),
    ],
    ids=["bn", "en"],
)
def test_who_waits_is_told_and_no_page_asks(
    live: LiveDesk, page: Page, screen: str, empty: str, one: str, two: str, zero_clock: str, list_of_one: str
) -> None:
    live.desk.employ("asha", screen=screen)
    live.sign_in(page, "asha", path="/desk/call-backs")
    waiting, longest = page.locator("#in-line"), page.locator("#longest-in-line")
    expect(waiting).to_have_text(empty)
    expect(longest).to_have_text("–")
    page.wait_for_load_state("networkidle")  # it draws itself anew once, when its stream has opened
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    for told in (one, two):
        live.desk.enqueue()
        tell_of_the_line(live)
        expect(waiting).to_have_text(told)
    expect(longest.locator(".timer")).to_contain_text(zero_clock)
    for told in (one, empty):
        live.desk.store.write(one_leaves)
        tell_of_the_line(live)
        expect(waiting).to_have_text(told)
    expect(longest).to_have_text("–")
    live.desk.store.write(lambda connection: promise_one(connection, live.desk.clock.now()))
    expect(page.locator("#pages [data-count=call_backs]")).to_have_text(list_of_one)
    assert not [url for url in asked if "/parts/facts" in url or "/parts/nav" in url]


def promise_one(connection: Connection, now: datetime) -> None:
    row = {"reason": "asked", "number": "+919830055555", "language": "bn", "queue": "helpline", "state": "open"}
    row["request_reference"] = "26482173059"
    connection.execute(insert(CallBack).values(**row, due_by=now, created_at=now))
    tell_desk(connection, CALL_BACK, 1, EVERYBODY, now)


def tell_of_the_line(live: LiveDesk) -> None:
    now = live.desk.clock.now()
    live.desk.store.write(lambda connection: tell_desk(connection, QUEUE, "helpline", EVERYBODY, now))


def one_leaves(connection: Connection) -> None:
    waiting = select(func.min(QueueEntry.id)).where(QueueEntry.state == "waiting").scalar_subquery()
    over = {"state": "ended", "ended_as": "abandoned", "ended_at": datetime.now(UTC)}
    connection.execute(update(QueueEntry).where(QueueEntry.id == waiting).values(**over))


def test_a_page_shows_life_to_the_stream_and_to_the_server_where_that_does_not_hear(live: LiveDesk, page: Page) -> None:
    live.desk.employ("asha")
    page.clock.install()
    told: list[str] = []
    page.on("request", lambda request: told.append(f"{request.method} {urlsplit(request.url).path}"))
    with page.expect_response("**/desk/alive"):  # the first one makes this tab the desk
        live.sign_in(page, "asha", path="/desk/calls")
    page.wait_for_load_state("networkidle")
    live.desk.clock.advance(30)
    told.clear()
    # The line at the top is true although the server itself was not told.
    with page.expect_response("**/health"):
        for _ in range(3):
            with page.expect_response(is_sign) as heard:
                page.clock.fast_forward(10_000)
            assert heard.value.status == 200
    lease = live.desk.row(Presence).lease_until
    assert lease is not None
    assert (lease - live.desk.clock.now()).total_seconds() == 45
    assert "POST /desk/alive" not in told
    live.desk.clock.advance(30)
    page.route("**/events", lambda route: route.abort())
    with page.expect_response("**/desk/alive") as asked:
        page.clock.fast_forward(10_000)
    assert asked.value.status == 200
    expect(page.locator("#offline")).to_be_hidden()


def test_a_server_that_is_away_is_told_of_though_the_stream_hears(live: LiveDesk, page: Page) -> None:
    live.desk.employ("asha")
    page.clock.install()
    with page.expect_response("**/desk/alive"):
        live.sign_in(page, "asha", path="/desk/call-backs")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#offline")).to_be_hidden()
    with live.restarting():
        for _ in range(3):
            with page.expect_response(is_sign):
                page.clock.fast_forward(10_000)
        expect(page.locator("#offline")).to_be_visible()
    page.clock.fast_forward(10_000)
    expect(page.locator("#offline")).to_be_hidden()


def is_sign(answer: Response) -> bool:
    """The stream was shown that the page lives."""
    return answer.request.method == "POST" and answer.url.endswith("/events")
