"""What things and people are called, by their code or id: things in the reader's language."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.words import name_in, say
from models.category import Category
from models.department import Department
from models.office import Office
from models.place import PlaceRow
from models.staff import Staff

Named = type[Category] | type[Department] | type[Office] | type[PlaceRow]


def names_of(session: Session, table: Named, codes: Collection[str | None] | None = None) -> dict[str, str]:
    """The names of these codes, or of all of them, by code."""
    wanted = select(table.code, table.names)
    if codes is not None:
        wanted = wanted.where(table.code.in_(codes))
    return {row.code: name_in(row.names) for row in session.execute(wanted)}


def people_of(session: Session, ids: Collection[int | None] | None = None) -> dict[int, str]:
    """The names of these staff, or of all of them, by id and in the order of the names."""
    wanted = select(Staff.id, Staff.name).order_by(Staff.name)
    if ids is not None:
        wanted = wanted.where(Staff.id.in_(ids))
    return {row.id: row.name for row in session.execute(wanted)}


def actors_of(session: Session, actors: Collection[str]) -> dict[str, str]:
    """The names of these actors, as they stand on an act, by what stands there."""
    names = {"citizen": say("event.by_citizen"), "rule": say("event.by_rule")}
    ids = {int(number) for kind, _, number in (one.partition(":") for one in actors) if _is_staff(kind, number)}
    return names | {f"staff:{person}": name for person, name in people_of(session, ids).items()}


def _is_staff(kind: str, number: str) -> bool:
    return kind == "staff" and number.isdecimal()
