"""Numbers whose calls go to the voice for a while: a day the first time, then a week. Never for ever."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, exists, select, update

from models.call import Call
from models.diversion import Diversion
from models.insert import InsertOnce
from models.queue_entry import QueueEntry

FIRST = timedelta(hours=24)
AGAIN = timedelta(days=7)
REMEMBERED = timedelta(days=30)
REASONS = ("silent", "crank", "abusive")

_insert = InsertOnce(Diversion)


def divert(
    connection: Connection, *, number: str, reason: str, talk_id: int, staff_id: int, now: datetime
) -> datetime | None:
    """Send this number's calls to the voice. Returns until when; None if this talk has done so already."""
    before = select(Diversion.id).where(
        Diversion.number == number, Diversion.until > Diversion.made_at, Diversion.made_at > now - REMEMBERED
    )
    lasts = AGAIN if connection.scalar(before.limit(1)) is not None else FIRST
    row = {"number": number, "reason": reason, "talk_id": talk_id, "made_by": staff_id, "made_at": now}
    made = _insert.add(connection, {**row, "until": now + lasts})
    return now + lasts if made else None


def lift(connection: Connection, talk_id: int, staff_id: int) -> bool:
    """It was a mistake: as if it had never been. False if this person made none in this talk."""
    mine = (Diversion.talk_id == talk_id) & (Diversion.made_by == staff_id)
    return connection.execute(update(Diversion).where(mine).values(until=Diversion.made_at)).rowcount == 1


def is_diverted(number: ColumnElement[str | None], now: datetime) -> ColumnElement[bool]:
    """The condition that calls of this number go to the voice now."""
    return exists(select(Diversion.id).where(Diversion.number == number, Diversion.until > now))


def divert_entry(connection: Connection, call_sid: str, now: datetime) -> bool:
    """A diverted caller who has just joined a queue waits for nobody. True if they are one."""
    from_number = select(Call.from_number).where(Call.sid == call_sid).scalar_subquery()
    sent = connection.execute(
        update(QueueEntry)
        .where(QueueEntry.call_sid == call_sid, QueueEntry.ended_at.is_(None), is_diverted(from_number, now))
        .values(longest_wait_s=0)
    )
    return sent.rowcount == 1
