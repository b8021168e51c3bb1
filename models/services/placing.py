"""Putting a case into an office: whose name stands on it, since when, and what its clock will say."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case_clock import LAST_CLOCKED, Holding, hold_on, next_day, sayings
from models.complaint import Complaint
from models.deadline import INDIA, Pause, WorkingCalendar
from models.ladder import Ladder, read_ladder, rise_on, seat_on
from models.level_stay import LevelStay
from models.transitions import ACTED_ON


def seat(session: Session, complaint: Complaint, code: str, now: datetime) -> None:
    """Have the office of this code answer for the case, or the first above it that the case does not accuse.

    Where none is left, the cell has it. Writes no stay.
    """
    seat_on(_ladder(session, complaint, code, now), complaint, code)


def may_lie_with(session: Session, complaint: Complaint, code: str, now: datetime) -> bool:
    """Whether the case accuses neither this office, nor its officer, nor one above it."""
    free = _ladder(session, complaint, code, now).free(complaint.id, code)
    return free is not None and free.code == code


def rise(session: Session, complaint: Complaint, now: datetime) -> None:
    """Hand the case to the office above; past the last one, to the cell. Writes no stay."""
    rise_on(_ladder(session, complaint, complaint.office_code, now), complaint)


def begin_stay(session: Session, complaint: Complaint, now: datetime) -> LevelStay:
    """End the stay that is open, and begin one at the level and office that the case has now."""
    last = last_stay(session, complaint)
    if last is not None and last.until_at is None:
        last.until_at = now
    stay = stay_of(complaint, now)
    session.add(stay)
    session.flush()
    return stay


def stay_of(complaint: Complaint, now: datetime) -> LevelStay:
    """A new line of the ledger, where the case is now."""
    return LevelStay(
        complaint_id=complaint.id,
        level=complaint.level,
        officer=complaint.office,
        office_code=complaint.office_code,
        officer_id=complaint.officer_id,
        from_at=now,
    )


def mark_opened(session: Session, complaint: Complaint, now: datetime) -> None:
    """Whoever has the case at its level has seen it."""
    stay = last_stay(session, complaint)
    if stay is not None and stay.until_at is None and stay.opened_at is None:
        stay.opened_at = now


def last_stay(session: Session, complaint: Complaint) -> LevelStay | None:
    """The newest line of the ledger."""
    mine = select(LevelStay).where(LevelStay.complaint_id == complaint.id)
    return session.scalars(mine.order_by(LevelStay.id.desc()).limit(1)).one_or_none()


def wind(
    complaint: Complaint, stay: LevelStay, pauses: Sequence[Pause], calendar: WorkingCalendar, now: datetime
) -> None:
    """Set the days on which this level ends and on which the clock has something to say next."""
    holding = holding_of(complaint, stay, pauses)
    complaint.hold_on = hold_on(holding, calendar) if is_clocked(complaint) else None
    today = now.astimezone(INDIA).date()
    # What a warning would say of days that are over, nobody needs to hear.
    to_come = [(kind, day) for kind, day in sayings(holding, calendar) if day >= today or kind not in ("half", "most")]
    complaint.clock_on = next_day(to_come, today)


def holding_of(complaint: Complaint, stay: LevelStay, pauses: Sequence[Pause]) -> Holding:
    """The case as its clock sees it."""
    return Holding(
        state=complaint.state,
        level=complaint.level,
        since=stay.from_at,
        days=complaint.days,
        extension=complaint.extension_days,
        due_on=complaint.due_on,
        named=complaint.officer_id is not None,
        opened=stay.opened_at is not None,
        pauses=pauses,
    )


def is_clocked(complaint: Complaint) -> bool:
    """Whether an office has it and its time runs, or waits for the citizen."""
    return complaint.state in ACTED_ON and complaint.level <= LAST_CLOCKED


def _ladder(session: Session, complaint: Complaint, code: str | None, now: datetime) -> Ladder:
    return read_ladder(session, [code] if code else [], [complaint.id], now.astimezone(INDIA).date())
