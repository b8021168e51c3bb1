"""Recordings of callers: where their sound is, and whether it is there yet."""

from datetime import datetime

from sqlalchemy import Connection, select

from config import Config
from flows.values import AwaitRecording, State
from ivr.asking import Asker, Told, Unsettled
from ivr.telephone import Telephone
from models.insert import InsertOnce
from models.late_event import LateEvent

KIND = "recording"
READY = "completed"
_PROVIDER = "https://api.twilio.com"
PATIENCE = 8.0  # seconds until the caller goes on without hearing their message
_SLICE = 0.8  # of them within one webhook; the sound is usually there by then
_STEP = 0.1

_insert_event = InsertOnce(LateEvent)


def recording_address(config: Config, recording: str) -> str:
    """Where the sound of a recording is, by its SID."""
    base = config.twilio_api_base_url or _PROVIDER
    return f"{base}/2010-04-01/Accounts/{config.twilio_account_sid}/Recordings/{recording}.wav"


def note_recording(connection: Connection, recording: str, status: str, now: datetime) -> None:
    """Write down what the provider says of a recording: `completed` when its sound can be fetched."""
    values = {"kind": KIND, "subject": recording, "status": status, "data": {}, "why": "told", "at": now}
    _insert_event.add(connection, values)


def await_recording(asker: Asker, state: State, request: AwaitRecording) -> Told | Unsettled:
    """`ready` as soon as the sound is told to be there, `absent` once it is told never to be, `late` after a while.

    To play what is not there yet would be an error of the document, and could cut the caller off.
    """
    telephone = asker.telephone
    until = asker.resume.get("until", "")
    until_s = float(until) if until.isdecimal() else asker.now.timestamp() + PATIENCE
    waited = 0.0
    while (status := _status_of(telephone, request.recording)) is None and waited < _SLICE:
        telephone.clock.sleep(_STEP)
        waited += _STEP
    if status is not None:
        return Told("ready" if status == READY else "absent")
    if telephone.clock.now().timestamp() >= until_s:
        return Told("late")
    return Unsettled(f"until={until_s:.0f}")


def _status_of(telephone: Telephone, recording: str) -> str | None:
    told = select(LateEvent.status).where(LateEvent.subject == recording, LateEvent.kind == KIND)
    with telephone.store.read() as connection:
        statuses = connection.scalars(told).all()
    return READY if READY in statuses else next(iter(statuses), None)
