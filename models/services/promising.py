"""Counting a promise anew where one of the few things has changed that it depends on."""

from datetime import datetime

from sqlalchemy.orm import Session

from models.complaint import Complaint
from models.deadline import WorkingCalendar, due_on
from models.services.changing import pauses_of, read_record
from models.services.placing import last_stay, wind


def promise_again(session: Session, complaint: Complaint, calendar: WorkingCalendar, now: datetime) -> None:
    """Set the promised date and the clock from registration, policy, calendar, pauses and extension."""
    pauses = pauses_of(read_record(session, complaint), now)
    complaint.due_on = due_on(complaint.registered_at, complaint.days, calendar, pauses, complaint.extension_days)
    stay = last_stay(session, complaint)
    if stay is not None:
        wind(complaint, stay, pauses, calendar, now)
