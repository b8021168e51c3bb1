"""Cases as rows of a list: with their names in the reader's language, and what is left of their promise."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from agent_console.names import names_of, people_of
from agent_console.words import say, screen_language
from ivr.working_days import working_calendar
from models.category import Category
from models.complaint import Complaint
from models.deadline import INDIA, WorkingCalendar, next_working_day
from models.department import Department
from models.office import Office
from models.office_names import office_in
from models.place import PlaceRow

OVER = ("closed", "rejected", "merged")  # nothing is due of these any more
_FAR = 99  # working days that are counted at most


@dataclass(frozen=True, slots=True)
class Due:
    """What is left of a promise. `days` are working days; below zero it is late by so many."""

    on: date
    days: int

    @property
    def is_late(self) -> bool:
        return self.days < 0

    @property
    def words(self) -> str:
        """In the reader's language: 3 working days left."""
        if self.days == 0:
            return say("due.today")
        left = "late" if self.is_late else "left"
        count = abs(self.days)
        return say(f"due.{left}_one") if count == 1 else say(f"due.{left}", n=count)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """What a list shows of a case. `due` is None where nothing is due any more."""

    id: int
    reference: str
    state: str
    is_urgent: bool
    pending: str | None
    category_name: str
    place_name: str
    department_name: str
    office_name: str
    officer_name: str
    level: int
    registered_at: datetime
    due: Due | None
    events: int  # how many stood on its record


@dataclass(frozen=True, slots=True)
class Names:
    """Names of what some complaints are about, in the reader's language, by code."""

    categories: Mapping[str, str]
    places: Mapping[str, str]
    departments: Mapping[str, str]
    offices: Mapping[str, str]
    people: Mapping[int, str]

    def office_of(self, complaint: Complaint) -> str:
        known = self.offices.get(complaint.office_code or "")
        return known or office_in(complaint.office, screen_language())


def case_rows(session: Session, complaints: Sequence[Complaint], now: datetime) -> list[CaseRow]:
    """The rows of `complaints`, in their order."""
    names = names_for(session, complaints)
    calendar = working_calendar(session)
    today = now.astimezone(INDIA).date()
    return [_row(one, names, due_of(one, calendar, today)) for one in complaints]


def due_of(complaint: Complaint, calendar: WorkingCalendar, today: date) -> Due | None:
    """What is left of the promise of `complaint`."""
    if complaint.state in OVER:
        return None
    return Due(complaint.due_on, days_left(complaint.due_on, today, calendar))


def days_left(due_on: date, today: date, calendar: WorkingCalendar) -> int:
    """Working days after `today` up to `due_on`; those after `due_on` up to `today` count below zero.

    A date that has passed is late by one day at least, also over a holiday.
    """
    if due_on >= today:
        return days_between(today, due_on, calendar)
    return -max(1, days_between(due_on, today, calendar))


def names_for(session: Session, complaints: Iterable[Complaint]) -> Names:
    """The names that these complaints need, each table asked once."""
    places = {one.place_code for one in complaints if one.place_code}
    offices = {one.office_code for one in complaints if one.office_code}
    people = {one.officer_id for one in complaints if one.officer_id}
    return Names(
        categories=names_of(session, Category),
        places=names_of(session, PlaceRow, places),
        departments=names_of(session, Department),
        offices=names_of(session, Office, offices),
        people=people_of(session, people),
    )


def days_between(first: date, last: date, calendar: WorkingCalendar) -> int:
    """Working days after `first` up to `last`, and no more than are ever shown."""
    count, day = 0, first
    while count < _FAR and (day := next_working_day(day, calendar)) <= last:
        count += 1
    return count


def _row(complaint: Complaint, names: Names, due: Due | None) -> CaseRow:
    return CaseRow(
        id=complaint.id,
        reference=complaint.reference,
        state=complaint.state,
        is_urgent=complaint.priority == "urgent",
        pending=complaint.pending,
        category_name=names.categories.get(complaint.category, complaint.category),
        place_name=names.places.get(complaint.place_code or "", ""),
        department_name=names.departments.get(complaint.department_code, complaint.department_code),
        office_name=names.office_of(complaint),
        officer_name=names.people.get(complaint.officer_id or 0, ""),
        level=complaint.level,
        registered_at=complaint.registered_at,
        due=due,
        events=complaint.events,
    )
