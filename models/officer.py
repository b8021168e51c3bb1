"""An officer as they are today: where they serve, what lies below them, and in whose name they act."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actor import Actor
from models.office import HIGHEST, Office
from models.office_tree import at_or_above, at_or_below
from models.posting import ANSWERS, Posting, served_on
from models.staff import Staff

CELL_LEVEL = 5
CELL_ROLE = "supervisor"  # the grievance cell are the supervisors


@dataclass(frozen=True, slots=True)
class Officer:
    """`duties`: the offices held today and as what; `below`: those and all below; `above`: those and all above.

    `oversees`: the offices for which they answer and all below; `secretary_of`: departments. Each counts by itself: who
    is secretary of one department and assistant in another is an assistant there.
    """

    staff_id: int
    name: str
    actor: Actor
    duties: Mapping[str, str]
    below: frozenset[str]
    above: frozenset[str]
    departments: frozenset[str]
    is_cell: bool
    answers_for: frozenset[str]
    oversees: frozenset[str]
    secretary_of: frozenset[str]

    @property
    def is_secretary(self) -> bool:
        """Of any department."""
        return bool(self.secretary_of)

    @property
    def offices(self) -> frozenset[str]:
        """The offices in which they serve today."""
        return frozenset(self.duties)


def find_officer(session: Session, staff_id: int, roles: Collection[str], today: date) -> Officer:
    """The officer of this account with the roles it has now. `today` is a day of India."""
    person = session.get_one(Staff, staff_id)
    served = (
        select(Posting.office_code, Posting.duty, Office.level, Office.department_code)
        .join(Office, Office.code == Posting.office_code)
        .where(Posting.staff_id == staff_id, served_on(today), Office.active)
        .order_by(Posting.id)
    )
    rows = session.execute(served).all() if "officer" in roles else []
    is_cell = CELL_ROLE in roles
    duties: dict[str, str] = {}
    for row in rows:  # somebody who is head and member of one office is its head
        if duties.get(row.office_code) not in ANSWERS:
            duties[row.office_code] = row.duty
    answering = [row for row in rows if row.duty in ANSWERS]
    level = CELL_LEVEL if is_cell else max((row.level for row in answering), default=0)
    answers_for = frozenset(row.office_code for row in answering)
    below = at_or_below(session, duties)
    return Officer(
        staff_id=staff_id,
        name=person.name,
        actor=Actor.staff(staff_id, *roles, level=level),
        duties=duties,
        below=below,
        above=at_or_above(session, duties),
        departments=frozenset(row.department_code for row in rows),
        is_cell=is_cell,
        answers_for=answers_for,
        oversees=below if len(answers_for) == len(duties) else at_or_below(session, answers_for),
        secretary_of=frozenset(row.department_code for row in answering if row.level == HIGHEST),
    )
