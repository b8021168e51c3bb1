"""What the bar tells of the whole line: the same for everybody, read once for all who ask at about the same time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
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
class WholeLine:
    """Callers in line, desks with somebody at them, and how much waits on the lists."""

    queue: list[Waiting]
    longest_since: datetime | None
    desks: int
    call_backs: int
    abandoned: int
    outreach: int
    feedback: int
    voice_messages: int


@dataclass(frozen=True, slots=True)
class _Kept:
    after: int  # the newest news at that moment
    at: datetime
    line: WholeLine


_kept: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()


def read_whole_line(session: Session, now: datetime) -> WholeLine:
    """As it stood after the newest news: every change of it is told to the desks as news."""
    engine = session.connection().engine
    newest = newest_id(session.connection())
    kept = _kept.get(engine)
    if kept is None or kept.after != newest or not kept.at <= now < kept.at + KEPT_FOR:
        kept = _kept[engine] = _Kept(newest, now, _read(session))
    return kept.line


def _read(session: Session) -> WholeLine:
    in_line = QueueEntry.state.in_(("waiting", "offered"))
    rows = session.execute(
        select(QueueEntry.language, func.count(), func.min(QueueEntry.entered_at))
        .where(QueueEntry.ended_at.is_(None), in_line)
        .group_by(QueueEntry.language)
        .order_by(QueueEntry.language)
    ).all()
    to_ring = count_open(session)
    return WholeLine(
        queue=[Waiting(row[0], row[1]) for row in rows],
        longest_since=min((row[2] for row in rows), default=None),
        desks=_count(session, Presence.state != "offline"),
        call_backs=to_ring["call_backs"],
        abandoned=to_ring["abandoned"],
        outreach=to_ring["outreach"],
        feedback=_count(session, FeedbackCall.state != "done"),
        voice_messages=_count(session, VoiceMessage.state != "done"),
    )


def _count(session: Session, condition: object) -> int:
    return session.scalar(select(func.count()).where(condition)) or 0  # type: ignore[arg-type]  # a column expression
