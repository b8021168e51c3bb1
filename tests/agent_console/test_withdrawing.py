"""A complaint is taken back by its citizen on the telephone, after they were asked whether anybody pressed them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from agent_console.words import say
from models.actor import CITIZEN
from models.audit_entry import AuditEntry
from models.call import Call
from models.complaint import Complaint
from models.message import Message
from models.pressure import Pressure
from models.record import verify_chain
from models.services import change_state
from models.talk import Talk
from tests.agent_console.desk_in_test import Browser, Desk
from tests.agent_console.officers import MOBILE, Officers, employ_officers
from tests.models.desk_kit import WEEK

WORDS = "The councillor's man came to our house"


@pytest.fixture
def officers(desk: Desk) -> Officers:
    return employ_officers(desk)


def talking(officers: Officers, number: str = MOBILE) -> Browser:
    """Asha speaks with whoever has this number."""
    browser = officers.browser("asha")
    officers.desk.talk(browser, officers.ids["asha"])
    officers.desk.store.write(lambda connection: connection.execute(update(Call).values(from_number=number)))
    return browser


def withdraw(browser: Browser, case: Complaint, **form: Any) -> Any:
    return browser.act(f"/desk/complaints/{case.reference}/withdraw", **{"reason": WORDS, **form})


def texts(officers: Officers) -> list[str]:
    return [one.template for one in officers.desk.rows(Message)]


def test_their_own_wish_closes_it_and_a_text_tells_them(officers: Officers) -> None:
    case = officers.case()
    browser = talking(officers)
    assert say("withdraw.ask", "en") in browser.get(f"/desk/complaints/{case.reference}").text
    answer = withdraw(browser, case, pressed="no")
    assert answer.get_json()["said"] == say("withdraw.done", "en")
    now = officers.again(case)
    assert (now.state, now.outcome, now.reason) == ("closed", "withdrawn", WORDS)
    assert texts(officers)[-1] == "sms_closed_withdrawn"
    assert say("withdraw.ask", "en") not in browser.get(f"/desk/complaints/{case.reference}").text
    assert withdraw(browser, case, pressed="no").get_json()["error"] == say("withdraw.refused.not_now", "en")


def test_who_was_pressed_stays_a_complainant_and_only_the_cell_reads_of_it(officers: Officers) -> None:
    case = officers.case()
    before = texts(officers)
    answer = withdraw(talking(officers), case, pressed="yes")
    assert answer.get_json()["said"] == say("withdraw.noted", "en")
    assert officers.again(case).state == "forwarded"
    assert texts(officers) == before  # whoever pressed them may read their telephone
    assert [one.words for one in officers.desk.rows(Pressure)] == [WORDS]
    with officers.desk.store.session() as session:
        assert verify_chain(session, session.get_one(Complaint, case.id)) == officers.again(case).events
    for login in ("chitra", "dipak", "leela"):
        page = officers.browser(login).get(f"/desk/cases/{case.reference}")
        assert page.status_code == 200
        assert "councillor" not in page.text
        assert "pressed" not in page.text
        assert "councillor" not in officers.browser(login).get("/desk/cases/print", reference=case.reference).text
    assert "councillor" not in officers.browser("asha").get(f"/desk/complaints/{case.reference}").text
    assert WORDS.partition("'")[0] in officers.browser("sumitra").get(f"/desk/cases/{case.reference}").text


def test_an_officer_who_has_the_case_open_sees_no_sign_of_it(officers: Officers) -> None:
    case = officers.case()
    seen = officers.again(case).events
    withdraw(talking(officers), case, pressed="yes")
    assert officers.again(case).events == seen
    assert officers.act("chitra", case, "open", seen=seen).status_code == 302
    assert officers.again(case).state == "in_progress"


def test_it_waits_for_the_cell_whatever_becomes_of_the_case(officers: Officers) -> None:
    case = officers.case()
    browser = talking(officers)
    withdraw(browser, case, pressed="yes")
    withdraw(browser, case, pressed="no", reason="They changed their mind")
    cell = officers.browser("sumitra")
    assert "councillor" in cell.get("/desk/cases/cell").text
    told = officers.desk.row(Pressure)
    address = f"/desk/cases/cell/pressures/{told.id}/seen-to"
    assert cell.act(address, reason=" ").get_json()["error"] == say("cell.say_what", "en")
    assert officers.browser("leela").act(address, reason="Nothing").status_code == 403
    assert cell.act(address, reason="Rang them, told the magistrate").get_json()["said"] == say("cell.seen_to", "en")
    assert cell.act(address, reason="Again").status_code == 409
    assert say("cell.pressed_none", "en") in cell.get("/desk/cases/cell").text
    assert "told the magistrate" in cell.get(f"/desk/cases/{case.reference}").text
    acts = [(one.action, one.subject, one.data) for one in officers.desk.rows(AuditEntry)][-2:]
    assert acts == [(name, f"pressure:{told.id}", {}) for name in ("pressure_told", "pressure_seen_to")]


def test_nobody_takes_it_back_before_they_have_picked_up(officers: Officers) -> None:
    case = officers.case()
    browser = talking(officers)
    officers.desk.store.write(lambda connection: connection.execute(update(Talk).values(state="connecting")))
    assert say("withdraw.ask", "en") not in browser.get(f"/desk/complaints/{case.reference}").text
    assert withdraw(browser, case, pressed="no").status_code == 409


def test_nobody_takes_it_back_for_a_citizen_who_is_not_on_the_line(officers: Officers) -> None:
    case = officers.case()
    browser = talking(officers, "+919830099999")
    assert say("withdraw.ask", "en") not in browser.get(f"/desk/complaints/{case.reference}").text
    refused = withdraw(browser, case, pressed="no")
    assert (refused.status_code, refused.get_json()["error"]) == (409, say("withdraw.refused.not_on_the_line", "en"))
    for login in ("chitra", "leela", "sumitra"):
        assert withdraw(officers.browser(login), case, pressed="no").status_code == 403
    unnumbered = officers.case(contact_number=None)
    assert withdraw(browser, unnumbered, pressed="no").status_code == 409
    assert officers.again(case).state == "forwarded"


def test_both_answers_and_a_reason_are_asked_for(officers: Officers) -> None:
    case = officers.case()
    browser = talking(officers)
    assert withdraw(browser, case).get_json()["error"] == say("withdraw.say_whether", "en")
    assert withdraw(browser, case, pressed="no", reason=" ").get_json()["error"] == say("withdraw.say_why", "en")
    assert withdraw(browser, case, pressed="maybe").status_code == 422
    assert officers.again(case).state == "forwarded"


def test_a_withdrawn_complaint_is_opened_again_in_ten_days(officers: Officers) -> None:
    case = officers.case()
    withdraw(talking(officers), case, pressed="no")
    officers.desk.clock.advance(timedelta(days=3).total_seconds())

    def reopen(session: Session) -> None:
        kept = session.get_one(Complaint, case.id)
        change_state(session, kept, "in_progress", by=CITIZEN, now=officers.desk.clock.now(), calendar=WEEK)

    officers.desk.store.transact(reopen)
    assert officers.again(case).state == "in_progress"
