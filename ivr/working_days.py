"""By which calendar the promised date of a complaint, and its days for reopening, are counted."""

from sqlalchemy.orm import Session

from ivr.opening import find_calendar
from models.deadline import WorkingCalendar

DEPARTMENTS = "departments"  # one for all of them; a calendar for each comes with the case inbox


def working_calendar(session: Session) -> WorkingCalendar:
    """The working days of the offices. Raises UnknownCalendar."""
    return find_calendar(session.connection(), DEPARTMENTS)
