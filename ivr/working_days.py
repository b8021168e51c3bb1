"""By which calendar promises are counted: the departments' own, less the sudden holidays."""

from sqlalchemy.orm import Session

from ivr.opening import find_calendar
from models.deadline import WorkingCalendar
from models.services.escalating import Calendars
from models.store import Store
from models.sudden_days import SuddenlyShut, sudden_days

DEPARTMENTS = "departments"  # one for all: a promise must not depend on where its case was handed


def working_calendar(session: Session) -> WorkingCalendar:
    """The working days of the offices. Raises UnknownCalendar."""
    return SuddenlyShut(find_calendar(session.connection(), DEPARTMENTS), sudden_days(session))


def calendars_now(store: Store) -> Calendars:
    """The calendar of each department, as it is now. Raises UnknownCalendar."""
    with store.session() as session:
        calendar = working_calendar(session)
    return lambda _department: calendar
