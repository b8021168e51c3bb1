"""Days as people choose them, in India."""

from datetime import UTC, date, datetime, time, timedelta

from agent_console.showing import INDIA


def read_day(asked: str | None, now: datetime, *, days_ago: int = 0) -> date:
    """The day that was asked for, as a date field sends it; today, or so many days ago, where it is no day."""
    try:
        return date.fromisoformat(asked or "")
    except ValueError:
        return now.astimezone(INDIA).date() - timedelta(days=days_ago)


def begin_of(day: date) -> datetime:
    """Midnight in India, in UTC."""
    return datetime.combine(day, time(), INDIA).astimezone(UTC)
