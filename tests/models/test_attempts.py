"""Three tries at three different hours, none of them at night."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from models.attempts import APART, TRIES, next_try

INDIA = ZoneInfo("Asia/Kolkata")


@pytest.mark.parametrize("hour", range(24))
def test_three_tries_come_at_three_hours_of_the_day(hour: int) -> None:
    tried = datetime(2026, 3, 2, hour, 20, tzinfo=INDIA).astimezone(UTC)
    hours = [tried.astimezone(INDIA).hour]
    for tries in range(1, TRIES):
        again = next_try(tried, tries)
        assert again is not None
        assert again - tried >= APART
        assert 10 <= again.astimezone(INDIA).hour < 18
        hours.append(again.astimezone(INDIA).hour)
        tried = again
    assert len(set(hours)) == 3
    assert next_try(tried, TRIES) is None


def test_the_next_try_is_soon() -> None:
    tried = datetime(2026, 3, 2, 11, 0, tzinfo=INDIA).astimezone(UTC)
    assert next_try(tried, 1) == tried + timedelta(hours=3)
