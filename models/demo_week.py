"""The week that the demonstration fills: its office, its people, and what has been made so far."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from random import Random

from sqlalchemy.orm import Session

from models.staff import Staff

OPENS, CLOSES = time(10), time(18)


@dataclass(frozen=True, slots=True)
class _OfficeWeek:
    """Monday to Saturday, 10 to 18."""

    def is_working(self, day: date, /) -> bool:
        return day.weekday() != 6

    def closing_time(self, day: date, /) -> time:
        return CLOSES


OFFICE = _OfficeWeek()


@dataclass(slots=True)
class DemoCounts:
    """How much was made."""

    calls: int = 0
    complaints: int = 0
    call_backs: int = 0
    voice_messages: int = 0


@dataclass(slots=True)
class DemoWeek:
    """The week before `now`, with the representatives who work in it."""

    session: Session
    now: datetime
    rng: Random
    staff: list[Staff]
    counts: DemoCounts = field(default_factory=DemoCounts)
    complaint_ids: list[int] = field(default_factory=list)

    def pick(self, weighted: tuple[tuple[str, int], ...]) -> str:
        """One of the names, as often as its weight says."""
        return self.rng.choices([name for name, _ in weighted], [weight for _, weight in weighted])[0]
