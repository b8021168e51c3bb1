"""The promised date: a pure function of registration, policy, calendar, pauses and a granted extension."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

INDIA = ZoneInfo("Asia/Kolkata")
LONGEST_PAUSE = 5  # working days, all pauses together
_FAR = 400  # days: a calendar without a working day for so long is a mistake

Pause = tuple[datetime, datetime]


class WorkingCalendar(Protocol):
    """What a deadline needs to know of a department's calendar. Dates are those of India."""

    def is_working(self, day: date, /) -> bool: ...

    def closing_time(self, day: date, /) -> time: ...


def due_on(
    registered_at: datetime,
    days: int,
    calendar: WorkingCalendar,
    pauses: Iterable[Pause] = (),
    extension: int = 0,
) -> date:
    """The last day of the promise: `days` working days after day 0, plus what was paused and granted.

    Day 0 is the day of registration if that is a working day and before closing time, else the next working day.
    `pauses` are (from, until), `extension` is in working days.
    """
    day = day_zero(registered_at, calendar)
    paused = min(LONGEST_PAUSE, len({lost for pause in pauses for lost in lost_days(pause, day, calendar)}))
    for _ in range(days + extension + paused):
        day = next_working_day(day, calendar)
    return day


def day_zero(registered_at: datetime, calendar: WorkingCalendar) -> date:
    """The day from which working days are counted."""
    local = registered_at.astimezone(INDIA)
    if calendar.is_working(local.date()) and local.time() < calendar.closing_time(local.date()):
        return local.date()
    return next_working_day(local.date(), calendar)


def next_working_day(day: date, calendar: WorkingCalendar) -> date:
    """The first working day after `day`."""
    for ahead in range(1, _FAR):
        later = day + timedelta(days=ahead)
        if calendar.is_working(later):
            return later
    raise ValueError("this calendar has no working day for more than a year: check its list of holidays")


def add_working_days(day: date, count: int, calendar: WorkingCalendar) -> date:
    """The `count`-th working day after `day`."""
    for _ in range(count):
        day = next_working_day(day, calendar)
    return day


def lost_days(pause: Pause, from_day: date, calendar: WorkingCalendar) -> Iterable[date]:
    """Working days on which the clock did not run: those begun while waiting for the citizen."""
    start, until = (moment.astimezone(INDIA).date() for moment in pause)
    day = max(start, from_day)
    while day < until:
        day += timedelta(days=1)
        if calendar.is_working(day):
            yield day
