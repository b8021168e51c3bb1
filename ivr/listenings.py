"""A supervisor in somebody's talk, as rows: begun when their line is in, one row for each way of it, ended once."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, insert, select, update

from ivr.accounting import account
from ivr.commands import HANG_UP, SILENCE, add_command
from ivr.desk_events import LISTENING, SUPERVISORS, for_staff, tell_desk
from models.leg import Leg
from models.listening import Listening
from models.talk import Talk

LISTEN, WHISPER, BARGE = "listen", "whisper", "barge"
MODES = (LISTEN, WHISPER, BARGE)


def begin_listening(connection: Connection, talk_id: int, staff_id: int, leg_id: int, now: datetime) -> None:
    """The supervisor's line is in, muted. Any other line of theirs ends: nobody listens in two places."""
    before = _end(connection, Listening.staff_id == staff_id, "supervisor", now)
    for row in before:
        hang_up_line(connection, row.leg_id, now)
    values = {"talk_id": talk_id, "staff_id": staff_id, "leg_id": leg_id, "mode": LISTEN, "began_at": now}
    connection.execute(insert(Listening).values(**values))
    account(connection, f"staff:{staff_id}", "listening_began", f"talk:{talk_id}", now, _of_talk(connection, talk_id))
    _tell(connection, talk_id, now)


def change_mode(connection: Connection, talk_id: int, staff_id: int, mode: str, now: datetime) -> str | None:
    """From now on in this way. Returns the way before, None where this person does not listen."""
    live = (Listening.talk_id == talk_id) & (Listening.staff_id == staff_id)
    row = connection.execute(
        select(Listening.leg_id, Listening.mode).where(live, Listening.ended_at.is_(None))
    ).one_or_none()
    if row is None or row.mode == mode:
        return None if row is None else mode
    _end(connection, live, "mode", now)
    values = {"talk_id": talk_id, "staff_id": staff_id, "leg_id": row.leg_id, "mode": mode, "began_at": now}
    connection.execute(insert(Listening).values(**values))
    data = {"from": row.mode, "to": mode}
    account(connection, f"staff:{staff_id}", "listening_changed", f"talk:{talk_id}", now, data)
    _tell(connection, talk_id, now)
    return str(row.mode)


def end_listening(connection: Connection, which: ColumnElement[bool], ended_by: str, now: datetime) -> int:
    """End the listening that `which` names, each once. Returns how many did."""
    ended = _end(connection, which, ended_by, now)
    for row in ended:
        data = {"mode": row.mode, "ended_by": ended_by}
        account(connection, f"staff:{row.staff_id}", "listening_ended", f"talk:{row.talk_id}", now, data)
        _tell(connection, row.talk_id, now)
    return len(ended)


def silence_whispers(connection: Connection, talk_id: int, now: datetime) -> None:
    """The line that was whispered to is gone: nothing of it may reach the caller, so the whisperer is muted."""
    live = (Listening.talk_id == talk_id) & (Listening.mode == WHISPER) & Listening.ended_at.is_(None)
    for row in connection.execute(select(Listening.staff_id, Listening.leg_id).where(live)).all():
        change_mode(connection, talk_id, row.staff_id, LISTEN, now)
        mute_line(connection, row.leg_id, now)


def mute_line(connection: Connection, leg_id: int, now: datetime) -> None:
    """Have the router close a supervisor's microphone, until it succeeds or they have chosen to speak again."""
    key = f"leg:{leg_id}:silence:{int(now.timestamp() * 1000)}"
    add_command(connection, key, SILENCE, {"leg_id": leg_id}, now)


def listens_only(connection: Connection, leg_id: int) -> bool:
    """True unless this line whispers or speaks by now."""
    speaks = (Listening.leg_id == leg_id) & (Listening.mode != LISTEN) & Listening.ended_at.is_(None)
    return connection.scalar(select(Listening.id).where(speaks)) is None


def hang_up_line(connection: Connection, leg_id: int, now: datetime) -> None:
    """Have the router end a supervisor's line that is still in."""
    sid = connection.scalar(select(Leg.sid).where(Leg.id == leg_id, Leg.state == "in"))
    if sid is not None:
        add_command(connection, f"leg:{leg_id}:hang_up", HANG_UP, {"sid": sid}, now)


def _end(connection: Connection, which: ColumnElement[bool], ended_by: str, now: datetime) -> list[Listening]:
    ended = connection.execute(
        update(Listening)
        .where(which, Listening.ended_at.is_(None))
        .values(ended_at=now, ended_by=ended_by)
        .returning(Listening.talk_id, Listening.staff_id, Listening.leg_id, Listening.mode)
    )
    return list(ended.all())  # type: ignore[arg-type]  # rows with these four columns


def _of_talk(connection: Connection, talk_id: int) -> dict[str, int | None]:
    return {"staff": connection.scalar(select(Talk.staff_id).where(Talk.id == talk_id))}


def _tell(connection: Connection, talk_id: int, now: datetime) -> None:
    staff_id = connection.scalar(select(Talk.staff_id).where(Talk.id == talk_id))
    tell_desk(connection, LISTENING, talk_id, SUPERVISORS, now)
    if staff_id is not None:
        tell_desk(connection, LISTENING, talk_id, for_staff(staff_id), now)
