"""The troubles that can be switched on."""

import time

import httpx
import pytest
from twilio.base.exceptions import TwilioRestException

from tests.emulator.rig import CALLER, LINE, OTHER, Rig

KEY = "<Response><Gather numDigits='1' action='/key'/></Response>"


def test_each_webhook_twice_with_one_token_and_the_first_answer_counts(rig: Rig) -> None:
    rig.fault(duplicate=True)
    rig.on("/voice", KEY)
    rig.on("/key", "<Response><Say>first</Say></Response>", "<Response><Say>second</Say></Response>")
    sid = rig.dial()
    rig.press(sid, "1")
    seen = rig.asked("/key")
    assert len(seen) == 2
    assert seen[0].form == seen[1].form
    assert len({each.headers["i-twilio-idempotency-token"] for each in seen}) == 1
    assert rig.said(sid) == ["first"]


def test_the_second_delivery_may_come_late(rig: Rig) -> None:
    rig.fault(duplicate=True, duplicate_delay=30.0)
    rig.on("/voice", "<Response><Pause length='60'/></Response>")
    rig.dial()
    assert len(rig.asked("/voice")) == 1
    rig.advance(31)
    assert len(rig.asked("/voice")) == 2


def test_callbacks_are_lost_by_kind_or_by_share(rig: Rig) -> None:
    rig.fault(lose_kinds=["call"])
    rig.hang_up(rig.dial())
    rig.client.messages.create(to=CALLER, from_="HLPLIN", body="x", status_callback=rig.application.url + "/text")
    rig.advance(3)
    assert (rig.asked("/status"), len(rig.asked("/text"))) == ([], 2)
    rig.fault(lose_kinds=[], lose_callbacks=1.0)
    rig.hang_up(rig.dial(OTHER))
    rig.advance(3)
    assert rig.asked("/status") == []


def test_callbacks_may_be_late(rig: Rig) -> None:
    rig.fault(delay_callbacks=60.0)
    rig.hang_up(rig.dial())
    rig.advance(59)
    assert rig.asked("/status") == []
    rig.advance(2)
    assert len(rig.asked("/status")) == 1


def test_rest_may_refuse_undone_or_done(rig: Rig) -> None:
    url = rig.on("/out", "<Response/>")
    rig.fault(rest_errors=1.0)
    with pytest.raises(TwilioRestException) as refused:
        rig.client.calls.create(to=OTHER, from_=LINE, url=url)
    assert refused.value.status == 500
    rig.fault(rest_errors=0.0, rest_errors_after=1.0, rest_status=503)
    with pytest.raises(TwilioRestException):
        rig.client.calls.create(to=OTHER, from_=LINE, url=url)
    rig.fault(rest_errors_after=0.0)
    assert len(rig.client.calls.list()) == 1


def test_latency_is_real_time(rig: Rig) -> None:
    rig.fault(rest_latency=0.2, webhook_latency=0.2)
    began = time.monotonic()
    rig.client.calls.list()
    rig.dial()
    assert time.monotonic() - began >= 0.4


@pytest.mark.parametrize("body", [{"nonsense": 1}, {"duplicate": "yes"}, {"rest_errors": "all"}])
def test_what_is_no_fault_is_refused_in_words(rig: Rig, body: dict[str, object]) -> None:
    refused = rig.http.post("/local/faults", json=body)
    assert refused.status_code == 400
    assert next(iter(body)) in refused.json()["error"]


def test_pages_of_this_machine_may_use_the_local_api_and_no_others(rig: Rig) -> None:
    for origin, status in (("http://127.0.0.1:8000", 200), ("http://localhost:8000", 200), ("https://a.example", 403)):
        reply = rig.http.get("/local/faults", headers={"Origin": origin})
        assert reply.status_code == status
        assert reply.headers.get("Access-Control-Allow-Origin") == (origin if status == 200 else None)
    asked = rig.http.options(
        "/local/clients/connect",
        headers={"Origin": "http://127.0.0.1:8000", "Access-Control-Request-Headers": "authorization"},
    )
    assert asked.status_code == 204
    assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]


def test_mistakes_of_a_phone_are_told_in_words(rig: Rig) -> None:
    def error(reply: httpx.Response) -> tuple[int, str]:
        return reply.status_code, reply.json()["error"]

    assert error(rig.http.post("/local/phones/12/dial", json={"to": LINE}))[0] == 400
    status, words = error(rig.http.post(f"/local/phones/{CALLER}/dial", json={"to": "+911800"}))
    assert (status, LINE in words) == (404, True)
    assert error(rig.http.post(f"/local/phones/{CALLER}/dial", content=b"{"))[0] == 400
    assert error(rig.http.get("/local/calls/CA0"))[0] == 404
    assert error(rig.http.post("/local/clock", json={"advance": -1}))[0] == 400
    assert error(rig.http.put("/local/bins/A B", content=b"x"))[0] == 400
