"""The machine's own notice when a call rings while nobody sees the page, in a browser that shows real ones."""

import pytest
from playwright.sync_api import Page, expect

from agent_console.words import say
from tests.agent_console.live_desk import LiveDesk

# Werkzeug's server leaves a file to the collector when the browser goes away in the middle of it.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

# The browser's own notices go on being shown: this only keeps what they said and what became of them.
WATCH = """
window.noticed = [];
window.asked = 0;
const Real = window.Notification;
class Watched extends Real {
  constructor(title, about) {
    super(title, about);
    const seen = { title, ...about, became: [] };
    window.noticed.push(seen);
    this.addEventListener("show", () => seen.became.push("shown"));
    this.addEventListener("close", () => seen.became.push("closed"));
    this.addEventListener("error", () => seen.became.push("refused"));
  }
  static requestPermission() {
    window.asked += 1;
    return Real.requestPermission();
  }
}
window.Notification = Watched;
"""
HIDDEN = """hidden => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def open_desk(live: LiveDesk, page: Page, *, screen: str = "en") -> int:
    """A representative who is ready, in a page whose notices are watched."""
    staff_id = live.desk.employ("asha", screen=screen)
    page.add_init_script(WATCH)
    live.sign_in(page, "asha")
    page.keyboard.press("F2")
    expect(page.locator("#call-column [data-key^='ready:']")).to_be_visible()
    return staff_id


def became(page: Page, count: int, what: list[str]) -> dict[str, object]:
    """Wait until there are `count` notices and the last one has come to `what`; returns the last one."""
    page.wait_for_function(
        "([count, what]) => noticed.length === count && noticed.at(-1).became.join() === what.join()", arg=[count, what]
    )
    told: dict[str, object] = page.evaluate("noticed.at(-1)")
    return told


def test_a_hidden_page_gives_notice_until_the_call_is_answered(live: LiveDesk, page: Page) -> None:
    page.context.grant_permissions(["notifications"], origin=live.url)
    staff_id = open_desk(live, page, screen="bn")
    expect(page.locator("#notice-setting")).to_have_attribute("data-now", "on")
    page.evaluate(HIDDEN, True)
    live.desk.ring(staff_id)
    told = became(page, 1, ["shown"])
    assert told["title"] == say("js.notice_title", "bn")
    assert (told["body"], told["lang"]) == ("বাংলা · রেশন", "bn")
    expect(page.locator("#answer")).to_be_visible()  # the card may come a moment after the notice
    page.keyboard.press("F2")
    expect(page.locator("[data-end]")).to_be_visible()
    became(page, 1, ["shown", "closed"])


@pytest.mark.rest
def test_a_notice_goes_when_the_call_goes_or_the_page_is_seen(live: LiveDesk, page: Page) -> None:
    page.context.grant_permissions(["notifications"], origin=live.url)
    staff_id = open_desk(live, page)
    live.desk.ring(staff_id)
    expect(page.locator("#answer")).to_be_visible()
    assert page.evaluate("noticed.length") == 0  # the page is in sight
    page.evaluate(HIDDEN, True)
    became(page, 1, ["shown"])
    page.evaluate(HIDDEN, False)
    became(page, 1, ["shown", "closed"])
    page.evaluate(HIDDEN, True)
    became(page, 2, ["shown"])
    live.desk.tick(21)
    became(page, 2, ["shown", "closed"])


@pytest.mark.rest
def test_permission_is_asked_by_a_click_only_and_the_setting_is_told(live: LiveDesk, page: Page) -> None:
    staff_id = open_desk(live, page)
    setting = page.locator("#notice-setting")
    expect(setting).to_have_attribute("data-now", "off")
    expect(setting).to_contain_text("Notices are off")
    page.evaluate(HIDDEN, True)
    live.desk.ring(staff_id)
    expect(page.locator("#answer")).to_be_visible()
    assert page.evaluate("[asked, noticed.length]") == [0, 0]
    page.evaluate(HIDDEN, False)
    live.desk.tick(21)
    expect(page.locator("[data-ready]")).to_be_visible()
    page.context.grant_permissions(["notifications"], origin=live.url)
    page.reload()
    expect(setting).to_have_attribute("data-now", "on")
    page.click("#notice-turn")
    expect(setting).to_have_attribute("data-now", "off")
    page.reload()
    expect(setting).to_have_attribute("data-now", "off")
    page.click("#notice-turn")
    expect(setting).to_contain_text("Notices are on")


@pytest.mark.rest
def test_who_clicks_is_asked_once_and_told_what_the_browser_said(live: LiveDesk, page: Page) -> None:
    open_desk(live, page)
    page.click("#notice-turn")
    page.wait_for_function("asked === 1")
    browser = page.context.new_cdp_session(page)
    context = browser.send("Target.getTargetInfo")["targetInfo"]["browserContextId"]
    permission = {"permission": {"name": "notifications"}, "setting": "denied", "origin": live.url}
    browser.send("Browser.setPermission", {**permission, "browserContextId": context})
    page.reload()
    expect(page.locator("#notice-setting")).to_have_attribute("data-now", "blocked")
    expect(page.locator("#notice-turn")).to_be_hidden()
    expect(page.locator("#notice-setting")).to_contain_text("The browser blocks notices")
