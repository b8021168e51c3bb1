"""The rows of recordings. The network's reports may come early, late, twice or never, and move a row forward only."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from sqlalchemy import Connection, select, update

from ivr.desk_events import TALK, for_staff, tell_desk
from ivr.recorded.pauses import close_pauses
from models.insert import InsertOnce
from models.talk import Talk
from models.talk_recording import TalkRecording

_MOST_DIGITS = 6  # of the seconds of a recording
LIVE = ("expected", "recording")  # it may still take something in
_OVER_AS = {"completed": "waiting", "absent": "absent", "failed": "absent"}

_insert_recording = InsertOnce(TalkRecording)


def expect_recording(connection: Connection, talk_id: int, call_sid: str, now: datetime) -> None:
    """The network will record this talk."""
    _insert_recording.add(connection, {"talk_id": talk_id, "call_sid": call_sid, "created_at": now})


def take_report(connection: Connection, conference: str, form: Mapping[str, str], now: datetime) -> int | None:
    """What the network tells of a recording. Returns its row's id once the sound can be fetched."""
    sid = form.get("RecordingSid", "")
    status = form.get("RecordingStatus", "")
    if not sid.isalnum() or (status != "in-progress" and status not in _OVER_AS):
        return None
    row_id = find_row(connection, conference, sid, now)
    if row_id is None:
        return None
    began = _moment(form.get("RecordingStartTime", "")) or now
    if status == "in-progress":
        begun = connection.execute(
            update(TalkRecording)
            .where(TalkRecording.id == row_id, TalkRecording.state == "expected")
            .values(state="recording", began_at=began)
        )
        if begun.rowcount == 1:
            _tell(connection, conference, now)
        return None
    return row_id if end_recording(connection, row_id, status, _seconds(form), began, now) else None


def end_recording(
    connection: Connection, row_id: int, status: str, seconds: int, began: datetime | None, now: datetime
) -> bool:
    """It is over: `completed`, and to be fetched, or `absent`. True if it is to be fetched and was not known to be."""
    values: dict[str, Any] = {"state": _OVER_AS[status], "attempts": 0, "next_try_at": None}
    if status == "completed":
        values |= {"seconds": seconds, "next_try_at": now}
    ended = connection.execute(
        update(TalkRecording)
        .where(TalkRecording.id == row_id, TalkRecording.state.in_(LIVE))
        .values(**values)
        .returning(TalkRecording.talk_id, TalkRecording.began_at)
    ).one_or_none()
    if ended is None:
        return False
    if ended.began_at is None:
        connection.execute(update(TalkRecording).where(TalkRecording.id == row_id).values(began_at=began))
    close_pauses(connection, row_id, "talk_over", now)
    return status == "completed"


def find_row(connection: Connection, conference: str, sid: str, now: datetime) -> int | None:
    """The row of the network's recording `sid`: known, else expected, else a new one. None if the talk is not ours."""
    known = connection.scalar(select(TalkRecording.id).where(TalkRecording.sid == sid))
    if known is not None:
        return known
    talk = connection.execute(
        select(Talk.id, Talk.call_sid).where(Talk.conference == conference, Talk.call_sid.is_not(None))
    ).one_or_none()
    if talk is None:
        return None
    # By the call: a talk may have been handed over, with its conference, since the recording was expected.
    expected = select(TalkRecording.id).where(TalkRecording.call_sid == talk.call_sid, TalkRecording.sid.is_(None))
    own_first = (TalkRecording.talk_id != talk.id, TalkRecording.id)
    row_id = connection.scalar(expected.where(TalkRecording.state == "expected").order_by(*own_first).limit(1))
    if row_id is not None:
        named = update(TalkRecording).where(TalkRecording.id == row_id, TalkRecording.sid.is_(None)).values(sid=sid)
        if connection.execute(named).rowcount == 1:
            return row_id
    # All had left the conference, and it has begun again: another file of the same talk.
    values = {"talk_id": talk.id, "call_sid": talk.call_sid, "sid": sid, "created_at": now}
    return _insert_recording.add_returning_id(connection, values)


def running_recording(connection: Connection, call_sid: str) -> int | None:
    """The recording of this call that may take something in now."""
    mine = select(TalkRecording.id).where(TalkRecording.call_sid == call_sid, TalkRecording.state.in_(LIVE))
    return connection.scalar(mine.order_by(TalkRecording.id.desc()).limit(1))


def _tell(connection: Connection, conference: str, now: datetime) -> None:
    talk = connection.execute(select(Talk.id, Talk.staff_id).where(Talk.conference == conference)).one_or_none()
    if talk is not None:
        tell_desk(connection, TALK, talk.id, for_staff(talk.staff_id), now)


def _seconds(form: Mapping[str, str]) -> int:
    """How long the sound lasts as told; 0 where no length is, and then none is compared with."""
    told = form.get("RecordingDuration", "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) <= _MOST_DIGITS else 0


def _moment(told: str) -> datetime | None:
    try:
        at = parsedate_to_datetime(told)
    except ValueError:
        return None
    return at if at.tzinfo is not None else at.replace(tzinfo=UTC)
