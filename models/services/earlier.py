"""An earlier complaint that a caller rings about: a new one is linked to it, or their words go on its record."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actor import Actor
from models.complaint import Complaint
from models.complaint_event import ADDED
from models.draft import Draft
from models.record import append_event
from models.reference import formatted
from models.services.call_backs import story_is_told
from models.services.wording import index_complaint

LINKED = "linked"  # kind of event: the complaint is about this earlier one


def find_earlier(session: Session, reference: str | None) -> Complaint | None:
    """The complaint of this reference as it was kept with a form; None where there is none."""
    return session.scalars(select(Complaint).where(Complaint.reference == (reference or ""))).one_or_none()


def link_to_earlier(session: Session, complaint: Complaint, reference: str, *, by: Actor, now: datetime) -> None:
    """Put on the record of a new complaint which earlier one it is about."""
    append_event(session, complaint, kind=LINKED, actor=by.name, now=now, data={"note": formatted(reference)})


def add_to_earlier(
    session: Session, complaint: Complaint, draft: Draft, words: str, *, by: Actor, now: datetime
) -> None:
    """Put the caller's words on the record of an earlier complaint in place of a new one. The draft is done with it,
    and nobody needs to ring for the end of the story."""
    data = {"note": words, "call": draft.call_sid}
    append_event(session, complaint, kind=ADDED, actor=by.name, now=now, data=data)
    index_complaint(session, complaint)
    draft.complaint_id = complaint.id
    if draft.call_sid:
        story_is_told(session.connection(), draft.call_sid, now)
