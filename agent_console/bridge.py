"""Where the call stands that an officer has asked for: their own telephone, the citizen's, the talk, its end."""

from datetime import datetime, timedelta

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from agent_console.guard import allow
from agent_console.officer_here import READERS, find_case, who
from agent_console.surroundings import me, now, store
from models.bridge import Bridge
from models.complaint import Complaint
from models.services.bridging import newest_bridge
from models.staff import Staff

blueprint = Blueprint("bridge", __name__)

_SHOWN_FOR = timedelta(hours=12)


@blueprint.get("/desk/cases/<reference>/bridge")
@allow(*READERS)
def part(reference: str) -> ResponseReturnValue:
    with store().session() as session:
        complaint = find_case(session, who().officer(session), reference)
        if complaint is None:
            abort(404)
        shown = read_bridge(session, complaint, me().id, now())
        return render_template("desk/parts/bridge.html", bridge=shown, reference=reference)


def read_bridge(session: Session, complaint: Complaint, staff_id: int, at: datetime) -> Bridge | None:
    """This person's last call to the citizen of this case, if it was today."""
    return newest_bridge(session, complaint.id, staff_id, at - _SHOWN_FOR)


def has_telephone(session: Session, staff_id: int) -> bool:
    """Whether this person has said at which telephone they are rung."""
    return session.get_one(Staff, staff_id).telephone is not None
