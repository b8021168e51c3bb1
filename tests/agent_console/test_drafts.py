"""Complaints being written and registered."""

import json
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date

import pytest
from sqlalchemy import create_engine, update

from models.complaint import Complaint
from models.draft import Draft
from models.message import Message
from models.record import verify_chain
from tests.agent_console.desk_in_test import Browser, Desk

FORM = {
    "category": "ration",
    "kind": "complaint",
    "place": "wb-hooghly",
    "place_detail": "Arambag",
    "text": "রেশন কার্ড তিন মাস ধরে আটকে আছে।",
    "complainant_name": "Rahima Bibi",
    "contact_number": "98300 12345",
    "number_check": "typed",
}


def begin(desk: Desk, login: str = "asha") -> tuple[Browser, int]:
    desk.employ(login)
    browser = desk.client(login)
    browser.act("/desk/drafts")
    return browser, desk.row(Draft).id


def save(browser: Browser, draft_id: int, version: int, **data: str) -> tuple[int, dict[str, object]]:
    answer = browser.act(f"/desk/drafts/{draft_id}", version=version, data=json.dumps(data))
    return answer.status_code, answer.get_json()


def test_a_draft_is_kept_from_the_first_letter(desk: Desk) -> None:
    browser, draft_id = begin(desk)
    assert save(browser, draft_id, 0, text="R") == (200, {"ok": True, "version": 1})
    assert save(browser, draft_id, 1, text="Ration") == (200, {"ok": True, "version": 2})
    page = browser.get("/desk/calls", draft=draft_id).text
    assert "Ration</textarea>" in page
    assert "saved 11:00" in page


def test_a_repeat_whose_reply_was_lost_is_no_conflict(desk: Desk) -> None:
    browser, draft_id = begin(desk)
    save(browser, draft_id, 0, text="Ration")
    assert save(browser, draft_id, 0, text="Ration")[0] == 200


def test_newer_words_are_never_written_over_unseen(desk: Desk) -> None:
    browser, draft_id = begin(desk)
    save(browser, draft_id, 0, text="from one tab")
    status, told = save(browser, draft_id, 0, text="from another")
    assert status == 409
    assert told == {"error": "Asha changed this draft meanwhile.", "version": 1}
    assert json.loads(desk.row(Draft).data)["text"] == "from one tab"


def test_only_the_fields_of_the_form_are_kept(desk: Desk) -> None:
    browser, draft_id = begin(desk)
    save(browser, draft_id, 0, text="x", talk="99", language="fr", secret="y")
    assert json.loads(desk.row(Draft).data) == {"text": "x", "language": "en"}


def test_a_draft_belongs_to_one_person(desk: Desk) -> None:
    browser, draft_id = begin(desk)
    save(browser, draft_id, 0, text="Rahima's words")
    desk.employ("bimal")
    other = desk.client("bimal")
    assert save(other, draft_id, 1, text="mine now")[0] == 409
    assert "Rahima" not in other.get("/desk/calls", draft=draft_id).text
    assert other.act(f"/desk/drafts/{draft_id}/register", **FORM).status_code == 409
    assert other.act(f"/desk/drafts/{draft_id}/discard").status_code == 409
    assert "No drafts." in other.get("/desk/drafts").text


def test_own_drafts_are_found_again_and_empty_ones_are_not_listed(desk: Desk) -> None:
    browser, draft_id = begin(desk)
    assert "No drafts." in browser.get("/desk/drafts").text
    save(browser, draft_id, 0, text="The ration shop is shut", category="ration")
    page = desk.client("asha").get("/desk/drafts").text
    assert "Ration · The ration shop is shut" in page
    browser.act(f"/desk/drafts/{draft_id}/discard")
    assert "No drafts." in browser.get("/desk/drafts").text


def test_registering_gives_reference_department_date_and_text(desk: Desk) -> None:
    browser, draft_id = begin(desk)
    answer = browser.act(f"/desk/drafts/{draft_id}/register", **FORM)
    assert answer.status_code == 200, answer.text
    complaint = desk.row(Complaint)
    assert answer.get_json()["reference"] == complaint.reference
    assert (complaint.contact_number, complaint.department_code, complaint.office) == ("+919830012345", "food", "BDO")
    assert (complaint.place_code, complaint.place_detail, complaint.language) == ("wb-hooghly", "Arambag", "en")
    # Monday 2 March is day 0; 3 and 4 March are holidays.
    assert complaint.due_on == date(2026, 3, 13)
    message = desk.row(Message)
    reference = "-".join([complaint.reference[:2], *(complaint.reference[at : at + 3] for at in (2, 5, 8))])
    assert message.body == (
        f"Helpline: your complaint is registered. Its number is {reference}. You will have an answer by 13 March."
    )
    with desk.store.session() as session:
        assert verify_chain(session, session.get_one(Complaint, complaint.id)) == 2


def test_after_registering_the_reference_is_read_out_in_the_callers_language(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    desk.talk(browser, staff_id)
    desk.write_language("bn")
    draft_id = desk.row(Draft).id
    browser.act(f"/desk/drafts/{draft_id}/register", **FORM)
    complaint = desk.row(Complaint)
    assert (complaint.language, complaint.call_sid) == ("bn", desk.row(Draft).call_sid)
    page = browser.get("/desk/parts/work").text
    digits = ["শূন্য", "এক", "দুই", "তিন", "চার", "পাঁচ", "ছয়", "সাত", "আট", "নয়"]
    first = " ".join(digits[int(digit)] for digit in complaint.reference[:2])
    assert f"<span>{first}</span>" in page
    assert "Waiting to be sent" in page
    assert desk.row(Message).body.startswith("হেল্পলাইন: অভিযোগ 26-")


def test_pressing_register_twice_registers_once(desk: Desk) -> None:
    browser, draft_id = begin(desk)
    first = browser.act(f"/desk/drafts/{draft_id}/register", **FORM).get_json()
    second = browser.act(f"/desk/drafts/{draft_id}/register", **FORM).get_json()
    assert first == second
    assert len(desk.rows(Complaint)) == len(desk.rows(Message)) == 1


@pytest.mark.every_store
def test_registering_while_somebody_keeps_the_form_waits_and_is_done(desk: Desk) -> None:
    browser, draft_id = begin(desk)
    engine = create_engine(desk.store.url)
    with ThreadPoolExecutor(max_workers=1) as other, engine.connect() as connection:
        connection.execute(update(Draft).values(version=Draft.version + 1))
        under_way = other.submit(browser.act, f"/desk/drafts/{draft_id}/register", **FORM)
        assert not wait([under_way], timeout=0.5).done
        connection.commit()
        registered = under_way.result()
    engine.dispose()
    assert registered.status_code == 200, registered.text
    assert desk.row(Complaint).reference == registered.get_json()["reference"]
    assert desk.row(Draft).version == 2


def test_what_is_missing_is_named(desk: Desk) -> None:
    browser, draft_id = begin(desk)
    cases = {
        "category": "Choose what the complaint is about.",
        "place": "Choose where it happened, or Outside the state.",
        "text": "Write what happened, in the caller's words.",
    }
    for field, words in cases.items():
        answer = browser.act(f"/desk/drafts/{draft_id}/register", **{**FORM, field: ""})
        assert (answer.status_code, answer.get_json()) == (422, {"error": words, "field": field})
    wrong = browser.act(f"/desk/drafts/{draft_id}/register", **{**FORM, "contact_number": "12"})
    assert wrong.get_json()["field"] == "contact_number"
    assert desk.rows(Complaint) == []


def test_outside_the_state_is_recorded_never_refused(desk: Desk) -> None:
    browser, draft_id = begin(desk)
    assert "1930" in browser.get("/desk/parts/goes-to", category="ration", place="outside").text
    assert browser.act(f"/desk/drafts/{draft_id}/register", **{**FORM, "place": "outside"}).status_code == 200
    assert desk.row(Complaint).outside_state is True


def test_without_a_number_there_is_no_text_and_the_page_says_so(desk: Desk) -> None:
    browser, draft_id = begin(desk)
    browser.act(f"/desk/drafts/{draft_id}/register", **{**FORM, "contact_number": ""})
    assert desk.rows(Message) == []
    assert "No text, because there is no mobile number." in browser.get("/desk/calls", draft=draft_id).text


def test_a_hidden_name_stays_hidden(desk: Desk) -> None:
    browser, draft_id = begin(desk)
    browser.act(f"/desk/drafts/{draft_id}/register", **FORM, name_hidden="yes")
    reference = desk.row(Complaint).reference
    page = browser.get(f"/desk/complaints/{reference}").text
    assert "Hidden, as the caller wished" in page
    assert "Rahima" not in page


def test_the_promise_is_shown_before_registering(desk: Desk) -> None:
    desk.employ("asha")
    page = desk.client("asha").get("/desk/parts/goes-to", category="ration", place="wb-hooghly").text
    assert "Food and Supplies, BDO" in page
    assert "Fri 13 Mar 2026" in page
    assert "Mon 2 Mar 2026" in page


def test_a_second_matter_keeps_the_person_and_not_the_story(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    desk.talk(browser, staff_id)
    first = desk.row(Draft).id
    save(browser, first, 0, **FORM)
    answer = browser.act("/desk/drafts", like=first)
    second = desk.row(Draft)
    assert answer.get_json()["go"] == f"/desk/calls?draft={second.id}"
    data = json.loads(second.data)
    assert data["complainant_name"] == "Rahima Bibi"
    assert "text" not in data
    page = browser.get("/desk/calls").text
    assert "Matter 1" in page
    assert "Matter 2" in page
