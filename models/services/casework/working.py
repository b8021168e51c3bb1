"""What the office that has a case does with it: open it, ask the citizen, report what was done, close it unsolved."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.deadline import WorkingCalendar
from models.officer import Officer
from models.record import append_event
from models.services.casework.permitted import move, permit, said
from models.services.changing import Compose
from models.services.placing import mark_opened
from models.services.promising import promise_again


def open_case(
    session: Session,
    complaint: Complaint,
    *,
    officer: Officer,
    now: datetime,
    calendar: WorkingCalendar,
    compose: Compose | None = None,
    template: str = "",
) -> ComplaintEvent:
    """Begin to work on it. Under way already at a level below, it is opened at this one. Raises Refused."""
    permit(session, officer, complaint, "open")
    if complaint.state == "in_progress":
        event = append_event(session, complaint, kind="opened", actor=officer.actor.name, now=now, data={})
        mark_opened(session, complaint, now)
        promise_again(session, complaint, calendar, now)
        return event
    return move(
        session,
        complaint,
        "in_progress",
        officer=officer,
        now=now,
        calendar=calendar,
        compose=compose,
        template=template,
    )


def ask_citizen(
    session: Session,
    complaint: Complaint,
    *,
    officer: Officer,
    now: datetime,
    calendar: WorkingCalendar,
    compose: Compose | None = None,
    template: str = "",
    question: str,
) -> ComplaintEvent:
    """Ask the citizen for what is missing; the clock stands meanwhile, five working days in all. Raises Refused."""
    permit(session, officer, complaint, "ask")
    note = said(question)
    return move(
        session,
        complaint,
        "needs_info",
        officer=officer,
        now=now,
        calendar=calendar,
        compose=compose,
        template=template,
        note=note,
    )


def report_action(
    session: Session,
    complaint: Complaint,
    *,
    officer: Officer,
    now: datetime,
    calendar: WorkingCalendar,
    compose: Compose | None = None,
    template: str = "",
    note: str,
    proof: str = "",
) -> ComplaintEvent:
    """Report what was done, with where its proof is kept. Only the citizen's yes makes it solved. Raises Refused."""
    permit(session, officer, complaint, "report")
    done = said(note)
    return move(
        session,
        complaint,
        "action_reported",
        officer=officer,
        now=now,
        calendar=calendar,
        compose=compose,
        template=template,
        note=done,
        proof=proof.strip() or None,
    )


def close_unsolved(
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
    """Close without a solution, for a reason that the citizen reads. Raises Refused."""
    permit(session, officer, complaint, "close")
    reason = said(note)
    return move(
        session,
        complaint,
        "closed",
        officer=officer,
        now=now,
        calendar=calendar,
        compose=compose,
        template=template,
        note=reason,
        outcome="no_solution",
    )
