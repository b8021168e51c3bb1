"""Joining a complaint to another about the same matter, as somebody proposed; and taking it out again."""

from sqlalchemy.orm import Session

from models.case_moment import last_event, merge_proposal
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.errors import Refused
from models.services.casework.acting import Acting
from models.services.casework.permitted import move, permit, put_down, said
from models.services.doubles import find_master


def decide_merge(
    session: Session, complaint: Complaint, acting: Acting, *, agrees: bool, note: str = ""
) -> ComplaintEvent:
    """It joins the complaint that was proposed, or the one that this follows by now; or stays on its own, for a reason.

    Raises Refused, also where that one is not open any more, or follows this one.
    """
    permit(session, acting.officer, complaint, "decide_merge")
    proposal = merge_proposal(session, complaint)
    if proposal is None:
        raise Refused("nothing_proposed")
    if not agrees:
        data = {"note": said(note)}
        return put_down(session, complaint, "merge_refused", acting, data)
    proposed = int(proposal.data["master"])
    master = find_master(session, complaint, proposed).id
    moved_on = proposed if master != proposed else None
    return move(session, complaint, "merged", acting, master=master, proposed=moved_on, note=note.strip() or None)


def unmerge(session: Session, complaint: Complaint, acting: Acting, *, note: str) -> ComplaintEvent:
    """Take it out again: it stands where it stood before it was joined. Raises Refused."""
    permit(session, acting.officer, complaint, "unmerge")
    why = said(note)
    joined = last_event(session, complaint, "merged")
    return move(session, complaint, str(joined.data.get("from")) if joined is not None else "", acting, note=why)
