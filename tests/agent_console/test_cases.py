"""The inbox of officers: what is theirs and due first, and nothing that is not."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from agent_console.case_rows import days_left
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.voice_message import VoiceMessage
from tests.agent_console.desk_in_test import Desk
from tests.agent_console.officers import FIELD, MOBILE, STORY, employ_officers
from tests.agent_console.test_lists import leave_message
from tests.models.desk_kit import WEEK

REFERENCES = re.compile(r'class="number" href="/desk/cases/(\d{11})"')


def test_an_officer_lands_in_the_inbox_and_sees_nothing_of_the_calls(desk: Desk) -> None:
    officers = employ_officers(desk)
    browser = officers.browser("chitra")
    assert browser.get("/desk").location == "/desk/cases"
    page = browser.get("/desk/cases").text
    assert "Nothing waits for you." in page
    for foreign in ("/desk/calls", "/desk/call-backs", "/desk/board", "data-voice-library"):
        assert foreign not in page
    for address in ("/desk/calls", "/desk/complaints/26482173059"):
        assert browser.get(address).status_code == 403


def test_what_is_due_first_stands_first_and_says_how_long(desk: Desk) -> None:
    officers = employ_officers(desk)
    first = officers.case()
    desk.clock.advance(timedelta(days=1).total_seconds())
    second = officers.case()
    page = officers.browser("chitra").get("/desk/cases").text
    assert REFERENCES.findall(page) == [first.reference, second.reference]
    assert "working days left" in page
    desk.clock.advance(timedelta(days=30).total_seconds())
    late = officers.browser("chitra").get("/desk/cases").text
    assert "working days late" in late
    assert 'class="chip missed"' in late
    assert "alert" in late


def test_a_date_over_a_weekend_counts_working_days(desk: Desk) -> None:
    friday = desk.clock.now().date()
    while friday.weekday() != 4:
        friday += timedelta(days=1)
    assert days_left(friday, friday, WEEK) == 0
    assert days_left(friday + timedelta(days=3), friday, WEEK) == 1
    assert days_left(friday, friday + timedelta(days=1), WEEK) == -1  # on a Saturday it is late all the same
    assert days_left(friday, friday + timedelta(days=3), WEEK) == -1
    assert days_left(friday, friday + timedelta(days=4), WEEK) == -2


def test_boxes_are_of_whoever_asks(desk: Desk) -> None:
    officers = employ_officers(desk)
    case = officers.case()
    seen = {
        ("chitra", "mine"): True,
        ("chitra", "office"): True,
        ("chitra", "watching"): False,
        ("mili", "mine"): False,
        ("mili", "office"): True,
        ("dipak", "mine"): False,
        ("dipak", "watching"): True,
        ("leela", "watching"): True,
        ("rafiq", "mine"): False,
        ("rafiq", "office"): False,
        ("rafiq", "watching"): False,
        ("sumitra", "watching"): True,
    }
    for (login, box), there in seen.items():
        page = officers.browser(login).get("/desk/cases", box=box).text
        assert (case.reference in REFERENCES.findall(page)) is there, (login, box)


def test_a_search_by_part_of_the_reference_in_any_digits(desk: Desk) -> None:
    officers = employ_officers(desk)
    one, other = officers.case(), officers.case()
    browser = officers.browser("chitra")
    part = one.reference[3:9]
    bengali = part.translate(str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯"))
    for typed in (part, bengali, f"{part[:3]}-{part[3:]}"):
        found = REFERENCES.findall(browser.get("/desk/cases", q=typed).text)
        assert one.reference in found
        assert other.reference not in found
    nothing = browser.get("/desk/cases", q="99999999999").text
    assert "Nothing here fits that search." in nothing


def test_filters_by_kind_and_state(desk: Desk) -> None:
    officers = employ_officers(desk)
    case = officers.case()
    browser = officers.browser("chitra")
    assert REFERENCES.findall(browser.get("/desk/cases", category="ration", state="forwarded").text) == [case.reference]
    assert REFERENCES.findall(browser.get("/desk/cases", state="in_progress").text) == []
    assert REFERENCES.findall(browser.get("/desk/cases", category="other").text) == []


def test_long_lists_are_read_page_by_page(desk: Desk) -> None:
    officers = employ_officers(desk)
    made = [officers.case().reference for _ in range(27)]
    browser = officers.browser("chitra")
    page = browser.get("/desk/cases", box="mine").text
    first = REFERENCES.findall(page)
    more = re.search(r'rel="next" href="[^"]*after=([^"]+)"', page)
    assert more is not None
    rest = REFERENCES.findall(browser.get("/desk/cases", box="mine", after=more[1]).text)
    assert first + rest == made


def test_a_page_of_a_case_tells_everything_but_the_number(desk: Desk) -> None:
    officers = employ_officers(desk)
    case = officers.case(place_detail="Arambag")
    page = officers.browser("chitra").get(f"/desk/cases/{case.reference}").text
    for words in (STORY, "Rahima Bibi", "Hooghly, Arambag", "98•••••345", "Food Inspector, Hooghly", "not opened"):
        assert words in page
    assert "9830012345" not in page.replace(" ", "")
    assert "The count began on" in page


def test_a_case_that_is_not_theirs_is_not_there(desk: Desk) -> None:
    officers = employ_officers(desk)
    case = officers.case()
    for login, status in (("mili", 200), ("dipak", 200), ("leela", 200), ("sumitra", 200), ("rafiq", 404)):
        assert officers.browser(login).get(f"/desk/cases/{case.reference}").status_code == status, login
    assert officers.browser("asha").get(f"/desk/cases/{case.reference}").status_code == 403


def test_a_look_changes_nothing(desk: Desk) -> None:
    officers = employ_officers(desk)
    case = officers.case()
    officers.browser("chitra").get(f"/desk/cases/{case.reference}")
    assert officers.again(case).state == "forwarded"
    assert len(desk.rows(ComplaintEvent, complaint_id=case.id)) == case.events


def test_a_hidden_caller_is_hidden_from_officers_in_every_way(desk: Desk) -> None:
    officers = employ_officers(desk)
    call = "CA" + "7" * 32
    case = officers.case(name_hidden=True, call_sid=call)
    message = {
        "call_sid": call,
        "recording_sid": "RE1",
        "recording_url": "http://127.0.0.1:1/x",
        "request_reference": "1",
    }
    leave(desk, **message)
    browser = officers.browser("chitra")
    page = browser.get(f"/desk/cases/{case.reference}").text
    for told in ("Rahima", "345", "<audio"):
        assert told not in page.split("<main", 1)[1].split('id="timeline"')[0].replace(case.reference, "")
    assert browser.post(f"/desk/cases/{case.reference}/number", reason="to ring them").status_code == 404
    voice = desk.row(VoiceMessage).id
    assert browser.get(f"/desk/cases/{case.reference}/voice/{voice}").status_code == 404


def test_what_the_caller_said_aloud_is_heard_by_those_who_may_read_the_case(desk: Desk) -> None:
    officers = employ_officers(desk)
    call = "CA" + "8" * 32
    case, other = officers.case(call_sid=call), officers.case()
    voice = leave_message(desk, call_sid=call)
    desk.network.replies["GET", "/Recordings/RE1.wav"].append((200, "RIFF"))
    browser = officers.browser("chitra")
    assert f'src="/desk/cases/{case.reference}/voice/{voice}"' in browser.get(f"/desk/cases/{case.reference}").text
    assert browser.get(f"/desk/cases/{case.reference}/voice/{voice}").data == b"RIFF"
    assert browser.get(f"/desk/cases/{other.reference}/voice/{voice}").status_code == 404
    assert officers.browser("rafiq").get(f"/desk/cases/{case.reference}/voice/{voice}").status_code == 404


def leave(desk: Desk, **values: object) -> None:
    desk.store.transact(lambda session: session.add(VoiceMessage(created_at=desk.clock.now(), **values)))


def test_a_whole_number_is_shown_once_for_a_reason_that_is_kept(desk: Desk) -> None:
    officers = employ_officers(desk)
    case = officers.case()
    browser = officers.browser("chitra")
    address = f"/desk/cases/{case.reference}"
    refused = browser.post(f"{address}/number", reason="x")
    assert refused.location == address
    assert "Write why you need the number" in browser.get(address).text
    assert browser.post(f"{address}/number", reason="to ask for the card").location == address
    assert f"{MOBILE[3:8]} {MOBILE[8:]}" in browser.get(address).text
    assert f"{MOBILE[3:8]} {MOBILE[8:]}" not in browser.get(address).text
    assert officers.browser("rafiq").post(f"{address}/number", reason="out of interest").status_code == 404


@pytest.mark.parametrize("login", ["chitra", "sumitra"])
def test_chosen_cases_stand_on_sheets_of_their_own(desk: Desk, login: str) -> None:
    officers = employ_officers(desk)
    one, other = officers.case(), officers.case()
    page = officers.browser(login).get("/desk/cases/print", reference=[one.reference, other.reference, "1"]).text
    assert page.count('class="card stack sheet"') == 2
    assert MOBILE[3:] not in page
    assert officers.browser("rafiq").get("/desk/cases/print", reference=[one.reference]).status_code == 404
    assert "Choose the cases to print" in officers.browser(login).get("/desk/cases/print").text


def test_a_person_without_a_posting_is_told_so(desk: Desk) -> None:
    employ_officers(desk)
    desk.employ("nobody", "officer")
    assert "You are not posted to any office today" in desk.client("nobody").get("/desk/cases").text


def test_an_urgent_case_is_marked_in_words(desk: Desk) -> None:
    officers = employ_officers(desk)
    case = officers.case()
    desk.store.write(lambda connection: connection.execute(update(Complaint).values(priority="urgent")))
    page = officers.browser("chitra").get("/desk/cases").text
    assert "Urgent" in page
    assert officers.again(case).office_code == FIELD


def test_an_officer_finds_by_words_what_they_may_read(desk: Desk) -> None:
    officers = employ_officers(desk)
    mine, other = officers.case(), officers.case(category="other")
    hidden = officers.case(text="রেশন ডিলার ঘুষ চাইছে", accused=("food-1",))
    page = officers.browser("chitra").get("/desk/search", q="ration card").text
    assert f"/desk/cases/{mine.reference}" in page
    for case in (other, hidden):
        assert (
            f"/desk/cases/{case.reference}" not in officers.browser("chitra").get("/desk/search", q=case.reference).text
        )
    assert hidden.reference not in officers.browser("chitra").get("/desk/search", q="dealer ghush").text
    assert f"/desk/cases/{hidden.reference}" in officers.browser("leela").get("/desk/search", q="dealer ghush").text
    assert officers.browser("chitra").get("/desk/search", q=mine.reference).location == f"/desk/cases/{mine.reference}"


def test_the_best_of_what_has_some_of_the_words_stands_first(desk: Desk) -> None:
    officers = employ_officers(desk)
    best = officers.case(text="The dealer weighs less rice and asks for a bribe")
    second = officers.case(text="A bribe was asked for at the shop")
    page = officers.browser("asha").get("/desk/search", q="dealer bribe zebra shop rice").text
    assert "No complaint has all of these words." in page
    assert page.index(f"/desk/complaints/{best.reference}") < page.index(f"/desk/complaints/{second.reference}")


def test_an_officer_cannot_try_the_numbers_of_citizens(desk: Desk) -> None:
    officers = employ_officers(desk)
    case = officers.case(contact_number="+919830012345")
    assert case.reference not in officers.browser("chitra").get("/desk/search", q="9830012345").text
    assert case.reference in officers.browser("sumitra").get("/desk/search", q="9830012345").text
