"""From the form to a registered complaint."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.beside_form import words_beside
from agent_console.checking import verified_in
from agent_console.draft_form import ABOUT, LANGUAGE, cleaned, data_of
from agent_console.form_choices import OUTSIDE
from agent_console.goes_to import place_of
from agent_console.words import LANGUAGES, name_in
from ivr.numbers import to_e164
from ivr.wording import REGISTERED, TextWords
from ivr.working_days import working_calendar
from models.actor import Actor
from models.complaint import Complaint
from models.department import Department
from models.draft import Draft
from models.errors import IncompleteComplaint
from models.message import Message
from models.services import NewComplaint, register_complaint, save_draft
from models.services.call_backs import story_is_told
from models.services.drafting import TALK
from models.services.earlier import link_to_earlier
from models.staff import Staff
from models.talk import Talk

KINDS = ("complaint", "suggestion", "feedback", "application")


class Unfit(Exception):
    """A field keeps the form from being registered. `field` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(f"the form cannot be registered: {field}")
        self.field = field


@dataclass(frozen=True, slots=True)
class Registered:
    """A complaint that is in the register, and the texts that wait to be sent."""

    reference: str
    message_ids: tuple[int, ...]


def register_draft(
    session: Session, words: TextWords, staff_id: int, draft_id: int, sent: Mapping[str, str], now: datetime
) -> Registered | None:
    """Register what is on the screen. Asked again it gives the same complaint. None if the draft is not this person's.

    Raises Unfit, naming the first field that is missing or wrong; `beside` where words stand beside it that nobody has
    taken in or put away: with the form they would leave the screen for good.
    """
    draft = session.get(Draft, draft_id)
    if draft is None or draft.staff_id != staff_id or draft.discarded_at is not None:
        return None
    if draft.complaint_id is None:
        if words_beside(draft):
            raise Unfit("beside")
        by = Actor.staff(staff_id, "representative")
        kept = data_of(draft)
        data = cleaned(sent, kept)
        new = _new_complaint(session, draft, data, staff_id)
        form = json.dumps(data, ensure_ascii=False)
        save_draft(session, draft_id=draft.id, staff_id=staff_id, data=form, version=draft.version, now=now)
        try:
            complaint = register_complaint(
                session,
                new,
                by=by,
                now=now,
                calendar=working_calendar(session),
                compose=lambda made: text_of(session, words, made),
            )
        except IncompleteComplaint as error:
            raise Unfit(error.fields[0]) from error
        if data.get("place") == OUTSIDE:
            complaint.outside_state = True
        if data.get(ABOUT):
            link_to_earlier(session, complaint, data[ABOUT], by=by, now=now)
        if draft.call_sid:
            story_is_told(session.connection(), draft.call_sid, now)
    else:
        complaint = session.get_one(Complaint, draft.complaint_id)
    waiting = select(Message.id).where(Message.complaint_id == complaint.id, Message.status == "queued")
    return Registered(complaint.reference, tuple(session.scalars(waiting)))


def _new_complaint(session: Session, draft: Draft, data: Mapping[str, str], staff_id: int) -> NewComplaint:
    place = data.get("place", "")
    if not place:
        raise Unfit("place")
    talk = session.get(Talk, int(data[TALK])) if data.get(TALK) else None
    number = read_number(data.get("contact_number", ""))
    spoken = data.get(LANGUAGE, "")
    call_sid = (talk.call_sid if talk else None) or draft.call_sid
    said = "otp_verified" if verified_in(session, call_sid, number) else data.get("number_check") or None
    return NewComplaint(
        category=data.get("category", ""),
        kind=data["kind"] if data.get("kind") in KINDS else "complaint",
        place_code=place_of(session, place),
        place_detail=data.get("place_detail", ""),
        text=data.get("text", ""),
        complainant_name=data.get("complainant_name") or None,
        name_hidden=data.get("name_hidden") == "yes",
        contact_number=number,
        number_check=said if number else None,
        language=spoken if spoken in LANGUAGES else session.get_one(Staff, staff_id).screen_language,
        call_sid=call_sid,
        draft_id=draft.id,
    )


def read_number(typed: str) -> str | None:
    """The number to write to, as E.164; None where none is given. Raises Unfit."""
    if not typed.strip():
        return None
    number = to_e164(typed)
    if number is None:
        raise Unfit("contact_number")
    return number


def text_of(session: Session, words: TextWords, complaint: Complaint) -> str:
    """The words of the text that tells the reference, in the language of the complaint."""
    department = session.get_one(Department, complaint.department_code)
    facts = {
        "reference": complaint.reference,
        "complaint.department": name_in(department.names, complaint.language),
        "complaint.due_on": complaint.due_on.isoformat(),
    }
    return words.compose(REGISTERED, complaint.language, facts)
