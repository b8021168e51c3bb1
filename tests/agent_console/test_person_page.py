"""A person's data by a page: counted, given out, and erased only once two people agree; all of it among the acts."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from models.accusation import Accusation
from models.audit_entry import AuditEntry
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.erasure import Erasure
from models.legal_hold import LegalHold
from models.services.keeping import place_hold
from models.staff import Staff
from tests.agent_console.desk_in_test import Browser, Desk
from tests.agent_console.officers import MOBILE, Officers, employ_officers

WHY = {"number": "98300 12345", "reason": "their letter, no. 17"}


@pytest.fixture
def officers(desk: Desk) -> Officers:
    officers = employ_officers(desk)
    desk.employ("root", "admin")
    return officers


def ended(officers: Officers, days: int = 40) -> Complaint:
    """A complaint that was closed so long ago."""
    case = officers.case()
    closed = {"state": "closed", "outcome": "no_solution", "closed_at": officers.desk.clock.now() - timedelta(days)}
    officers.desk.store.write(lambda connection: connection.execute(update(Complaint).values(**closed)))
    return case


def accuse(officers: Officers, case: Complaint, login: str) -> None:
    row = {
        "complaint_id": case.id,
        "staff_id": officers.desk.row(Staff, login=login).id,
        "actor": "staff:1",
        "at": officers.desk.clock.now(),
    }
    officers.desk.store.write(lambda connection: connection.execute(insert(Accusation).values(**row)))


def ask(browser: Browser) -> None:
    assert browser.post("/desk/person/erasures", **WHY).status_code == 302


def acts(officers: Officers) -> list[str]:
    return [one.action for one in officers.desk.rows(AuditEntry, subject="person")]


def test_what_is_held_is_counted_and_given_out_with_a_reason(officers: Officers) -> None:
    case, browser = ended(officers), officers.browser("sumitra")
    assert browser.post("/desk/person", number="98300 12345", reason="").status_code == 422
    assert browser.post("/desk/person", number="hello", reason="their letter").status_code == 422
    page = browser.post("/desk/person", **WHY).text
    assert '<dt>Complaints</dt><dd class="number">1</dd>' in page
    assert "Rahima" not in page
    file = browser.post("/desk/person/export", **WHY)
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert file.get_json()["complaints"][0]["reference"] == case.reference
    assert acts(officers) == ["person_looked_at", "person_exported"]
    assert not any(MOBILE[3:] in str(one.data) for one in officers.desk.rows(AuditEntry))


def test_it_is_erased_only_once_a_second_person_agrees(officers: Officers) -> None:
    ended(officers)
    sumitra, root = officers.browser("sumitra"), officers.browser("root")
    ask(sumitra)
    assert sumitra.post("/desk/person/erasures", **WHY).status_code == 409  # one waits already
    sumitra.post("/desk/person/erasures/1/agree")
    assert "You asked for it yourself" in sumitra.get("/desk/person").text
    root.post("/desk/person/erasures/1/take_back")
    assert "Only whoever asked can take it back" in root.get("/desk/person").text
    assert officers.desk.row(Complaint).contact_number == MOBILE
    root.post("/desk/person/erasures/1/agree")
    assert "hold nothing of this person any more" in root.get("/desk/person").text
    case, asked = officers.desk.row(Complaint), officers.desk.row(Erasure)
    assert (case.contact_number, case.complainant_name, case.text) == (None, None, "(erased)")
    assert (asked.number, asked.outcome, asked.decided_by is not None) == ("", "erased", True)
    assert acts(officers) == ["person_erased"]
    assert officers.desk.row(AuditEntry, action="erasure_asked").data == {"reason": WHY["reason"]}
    root.post("/desk/person/erasures/1/agree")
    assert "This is decided already" in root.get("/desk/person").text


@pytest.mark.parametrize(("who", "decision"), [("root", "refuse"), ("sumitra", "take_back")])
def test_refused_or_taken_back_nothing_is_erased(officers: Officers, who: str, decision: str) -> None:
    ended(officers)
    ask(officers.browser("sumitra"))
    browser = officers.browser(who)
    browser.post(f"/desk/person/erasures/1/{decision}")
    assert "nothing was erased" in browser.get("/desk/person").text
    assert (officers.desk.row(Complaint).contact_number, officers.desk.row(Erasure).number) == (MOBILE, "")


def test_whom_a_complaint_accuses_decides_nothing_about_its_citizen(officers: Officers) -> None:
    case = ended(officers)
    ask(officers.browser("sumitra"))
    accuse(officers, case, "root")
    root = officers.browser("root")
    for decision in ("agree", "refuse"):
        root.post(f"/desk/person/erasures/1/{decision}")
        assert "about you or your office" in root.get("/desk/person").text
    assert officers.desk.row(Erasure).outcome is None


def test_a_hold_placed_meanwhile_is_shown_and_respected(officers: Officers) -> None:
    case = ended(officers)
    sumitra, root = officers.browser("sumitra"), officers.browser("root")
    ask(sumitra)

    def hold(session: Session) -> None:
        now = officers.desk.clock.now()
        place_hold(session, session.get_one(Complaint, case.id), reason="High Court, WPA 123", by="ops", now=now)

    officers.desk.store.transact(hold)
    root.post("/desk/person/erasures/1/agree")
    assert "nothing can be erased now" in root.get("/desk/person").text
    page = sumitra.post("/desk/person", **WHY).text
    assert "High Court, WPA 123" in page
    assert '/desk/person/erasures"' not in page
    assert (officers.desk.row(Complaint).contact_number, officers.desk.row(Erasure).outcome) == (MOBILE, None)


def test_a_hold_is_placed_and_released_by_the_page_with_reasons_on_record(officers: Officers) -> None:
    case, sumitra = ended(officers), officers.browser("sumitra")
    spoken = f"{case.reference[:2]}-{case.reference[2:5]}-{case.reference[5:8]}-{case.reference[8:]}"
    place, release = "/desk/person/holds", "/desk/person/holds/release"
    sumitra.post(place, reference=spoken, reason=" ")
    assert "Write why" in sumitra.get("/desk/person").text
    sumitra.post(place, reference="26-000-000-000", reason="High Court, WPA 123")
    assert "There is no complaint with this reference" in sumitra.get("/desk/person").text
    assert "Nothing is held." in sumitra.get("/desk/person").text
    sumitra.post(place, reference=spoken, reason="High Court, WPA 123")
    page = sumitra.get("/desk/person").text
    assert "High Court, WPA 123" in page
    assert "Sumitra" in page
    sumitra.post(place, reference=case.reference, reason="once more")
    assert "It is held already" in sumitra.get("/desk/person").text
    sumitra.post(release, reference=case.reference, reason="order of 3 May")
    assert "Nothing is held." in sumitra.get("/desk/person").text
    sumitra.post(release, reference=case.reference, reason="once more")
    assert "It is not held any more" in sumitra.get("/desk/person").text
    told = [(one.kind, one.data["note"]) for one in officers.desk.rows(ComplaintEvent, complaint_id=case.id)[-2:]]
    assert told == [("held", "High Court, WPA 123"), ("hold_released", "order of 3 May")]


def test_nobody_places_or_sees_a_hold_on_a_complaint_about_themselves(officers: Officers) -> None:
    case, root = ended(officers), officers.browser("root")
    root.post("/desk/person/holds", reference=case.reference, reason="High Court, WPA 123")
    accuse(officers, case, "root")
    assert "High Court" not in root.get("/desk/person").text
    root.post("/desk/person/holds/release", reference=case.reference, reason="not me")
    assert "There is no complaint with this reference" in root.get("/desk/person").text
    assert officers.desk.row(LegalHold).released_at is None


def test_officers_and_representatives_have_no_such_page(officers: Officers) -> None:
    assert {officers.browser(login).get("/desk/person").status_code for login in ("asha", "leela")} == {403}
    for address in ("/desk/person/holds", "/desk/person/holds/release"):
        assert officers.browser("asha").post(address, reference="1", reason="because").status_code == 403
