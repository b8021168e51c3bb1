"""The officer who missed a date says why, on the record."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case_moment import owed_by
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.errors import Refused
from models.explanation import Explanation
from models.services.casework.acting import Acting
from models.services.casework.permitted import permit, put_down, said


def explain_breach(session: Session, complaint: Complaint, acting: Acting, *, text: str) -> ComplaintEvent:
    """Give the explanation that was demanded; the oldest first, where several are owed. Raises Refused."""
    permit(session, acting.officer, complaint, "explain")
    words = said(text)
    owed = select(Explanation).where(Explanation.complaint_id == complaint.id, owed_by(acting.officer))
    one = session.scalars(owed.order_by(Explanation.id).limit(1)).one_or_none()
    if one is None:
        raise Refused("nothing_to_explain")
    one.text, one.given_at, one.given_by = words, acting.now, acting.officer.actor.name
    complaint.explanation = words
    data = {"note": words, "level": one.level}
    return put_down(session, complaint, "explained", acting, data)
