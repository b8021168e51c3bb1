"""Every page in every language: accessible, without a break at 360 pixels, and without a word in the wrong script."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from models.complaint import Complaint
from tests.agent_console.live_desk import LiveDesk
from tests.agent_console.test_drafts import FORM
from tests.agent_console.test_feedback import lay_solved
from tests.agent_console.test_lists import leave_message, promise
from tests.browser import DESK, PHONE

# Werkzeug's server leaves a file to the collector when the browser goes away in the middle of it.
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]


def assert_well(page: Page, *, by_axe: bool = True) -> None:
    for viewport in (DESK, PHONE):
        page.set_viewport_size(viewport)
        if by_axe:
            found = Axe().run(page)
            assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{page.url} is too wide"
    named = page.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
    assert sorted(set(named)) == sorted(named), f"{page.url} has two of the same id"


# How a page looks does not depend on the database. What axe asks, names, roles, colours and sizes, stands in the same
# templates for all languages; how wide the words are does not.
@pytest.mark.parametrize(
    ("language", "by_axe"),
    [
        ("bn", True),
        ("en", False),
        ("hi", False),
        pytest.param("en", True, marks=pytest.mark.soak),
        pytest.param("hi", True, marks=pytest.mark.soak),
    ],
)
def test_every_page_is_well_in(live: LiveDesk, page: Page, language: str, by_axe: bool) -> None:
    live.desk.employ("asha", "representative", "supervisor", "admin", screen=language)
    live.desk.employ("officer", "officer", screen=language)
    browser = live.desk.client("asha")
    browser.act("/desk/drafts")
    browser.act("/desk/drafts/1/register", **FORM)
    browser.act("/desk/drafts")
    browser.act("/desk/drafts/2", version=0, data='{"text": "half a story", "category": "ration"}')
    promise(live.desk)
    leave_message(live.desk)
    live.desk.enqueue(tell={"category": "ration"})
    bimal = live.desk.employ("bimal", screen=language)
    talk_id, _ = live.desk.talk(live.desk.client("bimal"), bimal)
    assert live.desk.client("bimal").act(f"/desk/talks/{talk_id}/help").status_code == 200
    reference = live.desk.row(Complaint).reference
    feedback_id, _ = lay_solved(live.desk)
    assert browser.act(f"/desk/feedback/{feedback_id}/take").status_code == 200

    page.goto(f"{live.url}/desk/sign-in")
    page.click(f"button[name=language][value={language}]")
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert_well(page, by_axe=by_axe)
    page.fill("#login", "asha")
    page.fill("#password", "wrong")
    page.press("#password", "Enter")
    expect(page.locator("#fault")).to_be_visible()
    assert_well(page, by_axe=by_axe)

    live.sign_in(page, "asha")
    for path in (
        "/desk/calls",
        "/desk/calls?draft=1",
        "/desk/calls?draft=2",
        "/desk/call-backs",
        "/desk/feedback",
        f"/desk/feedback/{feedback_id}",
        "/desk/voice-messages",
        "/desk/drafts",
        "/desk/board",
        f"/desk/beside/{talk_id}",
        "/desk/wall",
        "/desk/board/shared",
        "/desk/board/close",
        "/desk/audit",
        "/desk/person",
        "/desk/recordings",
        "/desk/reports",
        "/desk/account",
        "/desk/staff",
        "/desk/staff/1",
        f"/desk/complaints/{reference}",
        "/desk/search?q=9830012345",
        "/desk/search?q=hello",
        "/desk/nowhere",
    ):
        page.goto(f"{live.url}{path}")
        assert_well(page, by_axe=by_axe)
    page.goto(f"{live.url}/desk/person")
    page.fill("#number", "9830012345")
    page.fill("#reason", "asked in writing")
    page.press("#reason", "Enter")
    expect(page.locator("#held-title")).to_be_visible()
    assert_well(page, by_axe=by_axe)


@pytest.mark.rest
@pytest.mark.parametrize("language", ["bn", "en", "hi"])
def test_a_supervisors_pages_stand_in_one_line_and_the_rarer_ones_unfold(
    live: LiveDesk, page: Page, language: str
) -> None:
    live.desk.employ("sumitra", "supervisor", screen=language)
    live.sign_in(page, "sumitra", path="/desk/reports")
    page.set_viewport_size(DESK)
    tops = "all => new Set(all.map(one => one.getBoundingClientRect().top)).size"
    assert page.eval_on_selector_all(".bar.under > nav > ul > li", tops) == 1
    beside = "all => all[1].getBoundingClientRect().left > all[0].getBoundingClientRect().right"
    assert page.eval_on_selector_all(".bar.under > nav, .bar.under > .search", beside)
    more = page.locator("#more-pages summary")
    expect(more).to_have_attribute("aria-current", "true")  # the page that is open is one of them
    more.press("Enter")
    reports = page.locator("#more-pages a[aria-current=page]")
    expect(reports).to_be_visible()
    assert_well(page, by_axe=language == "bn")
    reports.focus()
    page.keyboard.press("Escape")
    expect(reports).to_be_hidden()
    expect(more).to_be_focused()


def test_fonts_of_all_scripts_are_ours(live: LiveDesk, page: Page) -> None:
    live.desk.employ("asha", screen="bn")
    live.sign_in(page, "asha")
    page.evaluate("document.fonts.ready")
    assert page.evaluate("document.fonts.check('16px \"Noto Sans Bengali\"', 'অভিযোগ')") is True
    loaded = page.evaluate(
        "[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family.replaceAll('\"', ''))"
    )
    assert "Noto Sans Bengali" in loaded


@pytest.mark.rest
def test_a_report_of_one_day_stands_in_the_middle_of_its_chart(live: LiveDesk, page: Page) -> None:
    asha = live.desk.employ("asha", "representative", "supervisor")
    live.desk.talk(live.desk.client("asha"), asha)
    live.sign_in(page, "asha", path="/desk/board")
    day = live.desk.clock.now().date().isoformat()
    page.goto(f"{live.url}/desk/reports?since={day}&until={day}&every=day")
    page.locator(".u-over").hover()  # its middle
    middle = "(one) => { const box = one.getBoundingClientRect(); return box.left + box.width / 2; }"
    points = page.locator(".u-cursor-pt").evaluate_all(f"(all) => all.map({middle})")
    assert points
    assert all(abs(point - page.locator(".u-over").evaluate(middle)) < 3 for point in points)


@pytest.mark.rest
def test_a_complaint_prints_without_bars_and_buttons(live: LiveDesk, page: Page) -> None:
    live.desk.employ("asha")
    browser = live.desk.client("asha")
    browser.act("/desk/drafts")
    browser.act("/desk/drafts/1/register", **FORM)
    live.sign_in(page, "asha", path=f"/desk/complaints/{live.desk.row(Complaint).reference}")
    page.emulate_media(media="print")
    assert page.locator("header .bar").first.is_hidden()
    assert page.locator("[data-print]").is_hidden()
    assert page.locator(".reference").is_visible()


@pytest.mark.rest
def test_a_sound_that_cannot_be_fetched_is_told(live: LiveDesk, page: Page) -> None:
    live.desk.employ("asha")
    leave_message(live.desk, recording_url="")
    live.sign_in(page, "asha", path="/desk/voice-messages")
    expect(page.locator("#said")).to_be_hidden()
    # The list may be drawn anew meanwhile: played until it is told.
    page.wait_for_function(
        "() => { document.querySelector('audio').play().catch(() => undefined); return !said.hidden; }", polling=200
    )
    expect(page.locator("#said")).to_contain_text("cannot be fetched now")
