"""How long a caller was held: begun and ended once each, whoever tells of it first."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from ivr.desk_events import SUPERVISORS, TALK, tell_desk
from ivr.microphones import count_anew
from models.talk import Talk


def note_hold(connection: Connection, talk_id: int, held: bool, now: datetime) -> bool:
    """The caller of this talk is held, or is so no more. False if that was known: then nothing changes."""
    if held:
        begun = connection.execute(
            update(Talk)
            .where(Talk.id == talk_id, Talk.held.is_(False), Talk.state == "live")
            .values(held=True, held_since=now)
        )
        return _tell(connection, talk_id, begun.rowcount == 1, now)
    since = connection.scalar(select(Talk.held_since).where(Talk.id == talk_id))
    seconds = round((now - since).total_seconds()) if since is not None else 0
    over = connection.execute(
        update(Talk)
        .where(Talk.id == talk_id, Talk.held)
        .values(held=False, held_since=None, held_s=Talk.held_s + max(0, seconds))
    )
    count_anew(connection, talk_id, now)
    return _tell(connection, talk_id, over.rowcount == 1, now)


def _tell(connection: Connection, talk_id: int, changed: bool, now: datetime) -> bool:
    """The board shows who is held."""
    if changed:
        tell_desk(connection, TALK, talk_id, SUPERVISORS, now)
    return changed
