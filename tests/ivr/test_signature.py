"""Our signature check against Twilio's published examples and, case by case, against its own library."""

import random
from urllib.parse import urlsplit

import pytest
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from ivr.signature import SignatureCheck, requested_target

BASES = [
    "https://helpline.example.gov.in",
    "https://helpline.example.gov.in:8443",
    "https://helpline.example.gov.in:443",
    "http://127.0.0.1:8000",
    "http://localhost",
    "http://localhost:80",
    "https://helpline.example.gov.in/line",
]
TARGETS = [
    "/voice/incoming",
    "/voice/calls/CA0123/turns/4",
    "/voice/calls/CA0123/turns/4?code=7&until=1764000000",
    "/voice/calls/status?",
    "/voice/x%20y?a=%2B&a=b",
    "/voice/odd;v=1?x=;",
    "/voice/legs?bodySHA256=abc",
]
NAMES = ["CallSid", "From", "To", "Digits", "callsid", "A", "a", "नाम", "x y", "Digits2", ""]
VALUES = ["", " ", "1", "11", "+919830012345", "বাংলা", "a&b=c", "é", "Digits", " padded ", "\u2028"]


@pytest.mark.parametrize(
    ("base", "target", "pairs", "signature"),
    [
        (
            "https://mycompany.com",
            "/myapp.php?foo=1&bar=2",
            [
                ("CallSid", "CA1234567890ABCDE"),
                ("Digits", "1234"),
                ("From", "+14158675309"),
                ("To", "+18005551212"),
                ("Caller", "+14158675309"),
            ],
            "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
        ),
        (
            "https://example.com",
            "/myapp.php?foo=1&bar=2",
            [
                ("CallSid", "CA1234567890ABCDE"),
                ("Caller", "+14158675310"),
                ("From", "+14158675310"),
                ("Digits", "1234"),
                ("To", "+18005551212"),
            ],
            "L/OH5YylLD5NRKLltdqwSvS0BnU=",
        ),
    ],
)
def test_agrees_with_twilios_published_examples(
    base: str, target: str, pairs: list[tuple[str, str]], signature: str
) -> None:
    check = SignatureCheck("12345", base)
    assert check.agrees(target, pairs, signature)
    assert not check.agrees(target + "0", pairs, signature)
    assert not check.agrees(target, pairs[1:], signature)
    assert not check.agrees(target, pairs, signature[:-1])


def test_a_body_that_is_no_form_is_checked_by_its_digest() -> None:
    check = SignatureCheck("12345", "https://mycompany.com")
    digest = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
    target = f"/myapp.php?foo=1&bar=2&bodySHA256={digest}"
    body = '{"property": "value", "boolean": true}'
    assert check.agrees_with_body(target, body, "a9nBmqA0ju/hNViExpshrM61xv4=")
    assert not check.agrees_with_body(target, body + " ", "a9nBmqA0ju/hNViExpshrM61xv4=")
    assert not check.agrees_with_body("/myapp.php?foo=1&bar=2", body, "a9nBmqA0ju/hNViExpshrM61xv4=")


def test_the_longer_digest_is_understood_when_its_header_names_it() -> None:
    pairs = [("CallSid", "CA1"), ("Digits", "")]
    signature = RequestValidator("secret").compute_signature("https://x.example/voice", dict(pairs), "HMAC_SHA256")
    check = SignatureCheck("secret", "https://x.example")
    assert check.agrees("/voice", pairs, signature, "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256")
    assert not check.agrees("/voice", pairs, signature)
    assert not check.agrees("/voice", pairs, signature, "key=webhooks_sharedkey_1,algorithm=HMAC_MD5")


@pytest.mark.parametrize("signature", ["", "é", "=", "RSOYDt4T1cUTdK1PDd93/VVr8B8=" * 2])
def test_junk_is_no_signature(signature: str) -> None:
    assert not SignatureCheck("12345", "https://x.example").agrees("/voice", [], signature)


def compare_random_cases(count: int, seed: int) -> None:
    """Let ours and the library judge the same random requests: rightly signed, wrongly signed, and tampered with."""
    dice = random.Random(seed)
    for _ in range(count):
        base, target, token = dice.choice(BASES), dice.choice(TARGETS), dice.choice(["t", "বাংলা", "12345" * 20])
        pairs = [(dice.choice(NAMES), dice.choice(VALUES)) for _ in range(dice.randrange(9))]
        oracle, form = RequestValidator(token), MultiDict(pairs)
        signed_base = dice.choice([base, base, _other_port(base, dice), dice.choice(BASES)])
        signature = oracle.compute_signature(signed_base + target, form)
        if dice.random() < 0.2:
            pairs = pairs[1:] if dice.random() < 0.5 else [*pairs, (dice.choice(NAMES), dice.choice(VALUES))]
            form = MultiDict(pairs)
        if dice.random() < 0.1:
            signature = dice.choice(["", signature.lower(), signature[:-1], signature + "="])
        expected = oracle.validate(base + target, form, signature)
        ours = SignatureCheck(token, base).agrees(target, pairs, signature)
        assert ours == expected, (base, signed_base, target, pairs, signature)


def _other_port(base: str, dice: random.Random) -> str:
    parts = urlsplit(base)
    port = dice.choice(["", ":80", ":443", ":8000", ":8443"])
    return parts._replace(netloc=f"{parts.hostname}{port}").geturl()


def test_agrees_with_the_library_on_random_cases() -> None:
    compare_random_cases(2_000, seed=1)


@pytest.mark.soak
def test_agrees_with_the_library_on_very_many_random_cases() -> None:
    compare_random_cases(100_000, seed=2)


def test_the_target_is_taken_as_it_came_over_the_wire() -> None:
    assert requested_target({"RAW_URI": "/voice/a%2Fb?x=%20", "PATH_INFO": "/voice/a/b"}) == "/voice/a%2Fb?x=%20"
    assert requested_target({"SCRIPT_NAME": "", "PATH_INFO": "/voice/a b", "QUERY_STRING": "x=1"}) == "/voice/a%20b?x=1"
    assert requested_target({"RAW_URI": "http://evil/voice", "PATH_INFO": "/voice"}) == "/voice"
