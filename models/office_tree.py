"""Which office is above which, which answers for a place, and whose name stands on its cases."""

from collections.abc import Collection, Mapping
from datetime import date

from sqlalchemy import case, select
from sqlalchemy.orm import Session, aliased

from models.office import Office
from models.place import PlaceRow
from models.posting import ANSWERS, Posting, served_on


def office_for(session: Session, department_code: str, place_code: str | None) -> Office | None:
    """The lowest office of the department for this place, else for the place around it, and so on; else for all."""
    places = places_around(session, place_code)
    around = Office.place_code.in_([code for code in places if code]) | Office.place_code.is_(None)
    here = session.scalars(select(Office).where(Office.department_code == department_code, Office.active, around))
    return min(here, key=lambda office: (places.index(office.place_code), office.level, office.code), default=None)


def chain_of(session: Session, office_code: str) -> list[Office]:
    """The office and those above it, up to the secretary's."""
    found = session.scalars(select(Office).where(Office.code.in_(at_or_above(session, [office_code]))))
    return sorted(found, key=lambda office: (office.level, office.code))


def at_or_above(session: Session, codes: Collection[str]) -> frozenset[str]:
    """These offices and all above them."""
    if not codes:
        return frozenset()
    above = select(Office.code, Office.parent).where(Office.code.in_(codes)).cte("above", recursive=True)
    parent = aliased(Office)
    above = above.union(select(parent.code, parent.parent).where(parent.code == above.c.parent))
    return frozenset(session.scalars(select(above.c.code)))


def at_or_below(session: Session, codes: Collection[str]) -> frozenset[str]:
    """These offices and all below them."""
    if not codes:
        return frozenset()
    below = select(Office.code).where(Office.code.in_(codes)).cte("below", recursive=True)
    child = aliased(Office)
    below = below.union(select(child.code).where(child.parent == below.c.code))
    return frozenset(session.scalars(select(below.c.code)))


def officers_on(session: Session, codes: Collection[str], day: date) -> Mapping[str, int]:
    """Who answers for each of these offices on this day: its head, else the nodal officer, else the assistant."""
    if not codes:
        return {}
    rank = case({duty: n for n, duty in enumerate(ANSWERS)}, value=Posting.duty)
    served = (
        select(Posting.office_code, Posting.staff_id)
        .where(Posting.office_code.in_(codes), Posting.duty.in_(ANSWERS), served_on(day))
        # The first of each office wins below, so the best stands last.
        .order_by(rank.desc(), Posting.from_on.desc(), Posting.id.desc())
    )
    return {row.office_code: row.staff_id for row in session.execute(served)}


def places_around(session: Session, place_code: str | None) -> list[str | None]:
    """The place, the one around it, and so on; None, the whole state, stands last."""
    places: list[str | None] = []
    place = session.get(PlaceRow, place_code) if place_code else None
    while place is not None and place.code not in places:
        places.append(place.code)
        place = session.get(PlaceRow, place.parent) if place.parent else None
    return [*places, None]
