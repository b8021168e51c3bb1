"""Complaints that their citizens take back: asked on the telephone, by the centre, whether anybody pressed them."""

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.audit import add_act
from models.complaint import Complaint
from models.errors import Refused
from models.pressure import Pressure
from models.transitions import UNDER_WAY


def note_pressure(
    session: Session, complaint: Complaint, words: str, *, call_sid: str | None, staff_id: int, now: datetime
) -> Pressure:
    """Write down that somebody pressed the citizen. The complaint goes on, and no text tells of it: whoever pressed
    might read the citizen's telephone. Raises Refused: not_now.
    """
    if complaint.state not in UNDER_WAY:
        raise Refused("not_now")
    told = Pressure(complaint_id=complaint.id, words=words, call_sid=call_sid, told_to=staff_id, told_at=now)
    session.add(told)
    session.flush()
    add_act(session.connection(), f"staff:{staff_id}", "pressure_told", f"pressure:{told.id}", now)
    return told


def see_to_pressure(
    session: Session, pressure_id: int, mine: ColumnElement[bool], note: str, *, staff_id: int, now: datetime
) -> bool:
    """The cell has done what `note` says about it. False where none waits on a complaint that is `mine`."""
    waiting = select(Pressure).join(Complaint, Complaint.id == Pressure.complaint_id)
    asked = waiting.where(Pressure.id == pressure_id, Pressure.seen_to_at.is_(None), mine)
    told = session.scalars(asked.with_for_update(of=Pressure)).one_or_none()
    if told is None:
        return False
    told.seen_to_by, told.seen_to_at, told.note = staff_id, now, note
    session.flush()
    add_act(session.connection(), f"staff:{staff_id}", "pressure_seen_to", f"pressure:{told.id}", now)
    return True


def waiting_pressures(session: Session, mine: ColumnElement[bool], limit: int) -> list[tuple[Pressure, Complaint]]:
    """What nobody has seen to yet, on complaints that are `mine`, the oldest first."""
    waiting = (
        select(Pressure, Complaint)
        .join(Complaint, Complaint.id == Pressure.complaint_id)
        .where(Pressure.seen_to_at.is_(None), mine)
        .order_by(Pressure.told_at, Pressure.id)
    )
    return [(told, complaint) for told, complaint in session.execute(waiting.limit(limit))]


def pressures_on(session: Session, complaint_id: int) -> list[Pressure]:
    """All that was told of this complaint, the oldest first."""
    told = select(Pressure).where(Pressure.complaint_id == complaint_id).order_by(Pressure.id)
    return list(session.scalars(told))
