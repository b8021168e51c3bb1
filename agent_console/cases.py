"""The inbox of an officer, and of the grievance cell: four boxes, what is due first on top. Works without scripts."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from agent_console.case_rows import case_rows
from agent_console.digits import only_digits
from agent_console.guard import allow
from agent_console.officer_here import READERS, who
from agent_console.surroundings import now, store
from agent_console.view_of_desk import bar
from agent_console.words import name_in
from models.category import Category
from models.complaint import Complaint
from models.inbox_query import BOXES, After, Box, count_cases, list_cases
from models.officer import Officer
from models.transitions import UNDER_WAY

blueprint = Blueprint("cases", __name__)

SHOWN = 25


@dataclass(frozen=True, slots=True)
class Filters:
    """What was looked for: a part of the reference in Latin digits, a kind, a state."""

    reference: str
    category: str
    state: str

    @property
    def is_any(self) -> bool:
        return bool(self.reference or self.category or self.state)

    def conditions(self) -> list[ColumnElement[bool]]:
        found = []
        if self.reference:
            found.append(Complaint.reference.contains(self.reference))
        if self.category:
            found.append(Complaint.category == self.category)
        if self.state:
            found.append(Complaint.state == self.state)
        return found


@blueprint.get("/desk/cases")
@allow(*READERS)
def inbox() -> ResponseReturnValue:
    box, filters = _box(), _filters()
    with store().session() as session:
        officer = who().officer(session)
        counts = count_cases(session, officer, now())
        chosen = box or _first_full(counts)
        found = list_cases(
            session, officer, box=chosen, now=now(), limit=SHOWN + 1, after=_after(), also=filters.conditions()
        )
        page = found[:SHOWN]
        return render_template(
            "desk/cases/inbox.html",
            **bar(session),
            officer=officer,
            box=chosen,
            boxes=_shown(officer, counts),
            filters=filters,
            states=UNDER_WAY,
            categories=[(one.code, name_in(one.names)) for one in _categories(session)],
            rows=case_rows(session, page, now()),
            more=_written(page[-1]) if len(found) > SHOWN else "",
        )


@blueprint.get("/desk/cases/boxes")
@allow(*READERS)
def boxes() -> ResponseReturnValue:
    """How many are in each box by now: whoever reads one sees that more has come, and loses nothing that they do."""
    with store().session() as session:
        officer = who().officer(session)
        counts = count_cases(session, officer, now())
        return render_template("desk/parts/boxes.html", box=_box(), boxes=_shown(officer, counts))


def _shown(officer: Officer, counts: dict[Box, int]) -> list[tuple[Box, int]]:
    oversees = officer.is_secretary or officer.is_cell
    return [(name, counts[name]) for name in BOXES if oversees or name != "digest"]


def _categories(session: Session) -> list[Category]:
    return list(session.scalars(select(Category).order_by(Category.position)))


def _box() -> Box | None:
    asked = request.args.get("box", "")
    return next((box for box in BOXES if box == asked), None)


def _first_full(counts: dict[Box, int]) -> Box:
    """What the day begins with: one's own, else whatever has something in it."""
    return next((box for box in BOXES if counts[box]), "mine")


def _filters() -> Filters:
    reference = only_digits(request.args.get("q", ""))[:11]
    return Filters(reference, request.args.get("category", ""), request.args.get("state", ""))


def _after() -> After | None:
    """Where this page begins, as the link of the page before has it: 2026-03-13.17."""
    day, _, number = request.args.get("after", "").partition(".")
    try:
        return date.fromisoformat(day), int(number)
    except ValueError:
        return None


def _written(last: Complaint) -> str:
    return f"{last.due_on.isoformat()}.{last.id}"
