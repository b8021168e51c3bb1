"""From caller to representative: what the router decides each time it looks. Everything stands in SQL."""

from datetime import datetime

from sqlalchemy import Connection, and_, select

from ivr.emergency import leave_with_service
from ivr.handing import take_over
from ivr.microphones import forget_doubtful, has_doubts
from ivr.offers import make_offer, miss_offer, overdue_offers
from ivr.pairing import Ready, Waiting, pair
from ivr.presences import close_wrap_up, move_presence
from ivr.talk_timers import overdue_talks
from ivr.talks import close_talk, guest_in
from ivr.transfers import fail_transfer, overdue_transfers
from models.offer import Offer
from models.presence import Presence
from models.queue_entry import QueueEntry
from models.staff import Staff

_MAY_GO = ("ready", "offered", "missed", "break", "wrap_up")


def make_offers(connection: Connection, now: datetime) -> int:
    """Pair who waits with who is ready, and ring. Returns how many ring now."""
    waiting, ready = _waiting(connection), _ready(connection, now)
    made = [make_offer(connection, caller.entry_id, one.staff_id, now) for caller, one in pair(waiting, ready, now)]
    return len([offer for offer in made if offer is not None])


def may_pair(connection: Connection, now: datetime) -> bool:
    """True if there is a pair to be made: a look, which takes no lock."""
    ready = _ready(connection, now)
    return bool(ready and pair(_waiting(connection), ready, now))


def something_due(connection: Connection, now: datetime) -> bool:
    """True if a timer of an offer, a leg, a presence or a talk has run out: a look, which takes no lock."""
    return bool(
        overdue_offers(connection, now)
        or overdue_transfers(connection, now)
        or overdue_talks(connection, now)
        or _over_wrap_ups(connection, now)
        or _silent(connection, now)
        or has_doubts(connection, now)
    )


def run_timers(connection: Connection, now: datetime) -> int:
    """Let whatever has run out take its course. Returns how many things did."""
    done = 0
    for offer_id in overdue_offers(connection, now):
        done += miss_offer(connection, offer_id, now)
    for transfer_id in overdue_transfers(connection, now):
        done += fail_transfer(connection, transfer_id, "no_answer", now)
    for talk_id, ended_by in overdue_talks(connection, now):
        left = ended_by == "lost" and _leave_to_others(connection, talk_id, now)
        done += left or close_talk(connection, talk_id, ended_by, now)
    for staff_id in _over_wrap_ups(connection, now):
        done += close_wrap_up(connection, staff_id, "ready", now)
    for person, ringing in _silent(connection, now):
        if ringing is not None:
            miss_offer(connection, ringing, now)
        gone = close_wrap_up(connection, person, "offline", now, reason="silent")
        done += gone or move_presence(connection, person, _MAY_GO, "offline", now, reason="silent")
    return done + forget_doubtful(connection, now)


def _leave_to_others(connection: Connection, talk_id: int, now: datetime) -> bool:
    """Whoever is in already, colleague or emergency service, goes on with the caller. False if nobody is.

    Nobody is left alone for want of a button.
    """
    guest_id = guest_in(connection, talk_id)
    if guest_id is None:
        return leave_with_service(connection, talk_id, now)
    return take_over(connection, talk_id, guest_id, now)


def _waiting(connection: Connection) -> list[Waiting]:
    rows = connection.execute(
        select(
            QueueEntry.id,
            QueueEntry.queue,
            QueueEntry.language,
            QueueEntry.priority,
            QueueEntry.urgent,
            QueueEntry.ahead_since,
        ).where(QueueEntry.state == "waiting", QueueEntry.ended_at.is_(None), QueueEntry.longest_wait_s > 0)
    )
    return [Waiting(*row) for row in rows]


def _ready(connection: Connection, now: datetime) -> list[Ready]:
    rows = connection.execute(
        select(Staff.id, Staff.languages, Staff.queues, Presence.since)
        .join(Presence, Presence.staff_id == Staff.id)
        .where(Presence.state == "ready", Presence.lease_until > now, Staff.active)
    )
    return [Ready(row.id, frozenset(row.languages), frozenset(row.queues), row.since) for row in rows]


def _over_wrap_ups(connection: Connection, now: datetime) -> list[int]:
    over = (Presence.state == "wrap_up") & (Presence.wrap_until <= now) & (Presence.lease_until > now)
    return list(connection.scalars(select(Presence.staff_id).where(over)))


def _silent(connection: Connection, now: datetime) -> list[tuple[int, int | None]]:
    """Representatives without a sign of life, each with the offer that rings there in vain."""
    rows = connection.execute(
        select(Presence.staff_id, Offer.id)
        .outerjoin(Offer, and_(Offer.staff_id == Presence.staff_id, Offer.state == "ringing"))
        .where(Presence.state.in_(_MAY_GO), Presence.lease_until <= now)
    )
    return [(row[0], row[1]) for row in rows]
