"""A department with people in it, and a case among them, for tests of what officers do."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.complaint import Complaint
from models.deadline import INDIA
from models.level_stay import LevelStay
from models.officer import Officer, find_officer
from models.posting import Posting
from models.seed import seed
from models.staff import Staff
from tests.models.desk_kit import FRIDAY, register

FIELD, DISTRICT, HEAD, SECRETARY = "food-field-hooghly", "food-district-hooghly", "food-head", "food-secretary"
MONDAY = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)

# Login, office, duty. Who has no office is of the cell.
PEOPLE = (
    ("asha", None, "representative"),
    ("sumitra", None, "supervisor"),
    ("tapan", None, "supervisor"),
    ("chitra", FIELD, "head"),
    ("mili", FIELD, "member"),
    ("dipak", DISTRICT, "nodal"),
    ("hiran", HEAD, "head"),
    ("leela", SECRETARY, "head"),
    ("nadia", "food-field-nadia", "head"),
    ("rafiq", "panchayat-field-hooghly", "head"),
)


def lay_people(session: Session) -> None:
    """Seeds, and the people above; the first is number 1."""
    seed(session, FRIDAY)
    for login, office, duty in PEOPLE:
        role = "officer" if office else duty
        person = Staff(login=login, name=login.title(), password_hash="x", roles=[role], created_at=FRIDAY)
        session.add(person)
        session.flush()
        if office:
            session.add(Posting(office_code=office, staff_id=person.id, duty=duty, from_on=date(2026, 1, 1)))
    session.flush()


def who(session: Session, login: str, now: datetime = MONDAY) -> Officer:
    """The officer of this login, as of the day of `now`."""
    person = session.scalars(select(Staff).where(Staff.login == login)).one()
    return find_officer(session, person.id, person.roles, now.astimezone(INDIA).date())


def a_case(session: Session, **fields: Any) -> Complaint:
    """A complaint of Friday evening about rations in Hooghly; it is with chitra."""
    return register(session, **fields)


def stays(session: Session, complaint: Complaint) -> list[tuple[int, str | None, bool]]:
    """Of each line of the ledger: level, office, and whether it was opened there."""
    mine = select(LevelStay).where(LevelStay.complaint_id == complaint.id).order_by(LevelStay.id)
    return [(stay.level, stay.office_code, stay.opened_at is not None) for stay in session.scalars(mine)]
