"""A number proved at the keypad: the caller goes there and comes back, and only yes or no is kept."""

import re

import pytest
from sqlalchemy import text

from flows.last_resort import APOLOGY
from ivr.call_control import CannotSend, TransferUnderWay, check_number, consult, end_talk
from ivr.departures import caller_left
from ivr.gateway import GatewayError
from ivr.talks import leg_out
from ivr.texts import send_text
from models.command import Command
from models.keypad_check import KeypadCheck
from models.leg import Leg
from models.message import Message
from models.talk import Talk
from tests.ivr.provider import Provider, Reply
from tests.ivr.test_handing_on import Consulting, two

__all__ = ["two"]

NUMBER = "+919830012345"


def at_the_keypad(two: Consulting) -> tuple[Provider, str]:
    """The caller has been taken out of the conference and asked for the code: the address below which they answer."""
    office = two.office
    check_number(office.telephone, two.talk_id, two.asha, NUMBER)
    [moved] = office.network.requests("POST", f"/Calls/{two.call_sid}")
    leg = office.row(Leg, role="citizen")
    office.store.write(lambda c: leg_out(c, leg.id, office.clock.now()))  # the network tells that they left
    provider = Provider(office)
    asked = provider.post(moved.form["Url"], CallSid=two.call_sid, CallStatus="in-progress")
    assert asked.find("Gather").attrib["numDigits"] == "6"
    return provider, moved.form["Url"]


def code_in_the_text(two: Consulting) -> str:
    message = two.office.row(Message)
    send_text(two.office.telephone, message.id)
    [sent] = two.office.network.requests("POST", "/Messages")
    found = re.search(r"\d{6}", sent.form["Body"])
    assert found is not None
    return found[0]


def type_in(provider: Provider, two: Consulting, url: str, question: int, digits: str) -> Reply:
    return provider.post(f"{url}/typed/{question}", CallSid=two.call_sid, CallStatus="in-progress", Digits=digits)


def test_the_right_code_brings_the_caller_back_with_a_yes(two: Consulting) -> None:
    office = two.office
    provider, url = at_the_keypad(two)
    reply = type_in(provider, two, url, 1, code_in_the_text(two))
    assert reply.find("Redirect").text == f"{url}/back"
    assert office.row(KeypadCheck).state == "right"
    assert office.row(Leg, role="citizen").state == "in"
    back = provider.post(f"{url}/back", CallSid=two.call_sid, CallStatus="in-progress")
    way = back.find("Redirect").text or ""
    assert way.endswith(f"/voice/calls/{two.call_sid}/talk/{two.talk_id}")
    assert office.row(Talk).state == "live"


def test_no_row_and_no_answer_holds_what_was_typed(two: Consulting) -> None:
    provider, url = at_the_keypad(two)
    code = code_in_the_text(two)
    replies = [type_in(provider, two, url, 1, code).text]
    rows = [str(vars(row)) for table in (KeypadCheck, Command, Message, Talk) for row in two.office.rows(table)]
    assert not any(code in text for text in [*replies, *rows])


def test_a_caller_at_the_keypad_has_not_left_the_talk(two: Consulting) -> None:
    office = two.office
    at_the_keypad(two)
    office.tick(2)
    office.tick(50)  # the sweep asks after the call, and it goes on
    office.tick(2)
    assert office.row(Talk).state == "live"


def test_three_wrong_codes_end_in_a_no_and_a_repeat_costs_no_try(two: Consulting) -> None:
    provider, url = at_the_keypad(two)
    right = code_in_the_text(two)
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(3):
        again = type_in(provider, two, url, 1, wrong)  # the network repeats its request
        assert (again.find("Gather").attrib["action"] or "").endswith("/typed/2")
    assert "not right" in again.said or "মেলেনি" in again.said
    type_in(provider, two, url, 2, wrong)
    last = type_in(provider, two, url, 3, wrong)
    assert last.find("Redirect").text == f"{url}/back"
    assert two.office.row(KeypadCheck).state == "wrong"


def test_silence_is_asked_again_and_then_taken_as_no(two: Consulting) -> None:
    provider, url = at_the_keypad(two)
    for question in (1, 2):
        assert type_in(provider, two, url, question, "").verbs == ["Gather"]
    type_in(provider, two, url, 3, "")
    assert two.office.row(KeypadCheck).state == "wrong"


def test_a_code_that_cannot_be_sent_brings_the_caller_straight_back(two: Consulting) -> None:
    office = two.office
    office.network.refuse("POST", "/Messages", 400, 21614)
    check_number(office.telephone, two.talk_id, two.asha, NUMBER)
    send_text(office.telephone, office.row(Message).id)
    [moved] = office.network.requests("POST", f"/Calls/{two.call_sid}")
    reply = Provider(office).post(moved.form["Url"], CallSid=two.call_sid, CallStatus="in-progress")
    assert "Redirect" in reply.verbs
    assert office.row(KeypadCheck).state == "not_sent"


def test_a_caller_who_hangs_up_at_the_keypad_ends_talk_and_check(two: Consulting) -> None:
    office = two.office
    at_the_keypad(two)
    office.store.write(lambda c: caller_left(c, two.call_sid, office.clock.now()))
    assert (office.row(Talk).state, office.row(KeypadCheck).state) == ("ended", "gone")


def test_a_talk_that_is_ended_meanwhile_lets_the_caller_go_on_in_their_call(two: Consulting) -> None:
    office = two.office
    provider, url = at_the_keypad(two)
    code = code_in_the_text(two)
    end_talk(office.telephone, two.talk_id, two.asha)
    reply = type_in(provider, two, url, 1, code)
    assert reply.find("Redirect").text == f"{url}/back"
    assert office.row(KeypadCheck).state == "gone"


def test_what_cannot_be_checked(two: Consulting) -> None:
    office = two.office
    with pytest.raises(CannotSend):
        check_number(office.telephone, two.talk_id, two.asha, "12")
    at_the_keypad(two)
    with pytest.raises(TransferUnderWay):
        check_number(office.telephone, two.talk_id, two.asha, NUMBER)
    with pytest.raises(TransferUnderWay):
        consult(office.telephone, two.talk_id, two.asha, two.bimal)


def test_a_network_that_does_not_move_the_caller_leaves_them_in_the_talk(two: Consulting) -> None:
    office = two.office
    office.network.refuse("POST", f"/Calls/{two.call_sid}", 500, 20500)
    with pytest.raises(GatewayError):
        check_number(office.telephone, two.talk_id, two.asha, NUMBER)
    assert (office.row(KeypadCheck).state, office.row(Talk).state) == ("not_sent", "live")


def test_a_caller_who_cannot_be_brought_back_hears_an_apology_in_every_language(two: Consulting) -> None:
    office = two.office
    provider, url = at_the_keypad(two)
    office.store.write(lambda c: c.execute(text("ALTER TABLE keypad_check RENAME TO gone")))
    reply = provider.post(f"{url}/back", CallSid=two.call_sid, CallStatus="in-progress")
    assert reply.verbs[-1] == "Hangup"
    assert all(sentence in reply.said for sentence in APOLOGY.values())
