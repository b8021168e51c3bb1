"""What waits beside the calls: call-backs, voice messages, one's own drafts."""

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.draft_form import DraftLine, draft_lines
from models.call_back import CallBack
from models.voice_message import VoiceMessage

SHOWN = 4


@dataclass(frozen=True, slots=True)
class WorkLists:
    """The first few of each list."""

    call_backs: list[CallBack] = field(default_factory=list)
    voice_messages: list[VoiceMessage] = field(default_factory=list)
    drafts: list[DraftLine] = field(default_factory=list)


def read_work_lists(session: Session, staff_id: int) -> WorkLists:
    return WorkLists(
        call_backs=open_call_backs(session, SHOWN),
        voice_messages=open_voice_messages(session, SHOWN),
        drafts=draft_lines(session, staff_id),
    )


def open_call_backs(session: Session, limit: int = 200) -> list[CallBack]:
    """Promises to ring back that are not kept yet, the most pressing first."""
    waiting = select(CallBack).where(CallBack.state.in_(("open", "taken")))
    return list(session.scalars(waiting.order_by(CallBack.due_by, CallBack.id).limit(limit)))


def open_voice_messages(session: Session, limit: int = 200) -> list[VoiceMessage]:
    """Messages that nobody has dealt with, the oldest first."""
    waiting = select(VoiceMessage).where(VoiceMessage.state != "done")
    return list(session.scalars(waiting.order_by(VoiceMessage.created_at, VoiceMessage.id).limit(limit)))
