"""Marking whom a complaint accuses: from then on neither they nor anybody below them sees it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accusation import Accusation
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.deadline import INDIA, WorkingCalendar
from models.errors import Refused
from models.office import Office
from models.posting import ANSWERS, Posting, served_on
from models.services.casework.acting import Acting
from models.services.casework.permitted import permit, put_down
from models.services.placing import begin_stay, seat
from models.services.promising import promise_again
from models.staff import Staff
from models.transitions import UNDER_WAY


def accuse(
    session: Session, complaint: Complaint, acting: Acting, *, office: str | None = None, staff_id: int | None = None
) -> ComplaintEvent:
    """Mark the office (a code), or the officer with the offices for which they answer today. Raises Refused.

    A case that lies with them, or below them, goes to the first office above that is free of it, else to the cell.
    """
    permit(session, acting.officer, complaint, "accuse")
    if office is not None and session.get(Office, office) is None:
        raise Refused("unknown_office")
    if staff_id is not None and session.get(Staff, staff_id) is None:
        raise Refused("unknown_officer")
    if office is None and staff_id is None:
        raise Refused("unknown_office")
    codes = ({office} if office else set()) | (_answers_for(session, staff_id, acting.now) if staff_id else set())
    session.add_all(
        Accusation(complaint_id=complaint.id, office_code=code, actor=acting.officer.actor.name, at=acting.now)
        for code in sorted(codes)
    )
    if staff_id is not None:
        session.add(
            Accusation(complaint_id=complaint.id, staff_id=staff_id, actor=acting.officer.actor.name, at=acting.now)
        )
    session.flush()
    data = {"offices": sorted(codes), "officer": staff_id, "from_office": complaint.office_code}
    _move_away(session, complaint, acting.calendar, acting.now)
    data["office_code"] = complaint.office_code
    return put_down(session, complaint, "accused", acting, data)


def _answers_for(session: Session, staff_id: int, now: datetime) -> set[str]:
    today = now.astimezone(INDIA).date()
    served = select(Posting.office_code).where(
        Posting.staff_id == staff_id, Posting.duty.in_(ANSWERS), served_on(today)
    )
    return set(session.scalars(served))


def _move_away(session: Session, complaint: Complaint, calendar: WorkingCalendar, now: datetime) -> None:
    if complaint.office_code is None or complaint.state not in UNDER_WAY:
        return
    before = complaint.office_code
    seat(session, complaint, before, now)
    if complaint.office_code != before:
        begin_stay(session, complaint, now)
        promise_again(session, complaint, calendar, now)
