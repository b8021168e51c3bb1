"""More time for a harder case: once, by a higher office than the one that has it, for a reason."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.deadline import WorkingCalendar
from models.errors import Refused
from models.officer import Officer
from models.record import append_event
from models.services.casework.permitted import permit, said
from models.services.changing import Compose, tell
from models.services.promising import promise_again

LONGEST_EXTENSION = 15  # working days


def extend_case(
    session: Session,
    complaint: Complaint,
    *,
    officer: Officer,
    now: datetime,
    calendar: WorkingCalendar,
    compose: Compose | None = None,
    template: str = "",
    days: int,
    reason: str,
) -> ComplaintEvent:
    """Grant `days` working days more. The citizen is told where `compose` is given. Raises Refused."""
    permit(session, officer, complaint, "extend")
    if not 1 <= days <= LONGEST_EXTENSION:
        raise Refused("too_many_days")
    why = said(reason)
    complaint.extension_days = days
    before = complaint.due_on
    promise_again(session, complaint, calendar, now)
    data = {"days": days, "reason": why, "was_due_on": before.isoformat(), "due_on": complaint.due_on.isoformat()}
    event = append_event(session, complaint, kind="extended", actor=officer.actor.name, now=now, data=data)
    tell(session, complaint, event, compose, template, now)
    return event
