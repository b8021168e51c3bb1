"""The grievance cell's page: what no office has, and what was proposed and waits for the cell's word."""

from dataclasses import dataclass

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.answering import done_at, read_reason, refused_at
from agent_console.case_rows import CaseRow, case_rows
from agent_console.guard import allow
from agent_console.officer_here import who
from agent_console.surroundings import store
from agent_console.view_of_desk import bar
from agent_console.words import say
from models.case_access import readable
from models.case_lists import merges_proposed, to_sort, transfers_proposed, under_appeal
from models.complaint import Complaint
from models.services.withdrawing import see_to_pressure, waiting_pressures

blueprint = Blueprint("cases_cell", __name__)

SHOWN = 50
_LISTS = (("to_sort", to_sort), ("transfers", transfers_proposed), ("appeals", under_appeal))


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
        for name, waiting in _LISTS:  # three of them, whatever is in them
            found = list(session.scalars(waiting(mine).limit(SHOWN + 1)))
            lists.append((name, case_rows(session, found[:SHOWN], by.at), len(found) > SHOWN))
        found_merges = list(session.execute(merges_proposed(mine).limit(SHOWN)))
        cases = case_rows(session, [complaint for complaint, _ in found_merges], by.at)
        masters = _references(session, [data.get("master") for _, data in found_merges])
        merges = [
            Proposal(case, masters.get(data.get("master"), ""))
            for case, (_, data) in zip(cases, found_merges, strict=True)
        ]
        return render_template(
            "desk/cases/cell.html",
            **bar(session),
            officer=officer,
            pressures=waiting_pressures(session, mine, SHOWN),
            lists=lists,
            merges=merges,
        )


@blueprint.post("/desk/cases/cell/pressures/<int:pressure_id>/seen-to")
@allow("supervisor")
def see_to(pressure_id: int) -> ResponseReturnValue:
    """Somebody of the cell has done something about it, and says what."""
    by, note, address = who(), read_reason(), url_for("cases_cell.page")
    if not note:
        return refused_at(address, say("cell.say_what"))

    def write(session: Session) -> bool:
        mine = readable(by.officer(session))
        return see_to_pressure(session, pressure_id, mine, note, staff_id=by.staff_id, now=by.at)

    if not store().transact(write):
        return refused_at(address, say("cell.seen_to_already"), 409)
    return done_at(address, say("cell.seen_to"))


def _references(session: Session, ids: list[int]) -> dict[int, str]:
    rows = session.execute(select(Complaint.id, Complaint.reference).where(Complaint.id.in_(ids)))
    return {row.id: row.reference for row in rows}
