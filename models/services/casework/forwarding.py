"""The grievance cell sends a case to its first office, where no rule has said which: no transfer, and no bounce."""

from sqlalchemy.orm import Session

from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.services.casework.acting import Acting
from models.services.casework.permitted import move, permit
from models.services.casework.transferring import check_place


def forward_case(
    session: Session, complaint: Complaint, acting: Acting, *, department: str, office: str | None = None
) -> ComplaintEvent:
    """To `office` (a code), or the department's lowest for the place. The promised date stays. Raises Refused."""
    permit(session, acting.officer, complaint, "forward")
    check_place(session, complaint, department, office)
    return move(session, complaint, "forwarded", acting, department=department, office_code=office)
