"""Joining a complaint to another about the same matter, as somebody proposed; and taking it out again."""

from sqlalchemy.orm import Session

from models.case_moment import last_event
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.errors import Refused
from models.services.casework.acting import Acting
from models.services.casework.permitted import move, permit, put_down, said


def decide_merge(
    session: Session, complaint: Complaint, acting: Acting, *, agrees: bool, note: str = ""
) -> ComplaintEvent:
    """It joins the complaint that was proposed, or stays on its own, for a reason. Raises Refused."""
    permit(session, acting.officer, complaint, "decide_merge")
    proposal = last_event(session, complaint, "merge_proposed")
    if proposal is None:
        raise Refused("nothing_proposed")
    if not agrees:
        data = {"note": said(note)}
        return put_down(session, complaint, "merge_refused", acting, data)
    return move(session, complaint, "merged", acting, master=proposal.data.get("master"), note=note.strip() or None)


def unmerge(session: Session, complaint: Complaint, acting: Acting, *, note: str) -> ComplaintEvent:
    """Take it out again: it stands where it stood before it was joined. Raises Refused."""
    permit(session, acting.officer, complaint, "unmerge")
    why = said(note)
    joined = last_event(session, complaint, "merged")
    return move(session, complaint, str(joined.data.get("from")) if joined is not None else "", acting, note=why)
