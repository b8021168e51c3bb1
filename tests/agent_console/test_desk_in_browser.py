"""A representative's working day in a real browser."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from sqlalchemy import update

from agent_console.words import say
from ivr.desk_events import MESSAGE, for_staff, tell_desk
from models.complaint import Complaint
from models.draft import Draft
from models.message import Message
from models.staff import Staff
from models.talk import Talk
from tests.agent_console.live_desk import LiveDesk
from tests.browser import DESK, PHONE, NewPage

# Werkzeug's server leaves a file to the collector when the browser goes away in the middle of it.
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]

SLOW = 20_000  # milliseconds: the machine may be busy


@pytest.fixture(autouse=True)
def patience() -> None:
    expect.set_options(timeout=SLOW)


def assert_accessible(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def ready(live: LiveDesk, page: Page) -> None:
    page.keyboard.press("F2")
    expect(page.locator("#call-column [data-key^='ready:']")).to_be_visible()


def answer(live: LiveDesk, page: Page, staff_id: int) -> None:
    live.desk.ring(staff_id)
    expect(page.locator("#answer")).to_be_visible()
    page.keyboard.press("F2")
    expect(page.locator("[data-end]")).to_be_visible()
    expect(page.locator("#draft")).to_be_visible()


def assert_every_act_comes_into_sight(page: Page) -> None:
    """Where the call's column is too long for the screen, it ends with the end of the call, and nothing is below it."""
    page.set_viewport_size({"width": 1366, "height": 560})
    column = page.locator("#call-column")
    assert column.evaluate("(column) => column.scrollHeight > column.clientHeight")
    column.evaluate("(column) => column.scrollTo(0, column.scrollHeight)")
    end = page.locator("[data-end]").bounding_box()
    assert end is not None
    assert end["y"] + end["height"] <= 560
    for summary in page.locator("#call-column .halves summary").all():
        shown = summary.bounding_box()
        assert shown is not None
        assert shown["y"] + shown["height"] <= end["y"] + 1
    page.set_viewport_size(DESK)


@pytest.mark.parametrize("language", ["en", "bn"])
def test_a_whole_call_by_keys_alone(live: LiveDesk, page: Page, language: str) -> None:
    staff_id = live.desk.employ("asha", screen=language)
    live.sign_in(page, "asha")
    assert_accessible(page)
    ready(live, page)

    live.desk.ring(staff_id)
    expect(page.locator("#alarm")).to_contain_text("98•••••001")
    assert page.locator("[aria-live=assertive], [role=alert][aria-live=assertive]").count() == 1
    assert_accessible(page)
    page.keyboard.press("F2")
    expect(page.locator("#draft")).to_be_visible()
    expect(page.get_by_text(say("talk.live", language), exact=True)).to_be_visible()
    expect(page.locator("#voice-away")).to_be_hidden()
    expect(page.locator("#alarm")).to_have_text("")
    digit = "[০-৯]" if language == "bn" else "[0-9]"
    expect(page.locator(".call-timer")).to_have_text(re.compile(f"^{digit}{{2}}:{digit}{{2}}$"))

    assert_every_act_comes_into_sight(page)

    page.focus("#text")
    page.keyboard.type("রেশন কার্ড আটকে আছে")
    expect(page.locator("#saved")).to_have_attribute("data-now", "saved")
    expect(page.locator("#saved")).to_have_text(re.compile(f" {digit}{{2}}:{digit}{{2}}"))
    page.select_option("#place", "wb-hooghly")
    expect(page.locator("#goes-to")).to_contain_text("BDO")
    assert_accessible(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#reference")).to_be_visible()

    complaint = live.desk.row(Complaint)
    assert page.locator("#reference").inner_text().replace("-", "") == complaint.reference
    assert (complaint.text, complaint.place_code) == ("রেশন কার্ড আটকে আছে", "wb-hooghly")
    assert page.locator(".aloud span").count() == 4
    expect(page.locator("[data-part=message]")).to_contain_text(say("message.queued", language))

    def deliver(connection):  # type: ignore[no-untyped-def]  # a connection of the store
        connection.execute(update(Message).values(status="delivered", done_at=live.desk.clock.now()))
        tell_desk(connection, MESSAGE, 1, for_staff(staff_id), live.desk.clock.now())

    live.desk.store.write(deliver)
    expect(page.locator("[data-part=message]")).to_contain_text(say("message.delivered", language))
    assert_accessible(page)

    page.keyboard.press("Shift+F2")
    expect(page.locator("#wrap-form")).to_be_visible()
    expect(page.locator("#outcome")).to_have_value("registered")
    assert_accessible(page)
    page.keyboard.press("F2")
    expect(page.locator("#call-column [data-key^='ready:']")).to_be_visible()
    assert live.desk.row(Talk).result == "registered"


def test_a_reload_loses_no_letter_and_comes_back_into_the_call(live: LiveDesk, page: Page) -> None:
    staff_id = live.desk.employ("asha")
    live.sign_in(page, "asha")
    ready(live, page)
    answer(live, page, staff_id)
    page.focus("#text")
    page.keyboard.type("one letter and more")
    assert page.input_value("#text") == "one letter and more"
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.locator("#text")).to_have_value("one letter and more")
    expect(page.locator("#voice-away")).to_be_hidden()
    live.voice.wait_for_calls(2)


def test_without_the_server_nothing_typed_is_lost(live: LiveDesk, page: Page) -> None:
    staff_id = live.desk.employ("asha")
    live.sign_in(page, "asha")
    ready(live, page)
    answer(live, page, staff_id)
    page.context.set_offline(True)
    page.focus("#text")
    page.keyboard.type("said while the line was down")
    expect(page.locator("#offline")).to_be_visible()
    expect(page.locator("#saved")).to_have_attribute("data-now", "unsaved")
    assert page.locator("#text").input_value() == "said while the line was down"
    page.context.set_offline(False)
    expect(page.locator("#saved")).to_have_attribute("data-now", "saved")
    expect(page.locator("#offline")).to_be_hidden()
    assert "said while the line was down" in live.desk.row(Draft).data


@pytest.mark.rest
def test_the_end_can_be_taken_back_within_a_second(live: LiveDesk, page: Page) -> None:
    staff_id = live.desk.employ("asha")
    page.clock.install()
    live.sign_in(page, "asha")
    ready(live, page)
    answer(live, page, staff_id)
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 60"))
    page.keyboard.press("Shift+F2")
    expect(page.locator("[data-end] button")).to_contain_text("press again to stay")
    page.clock.run_for(900)
    page.keyboard.press("Shift+F2")
    expect(page.locator("[data-end] button")).to_contain_text("End the call")
    page.clock.run_for(5000)
    page.evaluate("fetch('/health')")
    assert live.desk.presence(staff_id) == "talk"
    page.keyboard.press("Shift+F2")
    page.clock.run_for(1000)
    expect(page.locator("#wrap-form")).to_be_visible()


@pytest.mark.rest
def test_what_is_missing_is_said_in_the_language_of_the_screen_and_shown(live: LiveDesk, page: Page) -> None:
    staff_id = live.desk.employ("asha", screen="bn")
    live.sign_in(page, "asha")
    ready(live, page)
    answer(live, page, staff_id)
    page.set_viewport_size(PHONE)
    for field, filled in (("place", "wb-hooghly"), ("text", "কথা")):
        page.keyboard.press("Control+Enter")
        expect(page.locator("#said")).to_contain_text(say(f"refused.{field}", "bn"))
        assert page.locator("#said").evaluate("said => said.getBoundingClientRect().bottom <= innerHeight")
        wanting = page.locator(f"#{field}")
        expect(wanting).to_be_focused()
        expect(wanting).to_have_attribute("aria-invalid", "true")
        wanting.select_option(filled) if field == "place" else wanting.fill(filled)
        expect(wanting).not_to_have_attribute("aria-invalid", "true")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#reference")).to_be_visible()
    page.keyboard.press("Shift+F2")
    expect(page.locator("#wrap-form")).to_be_visible()
    page.select_option("#outcome", "")
    page.keyboard.press("F2")
    expect(page.locator("#said")).to_contain_text(say("refused.outcome", "bn"))
    expect(page.locator("#outcome")).to_be_focused()


def test_a_second_desk_says_so_and_takes_over(live: LiveDesk, new_page: NewPage) -> None:
    live.desk.employ("asha")
    first, second = new_page(), new_page()
    live.sign_in(first, "asha")
    expect(first.locator("#elsewhere")).to_be_hidden()
    ready(live, first)
    live.sign_in(second, "asha")
    expect(second.locator("#elsewhere")).to_be_visible()
    assert second.locator("#call-column").evaluate("column => column.inert") is True
    assert_accessible(second)
    staff_id = live.desk.row(Staff).id
    live.desk.ring(staff_id)
    expect(second.locator("#answer")).to_be_visible()
    sent: list[str] = []
    second.on("request", lambda request: sent.append(request.url))
    second.keyboard.press("F2")  # the keys of a tab that is not the desk do nothing
    second.evaluate("fetch('/health')")
    assert [url for url in sent if "accept" in url] == []
    assert any(url.endswith("/health") for url in sent)
    expect(first.locator("#answer")).to_be_visible()
    second.click("#elsewhere button")
    expect(second.locator("#elsewhere")).to_be_hidden()
    expect(first.locator("#elsewhere")).to_be_visible()


@pytest.mark.rest
def test_a_call_rings_on_every_page_and_f2_leads_to_the_desk(live: LiveDesk, page: Page) -> None:
    staff_id = live.desk.employ("asha")
    live.sign_in(page, "asha")
    ready(live, page)
    page.goto(f"{live.url}/desk/call-backs")
    live.desk.ring(staff_id)
    expect(page.locator("[data-answer-link]")).to_be_visible()
    page.keyboard.press("F2")
    expect(page.locator("#answer")).to_be_visible()


@pytest.mark.rest
def test_keys_search_and_help_stay_out_of_fields(live: LiveDesk, page: Page) -> None:
    live.desk.employ("asha")
    live.sign_in(page, "asha")
    page.keyboard.press("Slash")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("/?")
    expect(page.locator("#search")).to_have_value("/?")
    expect(page.locator("#help")).to_be_hidden()
    page.locator("#search").evaluate("field => field.blur()")
    page.keyboard.press("Shift+Slash")
    expect(page.locator("#help")).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(page.locator("#help")).to_be_hidden()


@pytest.mark.rest
def test_three_columns_that_never_move_and_stack_when_narrow(live: LiveDesk, page: Page) -> None:
    staff_id = live.desk.employ("asha")
    live.sign_in(page, "asha")

    def places() -> object:
        boxes = "[...document.querySelectorAll('.column')].map(column => column.getBoundingClientRect())"
        return page.evaluate(f"{boxes}.map(box => [box.x, box.y, box.width])")

    page.evaluate("document.fonts.ready.then(() => 0)")
    before = places()
    ready(live, page)
    answer(live, page, staff_id)
    assert places() == before
    page.evaluate(
        "() => {const s=document.getElementById('said');s.hidden=false;s.querySelector('span').textContent='x'}"
    )
    assert places() == before
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert page.locator("#call-column").evaluate("c => c.scrollHeight <= c.clientHeight")
    for width in (683, 360):  # 200 % zoom of 1366, and a small phone
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        columns = page.evaluate("[...document.querySelectorAll('.column')].map(c => c.getBoundingClientRect().x)")
        assert len(set(columns)) == 1


@pytest.mark.rest
def test_targets_are_large_enough(live: LiveDesk, new_page: NewPage) -> None:
    staff_id = live.desk.employ("asha")
    page = new_page(viewport=PHONE)
    live.sign_in(page, "asha")
    ready(live, page)
    answer(live, page, staff_id)
    small = page.evaluate(
        """[...document.querySelectorAll('button, input:not([type=hidden]), select, textarea, summary, nav a')]
        .filter(one => one.offsetParent).map(one => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
        .filter(([_, box]) => box.height < 20 || box.width < 20).map(([html]) => html)"""
    )
    assert small == []
