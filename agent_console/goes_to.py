"""Where a complaint would go and by when it would be answered, before it is registered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from agent_console.form_choices import OUTSIDE, outside_place
from agent_console.words import name_in, screen_language
from ivr.opening import UnknownCalendar
from ivr.working_days import working_calendar
from models.category import Category
from models.deadline import day_zero, due_on
from models.department import Department
from models.office_names import office_name
from models.place import PlaceRow
from models.routing import find_route


@dataclass(frozen=True, slots=True)
class GoesTo:
    """The department, the promised date, and why this one."""

    department: str
    office: str
    due_on: date
    days: int
    day_zero: date
    outside: bool


def read_goes_to(session: Session, data: Mapping[str, str], now: datetime) -> GoesTo | None:
    """What registering these fields now would promise; None while the category is open, or no calendar is set."""
    category = session.get(Category, data.get("category") or "")
    if category is None:
        return None
    place_code = place_of(session, data.get("place", ""))
    route = find_route(session, category, place_code)
    try:
        calendar = working_calendar(session)
    except UnknownCalendar:
        return None  # registering says so and how it is mended; the talk must go on all the same
    place = session.get(PlaceRow, place_code) if place_code else None
    return GoesTo(
        department=name_in(session.get_one(Department, route.department_code).names),
        office=office_name(session, route.seat.code if route.seat else None, route.office, screen_language()),
        due_on=due_on(now, category.days, calendar),
        days=category.days,
        day_zero=day_zero(now, calendar),
        outside=place is not None and not place.in_state,
    )


def place_of(session: Session, chosen: str) -> str | None:
    """The place's code for what the form says; the form's own word for outside the state is one place of the table."""
    return outside_place(session) if chosen == OUTSIDE else chosen or None
