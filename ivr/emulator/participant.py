"""One call in a conference."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ivr.emulator.call import Call
from ivr.emulator.names import rfc2822
from ivr.emulator.outgoing import Params


@dataclass(eq=False)
class Participant:
    """`left` becomes why the call is out of the conference, where the call itself goes on."""

    call: Call
    label: str = ""
    muted: bool = False
    hold: bool = False
    hold_url: str = ""
    hold_method: str = "GET"
    start_on_enter: bool = True
    end_on_exit: bool = False
    coaching: bool = False
    coached_sid: str = ""
    wait_url: str | None = None  # None: the usual music
    wait_method: str = "POST"
    beep: str = "true"
    joined_at: datetime | None = None
    updated_at: datetime | None = None
    left: "asyncio.Future[str]" = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def params(self) -> Params:
        """The fields that a conference callback tells of a participant."""
        pairs = [
            ("CallSid", self.call.sid),
            ("Muted", _word(self.muted)),
            ("Hold", _word(self.hold)),
            ("Coaching", _word(self.coaching)),
            ("EndConferenceOnExit", _word(self.end_on_exit)),
            ("StartConferenceOnEnter", _word(self.start_on_enter)),
        ]
        if self.label:
            pairs.append(("ParticipantLabel", self.label))
        if self.coached_sid:
            pairs.append(("CallSidToCoach", self.coached_sid))
        return pairs

    def is_heard_by(self, listener: "Participant") -> bool:
        """True if what is said here reaches `listener`, who is not held."""
        if self.muted or self.hold:
            return False
        return not self.coaching or self.coached_sid == listener.call.sid

    def as_json(self, conference_sid: str) -> dict[str, Any]:
        account = self.call.account_sid
        return {
            "account_sid": account,
            "call_sid": self.call.sid,
            "label": self.label or None,
            "call_sid_to_coach": self.coached_sid or None,
            "coaching": self.coaching,
            "conference_sid": conference_sid,
            "date_created": rfc2822(self.joined_at or self.call.created_at),
            "date_updated": rfc2822(self.updated_at or self.joined_at or self.call.updated_at),
            "end_conference_on_exit": self.end_on_exit,
            "muted": self.muted,
            "hold": self.hold,
            "start_conference_on_enter": self.start_on_enter,
            "status": _STATUS.get(self.call.status, "queued"),
            "queue_time": "0",
            "uri": f"/2010-04-01/Accounts/{account}/Conferences/{conference_sid}/Participants/{self.call.sid}.json",
        }


_STATUS = {
    "queued": "queued",
    "initiated": "connecting",
    "ringing": "ringing",
    "in-progress": "connected",
    "completed": "complete",
    "busy": "failed",
    "no-answer": "failed",
    "failed": "failed",
    "canceled": "failed",
}


def _word(value: bool) -> str:
    return "true" if value else "false"
