"""Complaints that may be about one matter: found by kind, place and words, proposed by people, joined by the cell."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.actor import Actor
from models.case_moment import merge_proposal
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.errors import Refused
from models.likeness import ALIKE, likeness
from models.services.casework.merging import find_master
from models.services.changing import propose
from models.transitions import OPEN

WITHIN = timedelta(days=30)
_LOOKED_AT = 500  # the newest of one kind and place
_MOST = 5


@dataclass(frozen=True, slots=True)
class Double:
    """A complaint that may be about the same matter; `likeness` of its words is of 100."""

    complaint: Complaint
    likeness: float


def find_doubles(session: Session, complaint: Complaint, readable: ColumnElement[bool]) -> list[Double]:
    """Open and `readable` complaints of the same kind and place within thirty days whose words are alike, best first.

    None where the place is not known: the same words from two ends of the state are two matters.
    """
    if complaint.place_code is None or complaint.outside_state:
        return []
    near = (
        (Complaint.category == complaint.category)
        & (Complaint.place_code == complaint.place_code)
        & (Complaint.registered_at >= complaint.registered_at - WITHIN)
        & (Complaint.registered_at <= complaint.registered_at + WITHIN)
        & Complaint.state.in_(OPEN)
        & (Complaint.id != complaint.id)
        & readable
    )
    others = session.scalars(select(Complaint).where(near).order_by(Complaint.id.desc()).limit(_LOOKED_AT))
    found = [Double(one, likeness(complaint.text, one.text)) for one in others]
    return sorted((one for one in found if one.likeness >= ALIKE), key=lambda one: -one.likeness)[:_MOST]


def propose_merge(
    session: Session, complaint: Complaint, reference: str, readable: ColumnElement[bool], *, by: Actor, now: datetime
) -> ComplaintEvent:
    """Put on record that `complaint` is about the same matter as the `readable` one with `reference`; the cell decides.

    Raises Refused: not_now, unknown_master, same_complaint, proposed_already.
    """
    if complaint.state not in OPEN:
        raise Refused("not_now")
    named = session.scalars(select(Complaint.id).where(Complaint.reference == reference, readable)).one_or_none()
    master = find_master(session, complaint, named)
    if merge_proposal(session, complaint) is not None:
        raise Refused("proposed_already")
    return propose(session, complaint, "merge_proposed", by=by, now=now, master=master.id, note=master.reference)
