"""From the provider's form to the event of a flow."""

import hashlib
from collections.abc import Mapping

from flows.values import Event, Keyed, Recorded, Silent, State

Form = Mapping[str, str]


def read_event(form: Form, state: State, at: float) -> Event | None:
    """What the caller did, in the light of what the call waits for. None where this form says nothing about it."""
    if state.expects == "keys":
        digits = form.get("Digits", "")
        return Keyed(state.turn, at, digits) if digits else Silent(state.turn, at)
    if state.expects == "recording":
        return _read_recording(form, state.turn, at)
    return None


def _read_recording(form: Form, turn: int, at: float) -> Recorded:
    digits = form.get("Digits", "")
    seconds = form.get("RecordingDuration", "")
    recording = form.get("RecordingSid") or form.get("RecordingUrl", "").rpartition("/")[2]
    length = int(seconds) if seconds.isdecimal() else 0
    return Recorded(
        turn,
        at,
        recording=recording or None,
        seconds=length,
        ended_by="hang_up" if digits == "hangup" else "key" if digits else "silence",
    )


def digest(event: Event, key: str) -> str:
    """A keyed fingerprint of an event: repeats can be told from changes, and no digits can be read out of it."""
    # The moment is no part of it: a repeat comes later.
    said = [type(event).__name__, *(f"{getattr(event, name, '')}" for name in ("digits", "recording", "result", "key"))]
    return hashlib.blake2b("|".join(said).encode(), digest_size=16, key=key.encode()[:64]).hexdigest()
