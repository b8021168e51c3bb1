"""What a feedback call came to: an answer, one more try, or the end of them."""

from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.case_texts import change_and_tell
from ivr.desk_events import CALL_BACK, EVERYBODY, tell_desk
from ivr.telephone import Telephone
from ivr.wording import TextWords, words_in_force
from ivr.working_days import working_calendar
from models.actor import RULE
from models.complaint import Complaint
from models.feedback_call import FeedbackCall
from models.message import Message
from models.services.feedback import REPORTED, Result, close_feedback, note_try
from models.talk import Talk

log = structlog.get_logger()

_RESULTS: dict[str, Result] = {"busy": "busy", "no-answer": "no_answer", "canceled": "no_answer", "completed": "silent"}


def settle_call(telephone: Telephone, feedback_id: int, attempt: int, status: str) -> bool:
    """The call of this attempt is over with the network's `status`. False if that is settled already."""
    words, now = words_in_force(telephone), telephone.clock.now()

    def settle(session: Session) -> tuple[bool, list[int]]:
        row = session.get_one(FeedbackCall, feedback_id, with_for_update=True)
        if row.state != "ringing" or row.attempts != attempt:
            return False, []
        talked = select(Talk.id).where(Talk.call_sid == row.call_sid, Talk.started_at.is_not(None)).limit(1)
        result = _RESULTS.get(status, "failed")
        if result == "silent" and row.call_sid and session.scalar(talked) is not None:
            result = "with_person"
        return True, write_try(session, words, row, result, by=RULE.name, now=now)

    settled, texts = telephone.store.transact(settle)
    for message_id in texts:
        telephone.wake.text(message_id)
    telephone.wake.desk()
    return settled


def write_try(
    session: Session, words: TextWords, row: FeedbackCall, result: Result, *, by: str, now: datetime
) -> list[int]:
    """One try is over, and the citizen has not said it there. Returns the ids of texts that were written."""
    complaint = session.get_one(Complaint, row.complaint_id, with_for_update=True)
    tell_desk(session.connection(), CALL_BACK, f"feedback-{row.id}", EVERYBODY, now)
    if complaint.state != REPORTED:
        close_feedback(row, "answered", now)
        return []
    if not note_try(session, row, complaint, result, by=by, now=now):
        return []
    calendar = working_calendar(session)
    event = change_and_tell(
        session, words, complaint, "closed", by=RULE, now=now, calendar=calendar, outcome="unreachable"
    )
    close_feedback(row, "unreachable", now)
    log.info("citizen_unreachable", complaint_id=complaint.id)
    told = select(Message.id).where(Message.complaint_id == complaint.id, Message.event_n == event.n)
    return list(session.scalars(told))
