"""Complaints on paper and in person: the same register, number and clock, entered once, with a scan that few see."""

import io
import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.message import Message
from models.record import verify_chain
from tests.agent_console.desk_in_test import Browser, Desk
from tests.agent_console.live_desk import LiveDesk
from tests.agent_console.test_pages_in_browser import assert_well

PDF = b"%PDF-1.4 a letter"
FORM = {
    "channel": "letter",
    "received_on": "2026-02-27",
    "language": "hi",
    "category": "ration",
    "kind": "complaint",
    "place": "wb-hooghly",
    "place_detail": "Arambag",
    "text": "राशन कार्ड तीन महीने से अटका है।",
    "complainant_name": "Rahima Bibi",
    "contact_number": "98300 12345",
}


@pytest.fixture
def clerk(desk: Desk) -> Browser:
    desk.employ("parul", "clerk")
    return desk.client("parul")


def key_of(browser: Browser) -> str:
    found = re.search(r'name="key" value="(\w+)"', browser.get("/desk/walk-ins").text)
    assert found is not None
    return found[1]


def enter(browser: Browser, scan: bytes | None = None, **more: str) -> TestResponse:
    form: dict[str, object] = {"key": key_of(browser), **FORM, **more}
    if scan is not None:
        form["scan"] = (io.BytesIO(scan), "Rahima Bibi.pdf")
    return browser.post("/desk/walk-ins", **form)


def test_a_letter_gets_number_promise_officer_and_text_as_a_call_does(desk: Desk, clerk: Browser) -> None:
    answer = enter(clerk)
    assert answer.status_code == 302
    complaint = desk.row(Complaint)
    assert (complaint.channel, complaint.received_on, complaint.state) == ("letter", date(2026, 2, 27), "forwarded")
    assert complaint.due_on == date(2026, 3, 13)  # seven working days from its registration, not from its receipt
    assert (complaint.language, complaint.contact_number) == ("hi", "+919830012345")
    message = desk.row(Message)
    assert complaint.reference[:2] in message.body
    assert message.language == "hi"
    event = desk.rows(ComplaintEvent)[0]
    assert (event.kind, event.data["channel"], event.data["received_on"]) == ("registered", "letter", "2026-02-27")
    with desk.store.session() as session:
        verify_chain(session, session.get_one(Complaint, complaint.id))
    sheet = clerk.get(answer.location).text
    assert "आपकी शिकायत दर्ज हो गई है" in sheet
    assert f"{complaint.reference[:2]}-{complaint.reference[2:5]}" in sheet
    assert "9830012345" not in sheet


def test_the_same_form_sent_twice_is_one_complaint(desk: Desk, clerk: Browser) -> None:
    key = key_of(clerk)
    answers = [clerk.post("/desk/walk-ins", key=key, **FORM) for _ in range(2)]
    assert answers[0].location == answers[1].location
    assert len(desk.rows(Complaint)) == len(desk.rows(Message)) == 1
    assert clerk.post("/desk/walk-ins", key=key_of(clerk), **FORM).location != answers[0].location


def test_another_letter_on_an_old_form_is_not_swallowed(desk: Desk, clerk: Browser) -> None:
    """A browser that goes back shows the form with the key that it had."""
    key = key_of(clerk)
    clerk.post("/desk/walk-ins", key=key, **FORM)
    first = desk.row(Complaint).reference
    other = clerk.post("/desk/walk-ins", key=key, **FORM | {"text": "The well is dry."})
    assert other.status_code == 409
    assert f"complaint {first[:2]}-{first[2:5]}" in other.text
    assert "The well is dry.</textarea>" in other.text
    fresh = re.search(r'name="key" value="(\w+)"', other.text)
    assert fresh is not None
    assert clerk.post("/desk/walk-ins", key=fresh[1], **FORM | {"text": "The well is dry."}).status_code == 302
    assert [one.text for one in desk.rows(Complaint)] == [FORM["text"], "The well is dry."]


def test_a_hidden_citizens_own_paper_is_given_to_nobody(desk: Desk, clerk: Browser) -> None:
    enter(clerk, PDF, name_hidden="yes")
    reference = desk.row(Complaint).reference
    desk.employ("boss", "supervisor")
    boss = desk.client("boss")
    assert boss.get(f"/desk/cases/{reference}/proof/1").status_code == 404
    assert "/proof/1" not in boss.get(f"/desk/cases/{reference}").text
    # What a file was called may name somebody, and the record is sealed.
    assert "letter.pdf" in desk.rows(ComplaintEvent)[0].data["proof"]


def test_a_scan_is_seen_by_who_may_read_the_case(desk: Desk, clerk: Browser) -> None:
    enter(clerk, PDF, channel="hearing")
    reference = desk.row(Complaint).reference
    desk.employ("boss", "supervisor")
    shown = desk.client("boss").get(f"/desk/cases/{reference}/proof/1")
    assert (shown.status_code, shown.get_data()) == (200, PDF)
    assert clerk.get(f"/desk/cases/{reference}/proof/1").status_code == 403
    desk.employ("asha", "representative")
    assert desk.client("asha").get(f"/desk/cases/{reference}/proof/1").status_code == 403


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"channel": "call"}, "Say how it came."),
        ({"received_on": "2026-03-03"}, "today or before"),
        ({"received_on": ""}, "today or before"),
        ({"category": ""}, "Choose what the complaint is about."),
        ({"category": "nonsense"}, "Choose what the complaint is about."),
        ({"place": "nowhere"}, "Choose where it happened"),
        ({"text": "  "}, "Write what happened"),
        ({"language": "fr"}, "Choose a language."),
        ({"contact_number": "123"}, "This is no telephone number."),
    ],
)
def test_what_is_missing_or_wrong_is_named_and_nothing_typed_is_lost(
    desk: Desk, clerk: Browser, wrong: dict[str, str], sentence: str
) -> None:
    answer = enter(clerk, PDF, **wrong)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "only the file has to be chosen again" in answer.text
    assert "Rahima Bibi" in answer.text
    assert desk.rows(Complaint) == []


def test_a_file_that_is_no_paper_is_refused(desk: Desk, clerk: Browser) -> None:
    answer = enter(clerk, b"MZ a program")
    assert answer.status_code == 422
    assert "Only a PDF" in answer.text
    assert "Rahima Bibi" in answer.text
    assert desk.rows(Complaint) == []


def test_a_matter_from_outside_the_state_is_taken_as_well(desk: Desk, clerk: Browser) -> None:
    assert enter(clerk, place="outside").status_code == 302
    assert desk.row(Complaint).outside_state


def test_a_clerk_sees_their_own_entries_and_nothing_else(desk: Desk, clerk: Browser) -> None:
    enter(clerk)
    reference = desk.row(Complaint).reference
    desk.employ("other", "clerk")
    desk.employ("boss", "supervisor")
    assert "Nothing was entered here yet." in desk.client("other").get("/desk/walk-ins").text
    assert desk.client("other").get(f"/desk/walk-ins/{reference}/receipt").status_code == 404
    assert reference[2:5] in desk.client("boss").get("/desk/walk-ins").text
    assert clerk.get(f"/desk/complaints/{reference}").status_code == 403
    assert clerk.get("/desk").location == "/desk/walk-ins"
    desk.employ("asha", "representative")
    assert desk.client("asha").get("/desk/walk-ins").status_code == 403


def test_a_call_has_no_receipt(desk: Desk) -> None:
    desk.employ("boss", "supervisor", "representative")
    browser = desk.client("boss")
    browser.act("/desk/drafts")
    registered = browser.act("/desk/drafts/1/register", **FORM).get_json()["reference"]
    assert browser.get(f"/desk/walk-ins/{registered}/receipt").status_code == 404


@pytest.mark.browser
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("language", ["bn", "en", "hi"])
def test_a_letter_is_entered_in_a_browser(live: LiveDesk, page: Page, language: str) -> None:
    live.desk.employ("parul", "clerk", screen=language)
    live.sign_in(page, "parul", path="/desk/walk-ins")
    assert_well(page)
    page.select_option("#category", "ration")
    page.select_option("#place", "wb-hooghly")
    page.fill("#text", "The shop is shut.")
    page.set_input_files("#scan", {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.locator("form.card button.primary").click()
    expect(page.locator(".sheet .reference")).to_have_text(re.compile(r"26-\d{3}-\d{3}-\d{3}"))
    assert_well(page)
    with live.desk.store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(Complaint)) == 1
