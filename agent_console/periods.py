"""Days as people choose them, in India."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from agent_console.showing import INDIA

YEARS = range(2000, 2101)  # in which anybody asks for anything; far beyond them dates cannot be reckoned with


def read_day(asked: str | None, now: datetime, *, days_ago: int = 0) -> date:
    """The day that was asked for, as a date field sends it; today, or so many days ago, where it is no day of ours."""
    try:
        day = date.fromisoformat(asked or "")
    except ValueError:
        day = date.min
    if day.year in YEARS:
        return day
    return now.astimezone(INDIA).date() - timedelta(days=days_ago)


def read_days(asked: Mapping[str, str], now: datetime, *, days_ago: int) -> tuple[date, date]:
    """The first and the last day that were asked for as `since` and `until`, in order whichever was typed where."""
    since, until = read_day(asked.get("since"), now, days_ago=days_ago), read_day(asked.get("until"), now)
    return min(since, until), max(since, until)


def today_began(now: datetime) -> datetime:
    """Midnight in India, in UTC."""
    return begin_of(read_day(None, now))


def begin_of(day: date) -> datetime:
    """Midnight in India, in UTC."""
    return datetime.combine(day, time(), INDIA).astimezone(UTC)
