"""The grievance cell sends a case to its first office, where no rule has said which: no transfer, and no bounce."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.deadline import WorkingCalendar
from models.officer import Officer
from models.services.casework.permitted import move, permit
from models.services.casework.transferring import check_place
from models.services.changing import Compose


def forward_case(
    session: Session,
    complaint: Complaint,
    *,
    officer: Officer,
    now: datetime,
    calendar: WorkingCalendar,
    compose: Compose | None = None,
    template: str = "",
    department: str,
    office: str | None = None,
) -> ComplaintEvent:
    """To `office` (a code), or the department's lowest for the place. The promised date stays. Raises Refused."""
    permit(session, officer, complaint, "forward")
    check_place(session, complaint, department, office)
    return move(
        session,
        complaint,
        "forwarded",
        officer=officer,
        now=now,
        calendar=calendar,
        compose=compose,
        template=template,
        department=department,
        office_code=office,
    )
