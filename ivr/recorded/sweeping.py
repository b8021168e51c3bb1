"""Recordings of which no report came, whose job was lost, or whose time is over: found again in SQL."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, or_, select, update

from ivr.recorded.rows import LIVE
from ivr.telephone import Telephone
from models.base import among
from models.services.keeping import kept_for_its_call
from models.talk import Talk
from models.talk_recording import TalkRecording

REPORT_WITHIN = timedelta(minutes=2)  # of the end of the talk; then the network is asked
KEPT = ("stored", "failed", "expiring")
_AT_ONCE = 100


def sweep_recordings(telephone: Telephone) -> int:
    """Queue the job of each that has something due. Returns how many."""
    now = telephone.clock.now()
    with telephone.store.read() as connection:
        due = [*_waiting(connection, now), *_unreported(connection, now)]
        over = _over(connection, now, telephone.config.recording_keep_days)
    if over:
        telephone.store.write(lambda connection: _give_up(connection, over, now))
    for recording_id in {*due, *over}:
        telephone.wake.recording(recording_id)
    return len({*due, *over})


def keep_until(created_at: datetime, keep_days: int) -> datetime:
    """When the sound of a recording that nobody holds is deleted."""
    return created_at + timedelta(days=keep_days)


def _waiting(connection: Connection, now: datetime) -> list[int]:
    due = (TalkRecording.state == "waiting") & (TalkRecording.next_try_at <= now)
    return list(connection.scalars(select(TalkRecording.id).where(due).limit(_AT_ONCE)))


def _unreported(connection: Connection, now: datetime) -> list[int]:
    """The talk is over, and the network has not told what became of its recording."""
    silent = (
        select(TalkRecording.id)
        .join(Talk, Talk.id == TalkRecording.talk_id)
        .where(among(TalkRecording.state, LIVE), Talk.ended_at < now - REPORT_WITHIN)
        .where(TalkRecording.next_try_at.is_(None) | (TalkRecording.next_try_at <= now))
    )
    return list(connection.scalars(silent.limit(_AT_ONCE)))


def _over(connection: Connection, now: datetime, keep_days: int) -> list[int]:
    """By today's setting: a shorter time counts for what is there already, too."""
    old = among(TalkRecording.state, KEPT) & (TalkRecording.created_at < now - timedelta(days=keep_days))
    due = TalkRecording.next_try_at.is_(None) | (TalkRecording.next_try_at <= now)
    ends = TalkRecording.state == "expiring"  # somebody has erased it before its time
    wanted = select(TalkRecording.id).where(or_(old & _is_free(), ends), due)
    return list(connection.scalars(wanted.limit(_AT_ONCE)))


def _give_up(connection: Connection, ids: list[int], now: datetime) -> None:
    """From here on nobody can hold or hear it; whoever has held it meanwhile keeps it."""
    still = TalkRecording.id.in_(ids) & _is_free() & TalkRecording.state.in_(("stored", "failed"))
    connection.execute(update(TalkRecording).where(still).values(state="expiring", attempts=0, next_try_at=None))


def _is_free() -> ColumnElement[bool]:
    """That neither a supervisor nor a complaint keeps it."""
    return TalkRecording.held_at.is_(None) & ~kept_for_its_call(TalkRecording.call_sid)
