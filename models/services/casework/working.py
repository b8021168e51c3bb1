"""What the office that has a case does with it: open it, ask the citizen, report what was done, close it unsolved."""

from sqlalchemy.orm import Session

from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.services.casework.acting import Acting
from models.services.casework.merging import report_followers
from models.services.casework.permitted import move, permit, put_down, said
from models.services.changing import Text
from models.services.placing import mark_opened
from models.services.promising import promise_again


def open_case(session: Session, complaint: Complaint, acting: Acting) -> ComplaintEvent:
    """Begin to work on it. Under way already at a level below, it is opened at this one. Raises Refused."""
    permit(session, acting.officer, complaint, "open")
    if complaint.state == "in_progress":
        event = put_down(session, complaint, "opened", acting, {})
        mark_opened(session, complaint, acting.now)
        promise_again(session, complaint, acting.calendar, acting.now)
        return event
    return move(session, complaint, "in_progress", acting)


def ask_citizen(session: Session, complaint: Complaint, acting: Acting, *, question: str) -> ComplaintEvent:
    """Ask the citizen for what is missing; the clock stands meanwhile, five working days in all. Raises Refused."""
    permit(session, acting.officer, complaint, "ask")
    note = said(question)
    return move(session, complaint, "needs_info", acting, note=note)


def report_action(
    session: Session, complaint: Complaint, acting: Acting, *, note: str, proof: str = ""
) -> ComplaintEvent:
    """Report what was done, with where its proof is kept. Only the citizen's yes makes it solved. Raises Refused.

    The citizens of the complaints that follow it are told and asked, too.
    """
    permit(session, acting.officer, complaint, "report")
    done = said(note)
    event = move(session, complaint, "action_reported", acting, note=done, proof=proof.strip() or None)
    text = Text(acting.template, acting.compose) if acting.compose is not None else None
    report_followers(session, complaint, done, now=acting.now, calendar=acting.calendar, text=text)
    return event


def close_unsolved(session: Session, complaint: Complaint, acting: Acting, *, note: str) -> ComplaintEvent:
    """Close without a solution, for a reason that the citizen reads. Raises Refused."""
    permit(session, acting.officer, complaint, "close")
    reason = said(note)
    return move(session, complaint, "closed", acting, note=reason, outcome="no_solution")
