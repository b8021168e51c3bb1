"""Putting a case into an office: whose name stands on it, since when, and what its clock will say."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.case_clock import LAST_CLOCKED, Holding, hold_on, next_day, sayings
from models.complaint import Complaint
from models.deadline import INDIA, Pause, WorkingCalendar
from models.level_stay import LevelStay
from models.office import Office
from models.office_tree import accused_offices, accused_people, at_or_below, chain_of, officer_on
from models.officer import CELL_LEVEL


def seat(session: Session, complaint: Complaint, office: Office, now: datetime) -> None:
    """Have `office` answer for the case, or the first above it that the case does not accuse; else the cell.

    Writes no stay.
    """
    free = unaccused(session, complaint, office, now)
    if free is None:
        give_to_cell(complaint)
        return
    complaint.office_code, complaint.office, complaint.level = free.code, free.names["en"], free.level
    complaint.officer_id = officer_on(session, free.code, now.astimezone(INDIA).date())


def give_to_cell(complaint: Complaint) -> None:
    """No office is left that could have it."""
    complaint.office_code, complaint.office, complaint.officer_id = None, "", None
    complaint.level = CELL_LEVEL


def unaccused(session: Session, complaint: Complaint, office: Office, now: datetime) -> Office | None:
    """The office itself, or the first above it which the case accuses neither, nor its officer, nor who is above it."""
    chain = chain_of(session, office.code)
    accused, people = accused_offices(session, complaint.id), accused_people(session, complaint.id)
    if not accused and not people:
        return office if office.active else next((one for one in chain if one.active), None)
    shut = at_or_below(session, accused)
    today = now.astimezone(INDIA).date()
    named = {one.code: officer_on(session, one.code, today) for one in chain} if people else {}
    free = (one for one in chain if one.active and one.code not in shut and named.get(one.code) not in people)
    return next(free, None)


def rise(session: Session, complaint: Complaint, now: datetime) -> None:
    """Hand the case to the office above; past the last one, to the cell. Writes no stay."""
    if complaint.office_code is None:
        complaint.level = min(complaint.level + 1, CELL_LEVEL)
        return
    parent = session.get_one(Office, complaint.office_code).parent
    if parent is None:
        give_to_cell(complaint)
    else:
        seat(session, complaint, session.get_one(Office, parent), now)


def begin_stay(session: Session, complaint: Complaint, now: datetime) -> LevelStay:
    """End the stay that is open, and begin one at the level and office that the case has now."""
    last = last_stay(session, complaint)
    if last is not None and last.until_at is None:
        last.until_at = now
    stay = LevelStay(
        complaint_id=complaint.id,
        level=complaint.level,
        officer=complaint.office,
        office_code=complaint.office_code,
        officer_id=complaint.officer_id,
        from_at=now,
    )
    session.add(stay)
    session.flush()
    return stay


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
        pauses=pauses,
    )


def is_clocked(complaint: Complaint) -> bool:
    """Whether an office has it and its time runs, or waits for the citizen."""
    return complaint.state in ("forwarded", "in_progress", "needs_info") and complaint.level <= LAST_CLOCKED
