"""Whether the talk is being recorded, as the representative sees it, and their pause of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from agent_console.answering import done, refused
from agent_console.guard import allow
from agent_console.surroundings import me, telephone
from agent_console.words import say
from ivr.call_control import NotConnectedYet, NothingRecorded, TalkOver, pause_recording, resume_recording
from ivr.gateway import GatewayError
from ivr.recorded.pauses import KEYPAD, open_pauses
from ivr.recorded.rows import running_recording
from ivr.telephone import Telephone
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
    return _asked(talk_id, pause_recording)


@blueprint.post("/desk/talks/<int:talk_id>/recording/resume")
@allow("representative")
def resume(talk_id: int) -> ResponseReturnValue:
    return _asked(talk_id, resume_recording)


def _asked(talk_id: int, act: Callable[[Telephone, int, int], None]) -> ResponseReturnValue:
    try:
        act(telephone(), talk_id, me().id)
    except TalkOver:
        return refused(say("refused.talk_over"))
    except NotConnectedYet:
        return refused(say("refused.not_connected_yet"))
    except NothingRecorded:
        return refused(say("refused.not_recorded"))
    except GatewayError:
        return refused(say("refused.recording_network"), 424)
    return done()
