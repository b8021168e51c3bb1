"""<Record>."""

import math
from typing import TYPE_CHECKING

from ivr.emulator.call import Callback, HungUp, Taken
from ivr.emulator.frame import Frame
from ivr.emulator.interpreter import verb
from ivr.emulator.keypad import Keypad
from ivr.emulator.recorder import finish_recording
from ivr.emulator.recording import Recording
from ivr.emulator.twiml import Document, Node

if TYPE_CHECKING:
    from ivr.emulator.voice.message import VoiceMessage

_SILENCE = 5.0
_LONGEST = 3600.0
_LONGEST_OF_SOFTPHONE = 600.0
_ANY_KEY = "1234567890*#"
_BEEP = 0.5


@verb("Record")
async def record(frame: Frame, node: Node) -> Document | None:
    """Ends by a key, by silence, by its greatest length, or by hanging up. Nothing said: the next verb."""
    call = frame.call
    if node.flag("playBeep", True):
        call.events.add("beep")
        await call.rest(_BEEP)
    began = call.clock.now()
    recording = Recording(call.account_sid, "RecordVerb", began, 0, call_sid=call.sid)
    keypad = Keypad(node.get("finishOnKey", _ANY_KEY), 0)
    call.hears_keys = keypad.take
    call.sound.clear()
    call.speaks_until = call.speaks_from = None
    call.events.add("record", timeout=node.number("timeout", _SILENCE))
    last = ""
    message = _hear(frame)
    try:
        last = await _listen(frame, node, keypad, recording, message)
    except HungUp:
        _keep(frame, node, recording)
        await frame.follow_last(node, [*_fields(frame, recording), ("Digits", "hangup")])
        raise
    except Taken:
        _keep(frame, node, recording)
        raise
    finally:
        call.stop_hearing(keypad.take)
    call.events.add("recorded", seconds=recording.whole_seconds)
    _keep(frame, node, recording)
    if recording.status == "absent":
        return None
    return await frame.follow(node, [*_fields(frame, recording), ("Digits", last)])


def _hear(frame: Frame) -> "VoiceMessage | None":
    """The caller's own voice, where their telephone has one."""
    mixer = frame.ex.mixer
    if mixer is None or not mixer.carries(frame.call):
        return None
    from ivr.emulator.voice.message import VoiceMessage

    return VoiceMessage(mixer, frame.call)


async def _listen(
    frame: Frame, node: Node, keypad: Keypad, recording: Recording, message: "VoiceMessage | None"
) -> str:
    """Record until something ends it; returns the key that did, or nothing."""
    call = frame.call
    began = recording.started_at
    longest = node.number("maxLength", _LONGEST)
    if "client:" in call.from_:
        longest = min(longest, _LONGEST_OF_SOFTPHONE)
    try:
        while not keypad.finished:
            now = call.clock.now()
            quiet_since = max(began, call.speaks_until or began)
            left = min(
                (quiet_since - now).total_seconds() + node.number("timeout", _SILENCE),
                longest - (now - began).total_seconds(),
            )
            if left <= 0:
                break
            call.sound.clear()
            pressed, sound = frame.ex.spawn(keypad.pressed.wait()), frame.ex.spawn(call.sound.wait())
            try:
                await call.rest(left, pressed, sound)
            finally:
                pressed.cancel()
                sound.cancel()
            keypad.pressed.clear()
    finally:
        begin, recording.seconds = _spoken(frame, node, recording, longest)
        if message is not None:
            message.end()
            recording.voice = message.wav(begin, recording.seconds)
    return keypad.last if keypad.finished else ""


def _spoken(frame: Frame, node: Node, recording: Recording, longest: float) -> tuple[float, float]:
    """From which second on something is kept, and how many."""
    call = frame.call
    if call.speaks_until is None:
        return 0, 0
    start, end = recording.started_at, call.clock.now()
    if node.get("trim", "trim-silence") == "trim-silence":
        start, end = max(start, call.speaks_from or start), min(end, call.speaks_until)
    return (start - recording.started_at).total_seconds(), min(longest, max(0.0, (end - start).total_seconds()))


def _fields(frame: Frame, recording: Recording) -> list[tuple[str, str]]:
    return [
        ("RecordingUrl", frame.ex.url + recording.path()),
        ("RecordingSid", recording.sid),
        ("RecordingDuration", str(math.ceil(recording.seconds))),
    ]


def _keep(frame: Frame, node: Node, recording: Recording) -> None:
    finish_recording(frame.ex, recording, read_recording_callback(frame, node))


def read_recording_callback(frame: Frame, node: Node) -> Callback | None:
    """Where a verb wants to be told of its recording."""
    url = node.get("recordingStatusCallback")
    if not url:
        return None
    events = frozenset((node.get("recordingStatusCallbackEvent") or "completed").split())
    method = node.get("recordingStatusCallbackMethod").upper() or "POST"
    return Callback(frame.resolve(url), method, events)
