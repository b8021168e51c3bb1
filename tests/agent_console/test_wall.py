"""The wall: right figures, no names, live, and honest about its age."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from agent_console.words import say
from ivr.departures import caller_left
from tests.agent_console.desk_in_test import Desk
from tests.agent_console.live_desk import LiveDesk
from tests.agent_console.test_lists import promise


def wall_of(desk: Desk, **query: str) -> str:
    return desk.client("boss").get("/desk/wall/figures", **query).text


def test_the_wall_tells_todays_figures_and_no_names(desk: Desk) -> None:
    desk.employ("boss", "supervisor")
    asha = desk.employ("asha")
    desk.talk(desk.client("asha"), asha)
    gone = desk.enqueue(language="hi")
    desk.clock.advance(30)
    desk.store.write(lambda connection: caller_left(connection, gone, desk.clock.now()))
    desk.enqueue()
    promise(desk)
    shown = " ".join(wall_of(desk).split())
    assert "<h2>Answered within 20 s</h2><p>50%</p>" in shown
    assert "<h2>Waiting</h2><p>1</p>" in shown
    assert "<h2>Hung up waiting</h2><p>1</p>" in shown
    assert "<h2>Call-backs due today</h2><p>1</p>" in shown
    assert "Asha" not in desk.client("boss").get("/desk/wall").text
    assert "98300" not in shown


def test_only_promised_call_backs_whose_hour_has_come_are_due_or_late(desk: Desk) -> None:
    desk.employ("boss", "supervisor")
    now = desk.clock.now()
    overdue = {"due_by": now - timedelta(minutes=5)}
    promise(desk, reason="talk_lost", **overdue)  # of another list
    promise(desk, next_try_at=now + timedelta(hours=1), **overdue)  # nobody answered: not before
    promise(desk, next_try_at=now + timedelta(days=1), **overdue)
    promise(desk, due_by=now + timedelta(days=2))
    shown = " ".join(wall_of(desk).split())
    assert "<h2>Call-backs due today</h2><p>1</p></div>" in shown
    promise(desk, **overdue)
    shown = " ".join(wall_of(desk).split())
    assert "<h2>Call-backs due today</h2><p>2</p>" in shown
    assert say("figure.late", "en", n="1") in shown


def test_an_empty_day_shows_dashes(desk: Desk) -> None:
    desk.employ("boss", "supervisor")
    shown = " ".join(wall_of(desk).split())
    assert "<h2>Answered within 20 s</h2><p>–</p>" in shown
    assert "<h2>Waiting</h2><p>0</p>" in shown


def test_a_wait_of_more_than_three_minutes_is_marked(desk: Desk) -> None:
    desk.employ("boss", "supervisor")
    desk.enqueue()
    desk.clock.advance(180)
    assert "tile bad" not in wall_of(desk)
    desk.clock.advance(1)
    assert "tile bad" in wall_of(desk)


def test_yesterday_counts_no_more(desk: Desk) -> None:
    desk.employ("boss", "supervisor")
    desk.enqueue(state="ended", ended_as="abandoned", ended_at=desk.clock.now() + timedelta(seconds=60))
    desk.clock.advance(24 * 3600)
    assert "<h2>Hung up waiting</h2><p>0</p>" in " ".join(wall_of(desk).split())


# Werkzeug's server leaves a file to the collector when the browser goes away in the middle of it.
@pytest.mark.browser
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_the_wall_lives_and_says_when_its_figures_are_old(live: LiveDesk, page: Page) -> None:
    live.desk.employ("boss", "supervisor")
    live.sign_in(page, "boss", path="/desk/wall")
    waiting = page.locator(".tile").nth(1).locator("p")
    expect(waiting).to_have_text("0")
    live.desk.enqueue()
    expect(waiting).to_have_text("1", timeout=15_000)
    for width, height in ((1366, 768), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator("#old")).to_be_hidden()
    page.route("**/desk/wall/figures", lambda route: route.abort())
    page.clock.install()
    page.clock.fast_forward(40_000)
    expect(page.locator("#old")).to_be_visible()
