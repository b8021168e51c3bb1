"""What must be kept longer than usual: complaints under appeal, and those that a court or an inquiry wants."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.errors import Refused
from models.feedback_call import FeedbackCall
from models.legal_hold import LegalHold
from models.record import append_event
from models.talk import Talk


def place_hold(session: Session, complaint: Complaint, *, reason: str, by: str, now: datetime) -> ComplaintEvent:
    """Nothing of it is deleted or erased from here on. Raises Refused: held_already."""
    if find_hold(session, complaint.id) is not None:
        raise Refused("held_already")
    hold = LegalHold(complaint_id=complaint.id, reason=reason, placed_by=by, placed_at=now)
    session.add(hold)
    return append_event(session, complaint, kind="held", actor=by, now=now, data={"note": reason})


def release_hold(session: Session, complaint: Complaint, *, reason: str, by: str, now: datetime) -> ComplaintEvent:
    """It is kept as long as any other. Raises Refused: not_held."""
    hold = find_hold(session, complaint.id)
    if hold is None:
        raise Refused("not_held")
    hold.released_by, hold.released_at = by, now
    return append_event(session, complaint, kind="hold_released", actor=by, now=now, data={"note": reason})


def find_hold(session: Session, complaint_id: int) -> LegalHold | None:
    """What keeps this complaint now."""
    standing = (LegalHold.complaint_id == complaint_id) & LegalHold.released_at.is_(None)
    return session.scalars(select(LegalHold).where(standing)).one_or_none()


def is_held() -> ColumnElement[bool]:
    """That a complaint is under a hold."""
    return exists().where(LegalHold.complaint_id == Complaint.id, LegalHold.released_at.is_(None))


def kept_for_its_call(call_sid: InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """That what belongs to this call is kept longer: a complaint that it took or asked about is under appeal or a hold.

    Whether it is solved was asked by the line, which may have put the citizen through, or by a representative.
    """
    is_kept = (Complaint.state == "appealed") | is_held()
    asked = FeedbackCall.complaint_id == Complaint.id
    return or_(
        exists().where(Complaint.call_sid == call_sid, is_kept),
        exists().where(FeedbackCall.call_sid == call_sid, asked, is_kept),
        exists().where(Talk.call_sid == call_sid, Talk.feedback_id == FeedbackCall.id, asked, is_kept),
    )
