"""What a supervisor must know at once: long waits, long wrap-ups, texts that fail, a line that stands still."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agent_console.floor import WAITS_TOO_LONG
from agent_console.hours_shown import calendar_title, endings
from agent_console.showing import INDIA
from agent_console.words import say
from models.base import among
from models.command import Command
from models.hours_proposal import HoursProposal
from models.lease import Lease
from models.message import TROUBLE, Message
from models.presence import Presence
from models.queue_entry import QueueEntry
from models.staff import Staff

WRAPS_TOO_LONG = timedelta(minutes=3)  # the minute and the one more that may be asked for, and some more
TEXT_WAITS_TOO_LONG = timedelta(minutes=5)
COMMAND_WAITS_TOO_LONG = timedelta(seconds=60)
_TEXTS_OF = timedelta(hours=1)
_MANY_TEXTS = 3


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing that is wrong now, in words that name the mend. `since` starts its clock."""

    words: str
    since: datetime | None = None


def read_alerts(session: Session, now: datetime) -> list[Alert]:
    """Everything that is wrong now, the worst first."""
    return [
        *_line(session, now),
        *_waits(session, now),
        *_wrap_ups(session, now),
        *_texts(session, now),
        *_holidays(session, now),
        *_proposed_hours(session),
    ]


def _line(session: Session, now: datetime) -> Iterator[Alert]:
    router = session.get(Lease, "router")
    if router is None or router.until <= now:
        yield Alert(say("alert.no_router"), router.until if router else None)
    stuck = session.execute(
        select(func.count(), func.min(Command.due_at)).where(
            Command.done_at.is_(None), Command.due_at < now - COMMAND_WAITS_TOO_LONG
        )
    ).one()
    if stuck[0]:
        yield Alert(say("alert.network", n=stuck[0]), stuck[1])


def _waits(session: Session, now: datetime) -> Iterator[Alert]:
    in_line = QueueEntry.ended_at.is_(None) & QueueEntry.state.in_(("waiting", "offered"))
    row = session.execute(
        select(func.count(), func.min(QueueEntry.entered_at)).where(
            in_line, QueueEntry.entered_at < now - WAITS_TOO_LONG
        )
    ).one()
    if row[0]:
        yield Alert(say("alert.waits", n=row[0]), row[1])


def _wrap_ups(session: Session, now: datetime) -> Iterator[Alert]:
    rows = session.execute(
        select(Staff.name, Presence.since)
        .join(Presence, Presence.staff_id == Staff.id)
        .where(Presence.state == "wrap_up", Presence.since < now - WRAPS_TOO_LONG)
        .order_by(Presence.since)
    )
    for name, since in rows:
        yield Alert(say("alert.wrap_up", who=name), since)


def _texts(session: Session, now: datetime) -> Iterator[Alert]:
    failed = session.scalar(
        select(func.count()).where(among(Message.status, TROUBLE), Message.created_at > now - _TEXTS_OF)
    )
    if failed and failed >= _MANY_TEXTS:
        yield Alert(say("alert.texts_failed", n=failed))
    late = session.execute(
        select(func.count(), func.min(Message.next_try_at)).where(
            Message.status == "queued", Message.next_try_at < now - TEXT_WAITS_TOO_LONG
        )
    ).one()
    if late[0]:
        yield Alert(say("alert.texts_wait", n=late[0]), late[1])


def _holidays(session: Session, now: datetime) -> Iterator[Alert]:
    """On a holiday that nobody has entered, callers wait for people who are not there."""
    for name, days in endings(session.connection(), now.astimezone(INDIA).date()):
        words = "alert.holidays_over" if days < 0 else "alert.holidays_end"
        yield Alert(say(words, calendar=calendar_title(name), n=abs(days)))


def _proposed_hours(session: Session) -> Iterator[Alert]:
    """Nothing else tells a second person that somebody waits for them."""
    waiting = select(HoursProposal.calendar, HoursProposal.proposed_at).where(HoursProposal.decided_at.is_(None))
    for calendar, since in session.execute(waiting.order_by(HoursProposal.proposed_at)):
        yield Alert(say("alert.hours_proposed", calendar=calendar_title(calendar)), since)
