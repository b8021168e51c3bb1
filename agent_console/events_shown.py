"""The record of a complaint as a timeline people can read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.words import catalogue, name_in, say, screen_language
from models.complaint_event import ComplaintEvent
from models.department import Department
from models.staff import Staff

_NOTES = ("note", "reason")


@dataclass(frozen=True, slots=True)
class EventLine:
    """One step of a complaint."""

    heading: str
    at: datetime
    by: str
    note: str


def read_timeline(session: Session, complaint_id: int) -> list[EventLine]:
    """Every step, the first at the top."""
    about = select(ComplaintEvent).where(ComplaintEvent.complaint_id == complaint_id).order_by(ComplaintEvent.n)
    events = list(session.scalars(about))
    names = _names(session, (event.actor for event in events))
    return [_line(session, event, names) for event in events]


def _line(session: Session, event: ComplaintEvent, names: dict[str, str]) -> EventLine:
    known = catalogue(screen_language())
    heading = known.get(f"event.{event.kind}") or known.get(f"complaint.{event.data.get('to', event.kind)}")
    department = session.get(Department, event.data["department"]) if event.data.get("department") else None
    parts = [heading or known["event.other"], name_in(department.names) if department else ""]
    note = next((str(event.data[name]) for name in _NOTES if event.data.get(name)), "")
    return EventLine(": ".join(filter(None, parts)), event.at, names.get(event.actor, event.actor), note)


def _names(session: Session, actors: Iterable[str]) -> dict[str, str]:
    names = {"citizen": say("event.by_citizen"), "rule": say("event.by_rule")}
    for actor in set(actors):
        kind, _, number = actor.partition(":")
        if kind == "staff" and number.isdecimal():
            staff = session.get(Staff, int(number))
            names[actor] = staff.name if staff else actor
    return names
