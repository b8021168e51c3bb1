"""Somebody higher takes a case to their own office."""

from sqlalchemy.orm import Session

from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.errors import Refused
from models.ladder import give_to_cell
from models.office import Office
from models.office_tree import chain_of
from models.officer import Officer
from models.services.casework.acting import Acting
from models.services.casework.permitted import permit, put_down
from models.services.placing import begin_stay, may_lie_with
from models.services.promising import promise_again


def take_over(session: Session, complaint: Complaint, acting: Acting) -> ComplaintEvent:
    """Have it with oneself, at one's own level: the nearest of one's offices above it; the cell has none.

    The promised date stays. Raises Refused.
    """
    permit(session, acting.officer, complaint, "take_over")
    was = {"from_office": complaint.office_code, "from_level": complaint.level}
    office = _own_office(session, acting.officer, complaint)
    if office is not None:
        if not may_lie_with(session, complaint, office.code, acting.now):
            raise Refused("not_yours")
        complaint.office_code, complaint.office, complaint.level = office.code, office.names["en"], office.level
    elif acting.officer.is_cell:
        give_to_cell(complaint)
    else:
        raise Refused("not_yours")
    complaint.officer_id = acting.officer.staff_id
    stay = begin_stay(session, complaint, acting.now)
    stay.opened_at = acting.now if complaint.state != "forwarded" else None
    data = was | {"office_code": complaint.office_code, "level": complaint.level, "officer": acting.officer.staff_id}
    event = put_down(session, complaint, "taken_over", acting, data)
    promise_again(session, complaint, acting.calendar, acting.now)
    return event


def _own_office(session: Session, officer: Officer, complaint: Complaint) -> Office | None:
    above = chain_of(session, complaint.office_code) if complaint.office_code else []
    nearest = next((office for office in above if office.code in officer.answers_for), None)
    if nearest is not None or officer.is_cell:
        return nearest
    own = [session.get_one(Office, code) for code in sorted(officer.answers_for)]
    return next((office for office in own if office.department_code == complaint.department_code), None)
