"""Opening hours and notices, used in a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from flows.loader import read_source
from ivr.calendars import calendar_texts, fingerprint, set_calendars
from ivr.hours_proposals import propose_week
from ivr.pinned import FLOW
from ivr.publishing import SHIPPED, publish
from tests.agent_console.live_desk import LiveDesk
from tests.agent_console.test_opening_hours import SHIPPED_CALENDARS, WORDS
from tests.agent_console.test_pages_in_browser import assert_well

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]


@pytest.mark.parametrize("language", ["bn", "en", "hi"])
def test_a_holiday_is_proposed_added_heard_and_removed(
    live: LiveDesk, page: Page, language: str, tmp_path: Path
) -> None:
    now = live.desk.clock.now()
    set_calendars(live.desk.store, SHIPPED_CALENDARS.read_text(encoding="utf-8"), by="test", now=now)
    publish(live.desk.store, FLOW, read_source(SHIPPED), by="test", note="", now=now)
    live.desk.employ("sumitra", "supervisor", screen=language)
    with live.desk.store.read() as connection:
        seen = fingerprint(calendar_texts(connection)["office"])
    propose_week(live.desk.store, "office", {"mon": "10:00-17:00"}, seen=seen, by="staff:0", now=now)
    live.sign_in(page, "sumitra", path="/desk/hours/office")
    expect(page.locator("#proposal-title ~ ul li")).to_have_count(6)  # what changes, day by day
    page.locator("main details summary").click()
    page.check("input[name=ticked][value='2028-01-26']")
    page.locator("main details form button").click()
    expect(page.locator("[name=ticked][value='2028-01-26']")).to_have_count(0)
    page.fill("#at", "2028-01-26T11:00")
    page.locator("form[method=get] button.bottom").click()
    expect(page.locator("[role=status] .said[lang=en]").first).to_contain_text("Today is Republic Day")
    assert_well(page)
    page.set_viewport_size({"width": 1366, "height": 768})
    row = page.locator("#holidays-title ~ ul li", has=page.locator("input[value='2028-01-26']"))
    row.locator("button").click()
    row.locator("button").click()  # asked once more
    expect(row).to_have_count(0)
    with live.desk.store.read() as connection:
        assert "2028-01-26" not in calendar_texts(connection)["office"]
    page.goto(f"{live.url}/desk/announcements")
    for name, words in WORDS.items():
        page.fill(f"#{name}", words)
    page.fill("#ends", "2026-03-02T18:00")
    page.press("#ends", "Enter")
    expect(page.locator(".said[lang=bn]")).to_have_text(WORDS["words_bn"])
    assert_well(page)
