"""Whether the talk is being recorded, as the representative sees it, and their pause of it."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from agent_console.guard import allow
from agent_console.talk_acts import act_on_talk
from ivr.call_control import pause_recording, resume_recording
from ivr.recorded.pauses import KEYPAD, open_pauses
from ivr.recorded.rows import running_recording
from models.talk_recording import TalkRecording

blueprint = Blueprint("recording_sign", __name__)


@dataclass(frozen=True, slots=True)
class Sign:
    """`state`: expected, recording, paused or keypad; `until`: when a pause of the representative's ends by itself."""

    state: str
    until: datetime | None = None


def read_sign(session: Session, call_sid: str | None) -> Sign | None:
    """None where nothing is recorded. Only what the network has told counts as recording."""
    connection = session.connection()
    recording_id = running_recording(connection, call_sid) if call_sid else None
    if recording_id is None:
        return None
    pauses = open_pauses(connection, recording_id)
    if any(one.reason == KEYPAD for one in pauses):
        return Sign("keypad")
    if pauses:
        return Sign("paused", pauses[0].ends_by)
    return Sign(session.get_one(TalkRecording, recording_id).state)


@blueprint.post("/desk/talks/<int:talk_id>/recording/pause")
@allow("representative")
def pause(talk_id: int) -> ResponseReturnValue:
    return act_on_talk(talk_id, pause_recording, "refused.recording_network")


@blueprint.post("/desk/talks/<int:talk_id>/recording/resume")
@allow("representative")
def resume(talk_id: int) -> ResponseReturnValue:
    return act_on_talk(talk_id, resume_recording, "refused.recording_network")
