"""What a representative heard from a citizen whom they rang to ask whether it is solved."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.case_texts import change_and_tell, texts_of
from ivr.desk_events import CALL_BACK, EVERYBODY, tell_desk
from ivr.feedback.tries import write_try
from ivr.telephone import Telephone
from ivr.wording import words_in_force
from ivr.working_days import working_calendar
from models.actor import Actor
from models.complaint import Complaint
from models.feedback_call import FeedbackCall
from models.services.feedback import REPORTED, Result, close_feedback
from models.talk import Talk

ANSWERS = ("solved", "partly", "not_solved")
WITHOUT: dict[str, Result] = {"nobody": "no_answer", "undecided": "with_person"}
SAID = (*ANSWERS, *WITHOUT)


class NotYours(Exception):
    """Somebody else has this citizen now, or nobody needs to ring them any more."""


class NotRung(Exception):
    """The citizen's telephone has not been rung since the last try: there is nothing to count."""


def write_answer(telephone: Telephone, feedback_id: int, staff_id: int, said: str, note: str) -> None:
    """Write one of SAID: it closes the case or takes it one level up; *nobody* and *undecided* count as a try.

    Raises NotYours unless this person has taken it, NotRung for a try without a call of theirs, and IllegalTransition.
    """
    words, now = words_in_force(telephone), telephone.clock.now()

    def write(session: Session) -> list[int]:
        row = session.get(FeedbackCall, feedback_id, with_for_update=True)
        if row is None or row.held_by(now) != staff_id:
            raise NotYours
        by = Actor.staff(staff_id, "representative")
        if said in WITHOUT:
            call = _call_since_last_try(session, row, staff_id)
            row.attempts += 1
            row.first_try_at, row.last_try_at = row.first_try_at or now, now
            return write_try(session, words, row, WITHOUT[said], call=call, by=by.name, now=now)
        complaint = session.get_one(Complaint, row.complaint_id, with_for_update=True)
        if complaint.state != REPORTED:
            raise NotYours
        event = change_and_tell(session, words, complaint, by=by, now=now, **_change(session, said, note))
        close_feedback(row, "answered", now)
        _tell(session, row, now)
        return texts_of(session, event)

    for message_id in telephone.store.transact(write):
        telephone.wake.text(message_id)
    telephone.wake.desk()


def _call_since_last_try(session: Session, row: FeedbackCall, staff_id: int) -> str:
    """The CallSid by which this person has rung the citizen. Raises NotRung."""
    rung = select(Talk.call_sid).where(
        Talk.feedback_id == row.id, Talk.staff_id == staff_id, Talk.call_sid.is_not(None)
    )
    if row.last_try_at is not None:
        rung = rung.where(Talk.created_at >= row.last_try_at)
    call = session.scalar(rung.order_by(Talk.id.desc()).limit(1))
    if call is None:
        raise NotRung
    return call


def _change(session: Session, said: str, note: str) -> dict[str, Any]:
    told = {"calendar": working_calendar(session), "note": note or None}
    if said == "solved":
        return {"to": "closed", "outcome": "confirmed", **told}
    return {"to": "in_progress", "answer": said, **told}


def _tell(session: Session, row: FeedbackCall, now: datetime) -> None:
    tell_desk(session.connection(), CALL_BACK, f"feedback-{row.id}", EVERYBODY, now)
