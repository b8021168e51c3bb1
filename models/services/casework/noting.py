"""Words that go on the record and change nothing; and a hidden name, shown for a reason that is kept."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.deadline import WorkingCalendar
from models.officer import Officer
from models.record import append_event
from models.services.casework.permitted import permit, said
from models.services.changing import Compose


def add_note(
    session: Session,
    complaint: Complaint,
    *,
    officer: Officer,
    now: datetime,
    calendar: WorkingCalendar,
    compose: Compose | None = None,
    template: str = "",
    note: str,
) -> ComplaintEvent:
    """Put a note on the record, for whoever works on it later. The citizen is not told. Raises Refused."""
    permit(session, officer, complaint, "note")
    data = {"note": said(note)}
    return append_event(session, complaint, kind="noted", actor=officer.actor.name, now=now, data=data)


def reveal_name(
    session: Session,
    complaint: Complaint,
    *,
    officer: Officer,
    now: datetime,
    calendar: WorkingCalendar,
    compose: Compose | None = None,
    template: str = "",
    reason: str,
) -> ComplaintEvent:
    """Put on record that this officer was shown the name that the citizen asked to be hidden. Raises Refused."""
    permit(session, officer, complaint, "reveal_name")
    data = {"reason": said(reason)}
    return append_event(session, complaint, kind="name_shown", actor=officer.actor.name, now=now, data=data)
