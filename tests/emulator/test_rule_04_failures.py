"""Rule 4: time limits, retries, Twilio's error codes, and the fallback."""

import socket
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from ivr.emulator.overrides import Overrides, read_overrides
from ivr.emulator.recording import Recording
from ivr.emulator.twiml import APPLICATION_ERROR
from tests.emulator.application import Reply
from tests.emulator.rig import Rig

FALLBACK = "<Response><Say>fallback</Say></Response>"


def closed_port() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}/"


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(status=500), 11200),
        (Reply(status=404), 11200),
        (Reply("x" * (64 * 1024 + 1)), 11750),
        (Reply("<Response><Say>"), 12100),
        (Reply("<response/>"), 12100),
        (Reply("\n<Response/>"), 12100),
        (Reply("<!DOCTYPE html><html></html>", content_type="text/html"), 12100),
        (Reply("", content_type="text/xml"), 12100),
        (Reply(b"\xff\xfe", content_type="text/xml"), 12100),
        (Reply("<Response/>", content_type=None), 12300),
        (Reply("{}", content_type="application/json"), 12300),
    ],
)
def test_rule_04_each_failure_has_its_code_and_goes_to_the_fallback(
    make_rig: Callable[..., Rig], reply: Reply, code: int
) -> None:
    rig = make_rig()
    number = rig.client.incoming_phone_numbers.list()[0]
    rig.client.incoming_phone_numbers(number.sid).update(voice_fallback_url=rig.application.url + "/fallback")
    rig.on("/voice", reply)
    rig.on("/fallback", FALLBACK)
    sid = rig.dial()
    form = rig.asked("/fallback")[0].form
    assert (form["ErrorCode"], form["ErrorUrl"]) == (str(code), rig.application.url + "/voice")
    assert rig.said(sid) == ["fallback"]
    assert rig.alerts() == [code]
    assert len(rig.asked("/voice")) == 1  # not tried again


def test_rule_04_without_an_answering_fallback_the_caller_hears_the_error_and_the_call_ends(rig: Rig) -> None:
    number = rig.client.incoming_phone_numbers.list()[0]
    rig.client.incoming_phone_numbers(number.sid).update(voice_fallback_url=rig.application.url + "/broken")
    rig.on("/voice", Reply(status=500))
    rig.on("/broken", Reply(status=500))
    sid = rig.dial()
    rig.advance(60)
    assert rig.said(sid) == [APPLICATION_ERROR]
    assert rig.status(sid) == "completed"
    assert rig.asked("/status")[0].form["CallStatus"] == "completed"
    assert rig.alerts() == [11200, 11200]


def test_rule_04_the_usual_fallback_is_a_bin_of_the_emulators_own(rig: Rig) -> None:
    rig.on("/voice", Reply(status=500))
    assert any("line is in trouble" in words for words in _all_said(rig, rig.dial()))
    rig.http.put("/local/bins/fallback", content=FALLBACK.encode())
    assert rig.said(rig.dial("+919830011111")) == ["fallback"]


def _all_said(rig: Rig, sid: str) -> list[str]:
    rig.advance(60)
    return rig.said(sid)


def test_rule_04_a_slow_answer_is_given_up_and_not_asked_again(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig(webhook_seconds=0.3)
    rig.on("/voice", Reply("<Response/>", seconds=1))
    rig.dial()
    assert rig.alerts() == [11205]
    assert len(rig.asked("/voice")) == 1


def test_rule_04_a_refused_connection_is_an_alert_of_its_own(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig(voice_url=closed_port())
    rig.dial()
    assert rig.alerts() == [11205]


def test_rule_04_an_address_that_is_none_is_11100(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig(voice_url="ftp://example.invalid/x")
    rig.dial()
    assert rig.alerts() == [11100]


def test_rule_04_a_retry_that_was_asked_for_carries_the_same_token(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig()
    rig.on("/next", Reply(status=503), Reply(status=503), FALLBACK)
    rig.on("/voice", "<Response><Redirect>/next#rc=2&amp;rp=5xx</Redirect></Response>")
    sid = rig.dial()
    tokens = {seen.headers["i-twilio-idempotency-token"] for seen in rig.asked("/next")}
    assert (len(rig.asked("/next")), len(tokens), rig.said(sid)) == (3, 1, ["fallback"])


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("", Overrides(5, 15, 15, 1, frozenset({"ct"}))),
        ("ct=200&rt=300&tt=400&rc=0&rp=all", Overrides(0.2, 0.3, 0.4, 0, frozenset({"all"}))),
        ("rc=5&rp=4xx,5xx,rt&sni=y&e=ashburn", Overrides(5, 15, 15, 5, frozenset({"4xx", "5xx", "rt"}))),
        ("ct=99&rt=15001&tt=x&rc=6&rp=nonsense", Overrides(5, 15, 15, 1, frozenset({"ct"}))),
        ("tt=2000", Overrides(2, 2, 2, 1, frozenset({"ct"}))),
    ],
)
def test_rule_04_the_fragment_overrides_within_its_bounds(fragment: str, expected: Overrides) -> None:
    assert read_overrides(f"http://a.example/x#{fragment}", connect=5, total=15) == expected


def test_rule_04_plain_text_is_read_aloud_and_then_the_call_ends(rig: Rig) -> None:
    rig.on("/voice", Reply("Good morning", content_type="text/plain"))
    sid = rig.dial()
    rig.advance(10)
    assert (rig.said(sid), rig.status(sid)) == (["Good morning"], "completed")


def test_rule_04_plain_text_that_is_twiml_is_played(rig: Rig) -> None:
    rig.on("/voice", Reply(FALLBACK, content_type="text/plain; charset=utf-8"))
    assert rig.said(rig.dial()) == ["fallback"]


def test_rule_04_html_that_is_twiml_is_played(rig: Rig) -> None:
    rig.on("/voice", Reply(FALLBACK, content_type="text/html"))
    assert rig.said(rig.dial()) == ["fallback"]


def test_rule_04_sound_is_played_and_then_the_call_ends(rig: Rig) -> None:
    sound = Recording("AC", "RecordVerb", datetime(2026, 3, 2, tzinfo=UTC), 2).wav()
    rig.on("/voice", Reply(sound, content_type="audio/wav"))
    sid = rig.dial()
    rig.advance(10)
    assert [event["url"] for event in rig.events(sid) if event["kind"] == "play"] == [rig.application.url + "/voice"]
    assert rig.status(sid) == "completed"


def test_rule_04_alerts_stand_in_the_debugger_of_the_account(rig: Rig) -> None:
    rig.on("/voice", Reply(status=500))
    sid = rig.dial()
    notification = rig.client.calls(sid).notifications.list()[0]
    assert (notification.error_code, notification.log) == ("11200", "0")
    rig.client.monitor.base_url = rig.url
    alert = rig.client.monitor.v1.alerts.list()[0]
    assert (alert.error_code, alert.resource_sid, alert.log_level) == ("11200", sid, "error")
