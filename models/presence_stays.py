"""Writing down how long a representative was in a state, in the transaction that ends it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Connection, insert, select

from models.presence_stay import PresenceStay
from models.talk import Talk

LONGEST = timedelta(hours=6)


def keep_stay(connection: Connection, staff_id: int, state: str, reason: str, began: datetime, ended: datetime) -> None:
    """Add the stay that is over. While it rang the person was ready: whether they answer is their next state."""
    if ended <= began:
        return
    row = {
        "staff_id": staff_id,
        "state": "ready" if state == "offered" else state,
        "reason": reason,
        "talk_id": _last_talk(connection, staff_id) if state == "wrap_up" else None,
    }
    rows = [{**row, "began_at": start, "ended_at": end} for start, end in pieces(began, ended)]
    connection.execute(insert(PresenceStay), rows)


def pieces(began: datetime, ended: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The stretch in pieces of at most six hours, so that a report need look back no further."""
    while began < ended:
        end = min(began + LONGEST, ended)
        yield began, end
        began = end


def _last_talk(connection: Connection, staff_id: int) -> int | None:
    last = select(Talk.id).where(Talk.staff_id == staff_id).order_by(Talk.id.desc()).limit(1)
    return connection.scalar(last)
