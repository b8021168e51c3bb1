"""The offices that some cases may rise through, read at once: who answers for each, and which of them are accused."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accusation import Accusation
from models.complaint import Complaint
from models.office import Office
from models.office_tree import at_or_above, officers_on
from models.officer import CELL_LEVEL


@dataclass(slots=True)
class Accused:
    """Whom one complaint accuses."""

    offices: set[str] = field(default_factory=set)
    people: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Ladder:
    """`officers`: who answers for each office on the day; `accused` by the id of the complaint."""

    offices: Mapping[str, Office]
    officers: Mapping[str, int]
    accused: Mapping[int, Accused]

    def free(self, complaint_id: int, code: str) -> Office | None:
        """The office itself or the first above it that the case may lie with; None where none is left.

        Not with an accused office, nor below one, nor with an accused officer, nor where nobody is any more.
        """
        chain = list(self._chain(code))
        against = self.accused.get(complaint_id, Accused())
        first = max((n + 1 for n, office in enumerate(chain) if office.code in against.offices), default=0)
        usable = (office for office in chain[first:] if office.active)
        return next((office for office in usable if self.officers.get(office.code) not in against.people), None)

    def _chain(self, code: str) -> Iterator[Office]:
        seen = set[str]()
        office = self.offices.get(code)
        while office is not None and office.code not in seen:  # of a circle each once: it must never hang
            seen.add(office.code)
            yield office
            office = self.offices.get(office.parent) if office.parent else None


def read_ladder(session: Session, codes: Collection[str], complaint_ids: Collection[int], day: date) -> Ladder:
    """What lies at and above these offices on this day of India, for these complaints."""
    above = at_or_above(session, codes)
    offices = session.scalars(select(Office).where(Office.code.in_(above))) if above else ()
    accused: defaultdict[int, Accused] = defaultdict(Accused)
    against = select(Accusation.complaint_id, Accusation.office_code, Accusation.staff_id)
    for row in session.execute(against.where(Accusation.complaint_id.in_(complaint_ids))):
        if row.office_code is not None:
            accused[row.complaint_id].offices.add(row.office_code)
        if row.staff_id is not None:
            accused[row.complaint_id].people.add(row.staff_id)
    return Ladder({office.code: office for office in offices}, officers_on(session, above, day), dict(accused))


def seat_on(ladder: Ladder, complaint: Complaint, code: str) -> None:
    """Have the office answer for the case, or the first above it that the case does not accuse; else the cell."""
    free = ladder.free(complaint.id, code)
    if free is None:
        give_to_cell(complaint)
        return
    complaint.office_code, complaint.office, complaint.level = free.code, free.names["en"], free.level
    complaint.officer_id = ladder.officers.get(free.code)


def rise_on(ladder: Ladder, complaint: Complaint) -> None:
    """Hand the case to the office above; past the last one, to the cell."""
    if complaint.office_code is None:
        complaint.level = min(complaint.level + 1, CELL_LEVEL)
        complaint.officer_id = None
        return
    parent = ladder.offices[complaint.office_code].parent
    if parent is None:
        give_to_cell(complaint)
    else:
        seat_on(ladder, complaint, parent)


def give_to_cell(complaint: Complaint) -> None:
    """No office is left that could have it."""
    complaint.office_code, complaint.office, complaint.officer_id = None, "", None
    complaint.level = CELL_LEVEL
