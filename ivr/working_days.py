"""By which calendar promises are counted: the departments' own, less the sudden holidays."""

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from flows.flow import Flow
from ivr.opening import calendar_of, find_calendar
from models.calendar import CalendarRow
from models.deadline import WorkingCalendar
from models.services.escalating import Calendars
from models.services.holidays import is_counted_by, recount_promises
from models.store import Store
from models.sudden_days import SuddenlyShut, sudden_days

DEPARTMENTS = "departments"  # one for all: a promise must not depend on where its case was handed


def working_calendar(session: Session) -> WorkingCalendar:
    """The working days of the offices. Raises UnknownCalendar."""
    return SuddenlyShut(find_calendar(session.connection(), DEPARTMENTS), sudden_days(session))


def callers_calendar(session: Session, flow: Flow | None) -> WorkingCalendar:
    """On whose days citizens may be rung: that of the people who answer `flow`, else that of the offices.

    Raises UnknownCalendar.
    """
    name = calendar_of(flow) if flow is not None else None
    return working_calendar(session) if name is None else find_calendar(session.connection(), name)


def calendars_now(store: Store) -> Calendars:
    """The calendar of each department, as it is now. Raises UnknownCalendar."""
    with store.session() as session:
        calendar = working_calendar(session)
    return lambda _department: calendar


def recount_if_changed(store: Store, now: datetime) -> int:
    """Count the open promises anew if the calendar is not the one they were counted by; how many moved.

    Raises UnknownCalendar.
    """
    with store.session() as session:
        mark = _mark(session)
        if is_counted_by(session, mark):
            return 0
    return recount_promises(store, now, calendars_now(store), mark=mark)


def _mark(session: Session) -> str:
    source = session.scalar(select(CalendarRow.source).where(CalendarRow.name == DEPARTMENTS)) or ""
    days = sorted(day.isoformat() for day in sudden_days(session))
    return hashlib.sha256("\n".join([source, *days]).encode()).hexdigest()
