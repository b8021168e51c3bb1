"""A caller handed on by keys alone, with the form that was begun, in a real browser."""

import json

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from models.complaint import Complaint
from models.draft import Draft
from models.help_request import HelpRequest
from models.presence import Presence
from models.talk import Talk
from models.transfer import Transfer
from tests.agent_console.live_desk import LiveDesk
from tests.agent_console.test_desk_in_browser import SLOW, answer, assert_accessible, ready
from tests.agent_console.test_handing_on import SID, enter

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]


def test_a_caller_is_handed_on_by_keys_with_the_words_typed_last(live: LiveDesk, page: Page) -> None:
    expect.set_options(timeout=SLOW)
    desk = live.desk
    asha, bimal = desk.employ("asha"), desk.employ("bimal")
    live.sign_in(page, "asha")
    ready(live, page)
    other = desk.client("bimal")
    # An earlier complaint of this caller, written without a call.
    other.act("/desk/drafts")
    fields = {"text": "No card", "category": "ration", "place": "wb-hooghly", "contact_number": "+919830000001"}
    assert other.act(f"/desk/drafts/{desk.row(Draft).id}/register", **fields).status_code == 200
    answer(live, page, asha)
    other.act("/desk/ready")
    live_for_long = update(Presence).values(lease_until=desk.clock.now().replace(year=2027))
    desk.store.write(lambda connection: connection.execute(live_for_long))
    desk.network.conferences[desk.row(Talk).conference] = SID

    page.fill("#place-typed", "হুগলী")
    expect(page.locator("#place")).to_have_value("wb-hooghly")
    page.keyboard.press("Alt+l")
    expect(page.locator("#about")).to_be_visible()
    page.keyboard.press("Shift+F9")
    expect(page.locator("[data-help] .armed-help")).to_be_visible()
    assert desk.row(HelpRequest).state == "open"

    page.keyboard.press("F9")
    expect(page.locator("#colleague")).to_be_focused()
    assert_accessible(page)
    page.focus("#text")
    page.keyboard.type("typed in the last moment")
    page.select_option("#colleague", str(bimal))
    page.locator("button[name=how][value=ask]").click()
    expect(page.locator("#handing")).to_be_visible()
    taken = other.act(f"/desk/transfers/{desk.row(Transfer).id}/accept")
    enter(desk, taken.get_json()["ticket"], bimal)
    desk.telephone.wake.desk()
    hand_over = page.locator("form[action$=hand-over] button")
    expect(hand_over).to_be_visible()
    assert_accessible(page)
    hand_over.click()
    expect(page.locator("#wrap-form")).to_be_visible()
    expect(page.locator("#outcome")).to_have_value("transferred")
    draft = json.loads(desk.row(Draft, staff_id=bimal, complaint_id=None).data)
    assert (draft["text"], draft["place"]) == ("typed in the last moment", "wb-hooghly")
    assert draft["about"] == desk.row(Complaint).reference
    assert "typed in the last moment" in other.get("/desk/parts/work").text
