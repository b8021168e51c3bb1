"""Sudden holidays: declared and withdrawn, and every open promise counted anew after that."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.actor import RULE
from models.audit import add_act
from models.complaint import Complaint
from models.deadline import due_on
from models.level_stay import LevelStay
from models.promise_mark import PromiseMark
from models.record import Happening, append_events
from models.services.escalating import Calendars
from models.services.placing import wind
from models.services.promising import pauses_of_many
from models.store import Store
from models.sudden_holiday import SuddenHoliday
from models.transitions import OPEN

BATCH = 200  # promises in one transaction

_MARK = 1
_PROMISED = Complaint.state.in_((*OPEN, "action_reported"))
MOVED = "promise_moved"  # kind of event: another day off, and so another date


def declare_holiday(session: Session, day: date, reason: str, *, by: str, now: datetime) -> bool:
    """Take a working day away from every department. False if it was taken away already.

    Promises stand as they were until they are counted anew: see `recount_promises`.
    """
    if _in_force(session, day):
        return False
    session.add(SuddenHoliday(day=day, reason=reason, declared_by=by, declared_at=now))
    session.flush()
    add_act(session.connection(), by, "holiday_declared", day.isoformat(), now, {"reason": reason})
    return True


def withdraw_holiday(session: Session, day: date, *, by: str, now: datetime) -> bool:
    """Give the day back: it was declared by mistake. False if it was not a sudden holiday."""
    declared = _in_force(session, day)
    for holiday in declared:
        holiday.withdrawn_at = now
    if declared:
        session.flush()
        add_act(session.connection(), by, "holiday_withdrawn", day.isoformat(), now)
    return bool(declared)


def holidays_in_force(session: Session) -> Sequence[SuddenHoliday]:
    """Every sudden holiday, in order."""
    return session.scalars(
        select(SuddenHoliday).where(SuddenHoliday.withdrawn_at.is_(None)).order_by(SuddenHoliday.day)
    ).all()


def is_counted_by(session: Session, mark: str) -> bool:
    """Whether every open promise was counted by the calendar of this digest."""
    last = session.get(PromiseMark, _MARK)
    return last is not None and last.mark == mark


def recount_promises(store: Store, now: datetime, calendars: Calendars, *, mark: str = "") -> int:
    """Count every open promise by the calendars as they are now, in short transactions. Returns how many moved.

    Only what moved is on record. Safe to repeat, and to go on with after it was killed: `mark`, the digest of the
    calendar, is kept when all of them are counted. Raises StoreUnavailable.
    """
    moved, after = 0, 0
    while ids := _open_after(store, after):
        moved += store.transact(partial(_recount, ids=ids, now=now, calendars=calendars))
        after = ids[-1]
    if mark:
        store.transact(lambda session: session.merge(PromiseMark(id=_MARK, mark=mark, counted_at=now)))
    return moved


def _open_after(store: Store, after: int) -> list[int]:
    still = select(Complaint.id).where(_PROMISED, Complaint.id > after)
    with store.read() as connection:
        return list(connection.scalars(still.order_by(Complaint.id).limit(BATCH)))


def _recount(session: Session, ids: Sequence[int], now: datetime, calendars: Calendars) -> int:
    # Asked again: one may have ended meanwhile.
    cases = session.scalars(select(Complaint).where(Complaint.id.in_(ids), _PROMISED).order_by(Complaint.id)).all()
    stays: dict[int, LevelStay] = {}
    for stay in session.scalars(select(LevelStay).where(LevelStay.complaint_id.in_(ids)).order_by(LevelStay.id)):
        stays[stay.complaint_id] = stay
    pauses = pauses_of_many(session, ids, now)
    events: list[Happening] = []
    for case in cases:
        calendar, paused = calendars(case.department_code), pauses.get(case.id, ())
        due = due_on(case.registered_at, case.days, calendar, paused, case.extension_days)
        if due != case.due_on:
            events.append((case, MOVED, {"was_due_on": case.due_on.isoformat(), "due_on": due.isoformat()}))
            case.due_on = due
        if case.id in stays:
            wind(case, stays[case.id], paused, calendar, now)
    append_events(session, events, RULE.name, now)
    return len(events)


def _in_force(session: Session, day: date) -> Sequence[SuddenHoliday]:
    return session.scalars(
        select(SuddenHoliday).where(SuddenHoliday.day == day, SuddenHoliday.withdrawn_at.is_(None))
    ).all()
