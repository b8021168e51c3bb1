"""The check of the headset: however often it is begun, one microphone is open, and none after it."""

import pytest
from playwright.sync_api import Page

from tests.agent_console.live_desk import LiveDesk

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]

# Each microphone opens only when the test says so.
SLOW_MICROPHONE = """
window.opened = [];
window.held = [];
const own = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
  await new Promise((done) => window.held.push(done));
  const stream = await own(wanted);
  window.opened.push(stream);
  return stream;
};
"""
CHECK = """async () => {
  document.body.insertAdjacentHTML("beforeend", `<details id="headset-check" open>
    <select id="headset-microphone"></select><select id="headset-speaker"></select>
    <button type="button" id="headset-listen"></button><meter></meter><p id="headset-verdict"></p></details>`);
  const script = [...document.scripts].find((one) => one.src.endsWith("desk.js")).src;
  await import(script.replace("desk.js", "headset_check.js"));
}"""
LIVE = "() => opened.filter((one) => one.getTracks().some((track) => track.readyState === 'live')).length"


@pytest.mark.rest
def test_a_second_begin_leaves_no_microphone_open(live: LiveDesk, page: Page) -> None:
    live.desk.employ("asha")
    page.add_init_script(SLOW_MICROPHONE)
    live.sign_in(page, "asha", path="/desk")
    page.evaluate(CHECK)
    for _ in range(2):
        page.evaluate("document.getElementById('headset-listen').click()")
    page.wait_for_function("() => held.length === 2")
    page.evaluate("held.reverse().forEach((open) => open())")
    page.wait_for_function("() => opened.length === 2")
    page.wait_for_function(f"() => ({LIVE})() === 1")
    page.evaluate("document.getElementById('headset-check').open = false")
    page.wait_for_function(f"() => ({LIVE})() === 0")
