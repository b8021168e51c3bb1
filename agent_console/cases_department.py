"""The secretary's page: at which level complaints are solved, who has the open ones, what nobody has explained."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from agent_console.case_list_files import case_cells, case_heads
from agent_console.case_rows import CaseRow, case_rows
from agent_console.guard import allow
from agent_console.names import names_of, people_of
from agent_console.officer_here import READERS, Who, who
from agent_console.periods import begin_of, read_days
from agent_console.surroundings import asked, store
from agent_console.table_files import check_ending, send_table
from agent_console.view_of_desk import bar
from agent_console.words import name_in, say
from models.case_access import readable
from models.complaint import Complaint
from models.deadline import INDIA
from models.department import Department
from models.department_figures import (
    HolderLine,
    ended_between,
    on_digest,
    read_holders,
    read_levels,
    solved_between,
    unexplained,
)
from models.office import Office
from models.officer import Officer
from models.transitions import UNDER_WAY

blueprint = Blueprint("cases_department", __name__)

SHOWN = 100
AT_MOST = 5000  # rows of a file
WHATS = ("open", "late", "solved", "ended", "unexplained", "digest")


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has open cases, by name."""

    line: HolderLine
    office: str
    officer: str
    query: dict[str, str]


@blueprint.get("/desk/cases/department")
@allow(*READERS)
def page() -> ResponseReturnValue:
    by = who()
    since, until = read_days(request.args, by.at, days_ago=29)
    today = by.at.astimezone(INDIA).date()
    with store().session() as session:
        officer = _overseer(session, by)
        departments = _departments(session, officer)
        chosen = _chosen(departments)
        mine = _mine(officer, chosen)
        between = (begin_of(since), begin_of(until + timedelta(days=1)))
        digest = list(session.scalars(on_digest(mine).limit(SHOWN)))
        owed = list(session.scalars(unexplained(mine).limit(SHOWN)))
        return render_template(
            "desk/cases/department.html",
            **bar(session),
            officer=officer,
            departments=departments,
            chosen={"department": chosen, "since": since.isoformat(), "until": until.isoformat()},
            levels=read_levels(session, mine, *between, today),
            holders=_holders(session, read_holders(session, mine, today)),
            digest=case_rows(session, digest, by.at),
            owed=case_rows(session, owed, by.at),
        )


@blueprint.get("/desk/cases/department/list")
@allow(*READERS)
def listing() -> ResponseReturnValue:
    """The cases behind a number of the page."""
    by = who()
    with store().session() as session:
        officer = _overseer(session, by)
        found = _listed(session, officer, by, SHOWN + 1)
        return render_template(
            "desk/cases/listing.html",
            **bar(session),
            officer=officer,
            rows=found[:SHOWN],
            is_cut=len(found) > SHOWN,
            shown=SHOWN,
            query=asked("department", "since", "until", "what", "level", "office", "officer"),
            what=_what(),
        )


@blueprint.get("/desk/cases/department/cases.<ending>")
@allow(*READERS)
def as_file(ending: str) -> ResponseReturnValue:
    """What the list shows, and more of it."""
    check_ending(ending)
    by = who()
    with store().session() as session:
        rows = _listed(session, _overseer(session, by), by, AT_MOST)
    return send_table(ending, f"cases-{by.at.astimezone(INDIA):%Y-%m-%d}-{_what()}", case_heads(), case_cells(rows))


def _overseer(session: Session, by: Who) -> Officer:
    """A department's secretary, or the cell."""
    officer = by.officer(session)
    if not (officer.is_secretary or officer.is_cell):
        abort(403)
    return officer


def _departments(session: Session, officer: Officer) -> list[tuple[str, str]]:
    known = [(one.code, name_in(one.names)) for one in session.scalars(select(Department).order_by(Department.code))]
    return [one for one in known if officer.is_cell or one[0] in officer.secretary_of]


def _chosen(departments: list[tuple[str, str]]) -> str:
    department = request.args.get("department", "")
    return department if department in dict(departments) else ""


def _mine(officer: Officer, department: str) -> ColumnElement[bool]:
    if department:
        return readable(officer) & (Complaint.department_code == department)
    mine = readable(officer)
    return mine if officer.is_cell else mine & Complaint.department_code.in_(officer.secretary_of)


def _what() -> str:
    what = request.args.get("what", "open")
    return what if what in WHATS else "open"


def _listed(session: Session, officer: Officer, by: Who, limit: int) -> list[CaseRow]:
    mine = _mine(officer, _chosen(_departments(session, officer))) & _narrowed()
    since, until = read_days(request.args, by.at, days_ago=29)
    between = (begin_of(since), begin_of(until + timedelta(days=1)))
    what, late = _what(), Complaint.due_on < by.at.astimezone(INDIA).date()
    under_way = Complaint.state.in_(UNDER_WAY)
    if what == "digest":
        wanted: Any = on_digest(mine)
    elif what == "unexplained":
        wanted = unexplained(mine)
    elif what == "solved":
        wanted = solved_between(mine, *between, level=request.args.get("level", type=int))
    elif what == "ended":
        wanted = ended_between(mine & _at_level(), *between)
    else:
        wanted = select(Complaint).where(mine, under_way, _at_level(), *([late] if what == "late" else []))
        wanted = wanted.order_by(Complaint.due_on, Complaint.id)
    return case_rows(session, list(session.scalars(wanted.limit(limit))), by.at)


def _at_level() -> ColumnElement[bool]:
    level = request.args.get("level", type=int)
    return Complaint.level == level if level is not None else Complaint.level.is_not(None)


def _narrowed() -> ColumnElement[bool]:
    """To one office, and to one officer or nobody by name, where that is asked for."""
    wanted: ColumnElement[bool] = Complaint.id.is_not(None)
    if "office" in request.args:
        office = request.args["office"]
        wanted &= Complaint.office_code == office if office else Complaint.office_code.is_(None)
    if "officer" in request.args:
        person = request.args.get("officer", type=int)
        wanted &= Complaint.officer_id == person if person is not None else Complaint.officer_id.is_(None)
    return wanted


def _holders(session: Session, lines: list[HolderLine]) -> list[Holder]:
    codes, people = {one.office_code for one in lines}, {one.officer_id for one in lines}
    offices, names = names_of(session, Office, codes), people_of(session, people)
    return [
        Holder(
            line=one,
            office=offices.get(one.office_code or "", one.office) or say("department.no_office"),
            officer=names.get(one.officer_id or 0, ""),
            query={"office": one.office_code or "", "officer": str(one.officer_id or ""), "level": str(one.level)},
        )
        for one in lines
    ]
