"""Words that go on the record and change nothing; and a hidden name, shown for a reason that is kept."""

from sqlalchemy.orm import Session

from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.services.casework.acting import Acting
from models.services.casework.permitted import permit, put_down, said


def add_note(session: Session, complaint: Complaint, acting: Acting, *, note: str) -> ComplaintEvent:
    """Put a note on the record, for whoever works on it later. The citizen is not told. Raises Refused."""
    permit(session, acting.officer, complaint, "note")
    data = {"note": said(note)}
    return put_down(session, complaint, "noted", acting, data)


def reveal_name(session: Session, complaint: Complaint, acting: Acting, *, reason: str) -> ComplaintEvent:
    """Put on record that this officer was shown the name that the citizen asked to be hidden. Raises Refused."""
    permit(session, acting.officer, complaint, "reveal_name")
    data = {"reason": said(reason)}
    return put_down(session, complaint, "name_shown", acting, data)
