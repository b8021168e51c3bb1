"""What waits beside the calls: people to be rung, voice messages, one's own drafts."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.draft_form import DraftLine, draft_lines
from models.complaint import Complaint
from models.feedback_call import FeedbackCall
from models.services.call_backs import List, WorkRow, open_rows
from models.services.feedback import open_feedback
from models.voice_message import VoiceMessage

SHOWN = 4
MOST = 200  # rows on a page of its own
LISTS: tuple[List, ...] = get_args(List)


@dataclass(frozen=True, slots=True)
class FeedbackRow:
    """A citizen who is still to say whether it is solved. `state`: open, ringing or taken, as it is now."""

    feedback: FeedbackCall
    complaint: Complaint
    state: str
    held_by: int | None

    @property
    def for_people(self) -> bool:
        """The line rings them no more."""
        return self.feedback.next_try_at is None


@dataclass(frozen=True, slots=True)
class WorkLists:
    """The first few of each list."""

    call_backs: list[WorkRow] = field(default_factory=list)
    abandoned: list[WorkRow] = field(default_factory=list)
    outreach: list[WorkRow] = field(default_factory=list)
    feedback: list[FeedbackRow] = field(default_factory=list)
    voice_messages: list[VoiceMessage] = field(default_factory=list)
    drafts: list[DraftLine] = field(default_factory=list)


def feedback_rows(session: Session, now: datetime, limit: int) -> list[FeedbackRow]:
    """Those whom only people ring first, then the longest waiting."""
    return [_feedback(row, complaint, now) for row, complaint in open_feedback(session, now, limit)]


def feedback_row(session: Session, feedback_id: int, now: datetime) -> FeedbackRow | None:
    """One of them; None once nobody needs to ring them any more."""
    row = session.get(FeedbackCall, feedback_id)
    if row is None or row.state == "done":
        return None
    return _feedback(row, session.get_one(Complaint, row.complaint_id), now)


def _feedback(row: FeedbackCall, complaint: Complaint, now: datetime) -> FeedbackRow:
    holder = row.held_by(now)
    return FeedbackRow(row, complaint, "open" if row.state == "taken" and holder is None else row.state, holder)


def read_work_lists(session: Session, staff_id: int, now: datetime) -> WorkLists:
    return WorkLists(
        call_backs=open_rows(session, now, "call_backs", SHOWN),
        abandoned=open_rows(session, now, "abandoned", SHOWN),
        outreach=open_rows(session, now, "outreach", SHOWN),
        feedback=feedback_rows(session, now, SHOWN),
        voice_messages=open_voice_messages(session, SHOWN),
        drafts=draft_lines(session, staff_id),
    )


def open_voice_messages(session: Session, limit: int = MOST) -> list[VoiceMessage]:
    """Messages that nobody has dealt with, the oldest first."""
    waiting = select(VoiceMessage).where(VoiceMessage.state != "done")
    return list(session.scalars(waiting.order_by(VoiceMessage.created_at, VoiceMessage.id).limit(limit)))
