"""Registering a complaint: the row, its first events and its message, in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.accusation import Accusation
from models.actor import RULE, Actor
from models.category import Category
from models.complaint import Complaint
from models.deadline import WorkingCalendar, due_on
from models.draft import Draft
from models.errors import IncompleteComplaint
from models.message import Message
from models.place import PlaceRow
from models.record import append_event
from models.reference import new_reference
from models.routing import Route, find_route
from models.services.placing import begin_stay, seat, wind
from models.services.wording import index_complaint

Compose = Callable[[Complaint], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewComplaint:
    """What a complaint is registered with. Numbers are E.164; `draft_id` is the draft it grew in, `accused` are
    the codes of the offices complained of: neither they nor those below them will see it. What did not come by
    telephone tells its `channel`, the day it was `received_on`, the `entry_key` of its form, and the line of the
    record that names its `scan`."""

    category: str
    text: str
    language: str
    kind: str = "complaint"
    place_code: str | None = None
    place_detail: str = ""
    complainant_name: str | None = None
    name_hidden: bool = False
    contact_number: str | None = None
    number_check: str | None = None
    call_sid: str | None = None
    draft_id: int | None = None
    channel: str = "call"
    received_on: date | None = None
    entry_key: str | None = None
    scan: str | None = None
    accused: tuple[str, ...] = ()


def register_complaint(
    session: Session,
    new: NewComplaint,
    *,
    by: Actor,
    now: datetime,
    calendar: WorkingCalendar,
    compose: Compose,
    template: str = "sms_registered",
) -> Complaint:
    """Register, route, promise a date and write the text to the citizen. Registering a draft again, or an entry
    of the same key, gives its complaint.

    `compose` makes the words of the text once reference, department and date are known; without a contact number
    no text is written. Raises IncompleteComplaint.
    """
    draft = session.get(Draft, new.draft_id, with_for_update=True) if new.draft_id is not None else None
    if draft is not None and draft.complaint_id is not None:
        return session.get_one(Complaint, draft.complaint_id)
    if new.entry_key is not None:
        entered = session.scalars(select(Complaint).where(Complaint.entry_key == new.entry_key)).one_or_none()
        if entered is not None:
            return entered
    category = _complete(session, new)
    place = session.get(PlaceRow, new.place_code) if new.place_code else None
    route = find_route(session, category, new.place_code)
    promised = due_on(now, category.days, calendar)
    complaint = _row(new, category, route, promised, by, now)
    complaint.reference = new_reference(session, now)
    complaint.outside_state = place is not None and not place.in_state
    session.add(complaint)
    session.flush()
    session.add_all(
        Accusation(complaint_id=complaint.id, office_code=code, actor=by.name, at=now) for code in new.accused
    )
    session.flush()
    if route.seat is not None:
        seat(session, complaint, route.seat.code, now)
    _record(session, complaint, route, by, now, new.scan)
    wind(complaint, begin_stay(session, complaint, now), (), calendar, now)
    index_complaint(session, complaint)
    if draft is not None:
        draft.complaint_id = complaint.id
        draft.updated_at = now
    if complaint.contact_number is not None:
        session.add(_message(complaint, compose(complaint), template, now))
    session.flush()
    return complaint


def _complete(session: Session, new: NewComplaint) -> Category:
    category = session.get(Category, new.category) if new.category else None
    place_is_known = not new.place_code or session.get(PlaceRow, new.place_code) is not None
    missing = [
        field
        for field, fits in (
            ("category", category is not None),
            ("place", place_is_known),
            ("text", bool(new.text.strip())),
            ("language", bool(new.language)),
        )
        if not fits
    ]
    if category is None or missing:
        raise IncompleteComplaint(*missing)
    return category


def _row(new: NewComplaint, category: Category, route: Route, promised: date, by: Actor, now: datetime) -> Complaint:
    kind, _, staff_id = by.name.partition(":")
    return Complaint(
        kind=new.kind,
        state="forwarded" if route.by_rule else "registered",
        category=category.code,
        place_code=new.place_code or None,
        place_detail=new.place_detail,
        text=new.text.strip(),
        complainant_name=new.complainant_name or None,
        name_hidden=new.name_hidden,
        contact_number=new.contact_number or None,
        number_check=new.number_check or None,
        language=new.language,
        call_sid=new.call_sid or None,
        channel=new.channel,
        received_on=new.received_on,
        entry_key=new.entry_key,
        department_code=route.department_code,
        office=route.office,
        registered_at=now,
        registered_by=int(staff_id) if kind == "staff" else None,
        days=category.days,
        due_on=promised,
        level=1,
        events=0,
    )


def _record(session: Session, complaint: Complaint, route: Route, by: Actor, now: datetime, scan: str | None) -> None:
    said: dict[str, Any] = {
        "category": complaint.category,
        "place": complaint.place_code,
        "language": complaint.language,
        "due_on": complaint.due_on.isoformat(),
        "call": complaint.call_sid,
    }
    if complaint.channel != "call":
        received_on = complaint.received_on.isoformat() if complaint.received_on else None
        said |= {"channel": complaint.channel, "received_on": received_on, "proof": scan}
    append_event(session, complaint, kind="registered", actor=by.name, now=now, data=said)
    if route.by_rule:
        said = {"from": "registered", "to": "forwarded", "department": route.department_code}
        said |= {"office": complaint.office, "office_code": complaint.office_code, "officer": complaint.officer_id}
        append_event(session, complaint, kind="forwarded", actor=RULE.name, now=now, data=said)


def _message(complaint: Complaint, body: str, template: str, now: datetime) -> Message:
    return Message(
        complaint_id=complaint.id,
        event_n=1,
        call_sid=complaint.call_sid,
        recipient=complaint.contact_number,
        language=complaint.language,
        template=template,
        body=body,
        purpose="registered",
        created_at=now,
        next_try_at=now,
    )
