"""Handing a case to another office: freely once; from the second time on the grievance cell decides."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case_moment import last_event
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.department import Department
from models.errors import Refused
from models.office import Office
from models.services.casework.acting import Acting
from models.services.casework.permitted import move, permit, put_down, said

REASONS = ("not_ours", "other_place", "other_level", "complained_of")
FREE_TRANSFERS = 1


def transfer_case(
    session: Session,
    complaint: Complaint,
    acting: Acting,
    *,
    department: str,
    reason_code: str,
    note: str,
    office: str | None = None,
) -> ComplaintEvent:
    """Hand it to `office` (a code), or the department's lowest for the place. Raises Refused.

    It was handed on before: then the event is a proposal, and the case stays until the cell has decided. The cell
    itself needs nobody's leave. The promised date stays.
    """
    permit(session, acting.officer, complaint, "transfer")
    if reason_code not in REASONS:
        raise Refused("unknown_reason")
    check_place(session, complaint, department, office)
    what: dict[str, Any] = {"department": department, "office_code": office, "reason_code": reason_code}
    what["note"] = said(note)
    if not acting.officer.is_cell and transfers_of(session, complaint) >= FREE_TRANSFERS:
        complaint.pending = "transfer"
        return put_down(session, complaint, "transfer_proposed", acting, what)
    return move(session, complaint, "forwarded", acting, **what)


def decide_transfer(
    session: Session,
    complaint: Complaint,
    acting: Acting,
    *,
    agrees: bool,
    note: str,
    department: str | None = None,
    office: str | None = None,
) -> ComplaintEvent:
    """The cell's word: it goes where it was proposed (or to `department` and `office`), or stays. Raises Refused."""
    permit(session, acting.officer, complaint, "decide_transfer")
    proposal = last_event(session, complaint, "transfer_proposed")
    if proposal is None:
        raise Refused("nothing_proposed")
    why = said(note)
    if not agrees:
        complaint.pending = None
        return put_down(session, complaint, "transfer_refused", acting, {"note": why})
    what = {name: proposal.data.get(name) for name in ("department", "office_code", "reason_code")}
    if department is not None:
        what |= {"department": department, "office_code": office}
    check_place(session, complaint, str(what["department"]), what["office_code"], may_stay=True)
    return move(session, complaint, "forwarded", acting, note=why, **what)


def transfers_of(session: Session, complaint: Complaint) -> int:
    """How often it was handed on, with a reason, by whom it had been given."""
    mine = select(ComplaintEvent.data).where(
        ComplaintEvent.complaint_id == complaint.id, ComplaintEvent.kind == "forwarded"
    )
    return sum(bool(data.get("reason_code")) for data in session.scalars(mine))


def check_place(
    session: Session, complaint: Complaint, department: str, office_code: str | None, *, may_stay: bool = False
) -> None:
    """Whether it can go there. Raises Refused."""
    if session.get(Department, department) is None:
        raise Refused("unknown_department")
    if office_code is None:
        return
    office = session.get(Office, office_code)
    if office is None or not office.active or office.department_code != department:
        raise Refused("unknown_office")
    if office_code == complaint.office_code and not may_stay:
        raise Refused("same_office")
