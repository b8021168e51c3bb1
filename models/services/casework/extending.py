"""More time for a harder case: once, by a higher office than the one that has it, for a reason."""

from sqlalchemy.orm import Session

from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.errors import Refused
from models.services.casework.acting import Acting
from models.services.casework.permitted import permit, put_down, said
from models.services.changing import tell
from models.services.promising import promise_again

LONGEST_EXTENSION = 15  # working days


def extend_case(session: Session, complaint: Complaint, acting: Acting, *, days: int, reason: str) -> ComplaintEvent:
    """Grant `days` working days more. The citizen is told where `compose` is given. Raises Refused."""
    permit(session, acting.officer, complaint, "extend")
    if not 1 <= days <= LONGEST_EXTENSION:
        raise Refused("too_many_days")
    why = said(reason)
    complaint.extension_days = days
    before = complaint.due_on
    promise_again(session, complaint, acting.calendar, acting.now)
    data = {"days": days, "reason": why, "was_due_on": before.isoformat(), "due_on": complaint.due_on.isoformat()}
    event = put_down(session, complaint, "extended", acting, data)
    tell(session, complaint, event, acting.compose, acting.template, acting.now)
    return event
