"""Rule 7: keys."""

import pytest

from tests.emulator.rig import Rig

KEY = "<Response><Say>thanks</Say></Response>"


def gather(rig: Rig, attributes: str, inside: str = "", after: str = "<Say>nothing</Say>") -> str:
    rig.on("/voice", f"<Response><Gather action='/key' {attributes}>{inside}</Gather>{after}</Response>")
    rig.on("/key", KEY)
    return rig.dial()


def digits(rig: Rig) -> list[str | None]:
    return [seen.form.get("Digits") for seen in rig.asked("/key")]


def test_rule_07_a_key_interrupts_what_is_said_inside(rig: Rig) -> None:
    sid = gather(rig, "numDigits='1'", "<Say>a very long sentence</Say><Say>never reached</Say>")
    rig.press(sid, "1")
    assert rig.said(sid) == ["a very long sentence", "thanks"]
    assert digits(rig) == ["1"]


def test_rule_07_keys_before_the_gather_are_lost(rig: Rig) -> None:
    rig.on("/voice", "<Response><Say>wait for it</Say><Gather action='/key' numDigits='1'/></Response>")
    sid = rig.dial()
    assert rig.press(sid, "5") == {"taken": "", "lost": "5"}
    rig.advance(3)
    rig.press(sid, "6")
    assert digits(rig) == ["6"]


def test_rule_07_it_is_submitted_at_num_digits_and_more_keys_are_lost(rig: Rig) -> None:
    sid = gather(rig, "numDigits='2'")
    assert rig.press(sid, "1234") == {"taken": "12", "lost": "34"}
    assert digits(rig) == ["12"]


def test_rule_07_the_finish_key_submits_and_is_not_part_of_it(rig: Rig) -> None:
    sid = gather(rig, "")
    rig.press(sid, "98")
    assert digits(rig) == []
    rig.press(sid, "#")
    assert digits(rig) == ["98"]


def test_rule_07_another_finish_key(rig: Rig) -> None:
    sid = gather(rig, "finishOnKey='*'")
    rig.press(sid, "1#2*")
    assert digits(rig) == ["1#2"]


def test_rule_07_with_no_finish_key_the_hash_is_a_key(rig: Rig) -> None:
    sid = gather(rig, "finishOnKey='' numDigits='1'")
    rig.press(sid, "#")
    assert digits(rig) == ["#"]


def test_rule_07_each_key_starts_the_time_anew(rig: Rig) -> None:
    sid = gather(rig, "timeout='5'")
    for key in "123":
        rig.press(sid, key)
        rig.advance(4)
    assert digits(rig) == []
    rig.advance(2)
    assert digits(rig) == ["123"]


def test_rule_07_the_time_begins_after_what_is_said(rig: Rig) -> None:
    sid = gather(rig, "timeout='5'", "<Say>" + "word " * 20 + "</Say>")  # eight seconds
    rig.advance(12)
    assert "nothing" not in rig.said(sid)
    rig.advance(2)
    assert "nothing" in rig.said(sid)


@pytest.mark.parametrize("keys", ["", "#"])
def test_rule_07_nothing_or_only_the_finish_key_falls_through(rig: Rig, keys: str) -> None:
    sid = gather(rig, "")
    if keys:
        rig.press(sid, keys)
    rig.advance(6)
    assert rig.said(sid) == ["nothing"]
    assert digits(rig) == []


@pytest.mark.parametrize(("kind", "expected"), [("empty", ""), ("absent", None)])
@pytest.mark.parametrize("keys", ["", "#"])
def test_rule_07_action_on_empty_result_asks_the_action(rig: Rig, keys: str, kind: str, expected: str | None) -> None:
    rig.fault(empty_digits=kind)
    sid = gather(rig, "actionOnEmptyResult='true'")
    if keys:
        rig.press(sid, keys)
    rig.advance(6)
    assert digits(rig) == [expected]
    assert rig.said(sid) == ["thanks"]


def test_rule_07_nothing_and_nothing_after_it_ends_the_call(rig: Rig) -> None:
    sid = gather(rig, "", after="")
    rig.advance(6)
    assert rig.status(sid) == "completed"


def test_rule_07_hanging_up_asks_for_nothing_but_the_status(rig: Rig) -> None:
    sid = gather(rig, "numDigits='3'", "<Say>long words to say</Say>")
    rig.press(sid, "1")
    rig.hang_up(sid)
    rig.advance(60)
    assert digits(rig) == []
    assert rig.asked("/status")[0].form["CallStatus"] == "completed"


def test_rule_07_speech_is_heard_where_it_is_asked_for(rig: Rig) -> None:
    sid = gather(rig, "input='dtmf speech'", "<Say>speak</Say>")
    rig.advance(1)
    rig.speak(sid, 2, "ration card")
    rig.advance(5)
    form = rig.asked("/key")[0].form
    assert (form["SpeechResult"], form["Confidence"]) == ("ration card", "0.9")
    assert "Digits" not in form
