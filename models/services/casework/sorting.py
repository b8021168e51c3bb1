"""The grievance cell's sorting: of what kind a case is, and how pressing."""

from sqlalchemy.orm import Session

from models.case_clock import promised_days
from models.category import Category
from models.complaint import PRIORITIES, Complaint
from models.complaint_event import ComplaintEvent
from models.errors import Refused
from models.services.casework.acting import Acting
from models.services.casework.permitted import permit, put_down, said
from models.services.changing import tell
from models.services.promising import promise_again
from models.services.wording import index_complaint


def recategorise(session: Session, complaint: Complaint, acting: Acting, *, category: str, note: str) -> ComplaintEvent:
    """Say of what kind it really is. Neither its office nor its promised date moves: a transfer does the one, the
    other stands as it was promised. Raises Refused.
    """
    permit(session, acting.officer, complaint, "recategorise")
    if session.get(Category, category) is None or category == complaint.category:
        raise Refused("unknown_category")
    data = {"from_category": complaint.category, "category": category, "note": said(note)}
    complaint.category = category
    index_complaint(session, complaint)
    return put_down(session, complaint, "recategorised", acting, data)


def set_priority(
    session: Session, complaint: Complaint, acting: Acting, *, priority: str, reason: str
) -> ComplaintEvent:
    """urgent: three working days at most; normal: those of its kind. Moves the promised date. Raises Refused."""
    permit(session, acting.officer, complaint, "set_priority")
    if priority not in PRIORITIES or priority == complaint.priority:
        raise Refused("unknown_priority")
    why = said(reason)
    before = complaint.due_on
    category = session.get_one(Category, complaint.category)
    complaint.priority, complaint.days = priority, promised_days(category.days, priority)
    promise_again(session, complaint, acting.calendar, acting.now)
    data = {"priority": priority, "reason": why, "was_due_on": before.isoformat()}
    data["due_on"] = complaint.due_on.isoformat()
    event = put_down(session, complaint, "prioritised", acting, data)
    tell(session, complaint, event, acting.compose, acting.template, acting.now)
    return event
