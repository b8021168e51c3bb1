"""Who has muted themselves: the browser's own word, believed for as long as it is repeated.

The library closes the microphone in the page, and no network tells of it. What is not known is not claimed.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, or_, select, update

from ivr.desk_events import SUPERVISORS, TALK, tell_desk
from models.leg import Leg
from models.talk import Talk

BELIEVED_FOR = timedelta(seconds=25)  # a page repeats it every ten seconds: one of them may be lost


@dataclass(frozen=True, slots=True)
class Microphone:
    """What a page says of its voice: `sid` is its own leg's."""

    sid: str
    muted: bool


def note_microphone(connection: Connection, staff_id: int, told: Microphone, now: datetime) -> bool:
    """Keep what the page of this person says. False if that was known, or if the leg is not theirs or is out."""
    mine = (Leg.sid == told.sid) & (Leg.staff_id == staff_id) & (Leg.role == "representative") & (Leg.state == "in")
    if not told.muted:
        return _change(connection, mine & Leg.muted_since.is_not(None), None, now)
    unknown = or_(Leg.muted_since.is_(None), Leg.muted_until <= now)
    if _change(connection, mine & unknown, now, now):
        return True
    connection.execute(update(Leg).where(mine).values(muted_until=now + BELIEVED_FOR))
    return False


def has_doubts(connection: Connection, now: datetime) -> bool:
    """True if a page has not repeated for too long that its microphone is closed."""
    return connection.scalar(select(Leg.id).where(_doubtful(now)).limit(1)) is not None


def forget_doubtful(connection: Connection, now: datetime) -> bool:
    """Claim nothing of pages that are silent: they may have opened their microphones since. False if there are none."""
    return _change(connection, _doubtful(now), None, now)


def forget_microphone(connection: Connection, leg_id: int, now: datetime) -> None:
    """The leg is out, and its microphone with it."""
    _change(connection, (Leg.id == leg_id) & Leg.muted_since.is_not(None), None, now)


def count_anew(connection: Connection, talk_id: int, now: datetime) -> None:
    """A hold is over. What the caller did not hear before it, music has interrupted."""
    muted = (Leg.talk_id == talk_id) & Leg.muted_since.is_not(None)
    connection.execute(update(Leg).where(muted).values(muted_since=now))


def muted_talks(connection: Connection, talk_ids: Collection[int], now: datetime) -> dict[int, datetime]:
    """Those of the talks that go on in which the caller hears nobody, each with since when.

    Music is no silence: a talk on hold is none of them. While two lines of one person are in, both have to be closed.
    """
    lines = (
        select(Leg.talk_id, Leg.muted_since, Leg.muted_until)
        .join(Talk, Talk.id == Leg.talk_id)
        .where(Leg.talk_id.in_(talk_ids), Leg.role == "representative", Leg.state == "in")
        .where(Talk.state == "live", Talk.held.is_(False))
    )
    since: defaultdict[int, list[datetime | None]] = defaultdict(list)
    for line in connection.execute(lines):
        believed = line.muted_since is not None and line.muted_until > now
        since[line.talk_id].append(line.muted_since if believed else None)
    closed = {talk_id: [at for at in times if at is not None] for talk_id, times in since.items()}
    return {talk_id: max(times) for talk_id, times in closed.items() if len(times) == len(since[talk_id])}


def _doubtful(now: datetime) -> ColumnElement[bool]:
    return Leg.muted_since.is_not(None) & (Leg.muted_until <= now)


def _change(connection: Connection, which: ColumnElement[bool], since: datetime | None, now: datetime) -> bool:
    """Write it, and tell the supervisors of each talk that it changes. False if there is none."""
    values = {"muted_since": since, "muted_until": since and since + BELIEVED_FOR}
    talks = connection.scalars(update(Leg).where(which).values(**values).returning(Leg.talk_id)).all()
    for talk_id in set(talks):
        tell_desk(connection, TALK, talk_id, SUPERVISORS, now)
    return bool(talks)
