"""The talk of two bridged legs, seen from the one that dialled."""

from collections.abc import Callable

from ivr.emulator.bridge import Bridge
from ivr.emulator.call import Call
from ivr.emulator.frame import Frame
from ivr.emulator.names import whole_seconds
from ivr.emulator.outgoing import Params
from ivr.emulator.recorder import finish_recording
from ivr.emulator.recording import Recording
from ivr.emulator.twiml import Node
from ivr.emulator.verbs.record import read_recording_callback

LONGEST_TALK = 14_400.0


async def talk(frame: Frame, dial: Node, bridge: Bridge, other: Call) -> Params:
    """Until either hangs up, the star is pressed where that is asked for, or the time limit. Returns how it went."""
    call = frame.call
    began = call.clock.now()
    call.events.add("bridge")
    if dial.flag("hangupOnStar", False):
        call.hears_keys = _end_on_star(bridge)
    try:
        with call.hearing(lambda: [other]):
            await call.rest(dial.number("timeLimit", LONGEST_TALK), bridge.over)
    finally:
        call.hears_keys = None
        bridge.end()
        recorded = _record(frame, dial)
        if recorded is not None:
            recorded.started_at = began
            recorded.seconds = (call.clock.now() - began).total_seconds()
            finish_recording(frame.ex, recorded, read_recording_callback(frame, dial))
    result = [
        ("DialCallStatus", "completed"),
        ("DialCallSid", other.sid),
        ("DialCallDuration", str(whole_seconds(began, call.clock.now()))),
        ("DialBridged", "true"),
    ]
    return [*result, ("RecordingUrl", frame.ex.url + recorded.path())] if recorded is not None else result


def _end_on_star(bridge: Bridge) -> Callable[[str], bool]:
    def hear(key: str) -> bool:
        if key == "*":
            bridge.end()
        return True

    return hear


def _record(frame: Frame, dial: Node) -> Recording | None:
    how = dial.get("record", "do-not-record")
    if how == "do-not-record":
        return None
    channels = 2 if how.endswith("-dual") else 1
    call = frame.call
    # Twilio files it under the leg that dialled.
    return Recording(call.account_sid, "DialVerb", call.clock.now(), 0, call_sid=call.sid, channels=channels)
