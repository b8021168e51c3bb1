"""The grievance cell's page: what no office has, and what was proposed and waits for the cell's word."""

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.case_rows import CaseRow, case_rows
from agent_console.guard import allow
from agent_console.officer_here import who
from agent_console.surroundings import store
from agent_console.view_of_desk import bar
from models.case_access import readable
from models.case_lists import merges_proposed, pressed, to_sort, transfers_proposed, under_appeal
from models.complaint import Complaint

blueprint = Blueprint("cases_cell", __name__)

SHOWN = 50
_LISTS = (("pressed", pressed), ("to_sort", to_sort), ("transfers", transfers_proposed), ("appeals", under_appeal))


@dataclass(frozen=True, slots=True)
class Proposal:
    """A complaint that somebody proposed to join to another, with the reference of that one."""

    case: CaseRow
    master: str


@blueprint.get("/desk/cases/cell")
@allow("supervisor")
def page() -> ResponseReturnValue:
    by = who()
    with store().session() as session:
        officer = by.officer(session)
        mine = readable(officer)
        lists = []
        for name, waiting in _LISTS:  # four of them, whatever is in them
            found = list(session.scalars(waiting(mine).limit(SHOWN + 1)))
            lists.append((name, case_rows(session, found[:SHOWN], by.at), len(found) > SHOWN))
        found_merges = list(session.execute(merges_proposed(mine).limit(SHOWN)))
        cases = case_rows(session, [complaint for complaint, _ in found_merges], by.at)
        masters = _references(session, [data.get("master") for _, data in found_merges])
        merges = [
            Proposal(case, masters.get(data.get("master"), ""))
            for case, (_, data) in zip(cases, found_merges, strict=True)
        ]
        return render_template("desk/cases/cell.html", **bar(session), officer=officer, lists=lists, merges=merges)


def _references(session: Session, ids: list[int]) -> dict[int, str]:
    rows = session.execute(select(Complaint.id, Complaint.reference).where(Complaint.id.in_(ids)))
    return {row.id: row.reference for row in rows}
