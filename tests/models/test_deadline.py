"""The promised date, by the worked example and its neighbours."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from models.deadline import due_on
from tests.models.desk_kit import FRIDAY, WEEK, Week

INDIA = ZoneInfo("Asia/Kolkata")


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=INDIA)


def test_worked_example() -> None:
    """Registered Fri 27 Feb 18:40, Mon-Fri, 3 and 4 March holidays: day 0 Mon 2 Mar, due Fri 13 Mar."""
    assert due_on(FRIDAY, 7, WEEK) == date(2026, 3, 13)


def test_before_closing_counts_the_day_itself() -> None:
    assert due_on(at(27, 17, 59, month=2), 7, WEEK) == date(2026, 3, 12)


def test_at_closing_counts_from_the_next_day() -> None:
    assert due_on(at(27, 18, 0, month=2), 7, WEEK) == date(2026, 3, 13)


def test_day_is_that_of_india() -> None:
    """Sunday evening in UTC is Monday in India already."""
    assert due_on(datetime(2026, 3, 8, 19, 0, tzinfo=UTC), 1, WEEK) == date(2026, 3, 10)


def test_pause_adds_its_working_days() -> None:
    pauses = [(at(5, 11), at(9, 15))]  # Thursday to Monday: Friday and Monday are lost
    assert due_on(FRIDAY, 7, WEEK, pauses) == date(2026, 3, 17)


def test_pause_within_a_day_adds_nothing() -> None:
    assert due_on(FRIDAY, 7, WEEK, [(at(5, 11), at(5, 16))]) == date(2026, 3, 13)


def test_pauses_add_five_working_days_at_most() -> None:
    pauses = [(at(5, 11), at(11, 11)), (at(12, 11), at(30, 11))]
    assert due_on(FRIDAY, 7, WEEK, pauses) == date(2026, 3, 20)


def test_overlapping_pauses_count_once() -> None:
    pauses = [(at(5, 11), at(9, 15)), (at(6, 11), at(9, 16))]
    assert due_on(FRIDAY, 7, WEEK, pauses) == date(2026, 3, 17)


def test_extension_is_in_working_days() -> None:
    assert due_on(FRIDAY, 7, WEEK, extension=2) == date(2026, 3, 17)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)), st.integers(1, 30))  # noqa: DTZ001  made aware below
def test_due_day_is_a_working_day_and_never_moves_back(moment: datetime, days: int) -> None:
    week = Week(days=frozenset({0, 1, 2, 3, 4, 5}))
    registered_at = moment.replace(tzinfo=INDIA)
    due = due_on(registered_at, days, week)
    assert week.is_working(due)
    assert due > registered_at.date()
    assert due_on(registered_at + timedelta(hours=1), days, week) >= due
    assert week.closing_time(due) == time(18)
