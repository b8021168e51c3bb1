"""Real sound between real pages: what each microphone sends is measured at the others' ears.

Each browser's microphone is a file with a pitch of its own, in beats, which noise suppression lets through.
"""

import os
import re
import signal
import time
import wave
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect

from agent_console.demo_staff import DEMO_PASSWORD
from agent_console.words import say
from ivr.leg_phrases import PLEASE_STAY
from ivr.talks import FIRST_IN_LINE
from models.queue_entry import QueueEntry
from models.store import Store
from models.talk import Talk
from tests.browser import DESK, launch
from tests.journeys.conftest import hire, open_store
from tests.journeys.processes import command_of, family_of
from tests.journeys.rows import find, one, wait_for
from tests.journeys.test_desk_browser import (
    ENGLISH,
    answer,
    dial_by_keypad,
    open_desk,
    open_phone,
    pictured,
    transcript,
)
from tests.line import RunningLine, free_ports, settings_of_store, start_line

pytestmark = [pytest.mark.browser, pytest.mark.alone]

CITIZEN, REPRESENTATIVE, SUPERVISOR = 600, 900, 1300
TOLD = "রেশন and every last lettér"
LOUD, QUIET = -40.0, -48.0  # decibels of the analyser: a voice is about -20, what other pitches leave of it below -60
_BEAT, _REST, _EDGE = 0.5, 0.3, 0.05  # seconds of a pitch; one that breaks off is heard in every other

# Notes, for each pitch, the loudest that came from any other side since it was last asked to forget.
_EARS = """
(() => {
  const pitches = [600, 900, 1300];
  window.loudest = {};
  window.forget = () => pitches.forEach((pitch) => (window.loudest[pitch] = -200));
  window.forget();
  const Own = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Own {
    constructor(...given) {
      super(...given);
      this.addEventListener("track", ({ track }) => {
        const context = new AudioContext();
        const ear = context.createAnalyser();
        ear.fftSize = 4096;
        ear.smoothingTimeConstant = 0;
        context.createMediaStreamSource(new MediaStream([track])).connect(ear);
        const bins = new Float32Array(ear.frequencyBinCount);
        setInterval(() => {
          ear.getFloatFrequencyData(bins);
          for (const pitch of pitches) {
            const at = Math.round((pitch * ear.fftSize) / context.sampleRate);
            window.loudest[pitch] = Math.max(window.loudest[pitch], ...bins.subarray(at - 2, at + 3));
          }
        }, 50);
      });
    }
  };
})();
"""
_FLAGS = (
    "--allow-loopback-in-peer-connection",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
    "--ignore-certificate-errors",
)


@pytest.fixture(scope="module")
def voice_line(store_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningLine]:
    """A line at the usual speed, whose telephones carry sound."""
    (port,) = free_ports(1)
    with settings_of_store(store_kind) as settings:
        folder = tmp_path_factory.mktemp("voice-line")
        running = start_line(folder, LOCAL_VOICE_URL=f"https://127.0.0.1:{port}", **settings)
        yield running
        running.stop()


@pytest.fixture
def voice_store(voice_line: RunningLine) -> Iterator[Store]:
    store = open_store(voice_line)
    yield store
    store.close()


@pytest.fixture
def speakers(browser: Browser, tmp_path: Path) -> Iterator[dict[int, Page]]:
    """A page for each pitch, in a browser whose microphone hums it."""
    with ExitStack() as stack:
        pages: dict[int, Page] = {}
        for pitch in (CITIZEN, REPRESENTATIVE, SUPERVISOR):
            pages[pitch] = stack.enter_context(humming(browser, tmp_path, pitch, *_FLAGS))
            pages[pitch].add_init_script(_EARS)
        yield pages


@contextmanager
def humming(browser: Browser, folder: Path, pitch: int, *flags: str) -> Iterator[Page]:
    """A page of a browser of its own, whose microphone hums."""
    path = folder / f"{pitch}.wav"
    hum(path, pitch)
    own = launch(browser.browser_type, more=[*flags, f"--use-file-for-fake-audio-capture={path}"])
    try:
        yield own.new_page(viewport=DESK, locale="en-IN")
    finally:
        if own.is_connected():  # not where it was killed
            own.close()


def hum(path: Path, pitch: int) -> None:
    rate = 48_000
    at = np.arange(int(rate * (_BEAT + _REST))) / rate
    shape = np.clip(np.minimum(at, _BEAT - at) / _EDGE, 0, 1)
    samples = 9000 * np.sin(2 * np.pi * pitch * at) * shape
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())


def hears(page: Page, pitch: int) -> None:
    """Wait until it does."""
    page.evaluate("forget()")
    page.wait_for_function("([pitch, loud]) => loudest[pitch] > loud", arg=[pitch, LOUD], timeout=30_000)


def hears_no(page: Page, pitch: int, other: int | None = None) -> None:
    """Wait until nothing of it came for two beats; `other` is heard all the same."""
    for _ in range(15):
        page.evaluate("forget()")
        page.wait_for_timeout(2 * 1000 * (_BEAT + _REST))
        heard = page.evaluate("loudest")
        if heard[str(pitch)] < QUIET and (other is None or heard[str(other)] > LOUD):
            return
    raise AssertionError(f"{pitch} Hz should be silent, and {other} heard: {heard}")


def test_citizen_representative_and_supervisor_hear_whom_they_should(
    voice_line: RunningLine, voice_store: Store, speakers: dict[int, Page]
) -> None:
    phone, desk, beside = speakers[CITIZEN], speakers[REPRESENTATIVE], speakers[SUPERVISOR]
    with pictured(phone=phone, desk=desk, beside=beside):
        number = open_phone(phone, voice_line, ENGLISH)
        open_desk(desk, voice_line, hire(voice_store, "en"))
        desk.keyboard.press("F2")
        expect(desk.locator("#call-column [data-key^='ready:']")).to_be_visible()
        expect(desk.locator("#voice-line")).to_be_hidden()
        dial_by_keypad(phone, ENGLISH)
        answer(desk, number)

        hears(desk, CITIZEN)
        hears(phone, REPRESENTATIVE)
        expect(desk.locator("#mute")).to_be_visible()
        assert desk.evaluate("document.getElementById('level-meter').value") >= 0

        open_board(beside, voice_line)
        off = beside.get_by_text(say("board.muted", "en"))
        expect(off).to_be_hidden()
        desk.keyboard.press("F4")
        expect(desk.locator("#mute")).to_have_attribute("aria-pressed", "true")
        expect(off).to_be_visible()
        expect(desk.locator("#muted")).to_be_visible()
        assert_accessible(desk)
        hears_no(phone, REPRESENTATIVE)
        hears(desk, CITIZEN)
        desk.keyboard.press("F4")
        expect(desk.locator("#muted")).to_be_hidden()
        expect(off).to_be_hidden()
        hears(phone, REPRESENTATIVE)

        desk.keyboard.press("F8")
        expect(desk.locator("[data-hold]")).to_contain_text(say("hold.back", "en"))
        hears_no(desk, CITIZEN)
        hears_no(phone, REPRESENTATIVE)
        desk.keyboard.press("F8")
        expect(desk.locator("[data-hold]")).to_contain_text(say("hold.go", "en"))
        hears(phone, REPRESENTATIVE)
        hears(desk, CITIZEN)

        sit_beside(beside)
        hears(beside, CITIZEN)
        hears(beside, REPRESENTATIVE)
        hears_no(desk, SUPERVISOR, CITIZEN)
        beside.get_by_role("button", name=say("beside.whisper", "en")).click()
        hears(desk, SUPERVISOR)
        hears_no(phone, SUPERVISOR, REPRESENTATIVE)
        beside.get_by_role("button", name=say("beside.barge", "en")).click()
        hears(phone, SUPERVISOR)

        phone.get_by_role("button", name="Hang up").click()
        expect(desk.locator("#wrap-form")).to_be_visible()
        expect(desk.locator("#voice-line")).to_be_hidden()


def assert_accessible(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_a_reload_in_mid_talk_brings_the_sound_back_and_a_killed_browser_hands_caller_and_words_on(
    voice_line: RunningLine, voice_store: Store, speakers: dict[int, Page], tmp_path: Path
) -> None:
    """One call for both: its caller hears the sentence, the representative, the sentence again, then a colleague."""
    phone, desk, colleague = speakers[CITIZEN], speakers[REPRESENTATIVE], speakers[SUPERVISOR]
    with pictured(phone=phone, colleague=colleague):
        number = open_phone(phone, voice_line, ENGLISH)
        open_desk(desk, voice_line, hire(voice_store, "en"))
        desk.keyboard.press("F2")
        expect(desk.locator("#call-column [data-key^='ready:']")).to_be_visible()
        dial_by_keypad(phone, ENGLISH)
        answer(desk, number)
        hears(desk, CITIZEN)
        hears(phone, REPRESENTATIVE)
        desk.focus("#text")
        desk.keyboard.type(TOLD)
        talk = newest_talk(voice_store)

        desk.on("dialog", lambda dialog: dialog.accept())
        desk.route("**/twilio.min.js", be_slow)
        desk.reload()
        expect(desk.locator("#text")).to_have_value(TOLD)
        hears(desk, CITIZEN)
        hears(phone, REPRESENTATIVE)
        expect(transcript(phone)).to_contain_text(PLEASE_STAY["en"])
        # Whoever is away for longer has lost the talk: it is the same one, and each of its gaps was shorter.
        assert newest_talk(voice_store) == talk
        expect(desk.locator("#saved")).to_have_attribute("data-now", "saved")

        kill_browser_of(tmp_path / f"{REPRESENTATIVE}.wav")
        expect(transcript(phone)).to_contain_text(re.compile(f"({re.escape(PLEASE_STAY['en'])}.*){{2}}", re.DOTALL))
        ended = wait_for(lambda: find(voice_store, Talk, Talk.id == talk, Talk.state == "ended"))
        entry = one(voice_store, QueueEntry, QueueEntry.id == ended.entry_id)
        assert (ended.ended_by, entry.state, entry.priority) == ("lost", "waiting", FIRST_IN_LINE)
        open_desk(colleague, voice_line, hire(voice_store, "en"))
        colleague.keyboard.press("F2")
        answer(colleague, number)
        expect(colleague.locator("#text")).to_have_value(TOLD)
        hears(colleague, CITIZEN)
        hears(phone, SUPERVISOR)
        phone.get_by_role("button", name="Hang up").click()
        expect(colleague.locator("#wrap-form")).to_be_visible()


def be_slow(route: Route) -> None:
    """The caller is asked to stay a second after the line is gone: a quick page would be back before that."""
    time.sleep(2)
    route.continue_()


def newest_talk(store: Store) -> int:
    newest = find(store, Talk)
    assert newest is not None
    return newest.id


def kill_browser_of(microphone: Path) -> None:
    """`kill -9` the browser that was started with this file as its microphone, and all of its processes."""
    mine = [
        pid for pid in family_of(os.getpid()) if f"--use-file-for-fake-audio-capture={microphone}" in command_of(pid)
    ]
    assert mine
    for pid in mine:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def open_board(page: Page, line: RunningLine) -> None:
    """Sign in as the supervisor."""
    page.goto(f"{line.public_url}/desk/sign-in?next=/desk/board")
    page.fill("#login", "sumitra")
    page.fill("#password", DEMO_PASSWORD)
    page.press("#password", "Enter")
    expect(page.locator("[data-part=board]")).to_be_visible()


def sit_beside(page: Page) -> None:
    """From the board, listen to the only talk."""
    page.locator("a[href*='/desk/beside/']").first.click()
    page.wait_for_load_state()
    page.locator("[data-listen] button").click()


def test_a_browser_that_was_not_asked_yet_is_led_to_the_certificate_and_works_in_silence(
    voice_line: RunningLine, voice_store: Store, browser: Browser, tmp_path: Path
) -> None:
    # The beep of Chromium's own microphone is a fiftieth of a second, and its noise suppression may take it away.
    with humming(browser, tmp_path, REPRESENTATIVE) as page:
        lead_to_certificate(page, voice_line, voice_store)


def lead_to_certificate(page: Page, voice_line: RunningLine, voice_store: Store) -> None:
    open_desk(page, voice_line, hire(voice_store, "en"))
    bar = page.locator("#voice-line")
    expect(bar).to_contain_text("Allow local voice once")
    door = bar.get_by_role("link", name=say("voice.allow", "en"))
    assert door.get_attribute("href") == voice_line.environment["LOCAL_VOICE_URL"] + "/page/allowed.html"
    page.get_by_role("button", name=say("headset.listen", "en")).click()
    expect(page.locator("#headset-verdict")).to_have_text(say("js.headset_heard", "en"))
    assert page.locator("#headset-microphone option").count() > 1
    assert_accessible(page)
    page.keyboard.press("F2")
    expect(page.locator("#call-column [data-key^='ready:']")).to_be_visible()
