"""A small office for the tests: a calendar, people, and a complaint."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actor import Actor
from models.complaint import Complaint
from models.record import verify_chain
from models.seed import seed
from models.services import NewComplaint, change_state, register_complaint
from models.staff import Staff
from models.store import Store

# Friday, 27 February 2026, 18:40 in India.
FRIDAY = datetime(2026, 2, 27, 13, 10, tzinfo=UTC)
MOBILE = "+919830000001"


@dataclass(frozen=True)
class Week:
    """Works on `days` (Monday 0) until 18:00, but on none of `holidays`."""

    days: frozenset[int] = frozenset(range(5))
    holidays: frozenset[date] = frozenset({date(2026, 3, 3), date(2026, 3, 4)})

    def is_working(self, day: date, /) -> bool:
        return day.weekday() in self.days and day not in self.holidays

    def closing_time(self, day: date, /) -> time:
        return time(18)


WEEK = Week()


def compose(complaint: Complaint) -> str:
    return f"Helpline: {complaint.reference}, {complaint.due_on}"


def lay_office(session: Session) -> None:
    """Seeds and three people: 1 and 2 represent, 3 and 4 are officers."""
    seed(session, FRIDAY)
    for login, name in (("asha", "Asha Mondal"), ("bimal", "Bimal Roy"), ("chitra", "Chitra Das"), ("dipak", "Dipak")):
        session.add(Staff(login=login, name=name, password_hash="x", created_at=FRIDAY))
    session.flush()


REPRESENTATIVE = Actor.staff(1, "representative")
CELL = Actor.staff(2, "supervisor", level=5)
OFFICER = Actor.staff(3, "officer", level=1)
CHIEF = Actor.staff(4, "officer", level=3)


def register(session: Session, now: datetime = FRIDAY, **fields: Any) -> Complaint:
    """A complaint about rations in Hooghly, unless `fields` say otherwise."""
    said: dict[str, Any] = {"category": "ration", "place_code": "hooghly", "text": "রেশন কার্ড পাইনি", "language": "bn"}
    said |= {"contact_number": MOBILE} | fields
    new = NewComplaint(**said)
    return register_complaint(session, new, by=REPRESENTATIVE, now=now, calendar=WEEK, compose=compose)


def report_solved(
    session: Session, complaint: Complaint, now: datetime, by: Actor = OFFICER, note: str = "done"
) -> None:
    """Its officer opens it, and says that it is solved."""
    change_state(session, complaint, "in_progress", by=by, now=now, calendar=WEEK)
    change_state(session, complaint, "action_reported", by=by, now=now, calendar=WEEK, note=note)


def case_of(store: Store, **named: Any) -> Complaint:
    """The complaint of this id or reference, with its record found whole."""
    with store.session() as session:
        complaint = session.scalars(select(Complaint).filter_by(**named)).one()
        verify_chain(session, complaint)
        return complaint
