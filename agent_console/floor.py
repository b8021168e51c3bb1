"""The whole line at one moment: today's figures, who waits, what people do, which call-backs are due."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agent_console.periods import today_began
from agent_console.words import LANGUAGES
from models.figures import Figures, total_of
from models.figures_query import DAY, read_figures
from models.presence import Presence
from models.queue_entry import QueueEntry
from models.services.call_backs import count_due
from models.staff import Staff

STATES = ("ready", "offered", "talk", "wrap_up", "break", "missed", "offline")
WAITS_TOO_LONG = timedelta(minutes=3)


@dataclass(slots=True)
class LanguageLine:
    """The line of one language. `ready` people speak it; each may be in several."""

    language: str
    figures: Figures = field(default_factory=Figures)
    waiting: int = 0
    longest_since: datetime | None = None
    ready: int = 0


@dataclass(slots=True)
class Floor:
    """`read_at` is the moment of it all."""

    read_at: datetime
    figures: Figures
    lines: list[LanguageLine]
    people: Counter[str]
    call_backs_due: int
    call_backs_late: int

    @property
    def waiting(self) -> int:
        return sum(line.waiting for line in self.lines)

    @property
    def longest_since(self) -> datetime | None:
        """Since when the caller waits who has waited longest."""
        return min((line.longest_since for line in self.lines if line.longest_since), default=None)

    @property
    def is_long(self) -> bool:
        """True if somebody waits longer than three minutes."""
        return self.longest_since is not None and self.read_at - self.longest_since > WAITS_TOO_LONG


def read_floor(session: Session, now: datetime) -> Floor:
    """Today, from midnight in India, and this moment."""
    began = today_began(now)
    by_key = read_figures(session.connection(), began, began + DAY, DAY, now)
    lines = {language: LanguageLine(language) for language in LANGUAGES}
    for (_, language), figures in by_key.items():
        if language:
            lines.setdefault(language, LanguageLine(language)).figures.add(figures)
    _add_waiting(session, lines)
    people = _add_people(session, lines)
    due, late = count_due(session, now, began + DAY)
    return Floor(now, total_of(list(by_key.values())), list(lines.values()), people, due, late)


def _add_waiting(session: Session, lines: dict[str, LanguageLine]) -> None:
    in_line = QueueEntry.ended_at.is_(None) & QueueEntry.state.in_(("waiting", "offered"))
    rows = session.execute(
        select(QueueEntry.language, func.count(), func.min(QueueEntry.entered_at))
        .where(in_line)
        .group_by(QueueEntry.language)
    )
    for language, waiting, since in rows:
        line = lines.setdefault(language, LanguageLine(language))
        line.waiting, line.longest_since = waiting, since


def _add_people(session: Session, lines: dict[str, LanguageLine]) -> Counter[str]:
    people: Counter[str] = Counter()
    rows = session.execute(
        select(Staff, Presence).outerjoin(Presence, Presence.staff_id == Staff.id).where(Staff.active)
    )
    for staff, presence in rows:
        if not staff.has_role("representative"):
            continue
        state = presence.state if presence else "offline"
        people[state] += 1
        if state == "ready":
            for language in staff.languages:
                lines.setdefault(language, LanguageLine(language)).ready += 1
    return people
