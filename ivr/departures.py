"""Callers who leave: hung up, or out of the queue by a key. Each stay in a queue ends exactly once."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from ivr.desk_events import CALLER_GONE, EVERYBODY, QUEUE, for_staff, tell_desk
from ivr.offers import withdraw_offers
from ivr.talks import close_talk
from ivr.transfers import of_caller, part_service
from models.leg import Leg
from models.queue_entry import QueueEntry
from models.talk import Talk


def leave_queue(
    connection: Connection, call_sid: str, ended_as: str, now: datetime, *, left_key: str | None = None
) -> bool:
    """The caller's own way out (`callback`, `voicemail`, `overflow`, `closed`, `error`).

    False if a representative has accepted first, or there is no live entry: then the key has lost and the talk goes on.
    """
    entry = connection.execute(
        update(QueueEntry)
        .where(QueueEntry.call_sid == call_sid, QueueEntry.state.in_(("waiting", "offered")))
        .values(state="ended", ended_at=now, ended_as=ended_as, left_key=left_key)
        .returning(QueueEntry.id, QueueEntry.queue)
    ).one_or_none()
    if entry is None:
        return False
    withdraw_offers(connection, entry.id, now)
    tell_desk(connection, QUEUE, entry.queue, EVERYBODY, now)
    return True


def caller_left(connection: Connection, call_sid: str, now: datetime) -> None:
    """The caller's call is over: close their queue entry and their talk, stop the ringing. Repeats change nothing."""
    leave_queue(connection, call_sid, "abandoned", now)
    talks = connection.execute(
        select(Talk.id, Talk.state, Talk.staff_id).where(Talk.call_sid == call_sid, Talk.state != "ended")
    ).all()
    for talk in talks:
        if close_talk(connection, talk.id, "caller", now) and talk.state == "connecting":
            tell_desk(connection, CALLER_GONE, talk.id, for_staff(talk.staff_id), now)
    part_service(connection, of_caller(call_sid), "caller_left", now)
    connection.execute(
        update(Leg)
        .where(Leg.sid == call_sid, Leg.role == "citizen", Leg.state != "out")
        .values(state="out", left_at=now, status="completed")
    )
    # A talk lost a moment ago has put the entry back in line: that stay ends too.
    connection.execute(
        update(QueueEntry)
        .where(QueueEntry.call_sid == call_sid, QueueEntry.ended_at.is_(None))
        .values(state="ended", ended_at=now, ended_as="abandoned")
    )
