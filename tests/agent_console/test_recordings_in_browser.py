"""A recording in a real browser: a reason first, then the waveform, by keyboard, at the width of a telephone."""

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import insert

from models.audit_entry import AuditEntry
from models.recording_pause import RecordingPause
from tests.agent_console.live_desk import LiveDesk
from tests.agent_console.test_pages_in_browser import assert_well
from tests.agent_console.test_recordings import recorded

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]

# The waveform's pixels that are not of its background, on its first canvas.
DRAWN = """() => {
  const canvas = document.querySelector("#wave > div")?.shadowRoot?.querySelector("canvas");
  if (!canvas?.width) return 0;
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.filter((one, n) => n % 4 === 3 && one > 0).length;
}"""


def test_a_recording_is_heard_with_a_reason_and_seen_as_a_waveform(live: LiveDesk, page: Page) -> None:
    live.desk.employ("asha")
    live.desk.employ("boss", "supervisor", screen="bn")
    one = recorded(live.desk)
    began = live.desk.clock.now()
    pause = {"recording_id": one, "reason": "representative", "began_at": began, "ends_by": began, "ended_at": began}
    live.desk.store.write(lambda c: c.execute(insert(RecordingPause).values(**pause, ended_by="representative")))
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    live.sign_in(page, "boss", path="/desk/recordings")
    assert_well(page)
    page.locator("table a").first.click()
    expect(page.locator("#reason")).to_be_visible()
    assert_well(page)
    page.fill("#reason", "অভিযোগকারী বলছেন")
    page.press("#reason", "Enter")
    expect(page.locator("#wave[data-ready]")).to_be_attached()
    assert page.evaluate(DRAWN) > 500
    assert refused == []  # by the page's policy; the checker below copies styles of shadow roots, and is refused
    assert_well(page)
    page.locator("#main").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => document.getElementById('sound').currentTime > 3.5")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("() => document.getElementById('sound').currentTime < 0.5")
    page.keyboard.press("Space")
    page.wait_for_function("() => document.getElementById('sound').currentTime > 0.5")
    assert [row.data["reason"] for row in live.desk.rows(AuditEntry, action="recording_played")] == ["অভিযোগকারী বলছেন"]


@pytest.mark.rest
def test_where_no_waveform_can_be_drawn_the_sound_is_heard_all_the_same(live: LiveDesk, page: Page) -> None:
    live.desk.employ("asha")
    live.desk.employ("boss", "supervisor")
    one = recorded(live.desk)
    live.sign_in(page, "boss", path="/desk/recordings")
    page.goto(f"{live.url}/desk/recordings/{one}")
    asked: list[str] = []

    def fail_first(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) == 1:
            route.abort()
        else:
            route.continue_()

    page.route("**/sound", fail_first)
    page.fill("#reason", "checking")
    page.press("#reason", "Enter")
    expect(page.locator("#wave-state")).to_have_text(page.locator("#wave-state").get_attribute("data-fault") or "-")
    page.wait_for_function("() => document.getElementById('sound').duration > 3")
