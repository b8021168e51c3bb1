"""The studio in a real browser: recorded by its microphone, listened to, approved, published, heard by a call."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from models.take import Take
from tests.agent_console.live_desk import LiveDesk
from tests.agent_console.studio_in_test import HELP, PROMPT, open_studio, picture, speech, waiting_take
from tests.agent_console.test_pages_in_browser import assert_well
from tests.ivr.line_in_test import LineInTest

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]

PAGE = f"/desk/studio/prompts/{PROMPT}"


# The same microphone, quieter, and somebody hums into it: beeps alone are mostly silence.
TURN_DOWN = """() => {
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    const context = new AudioContext();
    const quieter = new GainNode(context, { gain: 0.3 });
    const out = context.createMediaStreamDestination();
    context.createMediaStreamSource(await open(wanted)).connect(quieter).connect(out);
    const hum = new OscillatorNode(context, { type: "sawtooth", frequency: 440 });
    hum.connect(new GainNode(context, { gain: 0.2 })).connect(out);
    hum.start();
    return out.stream;
  };
}"""


def _speak(page: Page) -> None:
    page.click("#recorder-start")
    page.wait_for_function("() => document.getElementById('recorder-level').value > 0.05", polling=50)
    expect(page.locator("#recorder-state")).to_contain_text("2 s")
    page.click("#recorder-stop")
    expect(page.locator("#recorder-sound")).to_be_visible()
    page.wait_for_function("() => document.getElementById('recorder-sound').duration > 1", polling=200)


def test_a_prompt_is_recorded_in_the_browser_and_heard_by_the_next_call(
    live: LiveDesk, page: Page, tmp_path: Path
) -> None:
    open_studio(live.desk, "sumitra", "supervisor")
    line = LineInTest(live.desk.store, tmp_path / "line")
    line.telephone.sounds.shelf = live.desk.telephone.sounds.shelf
    under_way = line.call("CA1", "+919830012341").dial()
    live.sign_in(page, "sumitra", path=PAGE)
    page.locator("[data-record=piece-en-1]").click()
    recorder = page.locator("#recorder")
    expect(recorder.locator("#recorder-words")).to_have_text(HELP)
    _speak(page)
    page.click("#recorder-send")
    # The browser's own microphone beeps at full scale once a second.
    expect(page.locator("#recorder-fault")).to_contain_text("Turn the microphone down")
    page.evaluate(TURN_DOWN)
    _speak(page)
    page.click("#recorder-send")
    expect(recorder).to_be_hidden()
    english = page.locator("section[aria-labelledby=voice-en]")
    expect(english).to_contain_text("A recording waits")
    english.get_by_text("Play the new recording").click()
    expect(english.locator("[data-playing]")).to_have_count(1)
    english.get_by_text("Approve", exact=True).click()
    expect(english).to_contain_text("Approved by Sumitra")
    expect(page.locator("#done-line")).to_contain_text("next publishing")
    page.goto(f"{live.url}/desk/studio/publish")
    page.get_by_text("Publish for new calls").click()
    expect(page.locator("[role=status]", has_text="Version 2 is live")).to_be_visible()
    name = live.desk.row(Take).name.encode()
    assert name not in under_way.press("2").last.body
    assert name in line.call("CA2", "+919830012342").dial().press("2").last.body


@pytest.mark.rest
def test_a_folder_of_numbered_files_gets_a_line_for_each(live: LiveDesk, page: Page, tmp_path: Path) -> None:
    open_studio(live.desk, "mina", "translator")
    live.sign_in(page, "mina", path="/desk/studio/script/en")
    folder = tmp_path / "from the artist"
    folder.mkdir()
    (folder / "002.wav").write_bytes(speech())
    (folder / "10 take2.mp3").write_bytes(speech(kind="MP3"))
    (folder / "3.wav").write_bytes(picture())
    (folder / "notes.txt").write_text("thanks")
    (folder / "big.wav").write_bytes(b"RIFF" + bytes(10_500_000))
    page.set_input_files("#folder", folder)
    page.get_by_text("Send the files").click()
    expect(page.locator("#files-told")).to_have_text("4 of 4 files")
    rows = page.locator("#files-results tbody tr")
    expect(rows).to_have_count(4)
    expect(rows.nth(0)).to_contain_text("Taken")
    expect(rows.nth(1)).to_contain_text("holds no sound")
    expect(rows.nth(2)).to_contain_text("10 take2.mp3")
    expect(rows.nth(3)).to_contain_text("larger than 10 MB")


@pytest.mark.parametrize("language", ["bn", "en", "hi"])
def test_every_page_of_the_studio_is_well_in(live: LiveDesk, page: Page, language: str) -> None:
    open_studio(live.desk, "sumitra", "supervisor", "translator", screen=language)
    waiting_take(live.desk)
    live.sign_in(page, "sumitra", path="/desk/studio?show=waiting")
    for path in (PAGE, "/desk/studio/prompts/sms_registered", "/desk/studio?words=xyzzy", "/desk/studio/publish"):
        assert_well(page)
        page.goto(f"{live.url}{path}")
    assert_well(page)
