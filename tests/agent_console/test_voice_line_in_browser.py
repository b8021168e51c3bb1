"""The line of a page to the network, with a voice library that does as it is told: what the line makes of its words."""

import pytest
from playwright.sync_api import Page, Route, expect

from agent_console.words import say
from tests.agent_console.live_desk import LiveDesk

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]

LIBRARY = """
class Told {
  heard = {};
  on(name, act) { (this.heard[name] ||= []).push(act); }
  emit(name, ...more) { for (const act of this.heard[name] || []) act(...more); }
}
class Call extends Told {
  now = "open";
  status() { return this.now; }
  disconnect() { this.now = "closed"; this.emit("disconnect"); }
}
window.Twilio = {
  Device: class extends Told {
    audio = { incoming() {}, outgoing() {}, isOutputSelectionSupported: false };
    constructor() { super(); window.device = this; }
    async register() { this.emit("registered"); }
    updateToken() { this.emit("error", { code: 20101 }); }
    destroy() {}
    async connect() { return (window.call = new Call()); }
  },
};
"""

OPEN = """async () => {
  const script = [...document.scripts].find((one) => one.src.endsWith("console.js")).src;
  const { VoiceLine } = await import(script.replace("console.js", "voice_line.js"));
  window.asked = 0;
  window.line = new VoiceLine(async () => ({ token: `pass ${(window.asked += 1)}` }));
  window.line.open();
}"""


@pytest.fixture
def quiet(live: LiveDesk, page: Page) -> Page:
    """A page with the bar of a line, and no line of its own."""
    live.desk.employ("asha", screen="en")
    return live.sign_in(page, "asha", path="/desk/account")


def give_library(page: Page, *, after: int = 0) -> list[str]:
    """Answer with the library, `after` requests that fail. Returns what was asked so far, as it grows."""
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) <= after:
            route.abort()
        else:
            route.fulfill(body=LIBRARY, content_type="text/javascript")

    page.route("**/twilio.min.js", answer)
    return asked


def up(page: Page) -> None:
    page.evaluate(OPEN)
    page.wait_for_function("() => line.state === 'up'")


@pytest.mark.rest
def test_a_library_that_could_not_be_loaded_is_fetched_again(quiet: Page) -> None:
    asked = give_library(quiet, after=1)
    quiet.evaluate(OPEN)
    expect(quiet.locator("#voice-line")).to_contain_text(say("js.voice_offline", "en"))
    quiet.wait_for_function("() => line.state === 'up'")
    expect(quiet.locator("#voice-line")).to_be_hidden()
    assert len(asked) == 2


@pytest.mark.rest
def test_a_pass_that_is_refused_again_and_again_is_not_asked_for_without_a_pause(quiet: Page) -> None:
    give_library(quiet)
    quiet.clock.install()
    up(quiet)
    assert quiet.evaluate("asked") == 1
    quiet.evaluate("device.emit('error', { code: 20101 })")
    quiet.clock.run_for(3_900)
    assert quiet.evaluate("asked") == 1
    for times in (2, 3):
        for _ in range(30):  # the pause begins with the answer, which takes its own time
            quiet.clock.run_for(500)
            if quiet.evaluate("asked") == times:
                break
        quiet.clock.run_for(2_500)
        assert quiet.evaluate("asked") == times


def test_the_bar_tells_the_lines_and_the_calls_trouble_apart(quiet: Page) -> None:
    give_library(quiet)
    up(quiet)
    bar = quiet.locator("#voice-line")
    offline, shaky = say("js.voice_offline", "en"), say("js.voice_reconnecting", "en")
    quiet.evaluate("line.connect('ticket').then(() => call.emit('reconnecting'))")
    expect(bar).to_contain_text(shaky)
    quiet.evaluate("device.emit('unregistered')")
    expect(bar).to_contain_text(offline)
    quiet.evaluate("call.emit('reconnected')")
    expect(bar).to_contain_text(offline)
    quiet.evaluate("device.emit('registered')")
    expect(bar).to_be_hidden()
    quiet.evaluate("call.emit('reconnecting')")
    expect(bar).to_contain_text(shaky)
    quiet.evaluate("call.disconnect()")
    expect(bar).to_be_hidden()
