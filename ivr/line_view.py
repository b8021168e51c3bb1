"""Who stands where in line, and who works: looked at once a second, however many callers ask."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import Connection, select

from ivr.pairing import Waiting, in_line
from models.presence import Presence
from models.queue_entry import QueueEntry
from models.staff import Staff
from models.talk import Talk

WORKING = ("ready", "offered", "talk", "wrap_up", "break", "missed")

_FREE = ("ready", "offered")
_GOOD_FOR = timedelta(seconds=1)
_ONE_TALK_S = 240.0  # assumed, until there have been enough to take the mean of
_ENOUGH = 5
_LOOK_BACK = timedelta(hours=2)


Skills = tuple[frozenset[str], frozenset[str]]
"""Languages, and queues; no queue stands for all of them."""


@dataclass(slots=True)
class Snapshot:
    """One look at all lines. Groups of staff are counted by (languages, queues)."""

    at: datetime
    places: dict[int, int] = field(default_factory=dict)
    hands: Counter[Skills] = field(default_factory=Counter)
    free: Counter[Skills] = field(default_factory=Counter)  # of the hands
    talk_s: float = _ONE_TALK_S

    def hands_for(self, queue: str, language: str) -> int:
        """How many people at work may serve such a caller."""
        return _count(self.hands, queue, language)

    def free_for(self, queue: str, language: str) -> int:
        """How many of them are with nobody now."""
        return _count(self.free, queue, language)


def _count(people: Counter[Skills], queue: str, language: str) -> int:
    return sum(n for (languages, queues), n in people.items() if language in languages and _serves(queues, queue))


def _serves(queues: frozenset[str], queue: str) -> bool:
    return not queues or queue in queues


class LineView:
    """The latest look, shared by the threads of a process."""

    def __init__(self) -> None:
        self._latest: Snapshot | None = None

    def look(self, connection: Connection, entry_id: int, now: datetime) -> Snapshot:
        """A look at most a second old, in which this entry stands if it waits."""
        latest = self._latest
        if latest is None or entry_id not in latest.places or not latest.at <= now < latest.at + _GOOD_FOR:
            latest = self._latest = _look(connection, now)
        return latest


def minutes_at(place: int, hands: int, free: int, talk_s: float) -> int:
    """The expected wait, in whole minutes of at least one. The first callers go to those who are free."""
    return max(1, ceil((place - free) * talk_s / max(1, hands) / 60))


def _look(connection: Connection, now: datetime) -> Snapshot:
    hands, free = _hands(connection, now)
    return Snapshot(now, _places(connection, now), hands, free, _mean_talk(connection, now))


def _places(connection: Connection, now: datetime) -> dict[int, int]:
    """Places from 1, counted among callers of the same queue and language."""
    rows = connection.execute(
        select(
            QueueEntry.id,
            QueueEntry.queue,
            QueueEntry.language,
            QueueEntry.priority,
            QueueEntry.urgent,
            QueueEntry.ahead_since,
        ).where(QueueEntry.ended_at.is_(None), QueueEntry.state.in_(("waiting", "offered")))
    )
    counted: Counter[tuple[str, str]] = Counter()
    places = {}
    for caller in in_line((Waiting(*row) for row in rows), now):
        counted[caller.queue, caller.language] += 1
        places[caller.entry_id] = counted[caller.queue, caller.language]
    return places


def _hands(connection: Connection, now: datetime) -> tuple[Counter[Skills], Counter[Skills]]:
    """Everybody at work, and those of them who are free or being rung."""
    rows = connection.execute(
        select(Staff.languages, Staff.queues, Presence.state)
        .join(Presence, Presence.staff_id == Staff.id)
        .where(Presence.state.in_(WORKING), Presence.lease_until > now, Staff.active)
    ).all()
    people = [(frozenset(row.languages), frozenset(row.queues)) for row in rows]
    free = [skills for skills, row in zip(people, rows, strict=True) if row.state in _FREE]
    return Counter(people), Counter(free)


def _mean_talk(connection: Connection, now: datetime) -> float:
    """Mean length of the latest talks, in seconds."""
    ended = (
        select(Talk.started_at, Talk.ended_at)
        .where(Talk.started_at > now - _LOOK_BACK, Talk.ended_at.is_not(None))
        .order_by(Talk.id.desc())
        .limit(50)
    )
    lengths = [(row.ended_at - row.started_at).total_seconds() for row in connection.execute(ended)]
    return sum(lengths) / len(lengths) if len(lengths) >= _ENOUGH else _ONE_TALK_S
