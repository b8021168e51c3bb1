"""What waits beside the calls: people to be rung, voice messages, one's own drafts."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.draft_form import DraftLine, draft_lines
from models.services.call_backs import List, WorkRow, open_rows
from models.voice_message import VoiceMessage

SHOWN = 4
MOST = 200  # rows on a page of its own
LISTS: tuple[List, ...] = get_args(List)


@dataclass(frozen=True, slots=True)
class WorkLists:
    """The first few of each list."""

    call_backs: list[WorkRow] = field(default_factory=list)
    abandoned: list[WorkRow] = field(default_factory=list)
    outreach: list[WorkRow] = field(default_factory=list)
    voice_messages: list[VoiceMessage] = field(default_factory=list)
    drafts: list[DraftLine] = field(default_factory=list)


def read_work_lists(session: Session, staff_id: int, now: datetime) -> WorkLists:
    return WorkLists(
        call_backs=open_rows(session, now, "call_backs", SHOWN),
        abandoned=open_rows(session, now, "abandoned", SHOWN),
        outreach=open_rows(session, now, "outreach", SHOWN),
        voice_messages=open_voice_messages(session, SHOWN),
        drafts=draft_lines(session, staff_id),
    )


def open_voice_messages(session: Session, limit: int = MOST) -> list[VoiceMessage]:
    """Messages that nobody has dealt with, the oldest first."""
    waiting = select(VoiceMessage).where(VoiceMessage.state != "done")
    return list(session.scalars(waiting.order_by(VoiceMessage.created_at, VoiceMessage.id).limit(limit)))
