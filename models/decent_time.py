"""When the telephone of a citizen may ring unasked: by day, and on days on which somebody works."""

from datetime import datetime

from models.deadline import INDIA, WorkingCalendar

DECENT_HOURS = range(9, 20)  # of India


def is_decent_hour(now: datetime) -> bool:
    return now.astimezone(INDIA).hour in DECENT_HOURS


def is_decent_day(now: datetime, calendar: WorkingCalendar) -> bool:
    """No Sunday and no holiday, unless the calendar is open on it."""
    return calendar.is_working(now.astimezone(INDIA).date())
