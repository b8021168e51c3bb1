"""Earlier complaints and neighbours': linked, added to, counted; and a place found by its sound."""

import json
from datetime import timedelta

from sqlalchemy import update

from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.draft import Draft
from models.record import verify_chain
from tests.agent_console.desk_in_test import Browser, Desk

FIELDS = {"text": "The well has run dry", "category": "ration", "place": "wb-hooghly", "contact_number": "9830000001"}


def earlier(desk: Desk, browser: Browser, **more: str) -> str:
    """A complaint from before: its reference."""
    browser.act("/desk/drafts")
    done = browser.act(f"/desk/drafts/{desk.row(Draft).id}/register", **FIELDS | more)
    assert done.status_code == 200, done.text
    return str(done.get_json()["reference"])


def begun(desk: Desk, browser: Browser) -> int:
    browser.act("/desk/drafts")
    draft = desk.row(Draft)
    words = json.dumps({"text": "Still nothing"})
    assert browser.act(f"/desk/drafts/{draft.id}", version=draft.version, data=words).status_code == 200
    return int(draft.id)


def test_a_form_is_linked_to_an_earlier_complaint_and_unlinked(desk: Desk) -> None:
    desk.employ("asha")
    browser = desk.client("asha")
    reference, draft = earlier(desk, browser), begun(desk, browser)
    assert browser.act("/desk/about", draft=draft, reference=reference).status_code == 200
    page = browser.get("/desk/parts/work", draft=draft).text
    assert "Add to it" in page
    assert "Still nothing" in page
    # What the page saves afterwards keeps the link.
    words = json.dumps({"text": "Still nothing at all"})
    assert browser.act(f"/desk/drafts/{draft}", version=desk.row(Draft).version, data=words).status_code == 200
    assert json.loads(desk.row(Draft).data)["about"] == reference
    browser.act("/desk/about", draft=draft)
    assert "Add to it" not in browser.get("/desk/parts/work", draft=draft).text
    assert browser.act("/desk/about", draft=draft, reference="26000000000").status_code == 409


def test_words_are_added_to_the_earlier_complaint_once_and_no_new_one_is_made(desk: Desk) -> None:
    desk.employ("asha")
    browser = desk.client("asha")
    reference, draft = earlier(desk, browser), begun(desk, browser)
    browser.act("/desk/about", draft=draft, reference=reference)
    assert browser.act(f"/desk/drafts/{draft}/add", text="  ").status_code == 422
    for _ in range(2):
        assert browser.act(f"/desk/drafts/{draft}/add", text="Still nothing").get_json()["reference"] == reference
    assert len(desk.rows(Complaint)) == 1
    assert len(desk.rows(ComplaintEvent, kind="caller_added")) == 1
    assert "The words are added to this complaint." in browser.get("/desk/parts/work", draft=draft).text
    page = browser.get(f"/desk/complaints/{reference}").text
    assert "The caller added" in page
    assert "Still nothing" in page
    with desk.store.session() as session:
        assert verify_chain(session, session.get_one(Complaint, 1)) == desk.row(Complaint).events


def test_a_new_complaint_about_an_earlier_one_says_so_in_its_record(desk: Desk) -> None:
    desk.employ("asha")
    browser = desk.client("asha")
    reference, draft = earlier(desk, browser), begun(desk, browser)
    browser.act("/desk/about", draft=draft, reference=reference)
    assert browser.act(f"/desk/drafts/{draft}/register", **FIELDS).status_code == 200
    grouped = f"{reference[:2]}-{reference[2:5]}-{reference[5:8]}-{reference[8:]}"
    assert desk.row(ComplaintEvent, kind="linked").data == {"note": grouped}


def test_nobody_adds_to_a_complaint_by_the_form_of_another(desk: Desk) -> None:
    desk.employ("asha")
    desk.employ("bimal")
    browser, other = desk.client("asha"), desk.client("bimal")
    reference, draft = earlier(desk, browser), begun(desk, browser)
    assert other.act("/desk/about", draft=draft, reference=reference).status_code == 409
    browser.act("/desk/about", draft=draft, reference=reference)
    assert other.act(f"/desk/drafts/{draft}/add", text="Mine").status_code == 409


def test_the_same_problem_nearby_is_counted_for_thirty_days(desk: Desk) -> None:
    desk.employ("asha")
    browser = desk.client("asha")
    asked = {"category": "ration", "place": "wb-hooghly"}
    assert "Nobody else from here in 30 days." in browser.get("/desk/parts/goes-to", **asked).text
    reference = earlier(desk, browser)
    earlier(desk, browser, category="other")
    shown = browser.get("/desk/parts/goes-to", **asked).text
    assert "Same problem here: 1 in 30 days" in shown
    assert f"/desk/complaints/{reference}" in shown
    long_ago = update(Complaint).values(registered_at=desk.clock.now() - timedelta(days=31))
    desk.store.write(lambda connection: connection.execute(long_ago))
    assert "Nobody else" in browser.get("/desk/parts/goes-to", **asked).text
    assert "Nobody else" not in browser.get("/desk/parts/goes-to", category="ration", place="outside").text


def test_a_place_is_found_by_its_sound_and_so_is_outside(desk: Desk) -> None:
    desk.employ("asha")
    browser = desk.client("asha")
    for typed, code in (
        ("hugli", "wb-hooghly"),
        ("হুগলী", "wb-hooghly"),
        ("outside", "outside"),
        ("রাজ্যের বাইরে", "outside"),
    ):
        assert browser.get("/desk/parts/places", q=typed).get_json()["codes"][0] == code
    assert browser.get("/desk/parts/places", q="zzzz").get_json() == {"codes": []}
