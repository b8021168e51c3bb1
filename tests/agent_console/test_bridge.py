"""Ringing the citizen from the page of a case: whose telephone, who may, when not, and what the page tells of it."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from ivr.bridges.ending import citizen_gone, officer_gone
from ivr.calendars import set_calendars
from ivr.call_control.refusals import NothingToDial
from ivr.call_control.ringing_back import dial_back
from ivr.publishing import seed
from models.audit_entry import AuditEntry
from models.bridge import Bridge
from models.call import Call
from models.call_back import CallBack
from models.command import Command
from models.complaint import Complaint
from models.diversion import Diversion
from models.services.bridging import CALL_OFFICER, MOST_RINGS, MOST_TRIES, MOST_UNPROVED
from models.staff import Staff
from models.talk import Talk
from tests.agent_console.desk_in_test import PASSWORD, Desk
from tests.agent_console.officers import FIELD, MOBILE, Officers, employ_officers

OWN = "+919830099999"
SID = "CA" + "1" * 32


@pytest.fixture
def officers(desk: Desk) -> Officers:
    return employ_officers(desk)


def give_telephone(officers: Officers, *logins: str, proved: bool = True) -> None:
    at = officers.desk.clock.now() if proved else None
    for n, login in enumerate(logins):
        values = {"telephone": f"+9198300999{n:02d}", "telephone_confirmed_at": at}
        one = update(Staff).where(Staff.id == officers.ids[login]).values(**values)
        officers.desk.store.write(lambda connection: connection.execute(one))  # noqa: B023  at once


def ring(officers: Officers, case: Complaint, login: str = "chitra") -> Any:
    return officers.act(login, case, "ring")


def move(officers: Officers, **values: Any) -> None:
    """Have the newest bridge stand so."""
    newest = officers.desk.row(Bridge)
    change = update(Bridge).where(Bridge.id == newest.id).values(call_sid=SID, **values)
    officers.desk.store.write(lambda connection: connection.execute(change))


def part(officers: Officers, case: Complaint, login: str = "chitra") -> str:
    text: str = officers.browser(login).get(f"/desk/cases/{case.reference}/bridge").text
    return text


def test_without_a_telephone_the_button_leads_to_where_it_is_entered(officers: Officers) -> None:
    case, browser = officers.case(), officers.browser("chitra")
    address = f"/desk/cases/{case.reference}"
    page = browser.get(address).text
    assert 'href="/desk/account#telephone-title"' in page
    assert f'action="{address}/ring"' not in page
    refused = ring(officers, case)
    assert refused.status_code == 409
    assert "Enter your own telephone on the page My account first" in refused.text
    kept = browser.post("/desk/account/telephone", telephone="৯৮৩০০ 99999", password=PASSWORD)
    assert kept.location == "/desk/account#telephone-title"
    person = officers.desk.row(Staff, login="chitra")
    assert (person.telephone, person.telephone_confirmed_at) == (OWN, None)
    account = browser.get("/desk/account").text
    assert "98•••••999" in account
    assert "9830099999" not in account
    assert f'action="{address}/ring"' in browser.get(address).text
    assert ring(officers, case).location == address
    bridge = officers.desk.row(Bridge)
    assert (bridge.number, bridge.own_number, bridge.language, bridge.state) == (MOBILE, OWN, "bn", "officer")
    assert officers.desk.row(Command, kind=CALL_OFFICER).payload == {"bridge_id": bridge.id}
    shown = browser.get(address).text
    assert bridge.code in shown
    assert MOBILE[3:] not in shown
    assert OWN[3:] not in shown


@pytest.mark.parametrize(
    "typed",
    ["12345", "", "112", "+1 212 555 0100", "91370 91370", "1860 123 4567", "1861 123 456789", "1800 123 4567"],
)
def test_a_telephone_that_is_none_of_ones_own_is_refused(officers: Officers, typed: str) -> None:
    browser = officers.browser("chitra")
    browser.post("/desk/account/telephone", telephone=typed, password=PASSWORD)
    assert "This is not an Indian telephone number of your own." in browser.get("/desk/account").text
    assert officers.desk.row(Staff, login="chitra").telephone is None


def test_another_number_is_proved_anew_and_the_same_one_is_not(officers: Officers) -> None:
    give_telephone(officers, "chitra")
    browser = officers.browser("chitra")
    browser.post("/desk/account/telephone", telephone="98300 99900", password=PASSWORD)
    assert officers.desk.row(Staff, login="chitra").telephone_confirmed_at is not None
    browser.post("/desk/account/telephone", telephone="98300 99901", password=PASSWORD)
    person = officers.desk.row(Staff, login="chitra")
    assert (person.telephone, person.telephone_confirmed_at) == ("+919830099901", None)
    acts = officers.desk.rows(AuditEntry, action="telephone_entered")
    assert [act.data for act in acts] == [{}, {}]  # nobody's number


def test_the_number_goes_with_the_account_and_when_its_owner_wants(officers: Officers) -> None:
    give_telephone(officers, "chitra", "mili")
    officers.browser("mili").post("/desk/account/telephone/off")
    officers.desk.employ("root", "admin")
    officers.browser("root").post(f"/desk/staff/{officers.ids['chitra']}/deactivate")
    for login in ("chitra", "mili"):
        person = officers.desk.row(Staff, login=login)
        assert (person.telephone, person.telephone_confirmed_at) == (None, None)


def test_the_page_tells_where_the_call_stands_and_how_it_ended(officers: Officers) -> None:
    give_telephone(officers, "chitra")
    case = officers.case()
    assert part(officers, case).strip() == ""
    ring(officers, case)
    assert "Ringing you" in part(officers, case)
    assert "press 1" in part(officers, case)
    now = officers.desk.clock.now()
    move(officers, state="citizen", rung_at=now)
    assert "Ringing the citizen" in part(officers, case)
    move(officers, state="talking", talked_at=now)
    assert "Talking" in part(officers, case)
    citizen_gone(officers.desk.telephone, officers.desk.row(Bridge).id, SID, "completed", 125)
    shown = part(officers, case)
    assert "answered" in shown
    assert "02:05" in shown
    page = officers.browser("chitra").get(f"/desk/cases/{case.reference}").text
    assert "An officer rang the citizen: answered: 02:05" in page
    assert part(officers, case, "mili").strip() == ""  # not theirs
    acts = officers.browser("sumitra").get("/desk/audit").text
    assert "Rang a citizen" in acts
    assert "result: answered · seconds: 125" in acts


def test_ones_own_call_is_no_change_by_somebody_else(officers: Officers) -> None:
    """The note that follows a talk is written on the page from which it was rung."""
    give_telephone(officers, "chitra", "mili")
    case = officers.case()
    seen = case.events
    ring(officers, case)
    officer_gone(officers.desk.telephone, officers.desk.row(Bridge).id, SID, "busy")
    assert officers.again(case).events == seen + 1
    assert officers.act("mili", case, "note", seen=seen, note="Seen before Chitra rang.").status_code == 409
    assert officers.act("chitra", case, "note", seen=seen, note="My line was busy.").status_code == 302


@pytest.mark.parametrize(
    ("login", "status"),
    [("chitra", 302), ("mili", 302), ("sumitra", 302), ("dipak", 409), ("leela", 409), ("rafiq", 404), ("asha", 403)],
)
def test_only_who_works_on_the_case_may_ring(officers: Officers, login: str, status: int) -> None:
    give_telephone(officers, login)
    case = officers.case()
    assert ring(officers, case, login).status_code == status
    assert len(officers.desk.rows(Bridge)) == (status == 302)
    offered = (
        f'action="/desk/cases/{case.reference}/ring"'
        in officers.browser(login).get(f"/desk/cases/{case.reference}").text
    )
    assert offered == (status == 302)


def test_whom_a_case_accuses_cannot_ring_its_citizen(officers: Officers) -> None:
    give_telephone(officers, "chitra")
    case = officers.case()
    assert officers.act("dipak", case, "accuse", office=FIELD).status_code == 302
    assert ring(officers, case).status_code == 404
    assert officers.browser("chitra").get(f"/desk/cases/{case.reference}/bridge").status_code == 404
    assert officers.desk.rows(Bridge) == []


def refused(officers: Officers, case: Complaint, words: str, login: str = "chitra") -> None:
    before = len(officers.desk.rows(Bridge))
    answer = ring(officers, case, login)
    assert answer.status_code == 409
    assert words in answer.text
    assert len(officers.desk.rows(Bridge)) == before


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"contact_number": None}, "The citizen gave no telephone number"),
        ({"name_hidden": True}, "This citizen asked to be hidden"),
        ({"contact_number": "+882160012345"}, "neither an Indian mobile nor an Indian landline"),
        ({"contact_number": "+911861123456789"}, "neither an Indian mobile nor an Indian landline"),
    ],
)
def test_who_cannot_or_must_not_be_rung_is_not(officers: Officers, fields: dict[str, Any], words: str) -> None:
    give_telephone(officers, "chitra")
    refused(officers, officers.case(**fields), words)


def test_citizens_are_rung_by_day_unless_it_is_urgent(officers: Officers) -> None:
    give_telephone(officers, "chitra", "mili")
    officers.desk.clock.advance(timedelta(hours=8, minutes=59).total_seconds())  # 19:59
    case = officers.case()
    assert ring(officers, case).status_code == 302
    officer_gone(officers.desk.telephone, officers.desk.row(Bridge).id, SID, "busy")
    officers.desk.clock.advance(60)
    refused(officers, case, "between 9:00 and 20:00 only")
    urgent = update(Complaint).where(Complaint.id == case.id).values(priority="urgent")
    officers.desk.store.write(lambda connection: connection.execute(urgent))
    assert ring(officers, case).status_code == 302


def test_nobody_enters_a_telephone_at_another_ones_desk(officers: Officers) -> None:
    browser = officers.browser("chitra")
    browser.post("/desk/account/telephone", telephone=OWN, password="not hers")
    assert officers.desk.row(Staff, login="chitra").telephone is None


def test_a_telephone_that_is_not_proved_is_rung_three_times_a_day(officers: Officers) -> None:
    give_telephone(officers, "chitra", proved=False)
    for _ in range(MOST_UNPROVED):
        assert ring(officers, officers.case()).status_code == 302
        officer_gone(officers.desk.telephone, officers.desk.row(Bridge).id, SID, "no-answer")
    refused(officers, officers.case(), "rung three times today and nobody typed the code")
    give_telephone(officers, "chitra")
    assert ring(officers, officers.desk.row(Complaint)).status_code == 302


def test_a_representative_does_not_ring_whom_an_officer_rings(officers: Officers) -> None:
    give_telephone(officers, "chitra")
    ring(officers, officers.case())
    with pytest.raises(NothingToDial):
        dial_back(officers.desk.telephone, officers.ids["asha"], number=MOBILE)


def test_one_at_a_time_for_officer_and_citizen(officers: Officers) -> None:
    give_telephone(officers, "chitra", "mili")
    case, other, same = officers.case(), officers.case(contact_number="+919830054321"), officers.case()
    assert ring(officers, case).status_code == 302
    refused(officers, other, "A call of yours is under way")
    refused(officers, same, "The citizen is on the telephone with us just now", "mili")
    officer_gone(officers.desk.telephone, officers.desk.row(Bridge).id, SID, "busy")
    assert ring(officers, other).status_code == 302


OPEN_ON_TUESDAYS = "office:\n  timezone: Asia/Kolkata\n  open:\n    mon-tue: 10:00-18:00\n  holidays: {}\n"


@pytest.mark.parametrize(
    ("callers_hear", "later", "may"),
    [
        ("", 1, False),  # without menus the offices' calendar counts: Tuesday is Doljatra
        ("", 3, True),
        (OPEN_ON_TUESDAYS, 1, True),
        (OPEN_ON_TUESDAYS, 6, False),  # Sunday
    ],
)
def test_nobody_is_rung_on_a_sunday_or_holiday_unless_the_calendar_is_open(
    officers: Officers, callers_hear: str, later: int, may: bool
) -> None:
    give_telephone(officers, "chitra")
    if callers_hear:
        seed(officers.desk.store, officers.desk.clock.now())
        set_calendars(officers.desk.store, callers_hear, by="test", now=officers.desk.clock.now())
    case = officers.case()
    officers.desk.clock.advance(later * 86400)
    if may:
        assert ring(officers, case).status_code == 302
    else:
        refused(officers, case, "Today is a Sunday or a holiday")


def test_a_citizen_is_rung_only_so_often_a_day(officers: Officers) -> None:
    give_telephone(officers, "chitra")
    case = officers.case()
    for _ in range(MOST_RINGS):
        assert ring(officers, case).status_code == 302
        move(officers, state="citizen", rung_at=officers.desk.clock.now())
        officer_gone(officers.desk.telephone, officers.desk.row(Bridge).id, SID, "completed")
    refused(officers, case, "rung often enough about this case today")
    officers.desk.clock.advance(3 * 86400)  # the next two days are holidays
    for _ in range(MOST_TRIES):  # in vain: one's own telephone was busy
        assert ring(officers, case).status_code == 302
        officer_gone(officers.desk.telephone, officers.desk.row(Bridge).id, SID, "busy")
    refused(officers, case, "rung often enough about this case today")


def test_who_does_not_want_to_be_rung_is_not(officers: Officers) -> None:
    give_telephone(officers, "chitra")
    case = officers.case()
    before = officers.desk.clock.now() - timedelta(days=1)  # promised; they said so in the call that took the complaint
    row = {"number": MOBILE, "reason": "asked", "state": "opted_out", "due_by": before, "request_reference": "r1"}
    said_at = case.registered_at - timedelta(minutes=5)
    asked = insert(CallBack).values(**row, created_at=before, last_try_at=said_at)
    officers.desk.store.write(lambda connection: connection.execute(asked))
    refused(officers, case, "do not want to be rung")
    long_ago = update(CallBack).values(last_try_at=before)
    officers.desk.store.write(lambda connection: connection.execute(long_ago))
    assert ring(officers, case).status_code == 302


def test_a_number_that_is_diverted_is_not_rung_for_that_while(officers: Officers) -> None:
    give_telephone(officers, "chitra")
    case, now = officers.case(), officers.desk.clock.now()

    def divert(connection: Any) -> None:
        talk = {"staff_id": officers.ids["asha"], "conference": "c1", "state": "ended", "created_at": now}
        talk_id = connection.execute(insert(Talk).values(**talk).returning(Talk.id)).scalar_one()
        row = {"number": MOBILE, "reason": "abusive", "talk_id": talk_id, "made_by": officers.ids["asha"]}
        connection.execute(insert(Diversion).values(**row, made_at=now, until=now + timedelta(hours=24)))

    officers.desk.store.write(divert)
    refused(officers, case, "Calls with this number are stopped for a while")
    officers.desk.clock.advance(3 * 86400)
    assert ring(officers, case).status_code == 302


def test_a_citizen_in_a_call_with_us_is_not_rung(officers: Officers) -> None:
    give_telephone(officers, "chitra")
    now = officers.desk.clock.now()
    live = insert(Call).values(sid=SID, from_number=MOBILE, started_at=now, status="in-progress")
    officers.desk.store.write(lambda connection: connection.execute(live))
    refused(officers, officers.case(), "The citizen is on the telephone with us just now")


def test_closed_cases_are_not_rung(officers: Officers) -> None:
    give_telephone(officers, "chitra")
    case = officers.case()
    closed = update(Complaint).where(Complaint.id == case.id).values(state="closed")
    officers.desk.store.write(lambda connection: connection.execute(closed))
    refused(officers, case, "not in a state for this")
