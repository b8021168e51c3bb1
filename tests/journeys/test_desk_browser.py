"""One call with two real pages: the citizen's phone, and the representative's desk by keyboard alone."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from agent_console.demo_staff import DEMO_PASSWORD
from agent_console.words import say
from models.complaint import Complaint
from models.message import Message
from models.store import Store
from models.talk import Talk
from tests.browser import NewPage
from tests.journeys.conftest import hire, new_number
from tests.journeys.rows import one
from tests.line import RunningLine

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Tongue:
    """What one language looks like on both pages."""

    code: str
    key: str  # in the language menu
    new_complaint: str  # the end of a line of the menus, after which its key is pressed
    ration: str
    this_number: str
    rate: str
    call: str  # words of the phone page
    hang_up: str
    told: str  # typed by the representative


ENGLISH = Tongue(
    "en",
    "2",
    "For a new complaint, press 1.",
    "For ration, press 1.",
    "To use this number, press 1.",
    "Very bad, press 1.",
    "Call",
    "Hang up",
    "The ration shop is closed since Monday.",
)
BENGALI = Tongue(
    "bn",
    "1",
    "নতুন অভিযোগ জানাতে 1 টিপুন।",
    "রেশনের জন্য 1 টিপুন।",
    "এই নম্বরটি রাখতে 1 টিপুন।",
    "খুব খারাপ",
    "ফোন করুন",
    "ফোন রাখুন",
    "সোমবার থেকে রেশন দোকান বন্ধ।",
)


MOST_TABS = 60


@pytest.fixture(autouse=True)
def _patience() -> None:
    expect.set_options(timeout=40_000)


@pytest.mark.every_store
def test_a_whole_call_with_two_pages(line: RunningLine, line_store: Store, new_page: NewPage) -> None:
    hold_whole_call(line, line_store, new_page, ENGLISH)


def test_a_whole_call_with_two_pages_in_bengali(line: RunningLine, line_store: Store, new_page: NewPage) -> None:
    hold_whole_call(line, line_store, new_page, BENGALI)


def hold_whole_call(line: RunningLine, line_store: Store, new_page: NewPage, tongue: Tongue) -> None:
    """From the citizen's first key to the representative's sign-out. The representative has no mouse."""
    phone, desk = new_page(locale=f"{tongue.code}-IN"), new_page()
    with pictured(phone=phone, desk=desk):
        number = open_phone(phone, line, tongue)
        open_desk(desk, line, hire(line_store, tongue.code, screen=tongue.code))
        desk.keyboard.press("F2")
        expect(desk.locator("#call-column [data-key^='ready:']")).to_be_visible()

        dial_by_keypad(phone, tongue)
        answer(desk, number)
        expect(phone.locator(".phone")).to_have_attribute("data-state", "talking")
        expect(desk.locator("#category")).to_have_value("ration")

        fill_in(desk, tongue)
        desk.keyboard.press("Control+Enter")
        expect(desk.locator("#reference")).to_be_visible()
        shown = desk.locator("#reference").inner_text()
        texted = phone.locator(".text p").first
        expect(texted).to_contain_text(shown)
        # A report that a busy machine lost is asked for after a minute.
        expect(desk.locator("[data-part=message]")).to_contain_text(
            say("message.delivered", tongue.code), timeout=120_000
        )
        complaint = one(line_store, Complaint, Complaint.reference == shown.replace("-", ""))
        assert (complaint.text, complaint.language) == (tongue.told, tongue.code)
        assert complaint.contact_number == number
        message = one(line_store, Message, Message.complaint_id == complaint.id)
        assert texted.inner_text() == message.body

        desk.keyboard.press("Shift+F2")
        expect(desk.locator("#wrap-form")).to_be_visible()
        expect(transcript(phone)).to_contain_text(tongue.rate)
        phone.get_by_role("button", name=tongue.hang_up).click()
        expect(phone.locator(".phone")).to_have_attribute("data-state", "idle")
        desk.keyboard.press("F2")
        expect(desk.locator("#call-column [data-key^='ready:']")).to_be_visible()
        talk = one(line_store, Talk, Talk.call_sid == complaint.call_sid)
        assert (talk.state, talk.result) == ("ended", "registered")
        sign_out(desk, tongue)


@pytest.mark.rest
def test_a_reload_in_mid_talk_loses_no_character(line: RunningLine, line_store: Store, new_page: NewPage) -> None:
    phone, desk = new_page(), new_page()
    with pictured(phone=phone, desk=desk):
        number = open_phone(phone, line, ENGLISH)
        open_desk(desk, line, hire(line_store, "en"))
        desk.keyboard.press("F2")
        expect(desk.locator("#call-column [data-key^='ready:']")).to_be_visible()
        dial_by_keypad(phone, ENGLISH)
        answer(desk, number)
        expect(phone.locator(".phone")).to_have_attribute("data-state", "talking")
        desk.focus("#text")
        desk.keyboard.type("রেশন and every last lettér")
        assert desk.input_value("#text") == "রেশন and every last lettér"  # else it was lost before the reload
        desk.on("dialog", lambda dialog: dialog.accept())
        desk.reload()
        expect(desk.locator("#text")).to_have_value("রেশন and every last lettér")
        expect(desk.locator("#voice-away")).to_be_hidden()
        desk.focus("#text")
        desk.keyboard.press("Control+End")
        desk.keyboard.type("!")
        expect(desk.locator("#saved")).to_have_attribute("data-now", "saved")
        desk.select_option("#place", "hooghly")
        expect(desk.locator("#saved")).to_have_attribute("data-now", "saved")
        desk.locator("#register").click()
        expect(desk.locator("#reference")).to_be_visible()
        reference = desk.locator("#reference").inner_text().replace("-", "")
        assert one(line_store, Complaint, Complaint.reference == reference).text == "রেশন and every last lettér!"
        phone.get_by_role("button", name="Hang up").click()
        expect(desk.locator("#wrap-form")).to_be_visible()
        desk.locator("#wrap-form").get_by_role("button", name=say("wrap.next", "en")).click()
        sign_out(desk, ENGLISH)


def open_phone(page: Page, line: RunningLine, tongue: Tongue) -> str:
    """A phone with a number that never called. Returns the number."""
    number = new_number()
    page.goto(line.emulator_url)
    expect(page.locator("html")).to_have_attribute("lang", tongue.code)
    page.locator(".own-number").fill(number)
    return number


def dial_by_keypad(page: Page, tongue: Tongue) -> None:
    """Into the queue, by clicks on the keys, each as soon as its line is heard."""
    page.get_by_role("button", name=tongue.call, exact=True).last.click()
    heard = transcript(page)
    expect(heard).to_contain_text(f"press {tongue.key}." if tongue.code == "en" else f"{tongue.key} টিপুন।")
    click_key(page, tongue.key)
    for words in (tongue.new_complaint, tongue.ration, tongue.this_number):
        expect(heard).to_contain_text(words)
        click_key(page, "1")
    expect(page.locator(".phone")).to_have_attribute("data-state", re.compile("waiting|talking"))


def click_key(page: Page, key: str) -> None:
    page.locator(f".keypad [data-key='{key}']").click()


def transcript(page: Page) -> Locator:
    return page.locator(".transcript")


def open_desk(page: Page, line: RunningLine, login: str) -> None:
    page.goto(f"{line.public_url}/desk/sign-in")
    tab_to(page, "#login")
    page.keyboard.type(login)
    tab_to(page, "#password")
    page.keyboard.type(DEMO_PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#call-column")).to_be_visible()
    page.wait_for_load_state()  # from here on the keys of the desk count


def answer(page: Page, number: str) -> None:
    """The ringing card shows who calls, masked; F2 answers; then the whole number and the form are there."""
    expect(page.locator("#answer")).to_be_visible()
    expect(page.locator("#alarm")).to_contain_text(f"{number[3:5]}•••••{number[-3:]}")
    page.keyboard.press("F2")
    expect(page.locator("[data-end]")).to_be_visible()
    expect(page.locator("#draft")).to_be_visible()
    expect(page.locator(".call-number")).to_have_text(re.compile(rf"{number[3:8]}\s?{number[8:]}"))
    expect(page.locator("#voice-away")).to_be_hidden()


def fill_in(page: Page, tongue: Tongue) -> None:
    """Place and words, reached by Tab and typed."""
    tab_to(page, "#place-typed")
    page.keyboard.type("Hugli")
    expect(page.locator("#place")).to_have_value("hooghly")
    tab_to(page, "#text")
    page.keyboard.type(tongue.told)
    expect(page.locator("#saved")).to_have_attribute("data-now", "saved")
    expect(page.locator("#saved")).to_contain_text(re.compile("[0-9০-৯]{2}:[0-9০-৯]{2}"))


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the element has the focus, as somebody without a mouse does."""
    for _ in range(MOST_TABS):
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} was not reached by {MOST_TABS} Tabs")


def sign_out(page: Page, tongue: Tongue) -> None:
    """By keys, in the menu with one's own name."""
    tab_to(page, "details.menu summary")
    page.keyboard.press("Enter")
    tab_to(page, "[action$='/sign-out'] button")
    expect(page.locator("[action$='/sign-out'] button")).to_have_text(say("bar.sign_out", tongue.code))
    page.keyboard.press("Enter")
    expect(page.locator("#password")).to_be_visible()


@contextmanager
def pictured(**pages: Page) -> Iterator[None]:
    """Keep a picture of each page when something fails, and say where."""
    try:
        yield
    except BaseException as error:
        folder = Path(tempfile.mkdtemp(prefix="helpline-pictures-"))
        for name, page in pages.items():
            page.screenshot(path=folder / f"{name}.png")
        error.add_note(f"Pictures of both pages are in {folder}")
        raise
