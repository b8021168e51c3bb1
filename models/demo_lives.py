"""What becomes of the complaints of the demonstration: one life after the other, so that every state is seen."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actor import CITIZEN, RULE, Actor
from models.complaint import Complaint
from models.deadline import INDIA, WorkingCalendar
from models.demo_words import STATUS_TEXTS
from models.office_tree import chain_of, officers_on
from models.reference import formatted
from models.services import change_state, propose

OFFICER = Actor("officer:demo", frozenset({"officer"}), 1)
CHIEF = Actor("officer:demo-chief", frozenset({"officer"}), 3)
CELL = Actor("cell:demo", frozenset({"supervisor"}), 5)
SPOKEN_FOR = Actor("staff:demo", frozenset({"representative"}))


@dataclass(frozen=True)
class Step:
    """After `hours` somebody moves the complaint to `to`, or proposes something."""

    hours: float
    to: str
    by: Actor
    said: dict[str, Any] = field(default_factory=dict)


_OPENED = Step(5, "in_progress", OFFICER)
_REPORTED = Step(20, "action_reported", OFFICER, {"note": "Inspected on the spot; papers and photograph attached."})

LIVES: tuple[tuple[Step, ...], ...] = (
    (),
    (_OPENED,),
    (_OPENED, Step(3, "needs_info", OFFICER, {"note": "Which shop, and since which month?"})),
    (_OPENED, _REPORTED),
    (_OPENED, _REPORTED, Step(8, "closed", CITIZEN, {"outcome": "confirmed"})),
    (_OPENED, _REPORTED, Step(6, "in_progress", SPOKEN_FOR, {"answer": "not_solved"})),
    (),
    (_OPENED, _REPORTED, Step(30, "closed", RULE, {"outcome": "unreachable"})),
    (_OPENED, Step(16, "closed", OFFICER, {"outcome": "no_solution", "note": "The matter is before a court."})),
    (Step(4, "closed", SPOKEN_FOR, {"outcome": "withdrawn"}),),
    (
        _OPENED,
        Step(4, "rejection_proposed", OFFICER, {"note": "Concerns another state's scheme."}),
        Step(9, "rejected", CHIEF, {"note": "Not admissible: it concerns another state's scheme."}),
    ),
    (
        _OPENED,
        Step(4, "rejection_proposed", OFFICER, {"note": "The papers are incomplete."}),
        Step(6, "rejected", CHIEF, {"note": "Incomplete: the application number is missing."}),
        Step(12, "appealed", CITIZEN),
    ),
    (Step(2, "merge_proposed", SPOKEN_FOR), Step(3, "merged", CELL)),
    (Step(7, "forwarded", OFFICER, {"department": "urban", "reason_code": "not_ours"}),),
)


def live_on(
    session: Session, complaint: Complaint, life: tuple[Step, ...], now: datetime, calendar: WorkingCalendar
) -> None:
    """Let the complaint go through `life`, as far as that lies before `now`."""
    at = complaint.registered_at
    if complaint.state == "registered":
        life = ()  # the grievance cell has not decided yet where it belongs
    master = _earlier_one(session, complaint)
    for step in life:
        at += timedelta(hours=step.hours)
        said = step.said | ({"master": master.id} if step.to in ("merge_proposed", "merged") and master else {})
        if at > now - timedelta(hours=2) or (step.to == "merge_proposed" and master is None):
            return
        by = _named(session, complaint, step.by, at)
        if step.to in ("rejection_proposed", "merge_proposed"):
            propose(session, complaint, step.to, by=by, now=at, **said)
        else:
            change_state(session, complaint, step.to, by=by, now=at, calendar=calendar, compose=_compose, **said)


def _named(session: Session, complaint: Complaint, by: Actor, at: datetime) -> Actor:
    """Whoever serves in the office that has the case, or above it for a chief; else an officer without a name."""
    if "officer" not in by.roles or complaint.office_code is None:
        return by
    chain = chain_of(session, complaint.office_code)
    own = chain[0].level
    wanted = [office for office in chain if office.level > own] if by is CHIEF else chain[:1]
    named = officers_on(session, [office.code for office in wanted], at.astimezone(INDIA).date())
    office = next((office for office in wanted if office.code in named), None)
    if office is not None:
        return Actor.staff(named[office.code], "officer", level=office.level)
    # A chief stands above whoever has it, named or not.
    return replace(by, level=max(by.level, own + 1 if by is CHIEF else own))


def _earlier_one(session: Session, complaint: Complaint) -> Complaint | None:
    earlier = select(Complaint).where(
        Complaint.category == complaint.category, Complaint.id < complaint.id, Complaint.state == "in_progress"
    )
    return session.scalars(earlier.order_by(Complaint.id.desc()).limit(1)).one_or_none()


def _compose(complaint: Complaint) -> str:
    return STATUS_TEXTS[complaint.language].format(reference=formatted(complaint.reference))
