"""Rule 13: calls that are changed through REST."""

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.emulator.rig import LINE, OTHER, Rig

LONG = "<Response><Say>first</Say><Pause length='600'/></Response>"


def live(rig: Rig) -> str:
    rig.on("/voice", LONG)
    return rig.dial()


def refused(rig: Rig, sid: str, **change: str) -> tuple[int, int]:
    with pytest.raises(TwilioRestException) as error:
        rig.client.calls(sid).update(**change)
    return error.value.status, error.value.code


def test_rule_13_a_live_call_goes_on_with_another_document(rig: Rig) -> None:
    sid = live(rig)
    assert rig.client.calls(sid).update(url=rig.on("/new", "<Response><Say>second</Say></Response>")).sid == sid
    rig.settle()
    assert rig.said(sid) == ["first", "second"]
    assert rig.asked("/new")[0].form["CallStatus"] == "in-progress"


def test_rule_13_a_live_call_is_completed(rig: Rig) -> None:
    sid = live(rig)
    assert rig.client.calls(sid).update(status="completed").status == "completed"
    rig.settle()
    assert rig.asked("/status")[0].form["CallStatus"] == "completed"


def test_rule_13_an_ended_call_cannot_be_changed(rig: Rig) -> None:
    sid = live(rig)
    rig.hang_up(sid)
    assert refused(rig, sid, url="http://127.0.0.1/x") == (400, 21220)
    assert refused(rig, sid, status="completed") == (400, 21220)


def test_rule_13_a_ringing_call_cannot_be_redirected(rig: Rig) -> None:
    sid = rig.client.calls.create(to=OTHER, from_=LINE, url=rig.application.url + "/x").sid
    rig.advance(1)
    assert refused(rig, sid, url="http://127.0.0.1/x") == (400, 21220)


def test_rule_13_url_and_twiml_exclude_each_other(rig: Rig) -> None:
    assert refused(rig, live(rig), url="http://127.0.0.1/x", twiml="<Response/>")[0] == 400


def test_rule_13_inline_documents_are_at_most_4000_characters(rig: Rig) -> None:
    sid = live(rig)
    document = "<Response><Say>inline</Say></Response>"
    assert refused(rig, sid, twiml=document + " " * (4001 - len(document)))[0] == 400
    rig.client.calls(sid).update(twiml=document)
    rig.settle()
    assert rig.said(sid)[-1] == "inline"


def test_rule_13_relative_addresses_mean_nothing_in_an_inline_document(rig: Rig) -> None:
    sid = live(rig)
    rig.client.calls(sid).update(twiml="<Response><Redirect>/relative</Redirect></Response>")
    rig.settle()
    assert rig.alerts() == [11100]


def test_rule_13_an_update_takes_a_call_out_of_its_conference(rig: Rig) -> None:
    room = "<Response><Dial><Conference waitUrl='' endConferenceOnExit='true'>room</Conference></Dial></Response>"
    rig.on("/voice", room)
    first, second = rig.dial(), rig.dial(OTHER)
    rig.client.calls(first).update(twiml="<Response><Say>out</Say><Pause length='60'/></Response>")
    rig.settle()
    assert (rig.said(first), rig.status(first), rig.status(second)) == (["out"], "in-progress", "completed")
    assert rig.client.conferences.list()[0].status == "completed"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"to": "12", "from_": LINE, "url": "http://127.0.0.1/x"}, 21211),
        ({"to": OTHER, "from_": "+15551234567", "url": "http://127.0.0.1/x"}, 21210),
        ({"to": OTHER, "from_": LINE, "url": "nowhere"}, 21205),
        ({"to": OTHER, "from_": LINE}, 21205),
        ({"to": OTHER, "from_": LINE, "application_sid": "AP" + "9" * 32}, 21218),
    ],
)
def test_rule_13_what_cannot_be_dialled_is_refused_and_leaves_nothing(
    rig: Rig, more: dict[str, str], code: int
) -> None:
    with pytest.raises(TwilioRestException) as error:
        rig.client.calls.create(**more)
    assert (error.value.status, error.value.code) == (400, code)
    assert rig.client.calls.list() == []


def test_rule_13_calls_are_listed_and_deleted(rig: Rig) -> None:
    sid = live(rig)
    rig.dial(OTHER)
    assert [call.sid for call in rig.client.calls.list(from_="+919830012345", status="in-progress")] == [sid]
    rig.hang_up(sid)
    assert rig.client.calls(sid).delete()
    assert sid not in [call.sid for call in rig.client.calls.list()]
