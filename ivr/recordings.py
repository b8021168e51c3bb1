"""Recordings of callers: where their sound is, and whether it is there yet."""

from datetime import datetime

from sqlalchemy import Connection, select

from config import Config
from ivr.telephone import Telephone
from models.insert import InsertOnce
from models.late_event import LateEvent

KIND = "recording"
READY = "completed"
_PROVIDER = "https://api.twilio.com"
_PATIENCE = 0.8  # seconds within a webhook; the sound of a message is usually there by then
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


def await_recording(telephone: Telephone, recording: str) -> str | None:
    """The address of the sound, as soon as it is told to be ready; None if that takes longer than a second.

    To play what is not there yet would be an error of the document, and could cut the caller off.
    """
    waited = 0.0
    while not _is_ready(telephone, recording):
        if waited >= _PATIENCE:
            return None
        telephone.clock.sleep(_STEP)
        waited += _STEP
    return recording_address(telephone.config, recording)


def _is_ready(telephone: Telephone, recording: str) -> bool:
    ready = select(LateEvent.id).where(
        LateEvent.subject == recording, LateEvent.kind == KIND, LateEvent.status == READY
    )
    with telephone.store.read() as connection:
        return connection.scalar(ready.limit(1)) is not None
