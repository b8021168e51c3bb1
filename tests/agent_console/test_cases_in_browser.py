"""The pages of cases in a real browser: well in three languages at both sizes, and an officer's day without scripts."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update
from sqlalchemy.orm import Session

from agent_console.showing import grouped
from ivr.bridges.ending import citizen_gone
from models.actor import CITIZEN
from models.bridge import Bridge
from models.complaint import Complaint
from models.services import change_state
from models.services.bridging import move_bridge
from tests.agent_console.desk_in_test import PASSWORD
from tests.agent_console.live_desk import LiveDesk
from tests.agent_console.officers import employ_officers
from tests.agent_console.test_organisation import BAD
from tests.agent_console.test_pages_in_browser import assert_well
from tests.browser import PHONE, NewPage
from tests.models.desk_kit import WEEK

# Werkzeug's server leaves a file to the collector when the browser goes away in the middle of it.
pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]


@pytest.mark.parametrize(("language", "by_axe"), [("bn", True), ("en", False), ("hi", False)])
def test_every_page_of_cases_is_well_in(live: LiveDesk, page: Page, language: str, by_axe: bool) -> None:
    officers = employ_officers(live.desk, screen=language)
    case, opened, unsent = officers.case(), officers.case(), officers.case(category="other")
    officers.act("chitra", opened, "open")
    officers.act("chitra", opened, "report", note="The card was handed over on the spot, and the shop was warned.")
    live.desk.clock.advance(86400)
    live.sign_in(page, "chitra")
    expect(page).to_have_url(f"{live.url}/desk/cases")
    for path in (
        "/desk/cases",
        "/desk/cases?box=unexplained",
        "/desk/cases?q=99999999999",
        f"/desk/cases/{case.reference}",
        f"/desk/cases/{case.reference}?act=propose_rejection&reply=incomplete",
        f"/desk/cases/{opened.reference}",
        f"/desk/cases/print?reference={case.reference}&reference={opened.reference}",
    ):
        page.goto(f"{live.url}{path}")
        assert_well(page, by_axe=by_axe)
    page.goto(f"{live.url}/desk/cases/{case.reference}")
    page.click("#act-open button")
    expect(page.locator("#act-open .notice")).to_be_visible()
    assert_well(page, by_axe=by_axe)
    for login, paths in (
        ("leela", ("/desk/cases/department", "/desk/cases/department/list?what=open")),
        ("sumitra", ("/desk/cases/cell", f"/desk/cases/{unsent.reference}", "/desk/cases/department")),
    ):
        page.context.clear_cookies()
        live.sign_in(page, login)
        for path in paths:
            page.goto(f"{live.url}{path}")
            assert_well(page, by_axe=by_axe)


@pytest.mark.rest
def test_more_cases_are_told_while_somebody_types(live: LiveDesk, page: Page) -> None:
    officers = employ_officers(live.desk)
    page.clock.install()
    live.sign_in(page, "chitra")
    mine = page.locator("[data-part=boxes] [aria-current=page]")
    expect(mine).to_contain_text("(0)")
    page.fill("#case-q", "123")
    officers.case()
    page.clock.fast_forward(61_000)
    expect(mine).to_contain_text("(1)")
    expect(page.locator("#case-q")).to_have_value("123")


def test_news_of_the_open_case_are_told_beside_what_is_typed(live: LiveDesk, page: Page) -> None:
    officers = employ_officers(live.desk)
    case = officers.case()
    page.clock.install()
    live.sign_in(page, "chitra", path=f"/desk/cases/{case.reference}")
    page.locator("#act-note summary").click()
    page.locator("#act-note textarea").fill("half a sentence")
    page.clock.fast_forward(61_000)
    news = page.locator("#case-news")
    expect(news).to_have_count(0)  # nothing has happened
    officers.act("dipak", case, "note", note="I have seen it, too.")
    page.clock.fast_forward(61_000)
    news.locator("summary").click()
    expect(news).to_contain_text("I have seen it, too.")
    expect(page.locator("#act-note textarea")).to_have_value("half a sentence")
    assert_well(page)
    news.get_by_role("link").click()
    expect(page.locator(".timeline")).to_contain_text("I have seen it, too.")
    expect(news).to_have_count(0)


def test_an_officer_works_on_a_telephone_without_scripts(live: LiveDesk, new_page: NewPage) -> None:
    officers = employ_officers(live.desk)
    case = officers.case(language="en")
    page = new_page(viewport=PHONE, java_script_enabled=False)
    page.goto(f"{live.url}/desk/sign-in")
    page.fill("#login", "chitra")
    page.fill("#password", "a-long-password")
    page.click("form.card button")
    page.fill("#case-q", case.reference[4:9])
    page.click(".filters button")
    page.click(f"a[href='/desk/cases/{case.reference}']")
    page.click("#act-open button")
    expect(page.locator("#act-open .notice")).to_contain_text("is under process")
    page.click("#act-open button[value=do]")
    expect(page.locator("main")).to_contain_text("Under process")
    page.click("#act-report summary")
    page.fill("#report-note", "The card was handed over on 2 March.")
    page.set_input_files(
        "#report-file", {"name": "card.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n" + bytes(9)}
    )
    page.click("#act-report button[value=look]")
    expect(page.locator("#act-report .notice")).to_contain_text("is reported solved")
    page.click("#act-report button[value=do]")
    expect(page.locator("#timeline ~ ol")).to_contain_text("The card was handed over on 2 March.")
    expect(page.locator("a", has_text="card.png")).to_be_visible()
    assert officers.again(case).state == "action_reported"


@pytest.mark.rest
def test_the_page_follows_the_call_to_the_citizen_without_being_loaded_anew(live: LiveDesk, page: Page) -> None:
    officers = employ_officers(live.desk)
    case, desk = officers.case(language="en"), live.desk
    live.sign_in(page, "chitra", path=f"/desk/cases/{case.reference}")
    page.click("a[href='/desk/account#telephone-title']")
    page.fill("#telephone", "98300 99999")
    page.fill("#telephone-password", PASSWORD)
    page.click("form[action='/desk/account/telephone'] button")
    expect(page.locator("#telephone-title ~ .notice")).to_contain_text("98•••••999")
    assert_well(page)
    page.goto(f"{live.url}/desk/cases/{case.reference}")
    page.click("#act-ring button")
    call = page.locator("[data-part=bridge]")
    expect(call).to_contain_text("Ringing you")
    expect(call).to_contain_text(desk.row(Bridge).code)
    assert_well(page)
    page.evaluate("document.body.dataset.stays = 'yes'")
    bridge_id, now = desk.row(Bridge).id, desk.clock.now()
    sid = "CA" + "1" * 32
    for before, values, words in (
        ("officer", {"state": "citizen", "rung_at": now, "call_sid": sid}, "Ringing the citizen"),
        ("citizen", {"state": "talking", "talked_at": now}, "Talking"),
    ):
        desk.store.write(lambda connection: move_bridge(connection, bridge_id, before, now, **values))  # noqa: B023  at once
        expect(call).to_contain_text(words)
    citizen_gone(desk.telephone, bridge_id, sid, "completed", 61)
    expect(call).to_contain_text("answered")
    assert page.evaluate("document.body.dataset.stays") == "yes"


@pytest.mark.rest
def test_each_case_is_printed_on_a_sheet_of_its_own(live: LiveDesk, page: Page) -> None:
    officers = employ_officers(live.desk)
    one, other = officers.case(), officers.case()
    live.sign_in(page, "chitra")
    for reference in (one.reference, other.reference):
        page.check(f"input[value='{reference}']")
    page.click("main form button:not(.primary)")
    expect(page.locator(".sheet")).to_have_count(2)
    page.emulate_media(media="print")
    assert page.locator("header .bar").first.is_hidden()
    breaks = page.locator(".sheet").evaluate_all("(all) => all.map((one) => getComputedStyle(one).breakAfter)")
    assert breaks == ["page", "auto"]


@pytest.mark.rest
def test_the_page_of_offices_is_well(live: LiveDesk, page: Page) -> None:
    employ_officers(live.desk, screen="bn")
    live.desk.employ("boss", "admin", screen="bn")
    live.sign_in(page, "boss")
    page.goto(f"{live.url}/desk/organisation?department=food")
    assert_well(page)
    for details in page.locator("details.row-act").all():
        details.evaluate("(one) => { one.open = true; }")
    assert_well(page)
    page.locator("details.card").evaluate("(one) => { one.open = true; }")
    page.set_input_files("#sheet-file", {"name": "offices.csv", "mimeType": "text/csv", "buffer": BAD.encode()})
    page.click("details.card button.primary")
    expect(page.locator("#bad-title")).to_be_visible()
    assert_well(page)


def test_from_the_officers_press_to_the_secretarys_figures(live: LiveDesk, page: Page) -> None:
    officers = employ_officers(live.desk)
    case = officers.case(language="en")
    live.sign_in(page, "chitra")
    expect(page).to_have_url(f"{live.url}/desk/cases")
    page.click(f"a[href='/desk/cases/{case.reference}']")
    page.click("#act-open button")
    page.click("#act-open button[value=do]")
    expect(page.locator(".line-state.good:not(#done-line)")).to_contain_text("The case is open and with you.")
    page.click("#act-ask summary")
    page.click("#act-ask .chip >> text=which one")
    expect(page.locator("#ask-note")).to_have_value("Which […] is it about? Please tell us its name and where it is.")
    page.click("#act-ask button[value=look]")
    expect(page.locator("#fault-ask")).to_contain_text("still has its blank")
    page.fill("#ask-note", "Which shop is it about? Please tell us its name and where it is.")
    page.click("#act-ask button[value=look]")
    expect(page.locator("#act-ask .notice")).to_contain_text("needs your reply")
    page.click("#act-ask button[value=do]")
    expect(page.locator("main .chip").first).to_contain_text("Needs the caller's reply")
    live.desk.store.write(lambda connection: connection.execute(update(Complaint).values(state="in_progress")))
    page.reload()
    page.click("#act-report summary")
    page.fill("#report-note", "The card was handed over on 2 March.")
    page.set_input_files("#report-file", {"name": "card.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 x"})
    page.click("#act-report button[value=look]")
    expect(page.locator("#act-report")).to_contain_text("card.pdf")
    page.click("#act-report button[value=do]")
    expect(page.locator(".line-state.good:not(#done-line)")).to_contain_text("It is reported.")
    now = live.desk.clock.now()

    def confirmed(session: Session) -> None:
        kept = session.get_one(Complaint, case.id)
        change_state(session, kept, "closed", by=CITIZEN, now=now, calendar=WEEK, outcome="confirmed")

    live.desk.store.transact(confirmed)
    page.context.clear_cookies()
    live.sign_in(page, "leela")
    page.click("nav >> text=Department")
    first = page.locator("tbody tr", has_text="Field officer")
    expect(first.locator("td").first).to_have_text("1")
    first.locator("td a").first.click()
    expect(page.locator("main")).to_contain_text(grouped(case.reference))
    page.click(f"a[href='/desk/cases/{case.reference}']")
    expect(page.locator("main")).to_contain_text("solved here")
