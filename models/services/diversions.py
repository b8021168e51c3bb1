"""Numbers whose calls go to the voice for a while: a day the first time, then a week. Never for ever."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, select, update

from models.diversion import Diversion
from models.glance import Glance
from models.insert import InsertOnce
from models.store import Store

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


def is_diverted(store: Store, number: str, now: datetime) -> bool:
    """True if calls of this number go to the voice now."""
    return bool(store.glance(_LOOK_FOR_DIVERSION, {"number": number, "now": now}))


def is_diverted_now(connection: Connection, number: str, now: datetime) -> bool:
    """The same, as this transaction sees it."""
    return connection.scalar(_DIVERSION, {"number": number, "now": now}) is not None


_DIVERSION = select(Diversion.id).where(Diversion.number == bindparam("number"), Diversion.until > bindparam("now"))
_LOOK_FOR_DIVERSION = Glance(_DIVERSION)
