"""Telephones of citizens ring by day, on days of work."""

from datetime import datetime

import pytest

from models.deadline import INDIA
from models.decent_time import is_decent_day, is_decent_hour
from tests.models.desk_kit import WEEK


@pytest.mark.parametrize(
    ("when", "by_day", "works"),
    [
        (datetime(2026, 3, 2, 9, 0, tzinfo=INDIA), True, True),
        (datetime(2026, 3, 2, 8, 59, tzinfo=INDIA), False, True),
        (datetime(2026, 3, 2, 20, 0, tzinfo=INDIA), False, True),
        (datetime(2026, 3, 3, 12, 0, tzinfo=INDIA), True, False),  # Doljatra
        (datetime(2026, 3, 8, 12, 0, tzinfo=INDIA), True, False),  # Sunday
        (datetime(2026, 3, 9, 1, 0, tzinfo=INDIA), False, True),  # in India: in London it is Sunday still
    ],
)
def test_by_day_and_on_days_of_work(when: datetime, by_day: bool, works: bool) -> None:
    assert (is_decent_hour(when), is_decent_day(when, WEEK)) == (by_day, works)
