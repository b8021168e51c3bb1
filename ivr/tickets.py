"""One-use tickets by which a representative's browser enters a talk. Only their hashes are stored."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.orm import aliased

from models.leg import Leg
from models.talk import Talk

GOOD_FOR = timedelta(seconds=8)  # the caller is listening to music meanwhile


@dataclass(frozen=True, slots=True)
class Entrance:
    """A leg that a ticket let in. `first` is false when the network only asked again."""

    leg_id: int
    role: str
    talk_id: int
    conference: str
    first: bool


def issue_ticket(
    connection: Connection, talk_id: int, staff_id: int, now: datetime, *, role: str = "representative"
) -> str:
    """Expect one more leg of this person in the talk, and return the ticket that opens it."""
    ticket = secrets.token_urlsafe(24)
    connection.execute(
        insert(Leg).values(
            talk_id=talk_id,
            role=role,
            staff_id=staff_id,
            ticket_hash=_hash(ticket),
            ticket_expires_at=now + GOOD_FOR,
        )
    )
    return ticket


def use_ticket(connection: Connection, ticket: str, sid: str, staff_id: int, now: datetime) -> Entrance | None:
    """Let call `sid` of this person in. None if the ticket is unknown, used by another call, too old, or not theirs."""
    mine = (Leg.ticket_hash == _hash(ticket)) & (Leg.staff_id == staff_id)
    live = select(Talk.id).where(Talk.state != "ended")
    used = connection.execute(
        update(Leg)
        .where(mine, Leg.used_at.is_(None), Leg.ticket_expires_at > now, Leg.talk_id.in_(live))
        .values(used_at=now, sid=sid, state="in", joined_at=now, status="in-progress")
    )
    # A consulted colleague comes into the conference of the talk that they are a guest of.
    host = aliased(Talk)
    row = connection.execute(
        select(Leg.id, Leg.role, Leg.talk_id, func.coalesce(host.conference, Talk.conference).label("conference"))
        .join(Talk, Talk.id == Leg.talk_id)
        .outerjoin(host, host.id == Talk.guest_of)
        .where(mine, Leg.sid == sid, Leg.state != "out", Talk.state != "ended")
    ).one_or_none()
    if row is None:
        return None
    return Entrance(row.id, row.role, row.talk_id, row.conference, first=used.rowcount == 1)


def _hash(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest()
