"""What a feedback call came to: an answer, one more try, or the end of them."""

from datetime import datetime

import structlog
from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from ivr.case_texts import change_and_tell, texts_of
from ivr.desk_events import CALL_BACK, EVERYBODY, tell_desk
from ivr.telephone import Telephone
from ivr.wording import TextWords, words_in_force
from ivr.working_days import working_calendar
from models.actor import RULE
from models.complaint import Complaint
from models.feedback_call import FeedbackCall
from models.services.feedback import REPORTED, Result, close_feedback, note_try
from models.talk import Talk
from models.turn import Turn

log = structlog.get_logger()

_RESULTS: dict[str, Result] = {"busy": "busy", "no-answer": "no_answer", "canceled": "no_answer", "completed": "silent"}


def settle_call(telephone: Telephone, feedback_id: int, attempt: int, call: str | None, status: str) -> bool:
    """The `call` of this attempt is over with the network's `status`; None: nobody knows that it was ever placed.

    False if that is settled already, or another call is the attempt's.
    """
    words, now = words_in_force(telephone), telephone.clock.now()

    def settle(session: Session) -> tuple[bool, list[int]]:
        row = session.get_one(FeedbackCall, feedback_id, with_for_update=True)
        # The end of a call may be told before the process that placed it has written down which it is.
        if row.state != "ringing" or row.attempts != attempt or row.call_sid not in (call, None):
            return False, []
        row.call_sid = call
        result = _RESULTS.get(status, "failed")
        if result == "silent" and call is not None and _was_somebody(session, call):
            result = "with_person"
        return True, write_try(session, words, row, result, call=call, by=RULE.name, now=now)

    settled, texts = telephone.store.transact(settle)
    for message_id in texts:
        telephone.wake.text(message_id)
    telephone.wake.desk()
    return settled


def write_try(
    session: Session,
    words: TextWords,
    row: FeedbackCall,
    result: Result,
    *,
    call: str | None,
    by: str,
    now: datetime,
) -> list[int]:
    """One try is over, and the citizen has not said it there. Returns the ids of texts that were written."""
    complaint = session.get_one(Complaint, row.complaint_id, with_for_update=True)
    tell_desk(session.connection(), CALL_BACK, f"feedback-{row.id}", EVERYBODY, now)
    if complaint.state != REPORTED:
        close_feedback(row, "answered", now)
        return []
    if not note_try(session, row, complaint, result, call=call, by=by, now=now):
        return []
    calendar = working_calendar(session)
    event = change_and_tell(
        session, words, complaint, "closed", by=RULE, now=now, calendar=calendar, outcome="unreachable"
    )
    close_feedback(row, "unreachable", now)
    log.info("citizen_unreachable", complaint_id=complaint.id)
    return texts_of(session, event)


def _was_somebody(session: Session, call_sid: str) -> bool:
    """No machine has picked up: a key was pressed, as also by whoever asks for a person, or we have talked."""
    pressed = select(Turn.n).where(Turn.call_sid == call_sid, Turn.path.contains('"key '))
    talked = select(Talk.id).where(Talk.call_sid == call_sid, Talk.started_at.is_not(None))
    return bool(session.scalar(select(or_(exists(pressed), exists(talked)))))
