"""Days as people choose them, in India."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from agent_console.digits import latin_digits
from agent_console.showing import INDIA

YEARS = range(2000, 2101)  # in which anybody asks for anything; far beyond them dates cannot be reckoned with


def read_day(asked: str | None, now: datetime, *, days_ago: int = 0) -> date:
    """The day that was asked for, as a date field sends it; today, or so many days ago, where it is no day of ours."""
    return typed_day(asked or "") or now.astimezone(INDIA).date() - timedelta(days=days_ago)


def typed_day(typed: str) -> date | None:
    """The day that was typed, in the digits of any script; None where it is no day of ours."""
    moment = typed_moment(typed)
    return moment.date() if moment else None


def typed_moment(typed: str) -> datetime | None:
    """The moment in India that was typed, as its field sends it; None where it is none of ours."""
    try:
        moment = datetime.fromisoformat(latin_digits(typed.strip())).replace(tzinfo=INDIA)
    except ValueError:
        return None
    return moment if moment.year in YEARS else None


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
