"""Pausing and going on, in the network and in the rows. What the desk shows is never better than what is so."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, select

from ivr.gateway import GatewayError
from ivr.holding import conference_sid
from ivr.recorded.pauses import begin_pause, end_pause, is_paused, lock_recording, tell_pause, undo_pause
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
    silent for ever; the desk is told when the network has done it. Where it has not, that command is sent at once:
    another pause may have ended meanwhile, and left it to this one to go on.
    """
    pause_id = telephone.store.write(
        lambda connection: begin_pause(connection, recording_id, reason, staff_id, telephone.clock.now())
    )
    if pause_id is None:
        return True
    try:
        telephone.gateway.change_recording(conference, "paused")
    except GatewayError as error:
        telephone.store.write(lambda connection: undo_pause(connection, pause_id, telephone.clock.now()))
        if error.gone:
            return False
        raise
    written(telephone, lambda connection, now: tell_pause(connection, talk_id, now))
    return True


def resume(telephone: Telephone, pause_id: int, by: str) -> None:
    """End a pause; the network takes in again unless another pause is open. Repeats do nothing. Raises GatewayError."""
    with telephone.store.read() as connection:
        open_one = select(RecordingPause.recording_id).where(
            RecordingPause.id == pause_id, RecordingPause.ended_at.is_(None)
        )
        recording_id = connection.scalar(open_one)
    if recording_id is not None:
        _go_on(telephone, recording_id, pause_id, by)


def resume_when_due(telephone: Telephone, payload: Mapping[str, Any]) -> None:
    """The command that ends a pause: its time is over, its caller is back from the keypad, or it never began."""
    pause_id = payload["pause_id"]
    with telephone.store.read() as connection:
        reason = connection.scalar(select(RecordingPause.reason).where(RecordingPause.id == pause_id))
    if reason is not None:
        resume(telephone, pause_id, "keypad" if reason == "keypad" else payload["by"])
    elif "recording_id" in payload:
        _go_on(telephone, payload["recording_id"], pause_id, payload["by"])


def _go_on(telephone: Telephone, recording_id: int, pause_id: int, by: str) -> None:
    """Bring the network to what is so without this pause, and end it once both agree.

    Other pauses begin and end while the network is asked. Each of them does the same, and looks once more after its
    own request: whoever comes last finds what the others have left.
    """
    talk, live = _recorded_talk(telephone, recording_id)
    sid = conference_sid(telephone, talk.conference, talk.conference_sid) if talk is not None and live else None
    goes_on, others = False, _paused_by_others(telephone, recording_id, pause_id)
    while True:
        if sid is not None and not others:
            goes_on = _changed(telephone, sid, "in-progress")
        elif sid is not None and goes_on:
            _changed(telephone, sid, "paused")

        def end(connection: Connection, now: datetime, assumed: bool = others, taking_in: bool = goes_on) -> bool:
            lock_recording(connection, recording_id)
            if is_paused(connection, recording_id, but=pause_id) is not assumed:
                return False
            end_pause(connection, pause_id, by if taking_in or assumed else "talk_over", now)
            if talk is not None:
                tell_pause(connection, talk.id, now)
            return True

        if written(telephone, end):
            return
        others = not others


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


def _changed(telephone: Telephone, sid: str, to: Literal["in-progress", "paused"]) -> bool:
    """False if the network records nothing any more."""
    try:
        telephone.gateway.change_recording(sid, to)
    except GatewayError as error:
        if error.gone:
            return False
        raise
    return True


def _paused_by_others(telephone: Telephone, recording_id: int, pause_id: int) -> bool:
    with telephone.store.read() as connection:
        return is_paused(connection, recording_id, but=pause_id)


def _recorded_talk(telephone: Telephone, recording_id: int) -> tuple[Any, bool]:
    """The talk that its caller is in (after a hand-over it is another person's), and whether it may take in."""
    with telephone.store.read() as connection:
        row = connection.execute(
            select(TalkRecording.call_sid, TalkRecording.state).where(TalkRecording.id == recording_id)
        ).one()
        live = select(Talk.id, Talk.conference, Talk.conference_sid).where(
            Talk.call_sid == row.call_sid, Talk.state == "live", Talk.guest_of.is_(None)
        )
        talk = connection.execute(live.order_by(Talk.id.desc()).limit(1)).one_or_none()
    return talk, row.state in LIVE
