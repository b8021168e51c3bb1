"""Rejecting takes two, the second of a higher level; an appeal is decided by somebody who has not decided before."""

from sqlalchemy.orm import Session

from models.case_moment import last_event
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.errors import Refused
from models.services.casework.acting import Acting
from models.services.casework.permitted import move, permit, put_down, said
from models.services.changing import propose

DECISIONS = ("taken_up", "rejected", "no_solution")


def propose_rejection(session: Session, complaint: Complaint, acting: Acting, *, note: str) -> ComplaintEvent:
    """Propose to reject it, for a reason that the citizen will read. Raises Refused."""
    permit(session, acting.officer, complaint, "propose_rejection")
    reason = said(note)
    complaint.pending = "rejection"
    return propose(session, complaint, "rejection_proposed", by=acting.officer.actor, now=acting.now, note=reason)


def decide_rejection(
    session: Session, complaint: Complaint, acting: Acting, *, agrees: bool, note: str = ""
) -> ComplaintEvent:
    """Reject it, in the words of the proposal unless `note` has better ones; or send it back, saying why.

    Raises Refused.
    """
    permit(session, acting.officer, complaint, "decide_rejection")
    if not agrees:
        why = said(note)
        complaint.pending = None
        return put_down(session, complaint, "rejection_refused", acting, {"note": why})
    proposal = last_event(session, complaint, "rejection_proposed")
    reason = note.strip() or (str(proposal.data.get("note", "")) if proposal else "")
    reason = said(reason)
    return move(session, complaint, "rejected", acting, note=reason)


def decide_appeal(
    session: Session, complaint: Complaint, acting: Acting, *, decision: str, note: str
) -> ComplaintEvent:
    """taken_up: it goes on; rejected or no_solution: it stays as decided, for the reason given. Raises Refused."""
    permit(session, acting.officer, complaint, "decide_appeal")
    if decision not in DECISIONS:
        raise Refused("unknown_decision")
    why = said(note)
    to = {"taken_up": "in_progress", "rejected": "rejected", "no_solution": "closed"}[decision]
    outcome = "no_solution" if to == "closed" else None
    return move(session, complaint, to, acting, note=why, outcome=outcome)
