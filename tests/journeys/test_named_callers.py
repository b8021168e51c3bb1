"""A draft on the real line: a supervisor names a caller on the page, and two telephones call at the same time."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Page, expect

from clock import SystemClock
from flows.editing.acts import change
from flows.flow_folder import read_folder
from ivr.emulator.phone import Phone
from ivr.emulator.phone_call import PhoneCall
from ivr.menus.drafts import begin_draft
from ivr.pinned import DRAFT, FLOW, live_version
from ivr.publishing import SHIPPED
from models.call import Call
from models.store import Store
from tests.agent_console.test_menus import CHOICE
from tests.browser import NewPage
from tests.journeys.conftest import NewCitizen
from tests.journeys.rows import count
from tests.journeys.test_everybody_browser import sign_in
from tests.line import NUMBER, RunningLine

pytestmark = pytest.mark.browser

OFFER = "For electricity or water, press 6."


@pytest.fixture(autouse=True)
def _patience() -> None:
    expect.set_options(timeout=40_000)


def begin(store: Store) -> int:
    """A draft with one more choice."""
    with store.read() as connection:
        live = live_version(connection, FLOW)
    assert live is not None
    files = change(read_folder(SHIPPED), FLOW, CHOICE)
    return begin_draft(store, live, by="sumitra", now=SystemClock().now(), title="Electricity", files=files)


def name_caller(page: Page, line: RunningLine, draft_id: int, number: str) -> None:
    page.goto(f"{line.public_url}/desk/flows/{draft_id}")
    page.locator("#try > summary").click()
    page.get_by_role("link", name="On the real line").click()
    expect(page.get_by_text("Nobody. Every caller hears what is live.")).to_be_visible()
    page.fill("#number", number)
    page.get_by_role("button", name="Name this caller").click()
    expect(page.get_by_text("They hear the draft as it stands now.")).to_be_visible()


def to_kinds(phone: Phone, key: str, heard: str) -> PhoneCall:
    """In English to the kinds of complaints, and key 6 there."""
    call = phone.dial(NUMBER).hears("For English, press 2.").press("2")
    call.hears("For a new complaint, press 1.").press("1").hears(key).press("6")
    return call.hears(heard)


def test_one_telephone_hears_the_draft_and_another_the_live_menus(
    line: RunningLine, line_store: Store, new_citizen: NewCitizen, new_page: NewPage
) -> None:
    page, colleague, citizen = new_page(), new_citizen(), new_citizen()
    sign_in(page, line, "sumitra")
    name_caller(page, line, begin(line_store), colleague.number)
    with ThreadPoolExecutor(2) as at_once:
        trial = at_once.submit(to_kinds, colleague, OFFER, "To use this number, press 1.")
        usual = at_once.submit(to_kinds, citizen, "For anything else, press 9.", "That key is not in use here.")
        for call in (trial.result(), usual.result()):
            call.hang_up()
    page.get_by_role("button", name="End it now").click()
    expect(page.get_by_text("Nobody. Every caller hears what is live.")).to_be_visible()
    colleague.dial(NUMBER).hears("Namaskar").hang_up()
    made = [(colleague, DRAFT, 1), (colleague, FLOW, 1), (citizen, DRAFT, 0), (citizen, FLOW, 1)]
    assert [count(line_store, Call, Call.from_number == who.number, Call.flow == flow) for who, flow, _ in made] == [
        calls for _, _, calls in made
    ]
