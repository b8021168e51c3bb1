"""A calendar from which sudden holidays are taken away."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.deadline import WorkingCalendar
from models.sudden_holiday import SuddenHoliday


@dataclass(frozen=True, slots=True)
class SuddenlyShut:
    """The working days of `calendar` but those of `days`."""

    calendar: WorkingCalendar
    days: Collection[date]

    def is_working(self, day: date, /) -> bool:
        return day not in self.days and self.calendar.is_working(day)

    def closing_time(self, day: date, /) -> time:
        return self.calendar.closing_time(day)


def sudden_days(session: Session) -> frozenset[date]:
    """The sudden holidays in force."""
    return frozenset(session.scalars(select(SuddenHoliday.day).where(SuddenHoliday.withdrawn_at.is_(None))))
