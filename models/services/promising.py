"""Counting a promise anew where one of the few things has changed that it depends on."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.complaint import STATES, Complaint
from models.complaint_event import ComplaintEvent
from models.deadline import Pause, WorkingCalendar, due_on
from models.services.placing import last_stay, wind


def promise_again(
    session: Session,
    complaint: Complaint,
    calendar: WorkingCalendar,
    now: datetime,
    record: Sequence[ComplaintEvent] | None = None,
) -> None:
    """Set the promised date and the clock from registration, policy, calendar, pauses and extension.

    `record`: all its events, where they are read already.
    """
    pauses = pauses_of(read_record(session, complaint) if record is None else record, now)
    complaint.due_on = due_on(complaint.registered_at, complaint.days, calendar, pauses, complaint.extension_days)
    stay = last_stay(session, complaint)
    if stay is not None:
        wind(complaint, stay, pauses, calendar, now)


def read_record(session: Session, complaint: Complaint) -> Sequence[ComplaintEvent]:
    """All events of a complaint, in order."""
    mine = select(ComplaintEvent).where(ComplaintEvent.complaint_id == complaint.id)
    return session.scalars(mine.order_by(ComplaintEvent.n)).all()


def pauses_of(record: Sequence[ComplaintEvent], now: datetime) -> list[Pause]:
    """Times in which the complaint waited for the citizen's reply, up to `now`."""
    pauses: list[Pause] = []
    since: datetime | None = None
    for event in record:
        if event.kind == "needs_info":
            since = event.at
        elif since is not None and "to" in event.data:
            pauses.append((since, event.at))
            since = None
    return pauses if since is None else [*pauses, (since, now)]


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
