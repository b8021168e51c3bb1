"""Patterns in complaints for the grievance cell: what is unusual and where, what became of cases, who holds them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, Connection, and_
from sqlalchemy.orm import Session

from agent_console.complaint_rows import complaint_rows
from agent_console.guard import allow
from agent_console.names import names_of
from agent_console.officer_here import who
from agent_console.pattern_rows import TABLES, Names
from agent_console.periods import begin_of, read_day
from agent_console.surroundings import asked, now, store
from agent_console.table_files import check_ending, send_table
from agent_console.tile_map import lay_tiles
from agent_console.view_of_desk import bar
from agent_console.words import say
from models.category import Category
from models.complaint import Complaint
from models.department import Department
from models.patterns import by_district, total_of
from models.patterns_query import (
    NOWHERE,
    never_opened,
    overdue,
    places_in,
    read_held,
    read_outcomes,
    read_recurring,
    reopened,
)
from models.place import PlaceRow

blueprint = Blueprint("patterns", __name__)

LENGTHS = (7, 28, 91)  # days
LEVELS = (20, 100)  # once in so many such periods: unusual, alarming
_SHOWN = 30
_CASES_SHOWN = 100
_ASKED = ("category", "district", "department")
_WHICH: dict[str, Callable[[datetime], ColumnElement[bool]]] = {
    "overdue": overdue,
    "never_opened": lambda at: never_opened(),
    "reopened": lambda at: reopened(),
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """Whole days in India, up to and with `last`."""

    last: date
    days: int

    @property
    def first(self) -> date:
        return self.last - timedelta(days=self.days - 1)

    @property
    def since(self) -> datetime:
        return begin_of(self.first)

    @property
    def until(self) -> datetime:
        return begin_of(self.last + timedelta(days=1))


@blueprint.get("/desk/patterns")
@allow("supervisor", "admin")
def page() -> ResponseReturnValue:
    at = now()
    stretch = _stretch(at)
    with store().session() as session:
        connection = session.connection()
        recurring = read_recurring(connection, stretch.since, stretch.until)
        outcomes, names = read_outcomes(connection, stretch.since, stretch.until, at), _names(session)
        return render_template(
            "desk/patterns.html",
            **bar(session),
            stretch=stretch,
            lengths=LENGTHS,
            names=names,
            recurring=recurring[:_SHOWN],
            more=max(0, len(recurring) - _SHOWN),
            levels=LEVELS,
            tiles=lay_tiles(by_district(recurring), names.places, LEVELS),
            outcomes=outcomes,
            total=total_of(outcomes),
            held=read_held(connection, stretch.since, stretch.until, at),
        )


@blueprint.get("/desk/patterns/cases")
@allow("supervisor", "admin")
def cases() -> ResponseReturnValue:
    """The complaints behind a number."""
    at = now()
    stretch = _stretch(at)
    which = request.args.get("which", "")
    if which and which not in _WHICH:
        abort(404)
    with store().session() as session:
        names = _names(session)
        wanted = and_(_wanted(session.connection(), stretch), who().not_about_me(session))
        if which:
            wanted = and_(wanted, _WHICH[which](at))
        before = request.args.get("before", type=int)
        if before is not None:
            wanted = and_(wanted, Complaint.id < before)
        found = complaint_rows(session, wanted, limit=_CASES_SHOWN + 1)
        return render_template(
            "desk/patterns_cases.html",
            **bar(session),
            stretch=stretch,
            which=which,
            chosen=names.of(*(request.args.get(name, "") for name in _ASKED)),
            asked=asked("days", "last", "which", *_ASKED),
            found=found[:_CASES_SHOWN],
            more=found[_CASES_SHOWN - 1].id if len(found) > _CASES_SHOWN else None,
        )


@blueprint.get("/desk/patterns/<table>.<ending>")
@allow("supervisor", "admin")
def as_file(table: str, ending: str) -> ResponseReturnValue:
    """One of the tables as CSV or as a workbook."""
    check_ending(ending)
    if table not in TABLES:
        abort(404)
    at = now()
    stretch, (read, columns) = _stretch(at), TABLES[table]
    with store().session() as session:
        rows = read(session.connection(), stretch.since, stretch.until, at, _names(session))
    name = f"{table}-{stretch.first.isoformat()}-{stretch.last.isoformat()}"
    return send_table(ending, name, [say(f"patterns.{column}") for column in columns], rows)


def _stretch(at: datetime) -> Stretch:
    """The days asked for; without any, the seven that are over."""
    days = request.args.get("days", LENGTHS[0], type=int)
    return Stretch(read_day(request.args.get("last"), at, days_ago=1), days if days in LENGTHS else LENGTHS[0])


def _names(session: Session) -> Names:
    """Kinds, places and departments, in the reader's language."""
    return Names(
        kinds=names_of(session, Category), places=names_of(session, PlaceRow), departments=names_of(session, Department)
    )


def _wanted(connection: Connection, stretch: Stretch) -> ColumnElement[bool]:
    """The complaints of these days, of the kind, district and department that are asked for."""
    category, district, department = map(request.args.get, _ASKED)
    wanted: list[ColumnElement[bool]] = [
        Complaint.registered_at >= stretch.since,
        Complaint.registered_at < stretch.until,
    ]
    if category:
        wanted.append(Complaint.category == category)
    if department:
        wanted.append(Complaint.department_code == department)
    if district is not None:
        inside = Complaint.place_code.in_(places_in(connection, district))
        wanted.append(inside if district != NOWHERE else Complaint.place_code.is_(None) | inside)
    return and_(*wanted)
