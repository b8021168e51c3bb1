"""Rule 14: text messages."""

import pytest
from twilio.base.exceptions import TwilioRestException

from ivr.emulator.segments import count_segments
from tests.emulator.rig import CALLER, LINE, Rig

TEMPLATE = "Your complaint {#var#} is registered. CM Helpline"
SERVICE = "MG" + "0" * 32


def send(rig: Rig, body: str = "hello", to: str = CALLER, **more: str) -> str:
    more = {"from_": "HLPLIN", "status_callback": rig.application.url + "/text", **more}
    return str(rig.client.messages.create(to=to, body=body, **more).sid)


def told(rig: Rig) -> list[str]:
    return [seen.form["MessageStatus"] for seen in rig.asked("/text")]


def test_rule_14_queued_is_not_told_then_sent_and_delivered_are(rig: Rig) -> None:
    sid = send(rig)
    assert rig.client.messages(sid).fetch().status == "queued"
    rig.advance(0.6)
    assert told(rig) == ["sent"]
    assert rig.phone(CALLER)["texts"] == []
    rig.advance(1)
    assert told(rig) == ["sent", "delivered"]
    form = rig.asked("/text")[1].form
    assert (form["MessageSid"], form["SmsSid"], form["To"], form["From"]) == (sid, sid, CALLER, "HLPLIN")
    assert len(form["RawDlrDoneDate"]) == 10
    assert rig.client.messages(sid).fetch().date_sent is not None


def test_rule_14_it_arrives_at_the_telephone_with_its_segments(rig: Rig) -> None:
    send(rig, "ক" * 71)
    rig.advance(2)
    text = rig.phone(CALLER)["texts"][0]
    assert (text["from"], text["segments"], text["body"]) == ("HLPLIN", 2, "ক" * 71)


def test_rule_14_a_messaging_service_accepts_first(rig: Rig) -> None:
    message = rig.client.messages.create(
        to=CALLER, messaging_service_sid=SERVICE, body="x", status_callback=rig.application.url + "/text"
    )
    assert message.status == "accepted"
    rig.advance(2)
    assert rig.asked("/text")[0].form["MessagingServiceSid"] == SERVICE


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("+15005550001", 21211),
        ("+15005550002", 21612),
        ("+15005550003", 21408),
        ("+15005550004", 21610),
        ("+15005550009", 21614),
        ("12345", 21211),
        ("+91983001234", 21211),
        ("+913322145678", 21614),
    ],
)
def test_rule_14_some_numbers_are_refused_at_once(rig: Rig, to: str, code: int) -> None:
    with pytest.raises(TwilioRestException) as refused:
        send(rig, to=to)
    assert (refused.value.status, refused.value.code) == (400, code)
    assert rig.client.messages.list() == []


@pytest.mark.parametrize("code", [30003, 30005, 30007, 30008])
def test_rule_14_some_numbers_fail_later(rig: Rig, code: int) -> None:
    sid = send(rig, to=f"+1500555{code}")
    rig.advance(2)
    assert told(rig) == ["sent", "undelivered"]
    assert rig.asked("/text")[1].form["ErrorCode"] == str(code)
    message = rig.client.messages(sid).fetch()
    assert (message.status, message.error_code) == ("undelivered", code)


def test_rule_14_any_telephone_can_be_made_to_fail(rig: Rig) -> None:
    rig.http.post(f"/local/phones/{CALLER}", json={"text_error": 30001})
    send(rig)
    rig.advance(2)
    assert told(rig) == ["failed"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"body": ""}, 21602),
        ({"body": "x" * 1601}, 21617),
        ({"from_": "+15551234567"}, 21606),
        ({"from_": "+15005550008"}, 21611),
        ({"from_": ""}, 21603),
    ],
)
def test_rule_14_what_is_missing_or_too_much_is_refused(rig: Rig, more: dict[str, str], code: int) -> None:
    with pytest.raises(TwilioRestException) as refused:
        send(rig, **more)
    assert refused.value.code == code


def test_rule_14_in_india_the_text_must_be_an_approved_one(rig: Rig) -> None:
    rig.http.post("/local/templates", json={"bodies": [TEMPLATE]})
    good = send(rig, TEMPLATE.replace("{#var#}", "26-482-173-059"))
    rig.advance(2)
    bad = send(rig, "Your complaint 26-482-173-059 is registered!")
    abroad = send(rig, "Anything", to="+447700900123", from_=LINE)
    rig.advance(2)
    found = [rig.client.messages(sid).fetch() for sid in (good, bad, abroad)]
    assert [each.status for each in found] == ["delivered", "undelivered", "delivered"]
    assert found[1].error_code == 30007
    assert len(rig.phone(CALLER)["texts"]) == 1


def test_rule_14_in_india_a_number_as_sender_is_replaced(rig: Rig) -> None:
    send(rig, from_=LINE)
    rig.advance(2)
    sender = rig.phone(CALLER)["texts"][0]["from"]
    assert sender.isdecimal()
    assert 5 <= len(sender) <= 9


def test_rule_14_callbacks_may_be_doubled_and_swapped(rig: Rig) -> None:
    rig.fault(duplicate=True)
    send(rig)
    rig.advance(2)
    assert told(rig) == ["sent", "sent", "delivered", "delivered"]
    rig.fault(duplicate=False, reorder_callbacks=True)
    send(rig)
    rig.advance(3)
    assert told(rig)[4:] == ["delivered", "sent"]


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ক" * 70, 1),
        ("ক" * 71, 2),
        ("ক" * 134, 2),
        ("ক" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_rule_14_segments(text: str, segments: int) -> None:
    assert count_segments(text) == segments
