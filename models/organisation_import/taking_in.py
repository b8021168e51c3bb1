"""From checked rows to the register: what would change, and changing it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import add_act
from models.department import Department
from models.office import Office
from models.organisation_import.checking import Checked, Known, OfficeLine, PostingLine
from models.place import PlaceRow
from models.posting import Posting
from models.staff import Staff

Kind = Literal["new", "changed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the register that is not as the file has it. `fields`: name -> (as it is, as it would be)."""

    kind: Kind
    sheet: Literal["offices", "postings"]
    name: str
    fields: dict[str, tuple[Any, Any]]


def read_known(session: Session) -> Known:
    """What a file is checked against."""
    people = session.execute(select(Staff.login, Staff.id, Staff.roles).where(Staff.active))
    offices = session.execute(select(Office.code, Office.department_code, Office.level, Office.parent))
    return Known(
        departments=frozenset(session.scalars(select(Department.code))),
        places=frozenset(session.scalars(select(PlaceRow.code))),
        offices={row.code: (row.department_code, row.level, row.parent) for row in offices},
        officers={row.login: row.id for row in people if "officer" in row.roles},
    )


def changes_of(session: Session, checked: Checked) -> list[Change]:
    """What taking these rows in would change; nothing is written."""
    return [change for change, _ in _changes(session, checked)]


def take_in(session: Session, checked: Checked, *, by: str, now: datetime) -> list[Change]:
    """Write what differs and account for it. Nothing is ever removed: an office is made inactive, a posting ended.

    The cases are put under the new officers by `settle_cases`.
    """
    changes = []
    for change, row in _changes(session, checked):
        if change.kind == "new":
            session.add(row)
        for name, (_, value) in change.fields.items():
            setattr(row, name, value)
        if change.sheet == "offices":
            session.flush()  # the highest come first: each refers to the one above it
        changes.append(change)
    session.flush()
    if changes:
        new = sum(change.kind == "new" for change in changes)
        data = {"new": new, "changed": len(changes) - new}
        add_act(session.connection(), by, "offices_imported", "organisation", now, data)
    return changes


def _changes(session: Session, checked: Checked) -> Iterator[tuple[Change, Office | Posting]]:
    offices = {office.code: office for office in session.scalars(select(Office))}
    for line in checked.offices:
        office = offices.get(line.code)
        yield from _change("offices", line.code, office, Office(code=line.code), _office_values(line))
    postings = {
        (one.office_code, one.staff_id, one.duty, one.from_on): one for one in session.scalars(select(Posting)).all()
    }
    for one in checked.postings:
        key = (one.office, one.staff_id, one.duty, one.from_on)
        name = f"{one.login} at {one.office}"
        yield from _change("postings", name, postings.get(key), Posting(), _posting_values(one))


def _change(
    sheet: Literal["offices", "postings"],
    name: str,
    row: Office | Posting | None,
    fresh: Office | Posting,
    values: dict[str, Any],
) -> Iterator[tuple[Change, Office | Posting]]:
    if row is None:
        yield Change("new", sheet, name, {field: (None, value) for field, value in values.items()}), fresh
        return
    differing = {field: (getattr(row, field), value) for field, value in values.items() if getattr(row, field) != value}
    if differing:
        yield Change("changed", sheet, name, differing), row


def _office_values(line: OfficeLine) -> dict[str, Any]:
    return {
        "department_code": line.department,
        "level": line.level,
        "names": dict(line.names),
        "place_code": line.place,
        "parent": line.parent,
        "active": line.active,
    }


def _posting_values(line: PostingLine) -> dict[str, Any]:
    return {
        "office_code": line.office,
        "staff_id": line.staff_id,
        "duty": line.duty,
        "from_on": line.from_on,
        "until_on": line.until_on,
    }


def office_rows(session: Session) -> Iterator[Sequence[str]]:
    """The offices as lines of their sheet."""
    for office in session.scalars(select(Office).order_by(Office.department_code, Office.level.desc(), Office.code)):
        names = [office.names.get(language, "") for language in ("en", "bn", "hi")]
        place, parent, active = office.place_code or "", office.parent or "", "yes" if office.active else "no"
        yield [office.code, office.department_code, str(office.level), *names, place, parent, active]


def posting_rows(session: Session) -> Iterator[Sequence[str]]:
    """The postings as lines of their sheet."""
    found = select(Posting, Staff.login).join(Staff, Staff.id == Posting.staff_id)
    for posting, login in session.execute(found.order_by(Posting.office_code, Posting.from_on, Posting.id)):
        until = posting.until_on.isoformat() if posting.until_on else ""
        yield [posting.office_code, login, posting.duty, posting.from_on.isoformat(), until]
