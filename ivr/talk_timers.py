"""Talks whose time has run out: no leg came, the representative stayed away, or the citizen never came."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from models.leg import Leg
from models.talk import Talk

ALONE_FOR = timedelta(seconds=25)  # a caller in a talk without a representative
CONNECTING_FOR = timedelta(seconds=40)  # the representative is in, and the caller does not come out of the queue
RINGING_FOR = timedelta(seconds=90)  # the same, while a citizen is being rung back


def overdue_talks(connection: Connection, now: datetime) -> list[tuple[int, str]]:
    """Ids of talks to be closed, each with what ended it."""
    # Few talks are open at any time, and millions are over: begin from the open ones.
    talks = connection.execute(
        select(Talk.id, Talk.state, Talk.created_at, Talk.started_at, Talk.entry_id, Talk.guest_of).where(
            Talk.state != "ended"
        )
    ).all()
    if not talks:
        return []
    legs: defaultdict[int, list[Any]] = defaultdict(list)
    wanted = select(Leg.talk_id, Leg.state, Leg.ticket_expires_at, Leg.used_at, Leg.left_at).where(
        Leg.role == "representative", Leg.talk_id.in_([talk.id for talk in talks])
    )
    for leg in connection.execute(wanted):
        legs[leg.talk_id].append(leg)
    ends = [(talk.id, _end_of(talk, legs[talk.id], now)) for talk in talks]
    return [(talk_id, ended_by) for talk_id, ended_by in ends if ended_by is not None]


def _end_of(talk: Any, legs: Sequence[Any], now: datetime) -> str | None:
    if talk.guest_of is not None:
        return _end_of_guest(legs, now)
    if any(leg.state == "in" for leg in legs):
        patience = CONNECTING_FOR if talk.entry_id is not None else RINGING_FOR
        return "failed" if talk.state == "connecting" and talk.created_at + patience <= now else None
    if talk.state == "live":
        alone_since = max([talk.started_at, *(leg.left_at for leg in legs if leg.left_at is not None)])
        return "lost" if alone_since + ALONE_FOR <= now else None
    return "no_leg" if all(leg.ticket_expires_at <= now for leg in legs) else None


def _end_of_guest(legs: Sequence[Any], now: datetime) -> str | None:
    """A consulted colleague who never came in, or who is out and stays away."""
    if any(leg.state == "in" for leg in legs):
        return None
    left = [leg.left_at for leg in legs if leg.left_at is not None]
    if left:
        return "lost" if max(left) + ALONE_FOR <= now else None
    return "no_leg" if all(leg.ticket_expires_at <= now for leg in legs) else None
