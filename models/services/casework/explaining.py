"""The officer who missed a date says why, on the record."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case_moment import owed_by
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.deadline import WorkingCalendar
from models.errors import Refused
from models.explanation import Explanation
from models.officer import Officer
from models.record import append_event
from models.services.casework.permitted import permit, said
from models.services.changing import Compose


def explain_breach(
    session: Session,
    complaint: Complaint,
    *,
    officer: Officer,
    now: datetime,
    calendar: WorkingCalendar,
    compose: Compose | None = None,
    template: str = "",
    text: str,
) -> ComplaintEvent:
    """Give the explanation that was demanded; the oldest first, where several are owed. Raises Refused."""
    permit(session, officer, complaint, "explain")
    words = said(text)
    owed = select(Explanation).where(Explanation.complaint_id == complaint.id, owed_by(officer))
    one = session.scalars(owed.order_by(Explanation.id).limit(1)).one_or_none()
    if one is None:
        raise Refused("nothing_to_explain")
    one.text, one.given_at, one.given_by = words, now, officer.actor.name
    complaint.explanation = words
    data = {"note": words, "level": one.level}
    return append_event(session, complaint, kind="explained", actor=officer.actor.name, now=now, data=data)
