"""Pausing and going on, in the network and in the rows. What the desk shows is never better than what is so."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from ivr.gateway import GatewayError
from ivr.holding import conference_sid
from ivr.recorded.pauses import begin_pause, end_pause, open_pauses, tell_pause, undo_pause
from ivr.recorded.rows import LIVE
from ivr.telephone import Telephone
from ivr.written import written
from models.recording_pause import RecordingPause
from models.talk import Talk
from models.talk_recording import TalkRecording


def pause(
    telephone: Telephone, recording_id: int, talk_id: int, reason: str, staff_id: int | None, conference: str
) -> bool:
    """Have the network take nothing in. False if it records nothing. Raises GatewayError: then it still records.

    The row comes first, with the command that ends the pause, so that a process that dies here leaves no recording
    silent for ever; the desk is told when the network has done it.
    """
    pause_id = telephone.store.write(
        lambda connection: begin_pause(connection, recording_id, reason, staff_id, telephone.clock.now())
    )
    if pause_id is None:
        return True
    try:
        telephone.gateway.change_recording(conference, "paused")
    except GatewayError as error:
        telephone.store.write(lambda connection: undo_pause(connection, pause_id))
        if error.gone:
            return False
        raise
    written(telephone, lambda connection, now: tell_pause(connection, talk_id, now))
    return True


def resume(telephone: Telephone, pause_id: int, by: str) -> None:
    """End a pause; the network takes in again unless another pause is open. Repeats do nothing. Raises GatewayError."""
    with telephone.store.read() as connection:
        row = connection.execute(
            select(RecordingPause.recording_id, TalkRecording.call_sid, TalkRecording.state)
            .join(TalkRecording, TalkRecording.id == RecordingPause.recording_id)
            .where(RecordingPause.id == pause_id, RecordingPause.ended_at.is_(None))
        ).one_or_none()
        if row is None:
            return
        others = [one for one in open_pauses(connection, row.recording_id) if one.id != pause_id]
        talk = _talk_of(connection, row.call_sid)
    goes_on = False
    if talk is not None and row.state in LIVE and not others:
        sid = conference_sid(telephone, talk.conference, talk.conference_sid)
        goes_on = sid is not None and _resumed(telephone, sid)

    def end(connection: Connection, now: datetime) -> None:
        end_pause(connection, pause_id, by if goes_on or others else "talk_over", now)
        if talk is not None:
            tell_pause(connection, talk.id, now)

    written(telephone, end)


def resume_when_due(telephone: Telephone, payload: Mapping[str, Any]) -> None:
    """The command that ends a pause: its time is over, or its caller is back from the keypad."""
    with telephone.store.read() as connection:
        reason = connection.scalar(select(RecordingPause.reason).where(RecordingPause.id == payload["pause_id"]))
    resume(telephone, payload["pause_id"], "keypad" if reason == "keypad" else payload["by"])


def stop(telephone: Telephone, payload: Mapping[str, Any]) -> None:
    """End the recording of a conference that goes on without us."""
    sid = telephone.gateway.conference_sid(payload["conference"])
    if sid is None:
        return
    try:
        telephone.gateway.change_recording(sid, "stopped")
    except GatewayError as error:
        if not error.gone:
            raise


def _resumed(telephone: Telephone, sid: str) -> bool:
    try:
        telephone.gateway.change_recording(sid, "in-progress")
    except GatewayError as error:
        if error.gone:
            return False
        raise
    return True


def _talk_of(connection: Connection, call_sid: str) -> Any:
    """The talk that this caller is in: after a hand-over it is another person's."""
    live = select(Talk.id, Talk.conference, Talk.conference_sid).where(
        Talk.call_sid == call_sid, Talk.state == "live", Talk.guest_of.is_(None)
    )
    return connection.execute(live.order_by(Talk.id.desc()).limit(1)).one_or_none()
