"""Rules 9, 10 and 17 with real voices: who hears whom is measured at the ears, and the library's words are held to."""

import io
import socket
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ivr.emulator.wav import seconds_of
from tests.emulator.application import Reply
from tests.emulator.rig import CALLER, Rig
from tests.emulator.test_rule_10_softphones import mint
from tests.emulator.voices import Softphone, Voice, Voices, tone_file

CITIZEN, REPRESENTATIVE, SUPERVISOR, PROMPT, MUSIC = 600.0, 900.0, 1300.0, 1700.0, 587.0
ROOM = "<Response><Dial><Conference beep='false' waitUrl=''>{}</Conference></Dial></Response>"


@pytest.fixture
def rig(make_rig: Callable[..., Rig], tmp_path: Path) -> Rig:
    made = make_rig(virtual=False, voice_bind="127.0.0.1:0", voice_folder=str(tmp_path), voice_grace=1.0)
    made.on("/voice", ROOM.format("talk"))
    made.on("/app", ROOM.format("talk"))
    return made


@pytest.fixture
def voices() -> Iterator[Voices]:
    made = Voices()
    yield made
    made.close()


def softphone(rig: Rig, voices: Voices, identity: str) -> Softphone:
    """A page that has said who it is."""
    token = rig.token(identity)["Authorization"].removeprefix("Bearer ")
    page = Softphone(voices, rig.emulator.voice_url, token)
    assert page.expect("connected")["token"]["identity"] == identity
    return page


def phone(rig: Rig, voices: Voices, pitch: float = CITIZEN, codec: str = "audio/opus") -> tuple[str, Voice]:
    """A citizen's telephone that calls the line, with sound."""
    sid = rig.dial(sound=True)
    return sid, open_sound(rig, voices, sid, pitch, codec)


def open_sound(rig: Rig, voices: Voices, sid: str, pitch: float, codec: str = "audio/opus") -> Voice:
    voice = voices.voice(pitch, codec)
    reply = rig.http.post(f"/local/calls/{sid}/sound", json={"sdp": voices.run(voice.offer())})
    assert reply.status_code == 200, reply.text
    voices.run(voice.take_answer(reply.json()["sdp"]))
    return voice


def wait_for_event(rig: Rig, sid: str, kind: str) -> None:
    until = time.monotonic() + 10
    while kind not in rig.kinds(sid):
        assert time.monotonic() < until, rig.events(sid)
        time.sleep(0.05)


def update(rig: Rig, call_sid: str, **fields: Any) -> None:
    conference = rig.client.conferences.list(status="in-progress")[0]
    conference.participants(call_sid).update(**fields)


def test_rule_09_everybody_hears_the_others_and_not_themselves_at_three_rates(rig: Rig, voices: Voices) -> None:
    _, citizen = phone(rig, voices, codec="audio/opus")
    _, representative = softphone(rig, voices, "staff-1").call(REPRESENTATIVE, codec="audio/PCMU")
    _, supervisor = softphone(rig, voices, "staff-2").call(SUPERVISOR, codec="audio/G722")
    everybody = {CITIZEN: citizen, REPRESENTATIVE: representative, SUPERVISOR: supervisor}
    for own, ear in everybody.items():
        for pitch in everybody:
            if pitch != own:
                ear.hears(pitch)
        ear.hears_no(own)


def test_rule_09_mute_and_hold_silence_what_they_should(rig: Rig, voices: Voices) -> None:
    rig.on("/hold", "<Response><Play loop='0'>/hold.wav</Play></Response>")
    rig.on("/hold.wav", Reply(tone_file(PROMPT, 3), content_type="audio/wav"))
    citizen_sid, citizen = phone(rig, voices)
    representative_sid, representative = softphone(rig, voices, "staff-1").call(REPRESENTATIVE)
    citizen.hears(REPRESENTATIVE)
    representative.hears(CITIZEN)

    update(rig, representative_sid, muted=True)
    citizen.hears_no(REPRESENTATIVE)
    representative.hears(CITIZEN)
    update(rig, representative_sid, muted=False)
    citizen.hears(REPRESENTATIVE)

    update(rig, citizen_sid, hold=True, hold_url=rig.application.url + "/hold", hold_method="POST")
    citizen.hears(PROMPT)
    citizen.hears_no(REPRESENTATIVE)
    representative.hears_no(CITIZEN)
    representative.hears_no(PROMPT)
    update(rig, citizen_sid, hold=False)
    citizen.hears(REPRESENTATIVE)
    citizen.hears_no(PROMPT)
    representative.hears(CITIZEN)


def test_rule_09_a_whisper_reaches_the_coached_one_alone_and_no_recording(rig: Rig, voices: Voices) -> None:
    _, citizen = phone(rig, voices)
    representative_sid, representative = softphone(rig, voices, "staff-1").call(REPRESENTATIVE)
    supervisor_sid, supervisor = softphone(rig, voices, "staff-2").call(SUPERVISOR)
    representative.hears(SUPERVISOR)
    recorded(rig, {CITIZEN, REPRESENTATIVE, SUPERVISOR}, set())

    update(rig, supervisor_sid, coaching=True, call_sid_to_coach=representative_sid)
    citizen.hears_no(SUPERVISOR)
    representative.hears(SUPERVISOR)
    supervisor.hears(CITIZEN)
    supervisor.hears(REPRESENTATIVE)
    recorded(rig, {CITIZEN, REPRESENTATIVE}, {SUPERVISOR})

    update(rig, supervisor_sid, coaching=False)
    citizen.hears(SUPERVISOR)


def recorded(rig: Rig, there: set[float], absent: set[float]) -> None:
    """The next second of what a recording takes holds these pitches, and those not."""
    room = rig.http.get("/local/rooms").json()["rooms"][0]
    time.sleep(0.3)  # what was under way when the change came
    reply = rig.http.get(f"/local/rooms/{room['sid']}/sound", params={"seconds": 1})
    assert reply.headers["content-type"] == "audio/wav"
    with wave.open(io.BytesIO(reply.content)) as file:
        assert (file.getframerate(), file.getnframes()) == (16_000, 16_000)
        samples = np.frombuffer(file.readframes(16_000), "<i2")
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) / (len(samples) / 4)
    for pitch in there:
        assert spectrum[round(pitch) - 2 : round(pitch) + 3].max() > 2000, pitch
    for pitch in absent:
        assert spectrum[round(pitch) - 2 : round(pitch) + 3].max() < 400, pitch


def test_rule_06_prompts_and_the_music_of_the_queue_are_heard_from_their_beginning(rig: Rig, voices: Voices) -> None:
    rig.on("/hello.wav", Reply(tone_file(PROMPT, 2), content_type="audio/wav"))
    rig.on("/voice", "<Response><Play>/hello.wav</Play><Enqueue>line</Enqueue></Response>")
    sid, citizen = phone(rig, voices)
    citizen.hears(PROMPT)
    wait_for_event(rig, sid, "queue")
    citizen.hears(MUSIC, loud=300)  # its notes are soft, and fade
    citizen.hears_no(PROMPT)


def test_rule_06_words_are_spoken_where_somebody_hears_them(make_rig: Callable[..., Rig], tmp_path: Path) -> None:
    """The program of this test speaks a tone of two seconds, whatever the words."""
    (tmp_path / "tone.wav").write_bytes(tone_file(PROMPT, 2))
    program = tmp_path / "speak"
    program.write_text(f'#!/bin/sh\ncp {tmp_path}/tone.wav "$4"\n')
    program.chmod(0o755)
    rig = make_rig(virtual=False, voice_bind="127.0.0.1:0", voice_folder=str(tmp_path), speak_command=(str(program),))
    rig.on("/voice", "<Response><Say language='en-IN'>Word</Say><Pause length='60'/></Response>")
    voices = Voices()
    try:
        sid, citizen = phone(rig, voices)
        citizen.hears(PROMPT)
        citizen.hears_no(PROMPT)
        events = rig.events(sid)
    finally:
        voices.close()
    said = next(each for each in events if each["kind"] == "say")
    paused = next(each for each in events if each["kind"] == "pause")
    assert seconds_of((tmp_path / "tone.wav").read_bytes()) == 2
    assert paused["at"] > said["at"]


def test_rule_12_a_message_is_what_was_said_and_ends_with_silence(rig: Rig, voices: Voices) -> None:
    rig.on("/voice", "<Response><Record action='/kept' timeout='1' playBeep='false'/></Response>")
    _, citizen = phone(rig, voices)
    time.sleep(1.5)
    citizen.tone.pitch = 0
    form = rig.application.wait_for("/kept")[0].form
    assert form["Digits"] == ""
    assert 1 <= int(form["RecordingDuration"]) <= 4
    until = time.monotonic() + 10
    while (kept := rig.http.get(form["RecordingUrl"] + ".wav")).status_code != 200:
        assert time.monotonic() < until
        time.sleep(0.1)
    with wave.open(io.BytesIO(kept.content)) as file:
        rate, samples = file.getframerate(), np.frombuffer(file.readframes(8000), "<i2")
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    assert rate == 8000
    assert abs(np.argmax(spectrum) * rate / len(samples) - CITIZEN) < 5


def test_rule_12_where_there_is_no_microphone_a_tone_stands_for_what_the_buttons_say(rig: Rig, voices: Voices) -> None:
    rig.on("/voice", "<Response><Record action='/kept' timeout='1' playBeep='false'/></Response>")
    sid, _ = phone(rig, voices, pitch=0.0)
    wait_for_event(rig, sid, "record")
    rig.speak(sid, 2)
    form = rig.application.wait_for("/kept")[0].form
    until = time.monotonic() + 10
    while (kept := rig.http.get(form["RecordingUrl"] + ".wav")).status_code != 200:
        assert time.monotonic() < until
        time.sleep(0.1)
    with wave.open(io.BytesIO(kept.content)) as file:
        rate, samples = file.getframerate(), np.frombuffer(file.readframes(8000), "<i2")
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    assert abs(np.argmax(spectrum) * rate / len(samples) - 440) < 5


def test_whoever_hangs_up_before_their_sound_is_there_is_no_call_for_the_application(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ivr.emulator.placing._UNTIL_SOUND", 0.3)
    sid = rig.dial(sound=True)
    rig.hang_up(sid)
    rig.application.wait_for("/status")
    time.sleep(0.6)
    assert rig.asked("/voice") == []


def test_rule_10_a_call_out_comes_through_the_app_with_the_pages_own_fields(rig: Rig, voices: Voices) -> None:
    rig.on("/app", "<Response><Gather numDigits='2' action='/pressed'><Pause length='60'/></Gather></Response>")
    page = softphone(rig, voices, "staff-7")
    sid, _ = page.call(REPRESENTATIVE, "ticket=a%26b&To=%2B100")
    form = rig.application.wait_for("/app")[0].form
    assert (form["CallSid"], form["From"], form["To"], form["ticket"]) == (sid, "client:staff-7", "+100", "a&b")
    wait_for_event(rig, sid, "gather")
    page.say("dtmf", callsid=sid, dtmf="4w2")
    assert rig.application.wait_for("/pressed")[0].form["Digits"] == "42"
    page.expect("hangup")
    assert rig.status(sid) == "completed"


def test_rule_10_it_rings_at_every_page_and_the_others_are_called_off(rig: Rig, voices: Voices) -> None:
    noun = "<Client><Identity>staff-1</Identity><Parameter name='a' value='b c'/></Client>"
    rig.on("/voice", f"<Response><Dial>{noun}</Dial></Response>")
    pages = [softphone(rig, voices, "staff-1") for _ in range(2)]
    for page in pages:
        page.say("register", media={"audio": True})
        page.expect("ready")
    sid, citizen = phone(rig, voices)
    invites = [page.expect("invite") for page in pages]
    assert invites[0]["parameters"]["From"] == CALLER
    assert invites[0]["parameters"]["Params"] == "a=b+c"
    called = invites[0]["callsid"]
    assert called == invites[1]["parameters"]["CallSid"] != sid
    voice = voices.voice(REPRESENTATIVE)
    pages[0].say("answer", callsid=called, sdp=voices.run(voice.answer(invites[0]["sdp"])))
    assert pages[0].expect("answer")["callsid"] == called
    assert pages[1].expect("cancel")["callsid"] == called
    voice.hears(CITIZEN)
    citizen.hears(REPRESENTATIVE)
    pages[0].say("hangup", callsid=called)
    assert pages[0].expect("hangup")["callsid"] == called


def test_rule_10_a_page_rejects_and_one_that_went_offline_rings_no_more(rig: Rig, voices: Voices) -> None:
    rig.on("/voice", "<Response><Dial action='/dialled' timeout='1'><Client>staff-1</Client></Dial></Response>")
    page = softphone(rig, voices, "staff-1")
    page.say("register")
    page.expect("ready")
    rig.dial()
    page.say("reject", callsid=page.expect("invite")["callsid"])
    assert rig.application.wait_for("/dialled")[0].form["DialCallStatus"] == "busy"
    page.expect("cancel")
    page.say("register", media={"audio": False})
    page.expect("offline")
    rig.dial()
    assert rig.application.wait_for("/dialled", 2)[1].form["DialCallStatus"] == "no-answer"


def test_rule_10_a_call_goes_on_when_its_page_comes_back_and_ends_when_it_does_not(rig: Rig, voices: Voices) -> None:
    token = rig.token("staff-1")["Authorization"].removeprefix("Bearer ")
    page = softphone(rig, voices, "staff-1")
    voice = voices.voice(REPRESENTATIVE)
    page.say("invite", callsid="TJ1", sdp=voices.run(voice.offer()), twilio={})
    sid = page.expect("ringing")["callsid"]
    word = page.expect("answer")["reconnect"]
    page.close()
    again = Softphone(voices, rig.emulator.voice_url, token)
    again.expect("connected")
    again.say("invite", callsid=sid, reconnect="another word", sdp="")
    assert again.expect("hangup")["callsid"] == sid
    again.say("invite", callsid=sid, reconnect=word, sdp="")
    assert again.expect("answer")["callsid"] == sid
    assert rig.status(sid) == "in-progress"
    again.close()
    until = time.monotonic() + 20
    while rig.status(sid) != "completed":
        assert time.monotonic() < until
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"key": "another-secret-of-at-least-thirty-two-bytes"}, 31204),
        ({"iss": "SK" + "9" * 32}, 31204),
        ({"sub": "AC" + "9" * 32}, 31204),
        ({"grants": {"voice": {}}}, 31204),
        ({"exp": 1_000_000_000}, 31205),
        ({"exp": int(time.time()) + 90_000}, 31205),
    ],
)
def test_rule_17_the_gateway_refuses_a_token_that_is_not_right(
    rig: Rig, voices: Voices, changes: dict[str, Any], code: int
) -> None:
    """31204 and 31205 are what the library tells its page as 20101 and 20104."""
    page = Softphone(voices, rig.emulator.voice_url, mint(rig, **changes))
    assert page.expect("error")["error"]["code"] == code
    page.say("register")
    assert page.expect("error")["error"]["code"] == 31204


def test_rule_17_what_a_token_does_not_grant_is_refused(rig: Rig, voices: Voices) -> None:
    grants = {"identity": "a", "voice": {"outgoing": {"application_sid": "AP" + "9" * 32}}}
    page = Softphone(voices, rig.emulator.voice_url, mint(rig, grants=grants))
    page.expect("connected")
    page.say("register")
    assert page.expect("error")["error"]["code"] == 31204
    page.say("invite", callsid="TJ9", sdp="", twilio={})
    refused = page.expect("error")
    assert (refused["error"]["code"], refused["callsid"]) == (31204, "TJ9")
    page.say("listen", token=mint(rig, grants={"identity": "b", "voice": {}}))
    assert page.expect("error")["error"]["code"] == 31204


def test_rule_17_a_token_that_ends_is_told_and_a_new_one_is_taken(rig: Rig, voices: Voices) -> None:
    page = Softphone(voices, rig.emulator.voice_url, mint(rig, exp=int(time.time()) + 2))
    assert page.expect("connected")["token"]["ttl"] <= 2
    assert page.expect("error")["error"]["code"] == 31205
    page.say("listen", token=mint(rig))
    assert page.expect("connected")["token"]["ttl"] > 3000


def test_nonsense_is_answered_and_harms_nobody(rig: Rig, voices: Voices) -> None:
    page = softphone(rig, voices, "staff-1")
    page.say("something-new", a=1)
    page.say("hangup", callsid="CA" + "0" * 32)
    page.say("dtmf", callsid=None, dtmf="1")
    page.say("invite", callsid="TJ1", sdp="no description", twilio={"params": "ticket=1"})
    assert page.expect("error")["error"]["code"] == 31400
    reply = rig.http.post("/local/calls/CA1/sound", json={"sdp": ""})
    assert reply.status_code == 404
    sid = rig.dial()
    assert rig.http.post(f"/local/calls/{sid}/sound", json={"sdp": "none"}).status_code == 400
    rig.hang_up(sid)
    assert rig.http.post(f"/local/calls/{sid}/sound", json={"sdp": "none"}).status_code == 409


def test_only_pages_of_this_machine_signal(rig: Rig) -> None:
    asked = {"Connection": "upgrade", "Upgrade": "websocket", "Origin": "https://elsewhere.example"}
    assert rig.http.get("/signal", headers=asked).status_code == 403


def test_the_certificate_is_kept_and_only_its_owner_reads_it(
    rig: Rig, make_rig: Callable[..., Rig], tmp_path: Path
) -> None:
    path = tmp_path / "local-voice.pem"
    made = path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    make_rig(virtual=False, voice_bind="127.0.0.1:0", voice_folder=str(tmp_path))
    assert path.read_bytes() == made


def test_a_certificate_that_is_none_is_named_and_leaves_the_address_free(
    make_rig: Callable[..., Rig], tmp_path: Path
) -> None:
    (tmp_path / "local-voice.pem").write_text("certificate and key, in one file")
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    made = make_rig(virtual=False, voice_bind=address, voice_folder=str(tmp_path))
    said = made.http.get("/local/about").json()["no_voice"]
    assert said == f"{tmp_path}/local-voice.pem is no certificate with its key. Delete it: a new one is made."
    host, _, port = address.partition(":")
    socket.create_server((host, int(port))).close()


def test_without_voice_it_is_said_why(make_rig: Callable[..., Rig], rig: Rig) -> None:
    assert rig.http.get("/local/about").json()["voice"] is True
    quick = make_rig(virtual=False, speed=5.0, voice_bind="127.0.0.1:0")
    address = rig.emulator.voice_url.removeprefix("https://")
    taken = make_rig(virtual=False, voice_bind=address, voice_folder=rig.settings.voice_folder)
    for other, why in ((quick, "usual speed"), (taken, "cannot be used")):
        about = other.http.get("/local/about").json()
        assert about["voice"] is False
        assert why in about["no_voice"]
        assert other.emulator.voice_url == ""
