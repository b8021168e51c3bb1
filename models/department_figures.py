"""What a department's secretary sees: at which level complaints are solved, and who has the open ones for how long."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import Session

from models.complaint import Complaint
from models.explanation import Explanation
from models.inbox_query import is_on_digest
from models.level_stay import LevelStay
from models.transitions import UNDER_WAY

LEVELS = (1, 2, 3, 4, 5)
UNOPENED = ("registered", "forwarded")
_SOLVED_HERE = LevelStay.solved & (LevelStay.until_at == Complaint.closed_at)
_NOT_SOLVED = func.coalesce(Complaint.outcome, "") != "confirmed"


@dataclass(frozen=True, slots=True)
class LevelLine:
    """One level: solved there as a citizen confirmed, ended otherwise, and what is under way there now."""

    level: int
    solved: int = 0
    ended: int = 0
    open: int = 0
    late: int = 0


@dataclass(frozen=True, slots=True)
class HolderLine:
    """Who has open cases. `officer_id` None: nobody by name. `oldest` is the registration of the oldest of them."""

    office_code: str | None
    office: str
    officer_id: int | None
    level: int
    open: int
    late: int
    unopened: int
    oldest: datetime


def read_levels(
    session: Session, mine: ColumnElement[bool], since: datetime, until: datetime, today: date
) -> list[LevelLine]:
    """By level: what ended between two moments, and what is under way now, of the complaints `mine`."""
    then = _ended(mine, since, until)
    of_stay = Complaint.id == LevelStay.complaint_id
    solved_at = select(LevelStay.level, func.count()).join(Complaint, of_stay).where(then, _SOLVED_HERE)
    solved = _by_level(session, solved_at.group_by(LevelStay.level))
    ended_at = select(Complaint.level, func.count()).where(then, _NOT_SOLVED)
    ended = _by_level(session, ended_at.group_by(Complaint.level))
    open_now = select(Complaint.level, func.count(), func.sum(_late(today))).where(mine, _under_way())
    running = {level: (count, late) for level, count, late in session.execute(open_now.group_by(Complaint.level))}
    return [
        LevelLine(level, solved.get(level, 0), ended.get(level, 0), *running.get(level, (0, 0))) for level in LEVELS
    ]


def read_holders(session: Session, mine: ColumnElement[bool], today: date) -> list[HolderLine]:
    """Who has the open ones of the complaints `mine`; whoever has most that are late stands first."""
    late = func.sum(_late(today))
    rows = session.execute(
        select(
            Complaint.office_code,
            func.min(Complaint.office),
            Complaint.officer_id,
            Complaint.level,
            func.count(),
            late,
            func.sum(case((Complaint.state.in_(UNOPENED), 1), else_=0)),
            func.min(Complaint.registered_at),
        )
        .where(mine, _under_way())
        .group_by(Complaint.office_code, Complaint.officer_id, Complaint.level)
        .order_by(late.desc(), func.count().desc(), Complaint.level, Complaint.office_code)
    )
    return [HolderLine(*row) for row in rows]


def solved_between(
    mine: ColumnElement[bool], since: datetime, until: datetime, level: int | None = None
) -> Select[Any]:
    """Complaints that a citizen confirmed as solved between two moments, at one level or at any."""
    solved = select(Complaint).join(LevelStay, LevelStay.complaint_id == Complaint.id)
    solved = solved.where(_ended(mine, since, until), _SOLVED_HERE)
    solved = solved if level is None else solved.where(LevelStay.level == level)
    return solved.order_by(Complaint.closed_at.desc(), Complaint.id.desc())


def ended_between(mine: ColumnElement[bool], since: datetime, until: datetime) -> Select[Any]:
    """Complaints that ended otherwise between two moments."""
    ended = select(Complaint).where(_ended(mine, since, until), _NOT_SOLVED)
    return ended.order_by(Complaint.closed_at.desc(), Complaint.id.desc())


def unexplained(mine: ColumnElement[bool]) -> Select[Any]:
    """Complaints whose missed dates somebody has still to explain, the longest owed first."""
    owed = (Explanation.complaint_id == Complaint.id) & Explanation.given_at.is_(None)
    first = select(func.min(Explanation.due_on)).where(owed).scalar_subquery()
    return select(Complaint).where(mine, first.is_not(None)).order_by(first, Complaint.id)


def on_digest(mine: ColumnElement[bool]) -> Select[Any]:
    """Complaints that a head of department has let pass, and that wait to be taken over by the secretary."""
    return select(Complaint).where(mine, is_on_digest()).order_by(Complaint.due_on, Complaint.id)


def _ended(mine: ColumnElement[bool], since: datetime, until: datetime) -> ColumnElement[bool]:
    return mine & (Complaint.closed_at >= since) & (Complaint.closed_at < until)


def _by_level(session: Session, counted: Select[int, int]) -> dict[int, int]:
    return {row[0]: row[1] for row in session.execute(counted)}


def _under_way() -> ColumnElement[bool]:
    return Complaint.state.in_(UNDER_WAY)


def _late(today: date) -> ColumnElement[int]:
    return case((Complaint.due_on < today, 1), else_=0)
