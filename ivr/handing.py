"""A talk that changes hands: the colleague comes in as a guest, and takes it over with its caller and its drafts.

The two talks change their conferences' names, so that the one that goes on is known by the name that the network tells.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from ivr.commands import RELEASE_CALLER, add_command
from ivr.conference import new_conference_name
from ivr.desk_events import EVERYBODY, QUEUE, TALK, for_staff, tell_desk
from ivr.talks import FIRST_IN_LINE, close_talk, hang_up_legs, insert_talk
from ivr.tickets import issue_ticket
from ivr.transfers import move_transfer, open_transfer
from models.call import Call
from models.leg import Leg
from models.queue_entry import QueueEntry
from models.services.drafting import adopt_drafts
from models.talk import Talk


def open_guest_talk(connection: Connection, host_id: int, staff_id: int, now: datetime) -> tuple[int, str]:
    """The colleague's own talk, as a guest of the host's: its id, and the ticket into the host's conference."""
    call_sid = connection.scalar(select(Talk.call_sid).where(Talk.id == host_id))
    talk_id = insert_talk(connection, staff_id, now, call_sid=call_sid, guest_of=host_id)
    return talk_id, issue_ticket(connection, talk_id, staff_id, now)


def let_caller_join(connection: Connection, talk_id: int, now: datetime) -> bool:
    """Caller, host and guest hear each other: from now on it is the guest's talk too. False without such a guest."""
    under_way = open_transfer(connection, talk_id)
    if under_way is None or not move_transfer(connection, under_way.id, ("consulting",), "joined"):
        return False
    guest = (Talk.id == under_way.guest_talk_id) & (Talk.state == "connecting")
    staff_id = connection.execute(
        update(Talk).where(guest).values(state="live", started_at=now).returning(Talk.staff_id)
    ).scalar()
    if staff_id is not None:
        tell_desk(connection, TALK, under_way.guest_talk_id, for_staff(staff_id), now)
    return True


def take_over(connection: Connection, host_id: int, guest_id: int, now: datetime) -> bool:
    """The guest's talk goes on with the caller, and the host's is over. False if the transfer is over by now."""
    under_way = open_transfer(connection, host_id)
    if under_way is None or under_way.guest_talk_id != guest_id:
        return False
    if not move_transfer(connection, under_way.id, ("consulting", "joined"), "done", ended_at=now):
        return False
    host, guest = _talk(connection, host_id), _talk(connection, guest_id)
    for talk_id, values in (
        (host_id, {"conference": new_conference_name(), "conference_sid": None}),
        (guest_id, {"conference": host.conference, "conference_sid": host.conference_sid}),
        (host_id, {"conference": guest.conference}),
    ):
        connection.execute(update(Talk).where(Talk.id == talk_id).values(**values))
    held = {"held": host.held, "held_since": now if host.held else None}
    connection.execute(
        update(Talk)
        .where(Talk.id == guest_id)
        .values(state="live", started_at=guest.started_at or now, entry_id=host.entry_id, guest_of=None, **held)
    )
    citizen = (Leg.talk_id == host_id) & (Leg.role == "citizen")
    connection.execute(update(Leg).where(citizen).values(talk_id=guest_id))
    connection.execute(update(QueueEntry).where(QueueEntry.id == host.entry_id).values(staff_id=guest.staff_id))
    adopt_drafts(connection, from_talk=host_id, to_talk=guest_id, staff_id=guest.staff_id, now=now)
    close_talk(connection, host_id, "transferred", now)
    hang_up_legs(connection, host_id, now)
    add_command(connection, f"talk:{guest_id}:release", RELEASE_CALLER, {"talk_id": guest_id}, now)
    tell_desk(connection, TALK, guest_id, for_staff(guest.staff_id), now)
    return True


def back_in_line(connection: Connection, talk_id: int, language: str | None, now: datetime) -> int | None:
    """The caller waits again, first in line, in their own or another language; the talk is over.

    Returns the new stay in the queue, whose end is its own: the one before was answered. None if there was none.
    """
    talk = _talk(connection, talk_id)
    entry = connection.execute(select(QueueEntry).where(QueueEntry.id == talk.entry_id)).one_or_none()
    if entry is None or not close_talk(connection, talk_id, "transferred", now):
        return None
    connection.execute(
        update(QueueEntry)
        .where(QueueEntry.id == entry.id, QueueEntry.ended_at.is_(None))
        .values(state="ended", ended_at=now, ended_as="answered")
    )
    kept = ("call_sid", "turn", "queue", "language", "skills", "urgent", "ahead_since", "longest_wait_s", "tell")
    values = {name: getattr(entry, name) for name in kept} | {"priority": FIRST_IN_LINE, "entered_at": now}
    if language is not None:
        values["language"] = language
    connection.execute(update(Call).where(Call.sid == entry.call_sid, Call.ended_at.is_(None)).values(phase="queued"))
    tell_desk(connection, QUEUE, entry.queue, EVERYBODY, now)
    return int(connection.execute(insert(QueueEntry).values(**values).returning(QueueEntry.id)).scalar_one())


def _talk(connection: Connection, talk_id: int) -> Any:
    columns = (Talk.conference, Talk.conference_sid, Talk.entry_id, Talk.staff_id, Talk.held, Talk.started_at)
    return connection.execute(select(*columns).where(Talk.id == talk_id)).one()
