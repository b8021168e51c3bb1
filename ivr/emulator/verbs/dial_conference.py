"""<Dial><Conference>."""

from collections.abc import Callable
from dataclasses import dataclass

from ivr.emulator.call import Callback, HungUp, Taken
from ivr.emulator.conference import Conference
from ivr.emulator.frame import Frame
from ivr.emulator.listening import listen
from ivr.emulator.outgoing import Params
from ivr.emulator.participant import Participant
from ivr.emulator.recorder import start_recording, stop_recording, take_voice
from ivr.emulator.twiml import Node
from ivr.emulator.verbs.dial_talk import LONGEST_TALK
from ivr.emulator.verbs.record import read_recording_callback

# Whatever happened to the legs, the dialling leg hears only this.
_ANSWERED: Params = [("DialCallStatus", "answered")]
_FAILED: Params = [("DialCallStatus", "failed")]


@dataclass(frozen=True, slots=True)
class _Place:
    conference: Conference
    participant: Participant


async def join_conference(frame: Frame, dial: Node, noun: Node) -> Params:
    """Stay until the room ends or the call is taken out of it."""
    place = _enter(frame, noun)
    if isinstance(place, int):
        frame.ex.alerts.note(place, frame.call.sid, url=frame.document.url)
        return _FAILED
    return await stay(frame, dial, place.conference, place.participant)


def _enter(frame: Frame, noun: Node) -> _Place | int:
    """Take the place, or say by which of Twilio's errors it cannot be taken."""
    ex, call = frame.ex, frame.call
    label, coach = noun.get("participantLabel"), noun.get("coach")
    there = ex.conference(noun.text.strip())
    if label and there and there.find(label):
        return 16025
    if coach and not (there and there.find(coach)):
        return 13240
    conference = ex.open_conference(noun.text.strip())
    if not conference.participants:
        conference.records = noun.get("record") == "record-from-start"
        conference.record_to = read_recording_callback(frame, noun)
    conference.fix_callback(_read_callback(frame, noun))
    wait_url = noun.attributes.get("waitUrl")
    participant = Participant(
        call,
        label=label,
        muted=noun.flag("muted", False),
        start_on_enter=noun.flag("startConferenceOnEnter", True),
        end_on_exit=noun.flag("endConferenceOnExit", False),
        coaching=bool(coach),
        coached_sid=coach,
        wait_url=frame.resolve(wait_url) if wait_url else wait_url,
        wait_method=noun.get("waitMethod").upper() or "POST",
        beep=noun.get("beep", "true"),
    )
    return _Place(conference, participant)


def _read_callback(frame: Frame, noun: Node) -> Callback | None:
    url = noun.get("statusCallback")
    if not url:
        return None
    events = frozenset((noun.get("statusCallbackEvent") or "").split())
    return Callback(frame.resolve(url), noun.get("statusCallbackMethod").upper() or "POST", events)


async def stay(frame: Frame, dial: Node, conference: Conference, participant: Participant) -> Params:
    """In the room until it ends; leaving it in any way is told."""
    call = frame.call
    call.events.add("conference", text=conference.name)
    if dial.flag("hangupOnStar", False):
        call.hears_keys = _leave_on_star(conference, participant)
    conference.join(participant)
    start_recording(frame.ex, conference)
    call.hears_voice = lambda seconds: take_voice(frame.ex, conference, participant, seconds)
    listening = frame.ex.spawn(listen(frame.ex, conference, participant))
    try:
        with call.hearing(lambda: [each.call for each in conference.heard_by(participant)]):
            await call.rest(dial.number("timeLimit", LONGEST_TALK), participant.left)
        conference.leave(participant, "participant_hung_up")
    except HungUp:
        conference.leave(participant, "participant_hung_up")
        raise
    except Taken:
        conference.leave(participant, "participant_updated_via_api")
        raise
    finally:
        call.hears_keys = call.hears_voice = None
        listening.cancel()
        if not conference.live:
            stop_recording(frame.ex, conference)
    call.events.add("left_conference", text=conference.name)
    return _FAILED if participant.left.done() and participant.left.result() == "wait_failed" else _ANSWERED


def _leave_on_star(conference: Conference, participant: Participant) -> Callable[[str], bool]:
    def hear(key: str) -> bool:
        if key == "*":
            conference.leave(participant, "participant_hung_up")
        return True

    return hear
