"""Rule 6: documents are played from top to bottom."""

from tests.emulator.application import Reply
from tests.emulator.rig import Rig


def test_rule_06_the_end_of_the_document_hangs_up(rig: Rig) -> None:
    rig.on("/voice", "<Response><Say>one</Say><Pause length='3'/><Say loop='2'>two</Say></Response>")
    sid = rig.dial()
    rig.advance(60)
    assert rig.kinds(sid) == ["ringing", "in-progress", "say", "pause", "say", "say", "ended"]


def test_rule_06_addresses_are_relative_to_the_document_in_use(rig: Rig) -> None:
    rig.on("/voice", "<Response><Redirect>deep/first</Redirect><Say>never</Say></Response>")
    rig.on("/deep/first", "<Response><Redirect>second?x=1</Redirect></Response>")
    rig.on("/deep/second", "<Response><Redirect>/top</Redirect></Response>")
    rig.on("/top", "<Response><Say>top</Say></Response>")
    assert rig.said(rig.dial()) == ["top"]


def test_rule_06_a_gather_without_action_asks_its_own_document_again(rig: Rig) -> None:
    rig.on("/voice", "<Response><Gather numDigits='1'/></Response>", "<Response><Say>again</Say></Response>")
    sid = rig.dial()
    rig.press(sid, "7")
    assert rig.asked("/voice")[1].form["Digits"] == "7"
    assert rig.said(sid) == ["again"]


def test_rule_06_a_record_without_action_asks_its_own_document_again(rig: Rig) -> None:
    rig.on("/voice", "<Response><Record/></Response>", "<Response><Say>again</Say></Response>")
    sid = rig.dial()
    rig.advance(1)
    rig.speak(sid, 2)
    rig.advance(8)
    assert rig.asked("/voice")[1].form["RecordingDuration"] == "2"
    assert rig.said(sid) == ["again"]


def test_rule_06_dial_and_enqueue_without_action_go_on_with_the_next_verb(rig: Rig) -> None:
    rig.on("/voice", "<Response><Enqueue waitUrl='/wait'>q</Enqueue><Dial>100</Dial><Say>next</Say></Response>")
    rig.on("/wait", "<Response><Leave/></Response>")
    assert rig.said(rig.dial()) == ["next"]
    assert rig.alerts() == [13224]


def test_rule_06_reject_as_the_first_verb_never_answers(rig: Rig) -> None:
    rig.on("/voice", "<Response><Pause length='2'/><Reject reason='busy'/></Response>")
    sid = rig.dial()
    rig.advance(3)
    assert "in-progress" not in rig.kinds(sid)
    assert rig.asked("/status")[0].form["CallStatus"] == "busy"
    assert rig.asked("/status")[0].form["CallDuration"] == "0"


def test_rule_06_hangup_as_the_first_verb_answers(rig: Rig) -> None:
    rig.on("/voice", "<Response><Hangup/></Response>")
    assert rig.kinds(rig.dial()) == ["ringing", "in-progress", "ended"]


def test_rule_06_a_sound_that_is_missing_is_passed_over_with_an_alert(rig: Rig) -> None:
    rig.on("/voice", "<Response><Play>/gone.wav</Play><Say>after</Say></Response>")
    rig.on("/gone.wav", Reply(status=404))
    assert rig.said(rig.dial()) == ["after"]
    assert rig.alerts() == [11200]


def test_rule_06_too_long_a_text_is_not_said(rig: Rig) -> None:
    rig.on("/voice", f"<Response><Say>{'ক' * 501}</Say><Say>{'ক' * 500}</Say></Response>")
    assert rig.said(rig.dial()) == ["ক" * 500]
    assert rig.alerts() == [13521]
