"""Rule 12: recordings."""

import io
import wave
from collections.abc import Callable

from tests.emulator.rig import OTHER, Rig


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
