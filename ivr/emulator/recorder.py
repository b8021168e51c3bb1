"""Brings a recording from the telephone to the shelf."""

from ivr.emulator.call import Callback
from ivr.emulator.exchange import Exchange
from ivr.emulator.recording import Recording


def finish_recording(ex: Exchange, recording: Recording, to: Callback | None) -> None:
    """The sound is over. The file can be fetched a little later: whoever is told at once must not count on it."""
    ex.recordings[recording.sid] = recording
    recording.status = "processing" if recording.seconds else "absent"
    recording.updated_at = ex.clock.now()
    ex.spawn(_shelve(ex, recording, to))


async def _shelve(ex: Exchange, recording: Recording, to: Callback | None) -> None:
    await ex.clock.sleep(ex.settings.recording_seconds)
    if recording.status == "processing":
        recording.status = "completed"
    recording.updated_at = ex.clock.now()
    tell_recording(ex, recording, to)


def tell_recording(ex: Exchange, recording: Recording, to: Callback | None) -> None:
    """Tell its status, where that was asked for."""
    if to is not None and recording.status in to.events | {"absent"}:
        ex.callbacks.tell("recording", recording.sid, to, recording.params(ex.url))
