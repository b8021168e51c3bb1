"""What every act upon a case begins with: may this officer, and is what must be said there?"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.case_access import why_not
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.deadline import WorkingCalendar
from models.errors import IllegalTransition, Refused
from models.officer import Officer
from models.services.changing import Compose, change_state
from models.services.placing import mark_opened


def permit(session: Session, officer: Officer, complaint: Complaint, action: str) -> None:
    """Raises Refused with the code of the reason."""
    reason = why_not(session, officer, complaint, action)
    if reason is not None:
        raise Refused(reason)


def said(words: str, code: str = "say_why") -> str:
    """`words` without the space around them. Raises Refused where nothing is left."""
    stripped = words.strip()
    if not stripped:
        raise Refused(code)
    return stripped


def move(
    session: Session,
    complaint: Complaint,
    to: str,
    *,
    officer: Officer,
    now: datetime,
    calendar: WorkingCalendar,
    compose: Compose | None,
    template: str,
    **what: Any,
) -> ComplaintEvent:
    """`change_state`, whose refusal has a code; whoever holds the case and acts has opened it. Raises Refused."""
    if complaint.office_code in officer.duties:
        mark_opened(session, complaint, now)
    try:
        return change_state(
            session,
            complaint,
            to,
            by=officer.actor,
            now=now,
            calendar=calendar,
            compose=compose,
            template=template,
            **what,
        )
    except IllegalTransition as error:
        raise Refused("not_now") from error
