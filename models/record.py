"""The record of a complaint: events that are only ever added, each sealed with the hash of the one before."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.base import composed
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.errors import TamperedRecord

Happening = tuple[Complaint, str, Mapping[str, Any]]  # to whom, its kind, its data


def append_event(
    session: Session, complaint: Complaint, *, kind: str, actor: str, now: datetime, data: Mapping[str, Any]
) -> ComplaintEvent:
    """Add the next event. Counting it on the complaint makes two writers at once a conflict, not a fork."""
    previous = _last_hash(session, complaint)
    complaint.events += 1
    session.flush()
    event = ComplaintEvent(
        complaint_id=complaint.id,
        n=complaint.events,
        kind=kind,
        data=dict(data),
        actor=actor,
        at=now,
        previous_hash=previous,
    )
    event.hash = seal(event)
    session.add(event)
    session.flush()
    return event


def append_events(session: Session, events: Sequence[Happening], actor: str, now: datetime) -> None:
    """Add one event to each of many records, in few statements."""
    if not events:
        return
    ids = [complaint.id for complaint, _, _ in events]
    last = select(ComplaintEvent.complaint_id, ComplaintEvent.hash).join(
        Complaint, (Complaint.id == ComplaintEvent.complaint_id) & (Complaint.events == ComplaintEvent.n)
    )
    hashes = {row.complaint_id: row.hash for row in session.execute(last.where(Complaint.id.in_(ids)))}
    for complaint, kind, data in events:
        complaint.events += 1
        event = ComplaintEvent(
            complaint_id=complaint.id,
            n=complaint.events,
            kind=kind,
            data=dict(data),
            actor=actor,
            at=now,
            previous_hash=hashes[complaint.id],
        )
        event.hash = seal(event)
        session.add(event)
    session.flush()


def seal(event: ComplaintEvent) -> str:
    """SHA-256 over everything the event says and the hash before it."""
    at = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    said = [event.complaint_id, event.n, event.kind, event.data, event.actor, at, event.previous_hash]
    text = composed(json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True))
    return hashlib.sha256(text.encode()).hexdigest()


def verify_chain(session: Session, complaint: Complaint) -> int:
    """Number of events, if none was changed, removed or put in between. Raises TamperedRecord."""
    events = session.scalars(
        select(ComplaintEvent).where(ComplaintEvent.complaint_id == complaint.id).order_by(ComplaintEvent.n)
    ).all()
    previous = _first_hash(complaint.reference)
    for n, event in enumerate(events, start=1):
        if event.n != n or event.previous_hash != previous or seal(event) != event.hash:
            raise TamperedRecord(f"event {n} of this complaint is not what was written")
        previous = event.hash
    if len(events) != complaint.events:
        raise TamperedRecord(f"this complaint has {len(events)} events and should have {complaint.events}")
    return len(events)


def _first_hash(reference: str) -> str:
    return hashlib.sha256(f"complaint {reference}".encode()).hexdigest()


def _last_hash(session: Session, complaint: Complaint) -> str:
    if complaint.events == 0:
        return _first_hash(complaint.reference)
    last = select(ComplaintEvent.hash).where(
        ComplaintEvent.complaint_id == complaint.id, ComplaintEvent.n == complaint.events
    )
    return session.scalars(last).one()
