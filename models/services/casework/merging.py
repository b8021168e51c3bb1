"""Joining a complaint to another about the same matter, as somebody proposed; and taking it out again."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.case_moment import last_event
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.deadline import WorkingCalendar
from models.errors import Refused
from models.officer import Officer
from models.record import append_event
from models.services.casework.permitted import move, permit, said
from models.services.changing import Compose


def decide_merge(
    session: Session,
    complaint: Complaint,
    *,
    officer: Officer,
    now: datetime,
    calendar: WorkingCalendar,
    compose: Compose | None = None,
    template: str = "",
    agrees: bool,
    note: str = "",
) -> ComplaintEvent:
    """It joins the complaint that was proposed, or stays on its own, for a reason. Raises Refused."""
    permit(session, officer, complaint, "decide_merge")
    proposal = last_event(session, complaint, "merge_proposed")
    if proposal is None:
        raise Refused("nothing_proposed")
    if not agrees:
        data = {"note": said(note)}
        return append_event(session, complaint, kind="merge_refused", actor=officer.actor.name, now=now, data=data)
    return move(
        session,
        complaint,
        "merged",
        officer=officer,
        now=now,
        calendar=calendar,
        compose=compose,
        template=template,
        master=proposal.data.get("master"),
        note=note.strip() or None,
    )


def unmerge(
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
    """Take it out again: it stands where it stood before it was joined. Raises Refused."""
    permit(session, officer, complaint, "unmerge")
    why = said(note)
    joined = last_event(session, complaint, "merged")
    return move(
        session,
        complaint,
        str(joined.data.get("from")) if joined is not None else "",
        officer=officer,
        now=now,
        calendar=calendar,
        compose=compose,
        template=template,
        note=why,
    )
