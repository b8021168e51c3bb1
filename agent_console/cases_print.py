"""Chosen cases on paper, each on a sheet of its own."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from agent_console.case_view import read_cases
from agent_console.guard import allow
from agent_console.officer_here import READERS, who
from agent_console.surroundings import now, store
from agent_console.view_of_desk import bar
from models.case_access import readable
from models.complaint import Complaint

blueprint = Blueprint("cases_print", __name__)

AT_MOST = 50


@blueprint.get("/desk/cases/print")
@allow(*READERS)
def page() -> ResponseReturnValue:
    """Those of the references asked for that this person may read, in the order asked for."""
    asked = list(dict.fromkeys(request.args.getlist("reference")))[:AT_MOST]
    with store().session() as session:
        wanted = select(Complaint).where(Complaint.reference.in_(asked), readable(who().officer(session)))
        found = {one.reference: one for one in session.scalars(wanted)}
        if asked and not found:
            abort(404)
        sheets = read_cases(session, [found[one] for one in asked if one in found], now())
        return render_template("desk/cases/print.html", **bar(session), sheets=sheets)
