"""What every act upon a case begins with: may this officer, and is what must be said there?"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from models.case_access import why_not
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.errors import IllegalTransition, Refused
from models.officer import Officer
from models.record import append_event
from models.services.casework.acting import Acting
from models.services.changing import change_state
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


def put_down(
    session: Session, complaint: Complaint, kind: str, acting: Acting, data: Mapping[str, Any]
) -> ComplaintEvent:
    """Put on the record what was done, by whom and when; the state stays."""
    return append_event(session, complaint, kind=kind, actor=acting.officer.actor.name, now=acting.now, data=data)


def move(session: Session, complaint: Complaint, to: str, acting: Acting, **what: Any) -> ComplaintEvent:
    """`change_state`, whose refusal has a code; whoever holds the case and acts has opened it. Raises Refused."""
    if complaint.office_code in acting.officer.duties:
        mark_opened(session, complaint, acting.now)
    try:
        return change_state(
            session,
            complaint,
            to,
            by=acting.officer.actor,
            now=acting.now,
            calendar=acting.calendar,
            compose=acting.compose,
            template=acting.template,
            left_alone=acting.left_alone,
            **what,
        )
    except IllegalTransition as error:
        raise Refused("not_now") from error
