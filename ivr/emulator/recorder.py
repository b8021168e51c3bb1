"""Brings a recording from the telephone to the shelf."""

from array import array
from functools import partial
from typing import TYPE_CHECKING

from ivr.emulator.call import Callback
from ivr.emulator.conference import Conference
from ivr.emulator.exchange import Exchange
from ivr.emulator.participant import Participant
from ivr.emulator.recording import Recording
from ivr.emulator.tape import Tape

if TYPE_CHECKING:
    from ivr.emulator.voice.block import Samples


def start_recording(ex: Exchange, conference: Conference) -> None:
    """Record a room from the moment two are in it, where its first participant asked for that."""
    if not conference.records or conference.recording is not None or conference.mixing_since is None:
        return
    tape = Tape()
    recording = Recording(ex.settings.account_sid, "Conference", conference.mixing_since, 0, tape=tape)
    recording.conference_sid, recording.status = conference.sid, "in-progress"
    ex.recordings[recording.sid] = conference.recording = recording
    if ex.mixer is not None:
        conference.tap = ex.mixer.tap(conference, partial(_take_block, tape))
    tell_recording(ex, recording, conference.record_to)


def stop_recording(ex: Exchange, conference: Conference) -> None:
    """The room is over, or nobody wants the rest of it. A second time changes nothing."""
    recording, conference.recording, conference.records = conference.recording, None, False
    if ex.mixer is not None and conference.tap is not None:
        ex.mixer.untap(conference.tap)
        conference.tap = None
    if recording is None:
        return
    recording.end(ex.clock.now())
    finish_recording(ex, recording, conference.record_to)


def _take_block(tape: Tape, at: float, block: "Samples") -> None:
    """Real voices. Loaded only here: an emulator without voice does without the library."""
    from ivr.emulator.voice.block import for_telephone

    tape.put(at, array("h", for_telephone(block).tobytes()))


def take_voice(ex: Exchange, conference: Conference, participant: Participant, seconds: float) -> None:
    """Somebody in the room speaks for so long: on the tape, if a recording takes them now.

    For a telephone that carries sound, the mixer brings what it says; for the others a tone stands.
    """
    recording = conference.recording
    if recording is None or recording.tape is None or participant not in conference.recorded():
        return
    if ex.mixer is not None and ex.mixer.carries(participant.call):
        return
    at = (participant.call.clock.now() - recording.started_at).total_seconds()
    recording.tape.put_tone(at, seconds)


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
