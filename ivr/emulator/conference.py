"""A room of a name where calls hear each other."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ivr.emulator.call import Callback
from ivr.emulator.callbacks import Callbacks
from ivr.emulator.clock import Clock
from ivr.emulator.names import new_sid, rfc2822
from ivr.emulator.outgoing import Params
from ivr.emulator.participant import Participant
from ivr.emulator.recording import Recording

if TYPE_CHECKING:
    from ivr.emulator.voice.tap import Tap

# How events are told, and how they are asked for.
EVENTS = {
    "conference-start": "start",
    "conference-end": "end",
    "participant-join": "join",
    "participant-leave": "leave",
    "participant-mute": "mute",
    "participant-unmute": "mute",
    "participant-hold": "hold",
    "participant-unhold": "hold",
    "participant-modify": "modify",
    "announcement-end": "announcement",
    "announcement-fail": "announcement",
}
ENDED_BY_API = "conference-ended-via-api"


class Conference:
    """There while someone is in it. The first one in decides where its events are told."""

    def __init__(self, name: str, account_sid: str, clock: Clock, callbacks: Callbacks) -> None:
        self.name = name
        self.account_sid = account_sid
        self.sid = new_sid("CF")
        self.created_at = self.updated_at = clock.now()
        self.mixing_since: datetime | None = None
        self.status = "init"
        self.participants: list[Participant] = []
        self.started = asyncio.Event()
        self.callback: Callback | None = None
        self.record_to: Callback | None = None  # where a recording is told; with `records`
        self.records = False
        self.recording: Recording | None = None  # the one that runs
        self.tap: Tap | None = None  # brings it the voices, where sound is carried
        self.reason = ""
        self.ended_by = ""
        self._clock = clock
        self._callbacks = callbacks
        self._callback_fixed = False
        self._sequence = 0

    @property
    def live(self) -> bool:
        return self.status != "completed"

    def fix_callback(self, callback: Callback | None) -> None:
        """Only the first to come decides; even one that asks for nothing."""
        if not self._callback_fixed:
            self.callback = callback
            self._callback_fixed = True

    def find(self, who: str) -> Participant | None:
        """By call or by label."""
        return next((each for each in self.participants if who in (each.call.sid, each.label)), None)

    def heard_by(self, listener: Participant) -> list[Participant]:
        """Whom a participant hears now. Who coaches is heard by the coached one alone; nobody hears on hold."""
        if not self.started.is_set() or listener.hold:
            return []
        return [each for each in self.participants if each is not listener and each.is_heard_by(listener)]

    def recorded(self) -> list[Participant]:
        """Whose voice a recording of the room takes now: a whisper is not in it."""
        heard = self.participants if self.started.is_set() else []
        return [each for each in heard if not (each.muted or each.hold or each.coaching)]

    def join(self, participant: Participant) -> None:
        participant.joined_at = participant.updated_at = self._clock.now()
        self.participants.append(participant)
        self.tell("participant-join", participant)
        self._start_when_ready()

    def _start_when_ready(self) -> None:
        ready = len(self.participants) > 1 and any(each.start_on_enter for each in self.participants)
        if ready and self.status == "init":
            self.status = "in-progress"
            self.mixing_since = self.updated_at = self._clock.now()
            self.tell("conference-start")
            self.started.set()

    def leave(self, participant: Participant, reason: str, *, kicked: bool = False) -> None:
        """Take one out; the room ends with the last one, or with one who ends it. A second time changes nothing."""
        if participant not in self.participants:
            return
        self._take_out(participant, reason)
        how = "kicked" if kicked else "left"
        if participant.end_on_exit:
            self.end(f"participant-with-end-conference-on-exit-{how}", "moderator_ended_conference", participant)
        elif not self.participants:
            self.end(f"last-participant-{how}", "", participant)

    def end(self, reason: str, left_reason: str, by: Participant | None = None) -> None:
        """End the room; whoever is still in it goes on with what follows on its own call."""
        if not self.live:
            return
        self.status = "completed"
        self.updated_at = self._clock.now()
        self.reason = reason
        self.ended_by = by.call.sid if by else ""
        for participant in list(self.participants):
            self._take_out(participant, left_reason)
        more = [("ReasonConferenceEnded", reason), ("Reason", _in_words(reason, by))]
        if by is not None:
            more.append(("CallSidEndingConference", by.call.sid))
            if by.label:
                more.append(("ParticipantLabelEndingConference", by.label))
        self.tell("conference-end", more=more)

    def _take_out(self, participant: Participant, reason: str) -> None:
        self.participants.remove(participant)
        more = [("ParticipantCallStatus", participant.call.status), ("ReasonParticipantLeft", reason)]
        self.tell("participant-leave", participant, more)
        if not participant.left.done():
            participant.left.set_result(reason)

    def tell(self, event: str, participant: Participant | None = None, more: Params = ()) -> None:
        """Tell an event, where it was asked for."""
        if participant is not None:
            participant.updated_at = self._clock.now()
        if self.callback is None or EVENTS[event] not in self.callback.events:
            return
        self._sequence += 1
        about = [
            ("ConferenceSid", self.sid),
            ("FriendlyName", self.name),
            ("AccountSid", self.account_sid),
            ("SequenceNumber", str(self._sequence)),
            ("Timestamp", rfc2822(self._clock.now()) or ""),
            ("StatusCallbackEvent", event),
        ]
        whom = participant.params() if participant is not None else ()
        self._callbacks.tell("conference", self.sid, self.callback, [*about, *whom, *more])

    def as_json(self) -> dict[str, Any]:
        """As the REST API shows it."""
        uri = f"/2010-04-01/Accounts/{self.account_sid}/Conferences/{self.sid}"
        return {
            "account_sid": self.account_sid,
            "sid": self.sid,
            "friendly_name": self.name,
            "status": self.status,
            "region": "us1",
            "api_version": "2010-04-01",
            "date_created": rfc2822(self.created_at),
            "date_updated": rfc2822(self.updated_at),
            "call_sid_ending_conference": self.ended_by or None,
            # The published description knows no empty reason, so it is there only once there is one.
            **({"reason_conference_ended": self.reason} if self.reason else {}),
            "uri": f"{uri}.json",
            "subresource_uris": {
                "participants": f"{uri}/Participants.json",
                "recordings": f"{uri}/Recordings.json",
            },
        }


def _in_words(reason: str, by: Participant | None) -> str:
    if by is None:
        return "Conference ended via API"
    return f"Participant {by.call.sid}: {reason.replace('-', ' ')}"
