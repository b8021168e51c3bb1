"""Out of the queue or out of a talk: what the provider's report means for the flow, by our own rows."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from flows.values import LeftQueue, State
from ivr.departures import leave_queue
from ivr.outbox import Nudges, Write
from ivr.talks import close_talk
from ivr.turn import Heard
from models.complaint import Complaint
from models.queue_entry import QueueEntry
from models.talk import Talk

IN_LINE = ("waiting", "offered", "accepted")


@dataclass(frozen=True, slots=True)
class LastStay:
    """The latest stay of a call in the queue that a turn answers, and its talk that is not over."""

    queue: str
    entry_state: str
    ended_as: str | None
    left_key: str | None
    talk_id: int | None
    reference: str | None  # of the complaint that was registered in this call


def find_stay(connection: Connection, call_sid: str, turn: int) -> LastStay | None:
    """What is known of the stay in the queue that turn `turn` answers."""
    columns = (QueueEntry.id, QueueEntry.queue, QueueEntry.state, QueueEntry.ended_as, QueueEntry.left_key)
    mine = select(*columns).where(QueueEntry.call_sid == call_sid, QueueEntry.turn == turn)
    entry = connection.execute(mine.order_by(QueueEntry.id.desc()).limit(1)).first()
    if entry is None:
        return None
    talk = select(Talk.id).where(Talk.entry_id == entry.id, Talk.state != "ended")
    complaint = select(Complaint.reference).where(Complaint.call_sid == call_sid).order_by(Complaint.id.desc())
    return LastStay(
        entry.queue,
        entry.state,
        entry.ended_as,
        entry.left_key,
        connection.scalar(talk.limit(1)),
        connection.scalar(complaint.limit(1)),
    )


def after_talk(stay: LastStay, state: State, now: datetime) -> Heard:
    """The caller is out of the conference and nobody has put them back in line."""
    at = now.timestamp()
    facts = {"reference": stay.reference} if stay.reference else {}
    if stay.entry_state == "talking" or stay.ended_as == "answered":
        return Heard(LeftQueue(state.turn, at, "answered", facts=facts), _close(stay.talk_id, now))
    return Heard(LeftQueue(state.turn, at, "failed"))


def after_leaving(stay: LastStay, state: State, now: datetime) -> Heard:
    """The caller left the queue by `<Leave/>`; our row says why."""
    at = now.timestamp()
    if stay.left_key is not None:
        return Heard(LeftQueue(state.turn, at, "key", key=stay.left_key))
    if stay.ended_as == "overflow":
        return Heard(LeftQueue(state.turn, at, "too_long"))
    if stay.ended_as == "closed":
        return Heard(LeftQueue(state.turn, at, "nobody_working"))
    return after_talk(stay, state, now)


def refused(call_sid: str, state: State, now: datetime, *, full: bool) -> Heard:
    """The provider would not take the caller into the queue, or dropped them out of it."""

    def write(connection: Connection, nudges: Nudges) -> None:
        leave_queue(connection, call_sid, "overflow" if full else "error", now)
        nudges.router = nudges.desk = True

    return Heard(LeftQueue(state.turn, now.timestamp(), "full" if full else "failed"), (write,))


def _close(talk_id: int | None, now: datetime) -> tuple[Write, ...]:
    """The caller has left a talk that nobody had ended: it ends with the turn."""
    if talk_id is None:
        return ()

    def write(connection: Connection, nudges: Nudges) -> None:
        close_talk(connection, talk_id, "caller", now)
        nudges.router = nudges.desk = True

    return (write,)
