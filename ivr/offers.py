"""Offers of a caller to a representative: made, missed, withdrawn."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from ivr.desk_events import EVERYBODY, OFFER_MADE, OFFER_OVER, QUEUE, for_staff, tell_desk, tell_presence
from ivr.presences import move_presence, stop_ringing
from models.offer import Offer
from models.presence import Presence
from models.queue_entry import QueueEntry

RINGS_FOR = timedelta(seconds=20)


class LockedOffer(NamedTuple):
    """Whom an offer is about."""

    entry_id: int
    staff_id: int


def make_offer(connection: Connection, entry_id: int, staff_id: int, now: datetime) -> int | None:
    """Ring one representative for one caller. None if either is not free any more: then nothing changes."""
    with connection.begin_nested() as attempt:
        entry = connection.execute(
            update(QueueEntry)
            .where(QueueEntry.id == entry_id, QueueEntry.state == "waiting")
            .values(state="offered")
            .returning(QueueEntry.call_sid, QueueEntry.queue)
        ).one_or_none()
        # `since` stays: a caller who hangs up while it rings must not cost the representative their turn.
        ready = connection.execute(
            update(Presence)
            .where(Presence.staff_id == staff_id, Presence.state == "ready", Presence.lease_until > now)
            .values(state="offered", call_sid=entry.call_sid if entry else None)
        )
        if entry is None or ready.rowcount != 1:
            attempt.rollback()
            return None
        offer_id = connection.execute(
            insert(Offer)
            .values(entry_id=entry_id, staff_id=staff_id, made_at=now, expires_at=now + RINGS_FOR)
            .returning(Offer.id)
        ).scalar_one()
    tell_desk(connection, OFFER_MADE, offer_id, for_staff(staff_id), now)
    tell_desk(connection, QUEUE, entry.queue, EVERYBODY, now)
    tell_presence(connection, staff_id, now)
    return offer_id


def miss_offer(connection: Connection, offer_id: int, now: datetime, *, reason: str = "") -> bool:
    """Nobody answered: the caller waits on in the same place, the person is not rung again until they ask."""
    row = lock_offer(connection, offer_id)
    if row is None or not decide_offer(connection, offer_id, "missed", now):
        return False
    connection.execute(
        update(QueueEntry).where(QueueEntry.id == row.entry_id, QueueEntry.state == "offered").values(state="waiting")
    )
    move_presence(connection, row.staff_id, ("offered",), "missed", now, reason=reason)
    tell_desk(connection, OFFER_OVER, offer_id, for_staff(row.staff_id), now)
    return True


def withdraw_offers(connection: Connection, entry_id: int, now: datetime) -> None:
    """The caller is gone or has chosen otherwise: stop ringing, and the representative is ready as before."""
    ringing = connection.execute(
        select(Offer.id, Offer.staff_id).where(Offer.entry_id == entry_id, Offer.state == "ringing")
    ).all()
    for offer in ringing:
        if not decide_offer(connection, offer.id, "withdrawn", now):
            continue
        stop_ringing(connection, offer.staff_id, now)
        tell_desk(connection, OFFER_OVER, offer.id, for_staff(offer.staff_id), now)


def overdue_offers(connection: Connection, now: datetime) -> list[int]:
    """Offers that have rung long enough."""
    return list(connection.scalars(select(Offer.id).where(Offer.state == "ringing", Offer.expires_at <= now)))


def lock_offer(connection: Connection, offer_id: int) -> LockedOffer | None:
    """The offer's entry and representative. Everybody locks the entry before the offer, so that none wait in a ring."""
    row = connection.execute(select(Offer.entry_id, Offer.staff_id).where(Offer.id == offer_id)).one_or_none()
    if row is None:
        return None
    connection.execute(select(QueueEntry.id).where(QueueEntry.id == row.entry_id).with_for_update())
    return LockedOffer(row.entry_id, row.staff_id)


def decide_offer(connection: Connection, offer_id: int, state: str, now: datetime) -> bool:
    """Settle a ringing offer. Of several who try at once, one gets True."""
    decided = connection.execute(
        update(Offer).where(Offer.id == offer_id, Offer.state == "ringing").values(state=state, decided_at=now)
    )
    return decided.rowcount == 1
