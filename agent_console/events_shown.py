"""The record of a complaint as a timeline people can read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from agent_console.names import actors_of, names_of
from agent_console.proof_files import read_record_of
from agent_console.showing import stretch
from agent_console.words import catalogue, screen_language
from models.complaint_event import ComplaintEvent
from models.department import Department
from models.services.bridging import RUNG

_NOTES = ("note", "reason")
REGISTERED = 1  # number of the event with which a record begins


@dataclass(frozen=True, slots=True)
class EventLine:
    """One step of a complaint. `proof` is the name of the file that proves it."""

    heading: str
    at: datetime
    by: str
    note: str
    n: int
    proof: str


def read_timeline(session: Session, complaint_id: int) -> list[EventLine]:
    """Every step, the first at the top."""
    return read_timelines(session, [complaint_id])[complaint_id]


def read_timelines(session: Session, complaint_ids: Collection[int]) -> Mapping[int, list[EventLine]]:
    """The steps of several complaints, by the complaint's id."""
    about = select(ComplaintEvent).where(ComplaintEvent.complaint_id.in_(complaint_ids))
    events = list(session.scalars(about.order_by(ComplaintEvent.complaint_id, ComplaintEvent.n)))
    people, departments = actors_of(session, {one.actor for one in events}), names_of(session, Department)
    lines: dict[int, list[EventLine]] = {complaint_id: [] for complaint_id in complaint_ids}
    for event in events:
        lines[event.complaint_id].append(_line(event, people, departments))
    return lines


def _line(event: ComplaintEvent, people: Mapping[str, str], departments: Mapping[str, str]) -> EventLine:
    known = catalogue(screen_language())
    heading = known.get(f"event.{event.kind}") or known.get(f"complaint.{event.data.get('to', event.kind)}")
    parts = [heading or known["event.other"], departments.get(event.data.get("department") or "", "")]
    if event.kind == "feedback_try":
        parts.append(known.get(f"feedback.result.{event.data.get('result')}", ""))
    if event.kind == RUNG:
        parts.append(known.get(f"bridge.outcome.{event.data.get('result')}", ""))
        parts.append(stretch(event.data["seconds"]) if event.data.get("seconds") is not None else "")
    note = next((str(event.data[name]) for name in _NOTES if event.data.get(name)), "")
    proof = read_record_of(event.data.get("proof"))
    return EventLine(
        heading=": ".join(filter(None, parts)),
        at=event.at,
        by=people.get(event.actor, event.actor),
        note=note,
        n=event.n,
        proof=proof.name if proof else "",
    )
