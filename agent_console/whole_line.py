"""What the bar tells of the whole line: the same for everybody, read once for all who ask at about the same time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Connection, Engine, func, select
from sqlalchemy.orm import Session

from agent_console.news_rows import newest_id
from models.feedback_call import FeedbackCall
from models.presence import Presence
from models.queue_entry import QueueEntry
from models.services.call_backs import count_open
from models.voice_message import VoiceMessage

KEPT_FOR = timedelta(seconds=2)  # what changes without news: somebody's lease has run out, a row came late


@dataclass(frozen=True, slots=True)
class Waiting:
    """Callers in line for one language."""

    language: str
    waiting: int


@dataclass(frozen=True, slots=True)
class InLine:
    """Callers in line, and desks with somebody at them, as they stood after the news with the id `after`."""

    after: int
    queue: Sequence[Waiting]
    longest_since: datetime | None
    desks: int


@dataclass(frozen=True, slots=True)
class WholeLine:
    """Who is in line, and how much waits on the lists."""

    now: InLine
    call_backs: int
    abandoned: int
    outreach: int
    feedback: int
    voice_messages: int


@dataclass(frozen=True, slots=True)
class _Kept:
    at: datetime
    line: WholeLine


_kept: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()


def read_whole_line(session: Session, now: datetime) -> WholeLine:
    """As it stood after the newest news: every change of it is told to the desks as news."""
    engine = session.connection().engine
    newest = newest_id(session.connection())
    kept = _kept.get(engine)
    if kept is None or kept.line.now.after != newest or not kept.at <= now < kept.at + KEPT_FOR:
        kept = _kept[engine] = _Kept(now, read_anew(session))
    return kept.line


def read_anew(session: Session) -> WholeLine:
    """As it stands now."""
    connection = session.connection()
    in_line = read_in_line(connection)  # first: what comes meanwhile is news once more
    to_ring = count_open(session)
    return WholeLine(
        now=in_line,
        call_backs=to_ring["call_backs"],
        abandoned=to_ring["abandoned"],
        outreach=to_ring["outreach"],
        feedback=_count(connection, FeedbackCall.state != "done"),
        voice_messages=_count(connection, VoiceMessage.state != "done"),
    )


def read_in_line(connection: Connection) -> InLine:
    """Who is in line now."""
    after = newest_id(connection)
    rows = connection.execute(
        select(QueueEntry.language, func.count(), func.min(QueueEntry.entered_at))
        .where(QueueEntry.ended_at.is_(None), QueueEntry.state.in_(("waiting", "offered")))
        .group_by(QueueEntry.language)
        .order_by(QueueEntry.language)
    ).all()
    return InLine(
        after=after,
        queue=[Waiting(row[0], row[1]) for row in rows],
        longest_since=min((row[2] for row in rows), default=None),
        desks=_count(connection, Presence.state != "offline"),
    )


def _count(connection: Connection, condition: ColumnElement[bool]) -> int:
    return connection.scalar(select(func.count()).where(condition)) or 0
