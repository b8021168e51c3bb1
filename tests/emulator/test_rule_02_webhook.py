"""Rule 2: how every webhook is sent. That each one is signed is checked after every test of this folder."""

import pytest
from twilio.request_validator import RequestValidator

from ivr.emulator.outgoing import Outgoing
from tests.emulator.application import Reply
from tests.emulator.rig import CALLER, Rig

SAY = "<Response><Say>reached</Say></Response>"


def test_rule_02_a_post_carries_a_form_and_the_headers_of_twilio(rig: Rig) -> None:
    rig.on("/voice", SAY)
    rig.dial()
    seen = rig.asked("/voice")[0]
    assert (seen.method, seen.form["From"], seen.query) == ("POST", CALLER, {})
    assert seen.headers["content-type"].startswith("application/x-www-form-urlencoded")
    assert seen.headers["i-twilio-idempotency-token"]


def test_rule_02_a_get_carries_everything_in_the_query(rig: Rig) -> None:
    rig.on("/voice", "<Response><Redirect method='GET'>/next?a=1&amp;b=%20</Redirect></Response>")
    rig.on("/next", SAY)
    rig.dial()
    seen = rig.asked("/next")[0]
    assert (seen.method, seen.form, seen.query["a"], seen.query["From"]) == ("GET", {}, "1", CALLER)


def test_rule_02_cookies_are_kept_for_the_call_and_only_for_it(rig: Rig) -> None:
    rig.on("/voice", Reply("<Response><Redirect>/next</Redirect></Response>", headers={"Set-Cookie": "turn=one"}))
    rig.on("/next", SAY)
    rig.dial()
    rig.dial("+919830099999")
    assert [seen.headers.get("cookie") for seen in rig.asked("/voice")] == [None, None]
    assert rig.asked("/next")[0].headers["cookie"] == "turn=one"


def test_rule_02_a_redirect_is_followed_and_loses_the_digits(rig: Rig) -> None:
    rig.on("/voice", "<Response><Gather numDigits='1' action='/key'/></Response>")
    rig.on("/key", Reply(status=308, headers={"Location": "/key/"}))
    rig.on("/key/", SAY)
    sid = rig.dial()
    rig.press(sid, "4")
    assert rig.asked("/key")[0].form["Digits"] == "4"
    seen = rig.asked("/key/")[0]
    assert (seen.method, seen.form, seen.query) == ("GET", {}, {})
    assert rig.said(sid) == ["reached"]


def test_rule_02_ten_redirects_are_followed_and_no_more(rig: Rig) -> None:
    rig.on("/voice", *[Reply(status=302, headers={"Location": "/voice"})] * 10, SAY)
    assert rig.said(rig.dial()) == ["reached"]
    rig.on("/voice", Reply(status=302, headers={"Location": "/voice"}))
    rig.dial("+919830011111")
    assert rig.alerts() == [11215]


def test_rule_02_a_login_in_the_address_is_sent_only_when_it_is_asked_for(rig: Rig) -> None:
    url = rig.application.url.replace("http://", "http://user:se%20cret@") + "/guarded#rc=2"
    rig.on("/voice", f"<Response><Redirect>{url}</Redirect></Response>")
    rig.on("/guarded", Reply(status=401, headers={"WWW-Authenticate": "Basic"}), Reply(SAY))
    sid = rig.dial()
    first, second = rig.asked("/guarded")
    assert "authorization" not in first.headers
    assert second.headers["authorization"] == "Basic dXNlcjpzZSBjcmV0"
    assert rig.said(sid) == ["reached"]


VECTOR = {"From": "+14158675309", "To": "+18005551212", "CallSid": "CA1234567890ABCDE", "Caller": "+14158675309"}


@pytest.mark.parametrize(
    ("url", "signed", "keeps_port"),
    [
        ("https://u:p@a.example:8443/x?y=1#rc=1", "https://a.example/x?y=1", False),
        ("https://a.example:8443/x", "https://a.example:8443/x", True),
        ("http://a.example:8080/x/", "http://a.example:8080/x/", False),
    ],
)
def test_rule_02_the_signature_is_over_the_address_without_fragment_login_and_port(
    url: str, signed: str, keeps_port: bool
) -> None:
    validator = RequestValidator("12345")
    request = Outgoing(url, "POST", list(VECTOR.items()), "t", keeps_port=keeps_port)
    assert request.sign(validator) == validator.compute_signature(signed, VECTOR)


def test_rule_02_the_published_signature_comes_out() -> None:
    request = Outgoing(
        "https://mycompany.com/myapp.php?foo=1&bar=2", "POST", [*VECTOR.items(), ("Digits", "1234")], "t"
    )
    assert request.sign(RequestValidator("12345")) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="
