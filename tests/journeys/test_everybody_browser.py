"""One complaint through everybody's hands: citizen, representative, two officers, the secretary, the citizen again."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from agent_console.demo_staff import DEMO_PASSWORD
from models.complaint import Complaint
from models.level_stay import LevelStay
from models.record import verify_chain
from models.store import Store
from tests.browser import NewPage
from tests.journeys.conftest import NewCitizen, hire
from tests.journeys.rows import one, wait_for
from tests.journeys.steps import grouped, join_queue
from tests.journeys.test_desk_browser import ENGLISH, answer, fill_in, open_desk, pictured, sign_out
from tests.line import RunningLine

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _patience() -> None:
    expect.set_options(timeout=40_000)


def test_not_solved_rises_and_is_solved_one_level_higher(
    line: RunningLine, line_store: Store, new_citizen: NewCitizen, new_page: NewPage
) -> None:
    phone, desk, field, district, secretary = new_citizen(), new_page(), new_page(), new_page(), new_page()
    with pictured(desk=desk, field=field, district=district, secretary=secretary):
        # The citizen rings, and a representative writes it down.
        open_desk(desk, line, hire(line_store, "en"))
        desk.keyboard.press("F2")
        expect(desk.locator("#call-column [data-key^='ready:']")).to_be_visible()
        call = join_queue(phone)
        answer(desk, phone.number)
        call.talks()
        fill_in(desk, ENGLISH)
        desk.keyboard.press("Control+Enter")
        expect(desk.locator("#reference")).to_be_visible()
        reference = desk.locator("#reference").inner_text().replace("-", "")
        phone.expects_text(grouped(reference))
        desk.keyboard.press("Shift+F2")
        call.hears("Very bad, press 1.").hang_up()
        expect(desk.locator("#wrap-form")).to_be_visible()
        desk.keyboard.press("F2")
        sign_out(desk, ENGLISH)

        # The officer of the field says that it is done. The citizen, rung by the line, says that it is not.
        sign_in(field, line, "chitra")
        field.click(f"a[href='/desk/cases/{reference}']")
        act(field, "open")
        phone.expects_text("is under process")
        report(field, "The shop has opened again.")
        phone.expects_text("is reported solved")
        phone.answers().hears("If it is not solved, press 3.").press("3").hears("open again").ends()
        phone.expects_text("goes to a higher officer")

        # It lies with the officer of the district now, who solves it. The citizen agrees.
        sign_in(district, line, "dipak")
        district.click(f"a[href='/desk/cases/{reference}']")
        report(district, "রেশন দোকান খোলা হয়েছে, মালিককে সতর্ক করা হয়েছে।")
        phone.expects_text("is reported solved")
        phone.answers().hears("If it is solved, press 1.").press("1").hears("closed").ends()
        phone.expects_text("is resolved, as you confirmed")

        # The secretary sees at which level it was solved, and each level's days.
        sign_in(secretary, line, "leela")
        secretary.click("nav >> text=Department")
        solved = secretary.locator("tbody tr", has_text="District").first.locator("td a").first
        solved.click()
        secretary.click(f"a[href='/desk/cases/{reference}']")
        ledger = secretary.locator("section[aria-labelledby=ledger] li")
        expect(ledger).to_have_count(2)
        expect(ledger.nth(0)).to_contain_text("Chitra Das")
        expect(ledger.nth(0)).not_to_contain_text("solved here")
        expect(ledger.nth(1)).to_contain_text("Dipak Pal")
        expect(ledger.nth(1)).to_contain_text("solved here")
        complaint = one(line_store, Complaint, Complaint.reference == reference)
        wait_for(lambda: one(line_store, Complaint, Complaint.id == complaint.id).state == "closed", "the end of it")
    with line_store.session() as session:
        complaint = session.get_one(Complaint, complaint.id)
        assert (complaint.state, complaint.outcome, complaint.level) == ("closed", "confirmed", 2)
        verify_chain(session, complaint)
        stays = session.scalars(select(LevelStay).where(LevelStay.complaint_id == complaint.id).order_by(LevelStay.id))
        assert [(stay.level, stay.solved) for stay in stays] == [(1, False), (2, True)]


def sign_in(page: Page, line: RunningLine, login: str) -> None:
    page.goto(f"{line.public_url}/desk/sign-in")
    page.fill("#login", login)
    page.fill("#password", DEMO_PASSWORD)
    page.press("#password", "Enter")
    expect(page.locator("#password")).to_have_count(0)


def act(page: Page, name: str) -> None:
    """Look at the text that the citizen will get, then send it."""
    page.click(f"#act-{name} button[value=look]")
    page.click(f"#act-{name} button[value=do]")
    expect(page.locator(f"#act-{name} button[value=do]")).to_have_count(0)


def report(page: Page, note: str) -> None:
    page.click("#act-report summary")
    page.fill("#report-note", note)
    page.set_input_files("#report-file", {"name": "shop.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 x"})
    act(page, "report")
