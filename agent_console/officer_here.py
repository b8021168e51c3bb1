"""Who asks, as an officer of today, and the case that they ask for: one that they may not read is not there."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from agent_console.surroundings import me, now
from models.case_access import accuses, readable
from models.complaint import Complaint
from models.deadline import INDIA
from models.officer import Officer, find_officer

READERS = ("officer", "supervisor")


@dataclass(frozen=True, slots=True)
class Who:
    """The person who is signed in, and when they ask: what a write takes along, for it knows no request."""

    staff_id: int
    roles: tuple[str, ...]
    at: datetime

    def officer(self, session: Session) -> Officer:
        """With the offices where they serve today."""
        return find_officer(session, self.staff_id, self.roles, self.at.astimezone(INDIA).date())

    def not_about_me(self, session: Session) -> ColumnElement[bool]:
        """The complaints that do not accuse them: nobody reads one about themselves, wherever they work."""
        return ~accuses(self.officer(session))


def who() -> Who:
    return Who(me().id, me().roles, now())


def find_case(session: Session, officer: Officer, reference: str) -> Complaint | None:
    """The case, if `officer` may read it. To anybody else it is not there at all."""
    mine = select(Complaint).where(Complaint.reference == reference, readable(officer))
    return session.scalars(mine).one_or_none()
