"""Complaints that their citizens take back: asked on the telephone, by the centre, whether anybody pressed them."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.actor import Actor
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.errors import Refused
from models.record import append_event
from models.transitions import UNDER_WAY

PRESSED = "pressed"  # kind of event: the citizen was pressed to take it back. For the cell's eyes only


def note_pressure(
    session: Session, complaint: Complaint, words: str, *, call_sid: str | None, by: Actor, now: datetime
) -> ComplaintEvent:
    """Put on record that somebody pressed the citizen. The complaint goes on, and no text tells of it: whoever pressed
    might read the citizen's telephone. Raises Refused: not_now.
    """
    if complaint.state not in UNDER_WAY:
        raise Refused("not_now")
    return append_event(
        session, complaint, kind=PRESSED, actor=by.name, now=now, data={"note": words, "call": call_sid}
    )
