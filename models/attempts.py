"""How often and when somebody is rung who did not answer: three tries, each at another hour of the day."""

from datetime import datetime, time, timedelta

from models.deadline import INDIA

TRIES = 3
APART = timedelta(hours=3)

_LAST_HOUR = 18  # after it nobody is rung who did not answer before
_MORNING, _AFTERNOON = time(11, 0), time(15, 0)
_NOON = 13


def next_try(tried_at: datetime, tries: int) -> datetime | None:
    """When to ring again after `tries` in vain; None when there have been enough.

    Three hours later, or the next day: in the morning after an afternoon, in the afternoon after a morning. Nobody is
    rung at night: who was tried before the morning is tried in it.
    """
    if tries >= TRIES:
        return None
    here = tried_at.astimezone(INDIA)
    later = here + APART
    if later.date() == here.date() and later.hour < _LAST_HOUR:
        this_morning = datetime.combine(here.date(), _MORNING, tzinfo=INDIA)
        return max(later, this_morning).astimezone(tried_at.tzinfo)
    at = _MORNING if here.hour >= _NOON else _AFTERNOON
    tomorrow = datetime.combine(here.date() + timedelta(days=1), at, tzinfo=INDIA)
    return tomorrow.astimezone(tried_at.tzinfo)
