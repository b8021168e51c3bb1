"""The representative pauses the recording of their talk, and goes on with it."""

from typing import Any

from sqlalchemy import Connection, select

from ivr.call_control.refusals import NotConnectedYet, NothingRecorded, TalkOver
from ivr.holding import conference_sid
from ivr.recorded.control import pause, resume
from ivr.recorded.pauses import KEYPAD, REPRESENTATIVE, open_pauses
from ivr.recorded.rows import running_recording
from ivr.telephone import Telephone
from models.talk import Talk


def pause_recording(telephone: Telephone, talk_id: int, staff_id: int) -> None:
    """Nothing is taken in, for two minutes at most.

    Raises TalkOver, NotConnectedYet, NothingRecorded or GatewayError.
    """
    with telephone.store.read() as connection:
        talk, recording_id = _mine(connection, talk_id, staff_id)
    sid = conference_sid(telephone, talk.conference, talk.conference_sid)
    if sid is None:
        raise NotConnectedYet
    if not pause(telephone, recording_id, talk_id, REPRESENTATIVE, staff_id, sid):
        raise NothingRecorded


def resume_recording(telephone: Telephone, talk_id: int, staff_id: int) -> None:
    """Go on recording. Repeats do nothing. Raises TalkOver, NotConnectedYet, NothingRecorded or GatewayError."""
    with telephone.store.read() as connection:
        _, recording_id = _mine(connection, talk_id, staff_id)
        mine = [one.id for one in open_pauses(connection, recording_id) if one.reason == REPRESENTATIVE]
    for pause_id in mine:
        resume(telephone, pause_id, REPRESENTATIVE)


def pause_at_keypad(telephone: Telephone, talk_id: int) -> None:
    """Nothing is taken in while the caller types a code. Raises GatewayError: then they must not be asked for one."""
    with telephone.store.read() as connection:
        talk = _live(connection, talk_id)
        recording_id = running_recording(connection, talk.call_sid) if talk is not None else None
    if talk is None or recording_id is None:
        return
    sid = conference_sid(telephone, talk.conference, talk.conference_sid)
    if sid is not None:
        pause(telephone, recording_id, talk_id, KEYPAD, None, sid)


def _mine(connection: Connection, talk_id: int, staff_id: int) -> tuple[Any, int]:
    talk = _live(connection, talk_id)
    if talk is None or talk.staff_id != staff_id or talk.guest_of is not None:
        raise TalkOver
    recording_id = running_recording(connection, talk.call_sid) if talk.call_sid else None
    if recording_id is None:
        raise NothingRecorded
    return talk, recording_id


def _live(connection: Connection, talk_id: int) -> Any:
    columns = (Talk.call_sid, Talk.conference, Talk.conference_sid, Talk.staff_id, Talk.guest_of)
    return connection.execute(select(*columns).where(Talk.id == talk_id, Talk.state == "live")).one_or_none()
