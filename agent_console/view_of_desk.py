"""What the desk's templates need, read in one session."""

from dataclasses import dataclass
from datetime import datetime

from flask import request
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from agent_console.beside_form import read_beside
from agent_console.complaint_rows import ComplaintRow, complaint_rows
from agent_console.day_messages import read_told
from agent_console.draft_form import ABOUT, DraftView, find_draft
from agent_console.form_choices import FormChoices, read_choices, read_kinds
from agent_console.goes_to import read_goes_to
from agent_console.hours_proposed import count_weeks_to_agree
from agent_console.line_facts import read_line_facts
from agent_console.nearby import read_nearby
from agent_console.situation import Situation, read_situation
from agent_console.surroundings import me, now, telephone
from agent_console.transfer_view import read_notes, read_ways
from agent_console.work_lists import WorkLists, read_work_lists
from models.complaint import Complaint
from models.event import DeskEvent
from models.message import Message
from models.outcomes import OUTCOMES
from models.services.diversions import REASONS
from models.services.earlier import find_earlier


def bar(session: Session) -> dict[str, object]:
    """What every page inside shows at the top."""
    return {
        "facts": read_line_facts(session, me().id, now()),
        "told": read_told(session, me().id, now()),
        "here": request.args.get("here"),
        "on_desk": (request.args.get("here") or request.endpoint) == "desk.page",
        "weeks_to_agree": lambda: count_weeks_to_agree(session, me().actor),
        **stream_facts(session),
    }


def stream_facts(session: Session) -> dict[str, object]:
    """What a page needs to hear news: where, and after which."""
    return {
        "stream_address": lambda: telephone().config.stream_url,
        "last_event": lambda: session.scalar(select(func.max(DeskEvent.id))) or 0,
    }


def desk_view(session: Session, staff_id: int, at_time: datetime, asked_draft: int | None) -> dict[str, object]:
    """Everything of the three columns."""
    at = read_situation(session, staff_id, at_time)
    middle = _middle(session, staff_id, at, asked_draft)
    return {
        "at": at,
        "asked_draft": asked_draft,
        "outcomes": OUTCOMES,
        "exit_reasons": REASONS,
        "kinds": read_kinds(session) if at.state in ("talk", "wrap_up") else [],
        "ways": read_ways(session, telephone().config, staff_id, at.card.language if at.card else "", at_time)
        if at.state == "talk"
        else None,
        "notes": read_notes(session, at.guest_of) if at.guest_of else [],
        "draft": middle.draft,
        "registered": middle.registered,
        "messages": messages_of(session, middle.registered.id) if middle.registered else [],
        "choices": middle.choices,
        "goes": read_goes_to(session, middle.draft.data, at_time) if middle.draft else None,
        "nearby": read_nearby(session, middle.draft.data, at_time) if middle.draft else None,
        "earlier": find_earlier(session, middle.draft.data.get(ABOUT)) if middle.draft else None,
        "added": middle.added,
        "beside_form": read_beside(session, staff_id),
        "work": read_work_lists(session, staff_id, at_time) if at.card is None or middle.is_empty else WorkLists(),
    }


@dataclass(frozen=True, slots=True)
class _Middle:
    draft: DraftView | None = None
    registered: ComplaintRow | None = None
    added: bool = False
    choices: FormChoices | None = None

    @property
    def is_empty(self) -> bool:
        return self.draft is None and self.registered is None


def _middle(session: Session, staff_id: int, at: Situation, asked_draft: int | None) -> _Middle:
    found = find_draft(session, staff_id, at.talk_id, asked_draft)
    if found is None:
        return _Middle()
    if found.complaint_id is not None:
        rows = complaint_rows(session, Complaint.id == found.complaint_id, limit=1)
        added = bool(rows) and found.data.get(ABOUT) == rows[0].reference
        return _Middle(registered=rows[0] if rows else None, added=added)
    return _Middle(draft=found, choices=read_choices(session))


def messages_of(session: Session, complaint_id: int) -> list[Message]:
    """Texts about a complaint, the newest first."""
    about = select(Message).where(Message.complaint_id == complaint_id)
    return list(session.scalars(about.order_by(Message.id.desc())))
