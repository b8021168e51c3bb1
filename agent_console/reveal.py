"""Showing a whole number: only with a reason, which is kept."""

from flask import Blueprint, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.answering import refused
from agent_console.guard import allow
from agent_console.surroundings import me, now, store
from agent_console.words import say
from ivr.accounting import account
from models.complaint import Complaint

blueprint = Blueprint("reveal", __name__)

LEAST = 4
_SHOWN = "number_shown_of"


@blueprint.post("/desk/complaints/<reference>/number")
@allow("representative", "supervisor")
def complaint_number(reference: str) -> ResponseReturnValue:
    """Note who asks and why, then show the number once."""
    reason = request.form.get("reason", "").strip()
    if len(reason) < LEAST:
        return refused(say("refused.reveal_reason"), 422)
    actor, at = f"staff:{me().id}", now()

    def note(rows: Session) -> bool:
        if rows.scalar(select(Complaint.id).where(Complaint.reference == reference)) is None:
            return False
        subject = f"complaint:{reference}"
        account(rows.connection(), actor, "number_shown", subject, at, {"reason": reason})
        return True

    if not store().transact(note):
        abort(404)
    session[_SHOWN] = reference
    return redirect(url_for("complaints.page", reference=reference))


def may_see_number(reference: str) -> bool:
    """True once after a reason was given for this complaint."""
    return bool(session.pop(_SHOWN, None) == reference)
