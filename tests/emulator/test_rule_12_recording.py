"""Rule 12: recordings."""

import io
import wave
from array import array
from collections.abc import Callable
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException

from tests.emulator.rig import CALLER, OTHER, Rig

THIRD = "+919830011111"


def record(rig: Rig, attributes: str = "") -> str:
    rig.on(
        "/voice",
        "<Response><Record action='/recorded' recordingStatusCallback='/file' "
        f"{attributes}/><Say>nothing recorded</Say></Response>",
    )
    rig.on("/recorded", "<Response><Say>thanks</Say></Response>")
    sid = rig.dial()
    rig.advance(1)
    return sid


def test_rule_12_the_action_comes_before_the_file_and_the_callback_when_it_is_there(rig: Rig) -> None:
    sid = record(rig)
    assert rig.kinds(sid)[-2:] == ["beep", "record"]
    rig.speak(sid, 3)
    rig.advance(4)
    rig.press(sid, "#")
    form = rig.asked("/recorded")[0].form
    assert (form["RecordingDuration"], form["Digits"], rig.said(sid)) == ("3", "#", ["thanks"])
    assert form["RecordingUrl"].startswith(f"{rig.url}/2010-04-01/Accounts/")
    assert rig.http.get(form["RecordingUrl"]).status_code == 404
    assert rig.asked("/file") == []
    rig.advance(2)
    told = rig.asked("/file")[0].form
    assert (told["RecordingStatus"], told["RecordingSource"], told["RecordingChannels"]) == (
        "completed",
        "RecordVerb",
        "1",
    )
    assert (told["CallSid"], told["RecordingUrl"]) == (sid, form["RecordingUrl"])


def test_rule_12_the_file_is_real_sound_as_wav_and_mp3(rig: Rig) -> None:
    sid = record(rig)
    rig.speak(sid, 2)
    rig.advance(10)
    url = rig.asked("/recorded")[0].form["RecordingUrl"]
    for address in (url, url + ".wav"):
        found = rig.http.get(address)
        assert found.headers["content-type"] == "audio/x-wav"
        with wave.open(io.BytesIO(found.content)) as sound:
            assert (sound.getframerate(), sound.getnframes()) == (8000, 16000)
    mp3 = rig.http.get(url + ".mp3")
    assert mp3.headers["content-type"] == "audio/mpeg"
    assert mp3.content[:3] == b"ID3" or mp3.content[0] == 0xFF


def test_rule_12_the_file_may_be_guarded(make_rig: Callable[..., Rig]) -> None:
    rig = make_rig(guard_recordings=True)
    sid = record(rig)
    rig.speak(sid, 2)
    rig.advance(10)
    url = rig.asked("/recorded")[0].form["RecordingUrl"]
    assert rig.http.get(url).status_code == 401
    assert rig.http.get(url, auth=(rig.settings.account_sid, rig.settings.auth_token)).status_code == 200


def test_rule_12_recordings_are_listed_and_deleted(rig: Rig) -> None:
    sid = record(rig)
    rig.speak(sid, 2)
    rig.advance(10)
    recording = rig.client.recordings.list()[0]
    assert (recording.call_sid, recording.duration, recording.status) == (sid, "2", "completed")
    assert recording.source == "RecordVerb"
    assert rig.client.recordings(recording.sid).delete()
    assert rig.client.recordings.list() == []


def test_rule_12_silence_ends_it_and_nothing_said_goes_on_with_the_next_verb(rig: Rig) -> None:
    sid = record(rig, "timeout='4'")
    rig.advance(5)
    assert rig.said(sid) == ["nothing recorded"]
    rig.advance(2)
    assert rig.asked("/file")[0].form["RecordingStatus"] == "absent"
    assert rig.asked("/recorded") == []


def test_rule_12_it_ends_at_its_greatest_length(rig: Rig) -> None:
    sid = record(rig, "maxLength='10' trim='do-not-trim'")
    rig.speak(sid, 60)
    rig.advance(12)
    assert rig.asked("/recorded")[0].form["RecordingDuration"] == "10"


def test_rule_12_a_caller_who_left_is_the_key_hangup(rig: Rig) -> None:
    sid = record(rig)
    rig.speak(sid, 2)
    rig.advance(3)
    rig.hang_up(sid)
    form = rig.application.wait_for("/recorded")[0].form
    assert (form["Digits"], form["CallStatus"], form["RecordingDuration"]) == ("hangup", "completed", "2")
    assert "thanks" not in rig.said(sid)


def test_rule_12_a_recorded_dial_tells_its_address(rig: Rig) -> None:
    rig.on(
        "/voice",
        "<Response><Dial record='record-from-answer-dual' recordingStatusCallback='/file' action='/dialled'>"
        f"{OTHER}</Dial></Response>",
    )
    sid = rig.dial()
    rig.advance(1)
    leg = rig.answer(OTHER)
    rig.advance(7)
    rig.hang_up(leg)
    assert "/Recordings/RE" in rig.application.wait_for("/dialled")[0].form["RecordingUrl"]
    rig.advance(2)
    form = rig.asked("/file")[0].form
    assert (form["CallSid"], form["RecordingChannels"], form["RecordingSource"]) == (sid, "2", "DialVerb")


def test_rule_12_a_recorded_conference_is_told_by_conference(rig: Rig) -> None:
    rig.on(
        "/voice",
        "<Response><Dial><Conference waitUrl='' record='record-from-start' recordingStatusCallback='/file'>room"
        "</Conference></Dial></Response>",
    )
    sids = [rig.dial(), rig.dial(OTHER)]
    rig.advance(9)
    for sid in sids:
        rig.hang_up(sid)
    rig.advance(2)
    form = rig.asked("/file")[0].form
    assert (form["RecordingSource"], form["RecordingDuration"]) == ("Conference", "9")
    assert "CallSid" not in form
    assert len(rig.client.conferences(form["ConferenceSid"]).recordings.list()) == 1


def in_a_room(rig: Rig, callers: int = 2, events: str = "in-progress completed absent") -> list[str]:
    """Callers in a recorded conference."""
    rig.on(
        "/voice",
        "<Response><Dial><Conference waitUrl='' record='record-from-start' recordingStatusCallback='/file'"
        f" recordingStatusCallbackEvent='{events}'>room</Conference></Dial></Response>",
    )
    sids = [rig.dial(number) for number in (CALLER, OTHER, THIRD)[:callers]]
    rig.settle()
    return sids


def sound_of(rig: Rig) -> list[int]:
    """For each second of the only recording 1 if anything is heard, else 0."""
    (recording,) = rig.client.recordings.list()
    found = rig.http.get(f"/2010-04-01/Accounts/{rig.settings.account_sid}/Recordings/{recording.sid}.wav")
    with wave.open(io.BytesIO(found.content)) as sound:
        samples = array("h", sound.readframes(sound.getnframes()))
    return [int(max(map(abs, samples[n : n + 8000])) > 1000) for n in range(0, len(samples) - 3999, 8000)]


def current(rig: Rig) -> Any:
    (room,) = rig.client.conferences.list(status="in-progress")
    return rig.client.conferences(room.sid).recordings("Twilio.CURRENT")


def test_rule_12_a_conference_is_recorded_from_its_second_participant_on_and_says_so(rig: Rig) -> None:
    rig.on(
        "/voice",
        "<Response><Dial><Conference waitUrl='' record='record-from-start' recordingStatusCallback='/file'"
        " recordingStatusCallbackEvent='in-progress completed'>room</Conference></Dial></Response>",
    )
    first = rig.dial()
    rig.speak(first, 2)
    rig.advance(4)
    assert rig.asked("/file") == []
    second = rig.dial(OTHER)
    assert rig.application.wait_for("/file")[0].form["RecordingStatus"] == "in-progress"
    rig.advance(1)
    rig.speak(second, 2)
    rig.advance(3)
    for sid in (first, second):
        rig.hang_up(sid)
    rig.advance(2)
    assert [one.form["RecordingStatus"] for one in rig.asked("/file")] == ["in-progress", "completed"]
    assert sound_of(rig) == [0, 1, 1, 0]


def test_rule_12_a_pause_is_silence_and_takes_its_time(rig: Rig) -> None:
    first, second = in_a_room(rig)
    rig.speak(first, 6)
    rig.advance(2)
    assert current(rig).update(status="paused").status == "paused"
    rig.advance(2)
    assert current(rig).update(status="in-progress").status == "in-progress"
    rig.advance(2)
    for sid in (first, second):
        rig.hang_up(sid)
    rig.advance(2)
    assert sound_of(rig) == [1, 1, 0, 0, 1, 1]


def test_rule_12_a_skipped_pause_is_cut_out(rig: Rig) -> None:
    first, second = in_a_room(rig)
    rig.speak(first, 1)
    rig.advance(2)
    current(rig).update(status="paused", pause_behavior="skip")
    rig.advance(5)
    current(rig).update(status="in-progress")
    rig.advance(1)
    for sid in (first, second):
        rig.hang_up(sid)
    rig.advance(2)
    assert sound_of(rig) == [1, 0, 0]


def test_rule_12_a_stopped_recording_is_ready_while_the_room_goes_on(rig: Rig) -> None:
    in_a_room(rig)
    rig.advance(3)
    assert current(rig).update(status="stopped").status == "stopped"
    rig.advance(2)
    assert rig.asked("/file")[-1].form["RecordingDuration"] == "3"
    with pytest.raises(TwilioRestException) as refused:
        current(rig).update(status="paused")
    assert refused.value.code == 20404


def test_rule_12_a_whisper_and_who_is_on_hold_are_in_no_recording(rig: Rig) -> None:
    first, second, third = in_a_room(rig, 3)
    (room,) = rig.client.conferences.list(status="in-progress")
    people = rig.client.conferences(room.sid).participants
    people(third).update(coaching=True, call_sid_to_coach=second)
    people(first).update(hold=True)
    for sid in (first, third):
        rig.speak(sid, 2)
    rig.advance(2)
    rig.speak(second, 1)
    rig.advance(1)
    for sid in (first, second, third):
        rig.hang_up(sid)
    rig.advance(2)
    assert sound_of(rig) == [0, 0, 1]
