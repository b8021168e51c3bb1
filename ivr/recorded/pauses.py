"""Pauses of recordings as rows: who asked, from when to when. The network is asked elsewhere."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select, update

from ivr.commands import RESUME_RECORDING, add_command, release_command
from ivr.desk_events import TALK, for_staff, tell_desk
from models.insert import InsertOnce
from models.recording_pause import RecordingPause
from models.talk import Talk
from models.talk_recording import TalkRecording

REPRESENTATIVE, KEYPAD = "representative", "keypad"
LONGEST = {REPRESENTATIVE: timedelta(minutes=2), KEYPAD: timedelta(minutes=4)}  # forgotten, it ends by itself

_insert_pause = InsertOnce(RecordingPause)


def begin_pause(
    connection: Connection, recording_id: int, reason: str, staff_id: int | None, now: datetime
) -> int | None:
    """Write that nothing is taken in from now on, and have the router end that in time. None if it is so already."""
    lock_recording(connection, recording_id)
    values = {"recording_id": recording_id, "reason": reason, "staff_id": staff_id, "began_at": now}
    pause_id = _insert_pause.add_returning_id(connection, {**values, "ends_by": now + LONGEST[reason]})
    if pause_id is not None:
        wait_s = LONGEST[reason].total_seconds()
        payload = {"pause_id": pause_id, "recording_id": recording_id, "by": "time"}
        add_command(connection, resume_key(pause_id), RESUME_RECORDING, payload, now, wait_s=wait_s)
    return pause_id


def undo_pause(connection: Connection, pause_id: int, now: datetime) -> None:
    """The network has not paused: there was no pause. What others left to it, the router puts right at once."""
    mine = (RecordingPause.id == pause_id) & RecordingPause.ended_at.is_(None)
    recording_id = connection.scalar(select(RecordingPause.recording_id).where(mine))
    if recording_id is not None:
        lock_recording(connection, recording_id)
        connection.execute(delete(RecordingPause).where(mine))
        release_command(connection, resume_key(pause_id), now)


def lock_recording(connection: Connection, recording_id: int) -> None:
    """Until the commit no other pause of this recording begins or ends.

    A lock alone would let whoever waited for it go on with what was so before: an update makes them begin anew.
    """
    same = update(TalkRecording).where(TalkRecording.id == recording_id).values(attempts=TalkRecording.attempts)
    connection.execute(same)


def end_pause(connection: Connection, pause_id: int, by: str, now: datetime) -> bool:
    """The recording goes on. False if the pause had ended."""
    still = (RecordingPause.id == pause_id) & RecordingPause.ended_at.is_(None)
    ended = connection.execute(update(RecordingPause).where(still).values(ended_at=now, ended_by=by))
    return ended.rowcount == 1


def close_pauses(connection: Connection, recording_id: int, by: str, now: datetime) -> None:
    """The recording is over in the midst of them."""
    still = (RecordingPause.recording_id == recording_id) & RecordingPause.ended_at.is_(None)
    connection.execute(update(RecordingPause).where(still).values(ended_at=now, ended_by=by))


def open_pauses(connection: Connection, recording_id: int) -> list[Any]:
    """Those that run: id, reason, began_at, ends_by."""
    columns = (RecordingPause.id, RecordingPause.reason, RecordingPause.began_at, RecordingPause.ends_by)
    still = (RecordingPause.recording_id == recording_id) & RecordingPause.ended_at.is_(None)
    return list(connection.execute(select(*columns).where(still).order_by(RecordingPause.id)))


def is_paused(connection: Connection, recording_id: int, *, but: int) -> bool:
    """Whether another pause than this one runs."""
    still = (RecordingPause.recording_id == recording_id) & RecordingPause.ended_at.is_(None)
    return connection.scalar(select(RecordingPause.id).where(still, RecordingPause.id != but).limit(1)) is not None


def end_keypad_pause(connection: Connection, call_sid: str, now: datetime) -> None:
    """The caller comes back from the keypad: have the router go on with the recording at once."""
    mine = (
        select(RecordingPause.id)
        .join(TalkRecording, TalkRecording.id == RecordingPause.recording_id)
        .where(TalkRecording.call_sid == call_sid, RecordingPause.reason == KEYPAD, RecordingPause.ended_at.is_(None))
    )
    for pause_id in connection.scalars(mine).all():
        release_command(connection, resume_key(pause_id), now)


def tell_pause(connection: Connection, talk_id: int, now: datetime) -> None:
    """The desk of whoever speaks in this talk shows it."""
    staff_id = connection.scalar(select(Talk.staff_id).where(Talk.id == talk_id))
    if staff_id is not None:
        tell_desk(connection, TALK, talk_id, for_staff(staff_id), now)


def resume_key(pause_id: int) -> str:
    """The key of the command that ends a pause."""
    return f"pause:{pause_id}:resume"
