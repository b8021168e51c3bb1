"""Proposing that a complaint is about the same matter as another: the cell decides whether it joins it."""

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.answering import done_at, refused_at
from agent_console.digits import only_digits
from agent_console.guard import allow
from agent_console.officer_here import who
from agent_console.surroundings import me, now, store
from agent_console.words import say
from models.actor import Actor
from models.complaint import Complaint
from models.errors import Refused
from models.services.doubles import propose_merge

blueprint = Blueprint("same_matter", __name__)


@blueprint.post("/desk/complaints/<reference>/same-matter")
@allow("representative", "supervisor")
def propose(reference: str) -> ResponseReturnValue:
    """It is the same matter as the complaint whose reference was chosen or typed."""
    asks, at, by = who(), now(), Actor.staff(me().id, *me().roles)
    address = url_for("complaints.page", reference=reference)
    other = only_digits(request.form.get("other", ""))

    def write(session: Session) -> bool:
        mine = select(Complaint).where(Complaint.reference == reference, asks.not_about_me(session)).with_for_update()
        complaint = session.scalars(mine).one_or_none()
        if complaint is None:
            return False
        propose_merge(session, complaint, other, asks.not_about_me(session), by=by, now=at)
        return True

    try:
        if not store().transact(write):
            abort(404)
    except Refused as error:
        return refused_at(address, say(f"same.refused.{error.code}"), 409)
    return done_at(address, say("same.proposed"))
