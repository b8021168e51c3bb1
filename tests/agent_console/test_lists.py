"""Call-backs, voice messages, the supervisor's board."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import insert

from agent_console.words import say
from ivr.presences import extend_lease
from models.call_back import CallBack
from models.command import Command
from models.draft import Draft
from models.offer import Offer
from models.presence import Presence
from models.voice_message import VoiceMessage
from tests.agent_console.desk_in_test import Desk

NUMBER = "+919830055555"


def promise(desk: Desk, **more: object) -> int:
    row = {
        "number": NUMBER,
        "language": "bn",
        "reason": "asked",
        "due_by": desk.clock.now() + timedelta(minutes=30),
        "request_reference": f"R{len(desk.rows(CallBack))}",
        "created_at": desk.clock.now(),
        **more,
    }
    desk.store.write(lambda connection: connection.execute(insert(CallBack).values(**row)))
    return int(desk.row(CallBack).id)


def leave_message(desk: Desk, **more: object) -> int:
    row = {
        "recording_sid": f"RE{len(desk.rows(VoiceMessage)):032x}",
        "recording_url": f"{desk.network.url}/2010-04-01/Accounts/AC{'0' * 31}1/Recordings/RE1",
        "seconds": 42,
        "language": "bn",
        "category": "ration",
        "number": NUMBER,
        "request_reference": f"V{len(desk.rows(VoiceMessage))}",
        "created_at": desk.clock.now(),
        **more,
    }
    desk.store.write(lambda connection: connection.execute(insert(VoiceMessage).values(**row)))
    return int(desk.row(VoiceMessage).id)


def test_lists_say_so_when_they_are_empty(desk: Desk) -> None:
    desk.employ("asha")
    browser = desk.client("asha")
    assert "Nobody waits for a call-back." in browser.get("/desk/call-backs").text
    assert "No messages wait." in browser.get("/desk/voice-messages").text
    assert "No drafts." in browser.get("/desk/drafts").text


def test_call_backs_stand_in_the_order_of_their_promise(desk: Desk) -> None:
    desk.employ("asha")
    promise(desk, number="+919830066666")
    promise(desk, due_by=desk.clock.now() - timedelta(minutes=5))
    page = desk.client("asha").get("/desk/call-backs").text
    assert page.index("98•••••555") < page.index("98•••••666")
    assert page.count("late") == 1
    assert "9830055555" not in page


def test_ringing_back_opens_the_desk_with_a_form(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    call_back_id = promise(desk)
    answer = browser.act(f"/desk/call-backs/{call_back_id}/dial")
    assert answer.get_json()["go"] == "/desk/calls"
    assert desk.presence(staff_id) == "talk"
    assert desk.row(Command).payload["number"] == NUMBER
    page = browser.get("/desk/calls").text
    assert "98300 55555" in page
    assert "বাংলা" in page
    assert json.loads(desk.row(Draft).data)["contact_number"] == NUMBER


def test_a_call_back_is_taken_by_one(desk: Desk) -> None:
    desk.employ("asha")
    desk.employ("bimal")
    call_back_id = promise(desk)
    desk.client("asha").act(f"/desk/call-backs/{call_back_id}/dial")
    late = desk.client("bimal").act(f"/desk/call-backs/{call_back_id}/dial")
    assert (late.status_code, late.get_json()["error"]) == (409, say("refused.nothing_to_dial", "en"))


def test_a_call_back_is_closed_once_with_its_end(desk: Desk) -> None:
    desk.employ("asha")
    browser = desk.client("asha")
    call_back_id = promise(desk)
    assert browser.act(f"/desk/call-backs/{call_back_id}/close", outcome="whatever").status_code == 422
    assert browser.act(f"/desk/call-backs/{call_back_id}/close", outcome="opted_out").status_code == 200
    assert desk.row(CallBack).state == "opted_out"
    assert browser.act(f"/desk/call-backs/{call_back_id}/close", outcome="done").status_code == 409
    assert "Nobody waits" in browser.get("/desk/call-backs").text


def test_a_message_is_heard_through_our_own_address(desk: Desk) -> None:
    desk.employ("asha")
    browser = desk.client("asha")
    message_id = leave_message(desk)
    desk.network.replies["GET", "/Recordings/RE1.wav"].append((200, "RIFF"))
    heard = browser.get(f"/desk/voice-messages/{message_id}/sound")
    assert (heard.status_code, heard.data, heard.mimetype) == (200, b"RIFF", "audio/wav")
    asked = desk.network.requests("GET", "/Recordings/RE1.wav")
    assert asked[0].authorization is not None
    desk.network.refuse("GET", "/Recordings/RE1.wav", 500, 20500)
    assert browser.get(f"/desk/voice-messages/{message_id}/sound").status_code == 424
    assert browser.get("/desk/voice-messages/99/sound").status_code == 404


def test_a_message_becomes_a_complaint_with_what_it_tells(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    message_id = leave_message(desk)
    answer = browser.act(f"/desk/voice-messages/{message_id}/write")
    draft = desk.row(Draft)
    assert answer.get_json()["go"] == f"/desk/calls?draft={draft.id}"
    assert json.loads(draft.data) == {
        "category": "ration",
        "contact_number": NUMBER,
        "number_check": "same_as_caller",
        "language": "bn",
    }
    assert (desk.row(VoiceMessage).state, desk.row(VoiceMessage).taken_by) == ("taken", staff_id)


def test_a_message_is_rung_back_and_closed(desk: Desk) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    message_id = leave_message(desk)
    assert browser.act(f"/desk/voice-messages/{message_id}/dial").get_json()["go"] == "/desk/calls"
    assert desk.presence(staff_id) == "talk"
    assert browser.act(f"/desk/voice-messages/{message_id}/close").status_code == 200
    assert browser.act(f"/desk/voice-messages/{message_id}/close").status_code == 409
    assert browser.act(f"/desk/voice-messages/{message_id}/write").status_code == 409
    assert "No messages wait." in browser.get("/desk/voice-messages").text


def test_a_message_without_a_number_cannot_be_rung(desk: Desk) -> None:
    desk.employ("asha")
    browser = desk.client("asha")
    message_id = leave_message(desk, number=None)
    page = browser.get("/desk/voice-messages").text
    assert "Number withheld" in page
    assert f"/desk/voice-messages/{message_id}/dial" not in page
    assert browser.act(f"/desk/voice-messages/{message_id}/dial").status_code == 409


def test_the_board_shows_staff_and_line_without_numbers(desk: Desk) -> None:
    desk.employ("sumitra", "supervisor")
    staff_id = desk.employ("asha")
    desk.client("asha").act("/desk/break", reason="meal")
    desk.enqueue(tell={"category": "ration"}, urgent=True)
    page = desk.client("sumitra").get("/desk/board").text
    for words in ("Asha", "Break", "Meal", "Ration", "Urgent", "Waiting"):
        assert words in page
    assert "98300" not in page
    assert desk.presence(staff_id) == "break"
    assert "Sumitra</th>" not in page


def test_a_ring_is_timed_from_its_offer_and_not_from_when_the_person_became_ready(desk: Desk) -> None:
    desk.employ("sumitra", "supervisor")
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    browser.act("/desk/ready")
    desk.clock.advance(30)
    desk.store.write(lambda connection: extend_lease(connection, staff_id, desk.clock.now()))
    ready_since = f"{desk.row(Presence).since.timestamp():.1f}"
    desk.enqueue()
    desk.tick()
    assert desk.presence(staff_id) == "offered"
    rings_since = f"{desk.row(Offer).made_at.timestamp():.1f}"
    for page in (browser.get("/desk/parts/facts").text, desk.client("sumitra").get("/desk/board/rows").text):
        assert f'data-since="{rings_since}"' in page
        assert f'data-since="{ready_since}"' not in page


def test_an_empty_board_says_what_to_do(desk: Desk) -> None:
    desk.employ("sumitra", "supervisor")
    page = desk.client("sumitra").get("/desk/board/rows").text
    assert "helpline staff add" in page
    assert "Nobody waits." in page


@pytest.mark.parametrize("kind", ["call-backs", "voice-messages"])
def test_who_is_talking_rings_nobody_back(desk: Desk, kind: str) -> None:
    staff_id = desk.employ("asha")
    browser = desk.client("asha")
    row_id = promise(desk) if kind == "call-backs" else leave_message(desk)
    desk.talk(browser, staff_id)
    refused = browser.act(f"/desk/{kind}/{row_id}/dial")
    assert (refused.status_code, refused.get_json()["error"]) == (
        409,
        "That is not possible now. Your state is: Talking.",
    )
    assert desk.row(CallBack if kind == "call-backs" else VoiceMessage).taken_by is None
