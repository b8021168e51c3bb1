"""Rule 19: time that can be moved, and the limit of one call a second."""

import time
from collections.abc import Callable

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.emulator.rig import LINE, OTHER, Rig


def test_rule_19_nothing_happens_until_the_clock_is_moved(rig: Rig) -> None:
    rig.on("/voice", "<Response><Gather timeout='20' action='/key'/><Say>silence</Say></Response>")
    sid = rig.dial()
    before = rig.http.get("/local/clock").json()
    assert before["virtual"] is True
    rig.advance(19.9)
    assert rig.said(sid) == []
    rig.advance(0.2)
    assert rig.said(sid) == ["silence"]


def test_rule_19_an_hour_of_waiting_takes_no_hour(rig: Rig) -> None:
    rig.on("/voice", "<Response><Enqueue waitUrl='/wait'>q</Enqueue></Response>")
    rig.on("/wait", "<Response><Pause length='60'/></Response>")
    rig.dial()
    rig.advance(3600)
    assert rig.asked("/wait")[-1].form["QueueTime"] == "3600"


def test_rule_19_with_speed_time_runs_faster_by_itself(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig(virtual=False, speed=100)
    rig.on("/voice", "<Response><Say>x</Say><Pause length='100'/></Response>")
    began = time.monotonic()
    sid = rig.dial()
    seconds = int(rig.application.wait_for("/status")[0].form["CallDuration"])
    assert seconds >= 100
    assert time.monotonic() - began < seconds
    assert rig.status(sid) == "completed"
    assert rig.http.post("/local/clock", json={"advance": 1}).status_code == 409


def test_rule_19_a_faster_application_is_slowed_down(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig(one_call_a_second=True)
    url = rig.on("/out", "<Response/>")
    rig.client.calls.create(to=OTHER, from_=LINE, url=url)
    with pytest.raises(TwilioRestException) as refused:
        rig.client.calls.create(to="+919830011111", from_=LINE, url=url)
    assert (refused.value.status, refused.value.code) == (429, 20429)
    rig.advance(1)
    rig.client.calls.create(to="+919830011111", from_=LINE, url=url)


def test_rule_19_events_wait_for_news(rig: Rig) -> None:
    rig.on("/voice", "<Response><Say>one</Say><Pause length='60'/></Response>")
    sid = rig.dial()
    seen = rig.http.get(f"/local/calls/{sid}?after=0&wait=5").json()
    assert [event["n"] for event in seen["events"]] == list(range(1, seen["next"] + 1))
    assert rig.http.get(f"/local/calls/{sid}?after={seen['next']}&wait=0.05").json() == {
        "status": "in-progress",
        "call_sid": sid,
        "events": [],
        "next": seen["next"],
    }
