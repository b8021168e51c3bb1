"""Counting a promise anew where one of the few things has changed that it depends on."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.complaint import STATES, Complaint
from models.complaint_event import ComplaintEvent
from models.deadline import Pause, WorkingCalendar, due_on
from models.services.changing import pauses_of, read_record
from models.services.placing import last_stay, wind


def promise_again(session: Session, complaint: Complaint, calendar: WorkingCalendar, now: datetime) -> None:
    """Set the promised date and the clock from registration, policy, calendar, pauses and extension."""
    pauses = pauses_of(read_record(session, complaint), now)
    complaint.due_on = due_on(complaint.registered_at, complaint.days, calendar, pauses, complaint.extension_days)
    stay = last_stay(session, complaint)
    if stay is not None:
        wind(complaint, stay, pauses, calendar, now)


def pauses_of_many(session: Session, ids: Sequence[int], now: datetime) -> dict[int, list[Pause]]:
    """The pauses of those among many cases that ever waited for their citizen."""
    asked = select(ComplaintEvent.complaint_id).where(
        ComplaintEvent.complaint_id.in_(ids), ComplaintEvent.kind == "needs_info"
    )
    moves = select(ComplaintEvent).where(ComplaintEvent.complaint_id.in_(asked), ComplaintEvent.kind.in_(STATES))
    records: dict[int, list[ComplaintEvent]] = {}
    for event in session.scalars(moves.order_by(ComplaintEvent.complaint_id, ComplaintEvent.n)):
        records.setdefault(event.complaint_id, []).append(event)
    return {complaint_id: pauses_of(record, now) for complaint_id, record in records.items()}
