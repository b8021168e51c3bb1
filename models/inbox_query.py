"""The lists of the case inbox: what waits for this officer, for their office, below them, and who has not explained."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from sqlalchemy import ColumnElement, and_, exists, false, func, literal, or_, select, union
from sqlalchemy.orm import Session

from models.base import among
from models.case_access import readable
from models.case_moment import owed_by
from models.clock_notice import ClockNotice
from models.complaint import Complaint
from models.deadline import INDIA
from models.explanation import Explanation
from models.level_stay import LevelStay
from models.office import Office
from models.officer import CELL_LEVEL, Officer
from models.transitions import OPEN, UNDER_WAY

Box = Literal["mine", "office", "watching", "unexplained", "digest"]
BOXES: tuple[Box, ...] = ("mine", "office", "watching", "unexplained", "digest")
"""digest: what level 3 has not done in its time either, for the secretary to take over."""

After = tuple[date, int]  # due_on and id of the last case of the page before


def list_cases(
    session: Session,
    officer: Officer,
    *,
    box: Box,
    now: datetime,
    limit: int = 50,
    after: After | None = None,
    also: Sequence[ColumnElement[bool]] = (),
) -> list[Complaint]:
    """The cases of a box, those due first at the top; what follows the case `after`, where one is given.

    `also` narrows the box.
    """
    wanted = and_(_condition(officer, box, now), readable(officer), *also)
    if after is not None:
        due, last = after
        wanted &= or_(Complaint.due_on > due, (Complaint.due_on == due) & (Complaint.id > last))
    found = select(Complaint).where(wanted).order_by(Complaint.due_on, Complaint.id).limit(limit)
    return list(session.scalars(found))


def count_cases(session: Session, officer: Officer, now: datetime) -> dict[Box, int]:
    """How many cases are in each box, in one query."""
    # Each box by itself, in one statement: together they would read every complaint.
    counted = [
        select(func.count(Complaint.id)).where(_condition(officer, box, now), readable(officer)).scalar_subquery()
        for box in BOXES
    ]
    row = session.execute(select(*counted)).one()
    return {box: int(number) for box, number in zip(BOXES, row, strict=True)}


def _condition(officer: Officer, box: Box, now: datetime) -> ColumnElement[bool]:
    return {"mine": _mine, "office": _office, "watching": _watching, "unexplained": _unexplained, "digest": _digest}[
        box
    ](officer, now)


def _mine(officer: Officer, _now: datetime) -> ColumnElement[bool]:
    """Open with their name on it, or waiting for their decision."""
    return or_(among(Complaint.state, OPEN) & (Complaint.officer_id == officer.staff_id), _to_decide(officer))


def _to_decide(officer: Officer) -> ColumnElement[bool]:
    children = select(Office.code).where(Office.parent.in_(officer.answers_for))
    below_me = Complaint.office_code.in_(children)
    decides: list[ColumnElement[bool]] = [
        (Complaint.pending == "rejection") & below_me,
        (Complaint.state == "appealed") & below_me,
    ]
    if officer.is_cell:
        decides.append(Complaint.pending == "transfer")
        topmost = Complaint.office_code.in_(select(Office.code).where(Office.parent.is_(None)))
        nobody_above = or_(Complaint.office_code.is_(None), topmost)
        # Two, or SQLite would find neither by its index.
        decides += [nobody_above & (Complaint.pending == "rejection"), nobody_above & (Complaint.state == "appealed")]
    return or_(*decides)


def _office(officer: Officer, _now: datetime) -> ColumnElement[bool]:
    """Open in an office where they serve; for the cell, what no office has."""
    held: ColumnElement[bool] = Complaint.office_code.in_(officer.duties) if officer.duties else false()
    if officer.is_cell:
        no_office = Complaint.office_code.is_(None)
        held = or_(held, no_office & or_(Complaint.state == "registered", Complaint.level >= CELL_LEVEL))
    return and_(among(Complaint.state, OPEN), held)


def _watching(officer: Officer, _now: datetime) -> ColumnElement[bool]:
    """Under way below them, or risen from their offices; for the cell, everything under way."""
    under_way = among(Complaint.state, UNDER_WAY)
    if officer.is_cell or not officer.duties:
        return under_way if officer.is_cell else false()
    not_here = or_(Complaint.office_code.is_(None), Complaint.office_code.not_in(officer.duties))
    if officer.is_secretary:
        return and_(under_way, not_here)
    # What may be read at all, found by indices; `readable` still has the last word.
    below = select(Complaint.id).where(Complaint.office_code.in_(officer.below - officer.offices), under_way)
    held = select(LevelStay.complaint_id).where(
        LevelStay.office_code.in_(officer.below), LevelStay.until_at.is_not(None)
    )
    asked = select(Explanation.complaint_id).where(Explanation.officer_id == officer.staff_id)
    return and_(under_way, not_here, Complaint.id.in_(union(below, held, asked)))


def _unexplained(officer: Officer, now: datetime) -> ColumnElement[bool]:
    """An explanation is demanded of them; or, below them, was not given in time."""
    return Complaint.id.in_(select(Explanation.complaint_id).where(_late(officer, now)))


def _digest(officer: Officer, _now: datetime) -> ColumnElement[bool]:
    return is_on_digest() if officer.is_cell else is_on_digest() & Complaint.department_code.in_(officer.secretary_of)


def is_on_digest() -> ColumnElement[bool]:
    """Level 3 has missed its date too, and nobody higher has taken it over."""
    of_this_stay = (
        select(ClockNotice.id)
        .join(LevelStay, LevelStay.id == ClockNotice.stay_id)
        .where(ClockNotice.complaint_id == Complaint.id, ClockNotice.kind == "digest", LevelStay.until_at.is_(None))
    )
    return among(Complaint.state, OPEN) & exists(of_this_stay)


def _late(officer: Officer, now: datetime) -> ColumnElement[bool]:
    overdue = Explanation.given_at.is_(None) & (Explanation.due_on < literal(now.astimezone(INDIA).date()))
    if officer.is_cell:
        return overdue
    return or_(owed_by(officer), overdue & Explanation.office_code.in_(officer.oversees))
