"""Rejecting takes two, the second of a higher level; an appeal is decided by somebody who has not decided before."""

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
from models.services.changing import Compose, propose

DECISIONS = ("taken_up", "rejected", "no_solution")


def propose_rejection(
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
    """Propose to reject it, for a reason that the citizen will read. Raises Refused."""
    permit(session, officer, complaint, "propose_rejection")
    reason = said(note)
    complaint.pending = "rejection"
    return propose(session, complaint, "rejection_proposed", by=officer.actor, now=now, note=reason)


def decide_rejection(
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
    """Reject it, in the words of the proposal unless `note` has better ones; or send it back, saying why.

    Raises Refused.
    """
    permit(session, officer, complaint, "decide_rejection")
    if not agrees:
        why = said(note)
        complaint.pending = None
        return append_event(
            session, complaint, kind="rejection_refused", actor=officer.actor.name, now=now, data={"note": why}
        )
    proposal = last_event(session, complaint, "rejection_proposed")
    reason = note.strip() or (str(proposal.data.get("note", "")) if proposal else "")
    reason = said(reason)
    return move(
        session,
        complaint,
        "rejected",
        officer=officer,
        now=now,
        calendar=calendar,
        compose=compose,
        template=template,
        note=reason,
    )


def decide_appeal(
    session: Session,
    complaint: Complaint,
    *,
    officer: Officer,
    now: datetime,
    calendar: WorkingCalendar,
    compose: Compose | None = None,
    template: str = "",
    decision: str,
    note: str,
) -> ComplaintEvent:
    """taken_up: it goes on; rejected or no_solution: it stays as decided, for the reason given. Raises Refused."""
    permit(session, officer, complaint, "decide_appeal")
    if decision not in DECISIONS:
        raise Refused("unknown_decision")
    why = said(note)
    to = {"taken_up": "in_progress", "rejected": "rejected", "no_solution": "closed"}[decision]
    outcome = "no_solution" if to == "closed" else None
    return move(
        session,
        complaint,
        to,
        officer=officer,
        now=now,
        calendar=calendar,
        compose=compose,
        template=template,
        note=why,
        outcome=outcome,
    )
