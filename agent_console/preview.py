"""One person to be rung, seen before the call: why, how often tried, what they have said and complained of."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.complaint_rows import ComplaintRow, complaint_rows
from agent_console.draft_form import data_of
from agent_console.pressed import Pressed, pressed_keys
from agent_console.told import category_name
from models.call import Call
from models.call_back import CallBack
from models.complaint import Complaint
from models.draft import Draft
from models.services.call_backs import WorkRow, open_row


@dataclass(frozen=True, slots=True)
class Preview:
    """Somebody whom this representative has to themselves for now."""

    row: WorkRow
    mine: bool
    too_early: bool
    called_at: datetime | None
    pressed: list[Pressed]
    story: list[tuple[str, str]]  # kind and words of what was begun and not registered
    complaints: list[ComplaintRow]


def read_preview(session: Session, call_back_id: int, staff_id: int, now: datetime) -> Preview | None:
    """None if it is done, or somebody else's by now."""
    row = open_row(session, call_back_id, now)
    if row is None or (row.state == "taken" and row.call_back.taken_by != staff_id):
        return None
    call_back = row.call_back
    call = session.get(Call, call_back.call_sid) if call_back.call_sid else None
    return Preview(
        row=row,
        mine=row.state == "taken",
        too_early=call_back.next_try_at is not None and call_back.next_try_at > now,
        called_at=call.started_at if call else None,
        pressed=pressed_keys(session, call),
        story=_story(session, call_back),
        complaints=complaint_rows(session, Complaint.contact_number == call_back.number, limit=5),
    )


def _story(session: Session, call_back: CallBack) -> list[tuple[str, str]]:
    if call_back.call_sid is None:
        return []
    begun = select(Draft).where(
        Draft.call_sid == call_back.call_sid,
        Draft.complaint_id.is_(None),
        Draft.discarded_at.is_(None),
        Draft.version > 0,
    )
    found = [data_of(draft) for draft in session.scalars(begun.order_by(Draft.id))]
    return [(category_name(session, data.get("category")), data.get("text", "")) for data in found]
