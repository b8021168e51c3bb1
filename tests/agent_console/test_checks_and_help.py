"""The number check and the call for help, as the desk shows them."""

import json

from sqlalchemy import update

from agent_console.words import say
from ivr.call_control import end_talk
from ivr.keypad_checks import end_check
from models.call import Call
from models.complaint import Complaint
from models.draft import Draft
from models.event import DeskEvent
from models.help_request import HelpRequest
from models.keypad_check import KeypadCheck
from models.services.help_requests import close_help_request, live_help_requests, take_help_request
from models.talk import Talk
from tests.agent_console.desk_in_test import Browser, Desk

NUMBER = "+919830012345"


def talking(desk: Desk) -> tuple[Browser, int, int]:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    talk_id, _ = desk.talk(browser, staff_id)
    return browser, talk_id, staff_id


def test_the_number_in_the_form_is_checked_and_registered_as_proved(desk: Desk) -> None:
    browser, talk_id, _ = talking(desk)
    draft = desk.row(Draft)
    fields = {"text": "No water", "category": "other", "place": "wb-hooghly", "contact_number": "98300 12345"}
    browser.act(f"/desk/drafts/{draft.id}", version=draft.version, data=json.dumps(fields))
    assert browser.act(f"/desk/talks/{talk_id}/check").status_code == 200
    check = desk.row(KeypadCheck)
    assert (check.number, check.state) == (NUMBER, "asked")
    assert say("check.asked", "en") in browser.get("/desk/parts/call").text
    again = browser.act(f"/desk/talks/{talk_id}/check")
    assert again.get_json()["error"] == say("refused.at_keypad", "en")
    desk.store.write(lambda c: end_check(c, check.id, "right", desk.clock.now()))
    assert "✓" in browser.get("/desk/parts/call").text
    done = browser.act(f"/desk/drafts/{draft.id}/register", number_check="typed", **fields)
    assert done.status_code == 200, done.text
    assert (desk.row(Complaint).contact_number, desk.row(Complaint).number_check) == (NUMBER, "otp_verified")


def test_a_check_that_failed_proves_nothing(desk: Desk) -> None:
    browser, talk_id, _ = talking(desk)
    browser.act(f"/desk/talks/{talk_id}/check")
    desk.store.write(lambda c: end_check(c, desk.row(KeypadCheck).id, "wrong", desk.clock.now()))
    assert "✗" in browser.get("/desk/parts/call").text
    draft = desk.row(Draft)
    fields = {"text": "No water", "category": "other", "place": "wb-hooghly", "contact_number": "98300 00001"}
    browser.act(f"/desk/drafts/{draft.id}/register", number_check="typed", **fields)
    assert desk.row(Complaint).number_check == "typed"


def test_without_any_number_there_is_nothing_to_check(desk: Desk) -> None:
    browser, talk_id, _ = talking(desk)
    desk.store.write(lambda c: c.execute(update(Draft).values(data=json.dumps({"talk": str(talk_id)}))))
    desk.store.write(lambda c: c.execute(update(Call).values(from_number=None)))
    assert browser.act(f"/desk/talks/{talk_id}/check").status_code == 422


def test_help_is_asked_once_seen_by_supervisors_and_taken_back(desk: Desk) -> None:
    browser, talk_id, _ = talking(desk)
    for _ in range(2):
        assert browser.act(f"/desk/talks/{talk_id}/help").status_code == 200
    [asked] = desk.rows(HelpRequest)
    assert [event.audience for event in desk.rows(DeskEvent, kind="help")] == ["role:supervisor"]
    assert say("help_request.open", "en") in browser.get("/desk/parts/call").text
    with desk.store.session() as session:
        assert [one.id for one in live_help_requests(session)] == [asked.id]
    browser.act(f"/desk/help/{asked.id}/close")
    assert desk.row(HelpRequest).state == "closed"
    assert say("help_request.go", "en") in browser.get("/desk/parts/call").text


def test_one_supervisor_takes_a_request_and_the_representative_sees_it(desk: Desk) -> None:
    browser, talk_id, _ = talking(desk)
    first, second = desk.employ("sumitra", "supervisor"), desk.employ("tapan", "supervisor")
    browser.act(f"/desk/talks/{talk_id}/help")
    request_id, now = desk.row(HelpRequest).id, desk.clock.now()
    assert desk.store.write(lambda c: take_help_request(c, request_id, first, now))
    assert not desk.store.write(lambda c: take_help_request(c, request_id, second, now))
    assert say("help_request.taken", "en") in browser.get("/desk/parts/call").text
    assert desk.store.write(lambda c: close_help_request(c, request_id, now))


def test_help_ends_with_the_talk_and_is_only_for_ones_own(desk: Desk) -> None:
    browser, talk_id, staff_id = talking(desk)
    desk.employ("bimal")
    other = desk.client("bimal")
    assert other.act(f"/desk/talks/{talk_id}/help").status_code == 409
    browser.act(f"/desk/talks/{talk_id}/help")
    other.act(f"/desk/help/{desk.row(HelpRequest).id}/close")
    assert desk.row(HelpRequest).state == "open"
    end_talk(desk.telephone, talk_id, staff_id)
    assert (desk.row(Talk).state, desk.row(HelpRequest).state) == ("ended", "closed")


def test_the_first_supervisor_comes_and_the_others_read_who(desk: Desk) -> None:
    browser, talk_id, _ = talking(desk)
    for login in ("boss", "chief"):
        desk.employ(login, "supervisor")
    boss, chief = desk.client("boss"), desk.client("chief")
    assert say("board.help", "en") not in boss.get("/desk/board").text
    browser.act(f"/desk/talks/{talk_id}/help")
    assert say("board.help_take", "en") in boss.get("/desk/board").text
    asked = desk.row(HelpRequest)
    came = boss.act(f"/desk/board/help/{asked.id}/take")
    assert (came.status_code, came.get_json()["go"]) == (200, f"/desk/beside/{talk_id}")
    late = chief.act(f"/desk/board/help/{asked.id}/take")
    assert (late.status_code, late.get_json()["error"]) == (409, say("refused.help_taken", "en"))
    assert say("board.help_comes", "en", who="Boss") in " ".join(chief.get("/desk/board").text.split())
    assert say("help_request.taken", "en") in browser.get("/desk/parts/call").text
    assert browser.act(f"/desk/board/help/{asked.id}/take").status_code == 403
