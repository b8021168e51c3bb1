"""A caller who rings at a representative's desk: answered by exactly one, or left to somebody else."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from ivr.call_control.accepted import Accepted
from ivr.call_control.refusals import AlreadyTaken, OfferExpired
from ivr.desk_events import OFFER_OVER, for_staff, tell_desk
from ivr.offers import lock_offer, miss_offer
from ivr.presences import extend_lease, move_presence
from ivr.talks import open_talk
from ivr.telephone import Telephone
from ivr.written import written
from models.offer import Offer
from models.queue_entry import QueueEntry
from models.staff import Staff


def accept_offer(telephone: Telephone, offer_id: int, staff_id: int) -> Accepted:
    """Answer the ringing caller. Raises AlreadyTaken or OfferExpired; of many answers at once exactly one wins."""

    def accept(connection: Connection, now: datetime) -> Accepted | str | None:
        locked = lock_offer(connection, offer_id)
        if locked is None:
            return None
        won = connection.execute(
            update(Offer)
            .where(Offer.id == offer_id, Offer.staff_id == staff_id)
            .where(Offer.state == "ringing", Offer.expires_at > now)
            .values(state="accepted", decided_at=now)
        )
        if won.rowcount != 1:
            return _who_has(connection, locked.entry_id)
        call_sid = connection.execute(
            update(QueueEntry)
            .where(QueueEntry.id == locked.entry_id, QueueEntry.state == "offered")
            .values(state="accepted", staff_id=staff_id)
            .returning(QueueEntry.call_sid)
        ).scalar_one()
        move_presence(connection, staff_id, ("offered",), "talk", now, call_sid=call_sid)
        extend_lease(connection, staff_id, now)
        opened = open_talk(connection, staff_id, now, call_sid=call_sid, entry_id=locked.entry_id)
        tell_desk(connection, OFFER_OVER, offer_id, for_staff(staff_id), now)
        return Accepted(opened.talk_id, opened.ticket, call_sid)

    outcome = written(telephone, accept)
    if isinstance(outcome, Accepted):
        return outcome
    if outcome is None:
        raise OfferExpired
    raise AlreadyTaken(outcome)


def decline(telephone: Telephone, offer_id: int, staff_id: int) -> None:
    """Let the caller go to somebody else. Like a missed one: not rung again until they ask."""

    def refuse(connection: Connection, now: datetime) -> None:
        mine = select(Offer.id).where(Offer.id == offer_id, Offer.staff_id == staff_id)
        if connection.scalar(mine) is not None:
            miss_offer(connection, offer_id, now, reason="declined")

    written(telephone, refuse)
    telephone.wake.router()


def _who_has(connection: Connection, entry_id: int) -> str | None:
    return connection.scalar(
        select(Staff.name)
        .join(Offer, Offer.staff_id == Staff.id)
        .where(Offer.entry_id == entry_id, Offer.state == "accepted")
    )
