"""What officers do with a case, through its page: shown before it is sent, refused in words, never losing a letter."""

import io
import re
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.audit_entry import AuditEntry
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.explanation import Explanation
from models.level_stay import LevelStay
from models.message import Message
from models.record import verify_chain
from tests.agent_console.desk_in_test import Desk
from tests.agent_console.officers import DISTRICT, FIELD, SECRETARY, URBAN, Officers, employ_officers
from tests.agent_console.test_proof_files import PDF, PNG

DONE = "On 2 March the shop was visited and the card was handed over."


@pytest.fixture
def officers(desk: Desk) -> Officers:
    return employ_officers(desk)


def texts(officers: Officers, case: Complaint) -> list[str]:
    about = [one for one in officers.desk.rows(Message, complaint_id=case.id) if one.purpose == "status"]
    return [one.body for one in sorted(about, key=lambda one: one.id)]


def typed_in(page: str, act: str) -> str:
    """What stands in the form of an act."""
    found = re.search(rf'id="{act}-note"[^>]*>([^<]*)</textarea>', page)
    assert found is not None, page
    return found[1]


def test_opening_is_a_press_that_shows_its_text_first(officers: Officers) -> None:
    case = officers.case()
    address = f"/desk/cases/{case.reference}"
    browser = officers.browser("chitra")
    shown = browser.post(f"{address}/open", seen=case.events, go="look")
    assert shown.status_code == 200
    body = re.search(r'<p class="said" lang="bn">(হেল্পলাইন: [^<]+)</p>', shown.text)
    assert body is not None
    assert "1 part(s)" in shown.text
    assert officers.again(case).state == "forwarded"  # nothing is done yet
    assert texts(officers, case) == []
    assert browser.post(f"{address}/open", seen=case.events, go="do").location == address
    assert officers.again(case).state == "in_progress"
    assert texts(officers, case) == [body[1]]  # byte for byte what was shown
    assert "The case is open and with you." in browser.get(address).text


def test_the_whole_way_of_a_case(officers: Officers) -> None:
    case = officers.case(language="en")
    assert officers.act("chitra", case, "open").status_code == 302
    assert officers.act("chitra", case, "ask", note="Which shop is it?").status_code == 302
    assert officers.again(case).state == "needs_info"
    officers.desk.store.write(lambda connection: connection.execute(update(Complaint).values(state="in_progress")))
    assert officers.act("mili", case, "note", note="Rang the shop.").status_code == 302
    assert officers.act("chitra", case, "report", note=DONE).status_code == 302
    kept = officers.again(case)
    assert kept.state == "action_reported"
    said = texts(officers, case)
    assert [one.split(" ", 3)[0] for one in said] == ["Helpline:"] * 3
    assert "needs your reply" in said[1]
    page = officers.browser("chitra").get(f"/desk/cases/{case.reference}").text
    for words in ("Which shop is it?", "Rang the shop.", DONE, "Mili"):
        assert words in page
    officers.desk.store.transact(lambda session: verify_chain(session, session.get_one(Complaint, case.id)))


def test_a_file_proves_the_work_and_is_opened_by_those_who_may_read_the_case(officers: Officers) -> None:
    case = officers.case()
    officers.act("chitra", case, "open")
    address = f"/desk/cases/{case.reference}"
    browser = officers.browser("chitra")
    seen = officers.again(case).events
    shown = browser.post(f"{address}/report", seen=seen, go="look", note=DONE, file=(io.BytesIO(PDF), "receipt.pdf"))
    line = re.search(r'name="proof" value="([^"]+)"', shown.text)
    assert line is not None
    assert "receipt.pdf" in shown.text
    done = browser.post(f"{address}/report", seen=seen, go="do", note=DONE, proof=line[1], proof_name="receipt.pdf")
    assert done.status_code == 302
    event = max(officers.desk.rows(ComplaintEvent, complaint_id=case.id), key=lambda one: one.n)
    assert event.data["proof"] == line[1]
    assert f"{address}/proof/{event.n}" in browser.get(address).text
    for login, status in (("leela", 200), ("sumitra", 200), ("rafiq", 404), ("asha", 403)):
        answer = officers.browser(login).get(f"{address}/proof/{event.n}")
        assert answer.status_code == status, login
    opened = browser.get(f"{address}/proof/{event.n}")
    assert opened.data == PDF
    assert opened.headers["Content-Disposition"].startswith("attachment")
    assert opened.headers["Cache-Control"] == "private, no-store"
    assert browser.get(f"{address}/proof/1").status_code == 404
    [file] = officers.desk.telephone.config.proofs_dir.iterdir()
    file.write_bytes(PNG)  # somebody changes it behind our back
    assert browser.get(f"{address}/proof/{event.n}").status_code == 410


def test_a_file_that_is_no_proof_is_refused_with_the_words_kept(officers: Officers) -> None:
    case = officers.case()
    officers.act("chitra", case, "open")
    bad = (io.BytesIO(b"<html>"), "receipt.pdf")
    answer = officers.act("chitra", case, "report", go="look", note=DONE, file=bad)
    assert answer.status_code == 422
    assert "Only a PDF, a JPG or a PNG" in answer.text
    assert typed_in(answer.text, "report") == DONE
    assert officers.again(case).state == "in_progress"


def test_a_proof_that_was_never_sent_is_none(officers: Officers) -> None:
    case = officers.case()
    officers.act("chitra", case, "open")
    answer = officers.act("chitra", case, "report", note=DONE, proof=f"{'0' * 64}.pdf made-up.pdf", proof_name="x")
    assert answer.status_code == 422
    assert officers.again(case).state == "in_progress"


@pytest.mark.parametrize("language", ["bn", "en", "hi"])
def test_a_reply_begins_with_a_template_and_never_is_one(officers: Officers, language: str) -> None:
    case = officers.case(language=language)
    officers.act("chitra", case, "open")
    browser = officers.browser("chitra")
    begun = browser.get(f"/desk/cases/{case.reference}", act="ask", reply="papers").text
    template = typed_in(begun, "ask")
    assert "[…]" in template
    refused = officers.act("chitra", case, "ask", note=template, go="look")
    assert refused.status_code == 422
    assert "still has its blank" in refused.text
    assert typed_in(refused.text, "ask") == template
    assert officers.act("chitra", case, "ask", note=template.replace("[…]", "")).status_code == 422
    assert officers.act("chitra", case, "ask", note=template.replace("[…]", "R-17")).status_code == 302


def test_two_at_once_the_second_reads_what_changed_and_keeps_their_words(officers: Officers) -> None:
    case = officers.case()
    officers.act("chitra", case, "open")
    seen = officers.again(case).events
    officers.act("mili", case, "note", note="The dealer has died.")
    late = officers.act("chitra", case, "report", seen=seen, note=DONE)
    assert late.status_code == 409
    assert "Somebody changed this case while you were writing" in late.text
    assert "The dealer has died." in late.text.split('id="changed"')[1].split("</section>")[0]
    assert typed_in(late.text, "report") == DONE
    assert officers.again(case).state == "in_progress"
    now = re.search(r'name="seen" value="(\d+)"', late.text)
    assert now is not None
    assert officers.act("chitra", case, "report", seen=int(now[1]), note=DONE).status_code == 302


def test_an_act_that_became_impossible_says_why_and_shows_what_was_typed(officers: Officers) -> None:
    case = officers.case()
    officers.act("chitra", case, "open")
    officers.act("chitra", case, "propose_rejection", note="It belongs to another state.")
    refused = officers.act("chitra", case, "report", note=DONE)
    assert refused.status_code == 409
    assert "Something proposed waits for a decision first" in refused.text
    assert typed_in(refused.text, "report") == DONE


def test_the_first_transfer_is_free_and_the_second_waits_for_the_cell(officers: Officers) -> None:
    case = officers.case(language="en")
    to_urban: dict[str, Any] = {
        "department": "urban",
        "office": "",
        "reason_code": "not_ours",
        "note": "A town matter.",
    }
    assert officers.act("chitra", case, "transfer", **to_urban).status_code == 302
    kept = officers.again(case)
    assert (kept.department_code, kept.office_code, kept.state) == ("urban", URBAN, "forwarded")
    assert "forwarded to Urban Development" in texts(officers, case)[-1]
    assert officers.browser("chitra").get(f"/desk/cases/{case.reference}").status_code == 404
    back: dict[str, Any] = {"department": "food", "office": "", "reason_code": "not_ours", "note": "A food matter."}
    assert officers.act("rafiq", case, "transfer", **back).status_code == 302
    assert officers.again(case).pending == "transfer"
    assert case.reference in officers.browser("sumitra").get("/desk/cases/cell").text
    no: dict[str, Any] = {"agrees": "no", "department": "", "office": "", "note": "It is a town matter."}
    assert officers.act("sumitra", case, "decide_transfer", **no).status_code == 302
    kept = officers.again(case)
    assert (kept.pending, kept.office_code) == (None, URBAN)


def test_a_transfer_without_a_reason_is_refused_at_its_field(officers: Officers) -> None:
    case = officers.case()
    answer = officers.act("chitra", case, "transfer", department="urban", office="", reason_code="", note="Not ours")
    assert answer.status_code == 422
    assert re.search(r'id="transfer-reason_code"[^>]*aria-invalid="true"', answer.text)
    assert typed_in(answer.text, "transfer") == "Not ours"
    assert '<option value="urban" selected>' in answer.text


def test_rejecting_takes_two_and_the_citizen_reads_why(officers: Officers) -> None:
    case = officers.case(language="en")
    assert officers.act("chitra", case, "propose_rejection", note="Another state pays this.").status_code == 302
    assert texts(officers, case) == []
    assert officers.act("chitra", case, "decide_rejection", agrees="yes", note="").status_code == 409
    shown = officers.act("dipak", case, "decide_rejection", agrees="yes", note="", go="look")
    assert "is rejected: Another state pays this. To appeal" in shown.text
    assert officers.act("dipak", case, "decide_rejection", agrees="yes", note="").status_code == 302
    assert officers.again(case).state == "rejected"
    assert "is rejected: Another state pays this. To appeal" in texts(officers, case)[0]


def test_what_hurts_is_asked_twice_even_where_nobody_is_told(officers: Officers) -> None:
    case = officers.case(contact_number=None)
    officers.act("chitra", case, "open")
    asked = officers.act("chitra", case, "close", note="The matter is before a court.", go="look")
    assert "No text is sent for this" in asked.text
    assert officers.again(case).state == "in_progress"
    assert officers.act("chitra", case, "close", note="The matter is before a court.").status_code == 302
    assert officers.again(case).outcome == "no_solution"


def test_changing_ones_mind_brings_the_form_back_as_it_was(officers: Officers) -> None:
    case = officers.case()
    officers.act("chitra", case, "open")
    back = officers.act("chitra", case, "ask", note="Which shop?", go="change")
    assert back.status_code == 200
    assert typed_in(back.text, "ask") == "Which shop?"
    assert officers.again(case).state == "in_progress"


def test_a_page_that_something_was_sent_to_is_read_on_in_another_language(officers: Officers) -> None:
    """The address of an act answers only what is sent to it: the case itself is gone back to."""
    case = officers.case()
    address = f"/desk/cases/{case.reference}"
    browser = officers.browser("chitra")
    shown = browser.post(f"{address}/open", seen=case.events, go="look")
    back = re.search(r'name="back" value="([^"]*)"', shown.text)
    assert back is not None
    assert browser.post("/desk/screen-language", language="bn", back=back[1]).location == address
    assert '<details class="act" id="act-note" open>' in browser.get(address, act="note").text


def test_more_time_is_given_once_by_somebody_higher(officers: Officers) -> None:
    case = officers.case(language="en")
    before = case.due_on
    assert officers.act("chitra", case, "extend", days="5", note="Floods").status_code == 409
    assert officers.act("dipak", case, "extend", days="many", note="Floods").status_code == 422
    assert officers.act("dipak", case, "extend", days="40", note="Floods").status_code == 409
    shown = officers.act("dipak", case, "extend", days="5", note="Floods", go="look")
    assert "the new date for complaint" in shown.text
    assert officers.act("dipak", case, "extend", days="5", note="Floods").status_code == 302
    assert officers.again(case).due_on > before
    assert texts(officers, case)[0].endswith("Reason: Floods.")
    page = officers.browser("dipak").get(f"/desk/cases/{case.reference}").text
    assert "It was extended once by 5 working days." in page
    assert officers.act("dipak", case, "extend", days="1", note="Again").status_code == 409


def test_somebody_higher_takes_a_case_over(officers: Officers) -> None:
    case = officers.case()
    assert officers.act("leela", case, "take_over").status_code == 302
    kept = officers.again(case)
    assert (kept.office_code, kept.officer_id, kept.level) == (SECRETARY, officers.ids["leela"], 4)
    assert officers.act("chitra", case, "take_over").status_code == 409


def test_whom_a_case_accuses_sees_it_no_more(officers: Officers) -> None:
    case = officers.case()
    asked = officers.act("sumitra", case, "accuse", office=FIELD, go="look")
    assert officers.again(case).office_code == FIELD
    assert "Check it once more" in asked.text
    assert officers.act("sumitra", case, "accuse", office=FIELD).status_code == 302
    assert officers.again(case).office_code == DISTRICT
    assert officers.browser("chitra").get(f"/desk/cases/{case.reference}").status_code == 404


def test_whoever_missed_a_date_explains_it_on_the_record(officers: Officers) -> None:
    case = officers.case()
    now = officers.desk.clock.now()

    def demand(session: Session) -> None:
        stay = session.scalars(select(LevelStay).where(LevelStay.complaint_id == case.id)).one()
        about: dict[str, Any] = {"complaint_id": case.id, "stay_id": stay.id, "level": 1, "office_code": FIELD}
        session.add(Explanation(**about, officer_id=officers.ids["chitra"], demanded_at=now, due_on=now.date()))

    officers.desk.store.transact(demand)
    browser = officers.browser("chitra")
    assert case.reference in browser.get("/desk/cases", box="unexplained").text
    assert "The date was missed: an explanation is due by" in browser.get(f"/desk/cases/{case.reference}").text
    assert officers.act("chitra", case, "explain", note=" ").status_code == 422
    assert officers.act("chitra", case, "explain", note="The dealer was in hospital.").status_code == 302
    page = officers.browser("leela").get(f"/desk/cases/{case.reference}").text
    assert page.split('id="ledger"')[1].count("The dealer was in hospital.") == 1
    assert officers.act("chitra", case, "explain", note="Once more.").status_code == 409


def test_the_offices_offered_are_those_of_the_place_and_of_the_department(officers: Officers) -> None:
    case = officers.case()
    form = officers.browser("chitra").get(f"/desk/cases/{case.reference}").text.split('id="transfer-office"')[1]
    offered = re.findall(r'<option value="([^"]+)"', form.split("</select>")[0])
    assert offered == ["food-1", "food-2", "food-3", "food-4", "urban-1"]
    wrong = {"department": "food", "office": URBAN, "reason_code": "not_ours", "note": "A town matter."}
    assert officers.act("chitra", case, "transfer", **dict[str, Any](wrong)).status_code == 409


def test_a_hidden_name_is_shown_once_for_a_reason_on_record(officers: Officers) -> None:
    case = officers.case(name_hidden=True)
    address = f"/desk/cases/{case.reference}"
    assert officers.act("chitra", case, "reveal_name", note="To visit them.").status_code == 409
    browser = officers.browser("leela")
    assert browser.post(f"{address}/reveal_name", seen=case.events, note="To visit them.", go="do").status_code == 302
    assert "Rahima Bibi" in browser.get(address).text
    assert "Rahima Bibi" not in browser.get(address).text
    assert "To visit them." in officers.browser("sumitra").get(address).text


def test_nothing_is_done_to_a_case_that_is_not_theirs(officers: Officers) -> None:
    case = officers.case()
    assert officers.act("rafiq", case, "note", note="Let me see").status_code == 404
    assert officers.act("chitra", case, "nonsense").status_code == 404
    assert officers.act("asha", case, "note", note="Hello").status_code == 403


def test_a_rehearsal_leaves_nothing_behind(officers: Officers) -> None:
    case = officers.case()
    before = [len(officers.desk.rows(table)) for table in (Message, ComplaintEvent, AuditEntry)]
    officers.act("chitra", case, "open", go="look")
    officers.act("chitra", case, "propose_rejection", note="No such scheme", go="look")
    assert [len(officers.desk.rows(table)) for table in (Message, ComplaintEvent, AuditEntry)] == before
    assert officers.again(case).pending is None
