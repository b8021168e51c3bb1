"""What a caller is promised: to be rung back, or that a message is kept. The rows are written with the turn."""

from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection, select

from flows.loader import BrokenFlow
from flows.values import BookCallback, KeepMessage, State
from ivr.asking import Asker, Told
from ivr.desk_events import CALL_BACK, EVERYBODY, VOICE_MESSAGE, tell_desk
from ivr.numbers import to_e164
from ivr.opening import UnknownCalendar, calendar_of, ring_back_by
from ivr.outbox import Nudges
from ivr.pinned import NoFlow
from ivr.recordings import recording_address
from ivr.telephone import Telephone
from models.call import Call
from models.call_back import CallBack
from models.insert import InsertOnce
from models.queue_entry import QueueEntry
from models.reference import new_reference
from models.voice_message import VoiceMessage

log = structlog.get_logger()

_insert_call_back = InsertOnce(CallBack)
_insert_message = InsertOnce(VoiceMessage)


def book(asker: Asker, state: State, request: BookCallback) -> Told:
    """`booked`, with the number, the time and the request's own reference. Who is promised a call already keeps it."""
    number = to_e164(request.number)
    if number is None:
        return Told("failed")
    with asker.telephone.store.read() as connection:
        open_one = _open_call_back(connection, number)
        place = _place_of(connection, asker.call_sid)
        due_by = ring_back_by(connection, calendar_of(asker.flow), asker.now)
        reference = new_reference(connection, asker.now)
    if open_one is not None:
        return Told("booked", _facts(request.number, *open_one))
    values = {
        "number": number,
        "language": state.language,
        "reason": "asked",
        "call_sid": asker.call_sid,
        "effect_key": f"{asker.call_sid}:{asker.turn}:r{request.request}",
        "queue": place[0] if place else "",
        "ahead_since": place[1] if place and request.keep_place else None,
        "due_by": due_by,
        "request_reference": reference,
        "created_at": asker.now,
    }
    return Told(
        "booked",
        _facts(request.number, due_by, reference),
        write=lambda connection, nudges: add_call_back(connection, nudges, values),
    )


def keep_message(asker: Asker, state: State, request: KeepMessage) -> Told:
    """`kept`, with the request's own reference."""
    with asker.telephone.store.read() as connection:
        reference = new_reference(connection, asker.now)
    contact = state.notes.get("contact_number", "")
    values = {
        "call_sid": asker.call_sid,
        "recording_sid": request.recording,
        "recording_url": recording_address(asker.telephone.config, request.recording),
        "seconds": request.seconds,
        "language": state.language,
        "category": state.notes.get("category"),
        "number": to_e164(contact) or asker.from_number,
        "becomes": request.becomes,
        "request_reference": reference,
        "created_at": asker.now,
    }

    def write(connection: Connection, nudges: Nudges) -> None:
        message_id = _insert_message.add_returning_id(connection, values)
        if message_id is not None:
            tell_desk(connection, VOICE_MESSAGE, message_id, EVERYBODY, asker.now)
            nudges.desk = True

    return Told("kept", {"request.reference": reference}, write=write)


def add_call_back(connection: Connection, nudges: Nudges, values: dict[str, Any]) -> None:
    """Promise a call, unless one is promised to this number already."""
    if _open_call_back(connection, values["number"]) is not None:
        return
    call_back_id = _insert_call_back.add_returning_id(connection, values)
    if call_back_id is not None:
        tell_desk(connection, CALL_BACK, call_back_id, EVERYBODY, values["created_at"])
        nudges.desk = True


def due_by_of_call(telephone: Telephone, connection: Connection, call_sid: str, now: datetime) -> datetime:
    """Until when whoever called is to be rung back, by the hours that their call went by.

    A call that nobody knows, or whose menus or calendar can be read no more, has the usual time: what is promised to
    the others must not wait for it.
    """
    version = connection.scalar(select(Call.flow_version_id).where(Call.sid == call_sid))
    try:
        calendar = None if version is None else calendar_of(telephone.flows.get(connection, version))
        return ring_back_by(connection, calendar, now)
    except (NoFlow, BrokenFlow, UnknownCalendar) as error:
        log.warning("promise_without_hours", call_sid=call_sid, kind=type(error).__name__)
        return ring_back_by(connection, None, now)


def _open_call_back(connection: Connection, number: str) -> tuple[datetime, str] | None:
    """Until when, and under which reference, a call is promised to this number."""
    wanted = select(CallBack.due_by, CallBack.request_reference).where(
        CallBack.number == number, CallBack.state.in_(("open", "taken"))
    )
    row = connection.execute(wanted.order_by(CallBack.id).limit(1)).first()
    return (row.due_by, row.request_reference) if row else None


def _place_of(connection: Connection, call_sid: str) -> tuple[str, datetime] | None:
    """The queue that this call stood in last, and since when its place counts."""
    stood = select(QueueEntry.queue, QueueEntry.ahead_since).where(QueueEntry.call_sid == call_sid)
    row = connection.execute(stood.order_by(QueueEntry.id.desc()).limit(1)).first()
    return (row.queue, row.ahead_since) if row else None


def _facts(number: str, due_by: datetime, reference: str) -> dict[str, str]:
    return {"callback.number": number, "callback.by": due_by.isoformat(), "request.reference": reference}
