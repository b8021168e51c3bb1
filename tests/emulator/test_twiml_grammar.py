"""The grammar that every document of the project is held to."""

import pytest
from twilio.twiml.voice_response import Gather, VoiceResponse

from tests.twiml_grammar import violations


def test_a_good_document_has_no_violations() -> None:
    response = VoiceResponse()
    gather = Gather(num_digits=1, input="dtmf", finish_on_key="", action_on_empty_result=True, action="/next")
    gather.say("নমস্কার", language="bn-IN", voice="Google.bn-IN-Wavenet-A")
    response.append(gather)
    response.redirect("/again", method="POST")
    assert violations(str(response)) == []


@pytest.mark.parametrize(
    ("xml", "told"),
    [
        ("<Response>", "not XML"),
        ("<response/>", "the root is <response>"),
        ('<Response><Gather numDigit="1"/></Response>', "no attribute numDigit"),
        ('<Response><Gather numDigits="one"/></Response>', "numDigits='one' is not a number"),
        ("<Response><gather/></Response>", "<gather> may not stand in <Response>"),
        ("<Response><Gather><Hangup/></Gather></Response>", "<Hangup> may not stand in <Gather>"),
        ("<Response><Say></Say></Response>", "<Say> needs text"),
        ('<Response><Say language="bn">x</Say></Response>', "language='bn' is not a known SayLanguage"),
        ("<Response>words</Response>", "<Response> holds no text"),
        ('<Response><Dial><Conference beep="no">a</Conference></Dial></Response>', "beep='no' is not one of"),
        ('<Response><Record trim="yes"/></Response>', "trim='yes' is not one of do-not-trim, trim-silence"),
    ],
)
def test_each_breach_is_told(xml: str, told: str) -> None:
    assert any(told in violation for violation in violations(xml)), violations(xml)


def test_the_library_writes_typing_errors_without_a_word_and_the_grammar_finds_them() -> None:
    response = VoiceResponse()
    response.gather(num_digit=1)
    assert violations(str(response)) == ["Response/Gather: no attribute numDigit"]
