"""Citizens who are to say whether it is solved: who is due, whose turn it is to ring, and what each try comes to."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from functools import partial
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, or_, select, update
from sqlalchemy.orm import Session

from models.actor import RULE
from models.attempts import TRIES, next_try
from models.complaint import Complaint
from models.complaint_event import ComplaintEvent
from models.deadline import INDIA, add_working_days
from models.feedback_call import FeedbackCall
from models.insert import InsertOnce
from models.record import append_event
from models.services.changing import change_state
from models.services.escalating import Calendars
from models.services.on_the_phone import is_on_the_phone
from models.store import Store

REPORTED = "action_reported"
TRIED = "feedback_try"  # kind of event on a complaint's record: somebody rang, and what came of it
LOOK = timedelta(minutes=10)
GIVEN = timedelta(hours=2)  # a talk and its wrap-up, at the longest
AGAIN = timedelta(hours=1)  # until a call is placed that could not be placed for a reason of our own
UNASKED_FOR = 10  # working days in which a citizen without a number may say something by themselves

Result = Literal["no_answer", "busy", "failed", "silent", "with_person"]
"""What a try came to that brought no answer. `silent`: picked up, and no key pressed, as by an answering machine."""

_MORNING, _AFTERNOON, _NOON = time(11, 0), time(15, 0), 13

_insert = InsertOnce(FeedbackCall)
_NOT_TO_BE_ASKED = (Complaint.state == REPORTED) & Complaint.contact_number.is_(None)


def unasked(connection: Connection, limit: int) -> list[dict[str, Any]]:
    """Complaints that are reported solved and whose citizens nobody is to ring yet, as rows to insert."""
    waiting = exists(
        select(FeedbackCall.id).where(FeedbackCall.complaint_id == Complaint.id, FeedbackCall.state != "done")
    )
    reported = (
        select(func.max(ComplaintEvent.n))
        .where(ComplaintEvent.complaint_id == Complaint.id, ComplaintEvent.kind == REPORTED)
        .correlate(Complaint)
        .scalar_subquery()
    )
    wanted = select(
        Complaint.id.label("complaint_id"),
        func.coalesce(reported, 0).label("event_n"),
        Complaint.contact_number.label("number"),
        Complaint.language,
    ).where(Complaint.state == REPORTED, Complaint.contact_number.is_not(None), ~waiting)
    return [dict(row._mapping) for row in connection.execute(wanted.order_by(Complaint.id).limit(limit))]


def close_unasked(store: Store, now: datetime, calendars: Calendars) -> int:
    """Close what is reported solved and has no number to ask, ten working days after the report. Returns how many.

    As *could not reach you*: only a citizen's word makes it solved. They may open it again. Raises StoreUnavailable.
    """
    reported = (
        select(func.max(ComplaintEvent.at))
        .where(ComplaintEvent.complaint_id == Complaint.id, ComplaintEvent.kind == REPORTED)
        .correlate(Complaint)
        .scalar_subquery()
    )
    today = now.astimezone(INDIA).date()
    wanted = select(Complaint.id, Complaint.department_code, reported.label("at")).where(_NOT_TO_BE_ASKED)
    with store.read() as connection:
        rows = connection.execute(
            wanted.where(reported < now - timedelta(days=UNASKED_FOR)).order_by(Complaint.id)
        ).all()
    days = [
        (row, add_working_days(row.at.astimezone(INDIA).date(), UNASKED_FOR, calendars(row.department_code)))
        for row in rows
    ]
    over = [row.id for row, last in days if last < today]
    return sum(store.transact(partial(_close_unasked, complaint_id=one, now=now, calendars=calendars)) for one in over)


def _close_unasked(session: Session, complaint_id: int, now: datetime, calendars: Calendars) -> bool:
    still = select(Complaint).where(Complaint.id == complaint_id, _NOT_TO_BE_ASKED).with_for_update()
    case = session.scalars(still).one_or_none()
    if case is None:
        return False  # somebody has moved it meanwhile
    calendar = calendars(case.department_code)
    change_state(session, case, "closed", by=RULE, now=now, calendar=calendar, outcome="unreachable")
    return True


def ask_for(connection: Connection, rows: Sequence[dict[str, Any]], now: datetime) -> int:
    """Have these citizens rung; those who are to be rung already stay as they are. Returns how many are new."""
    return sum(_insert.add(connection, {**row, "next_try_at": now, "created_at": now}) for row in rows)


def needless(connection: Connection) -> list[int]:
    """Those who need not be rung any more: they have said it in another way, or the case went on without."""
    decided = ~exists(
        select(Complaint.id).where(Complaint.id == FeedbackCall.complaint_id, Complaint.state == REPORTED)
    )
    return list(connection.scalars(select(FeedbackCall.id).where(FeedbackCall.state.in_(("open", "taken")), decided)))


def end_needless(connection: Connection, ids: Sequence[int], now: datetime) -> None:
    ended = update(FeedbackCall).where(FeedbackCall.id.in_(ids), FeedbackCall.state.in_(("open", "taken")))
    connection.execute(ended.values(state="done", outcome="answered", done_at=now, taken_by=None, next_try_at=None))


def due(connection: Connection, now: datetime, limit: int) -> list[int]:
    """Ids of those whom the line is to ring now, the longest due first."""
    wanted = select(FeedbackCall.id).where(_is_due(now), ~is_on_the_phone(FeedbackCall.number))
    return list(connection.scalars(wanted.order_by(FeedbackCall.next_try_at, FeedbackCall.id).limit(limit)))


def begin_try(connection: Connection, feedback_id: int, now: datetime) -> int | None:
    """Have the line ring this citizen now: the number of the attempt. None if not due, or they are on the phone."""
    return connection.execute(
        update(FeedbackCall)
        .where(FeedbackCall.id == feedback_id, _is_due(now), ~is_on_the_phone(FeedbackCall.number))
        .values(state="ringing", attempts=FeedbackCall.attempts + 1, placed_at=None, call_sid=None, taken_by=None)
        .values(first_try_at=func.coalesce(FeedbackCall.first_try_at, now), last_try_at=now)
        .returning(FeedbackCall.attempts)
    ).scalar()


def call_off(connection: Connection, which: ColumnElement[bool], now: datetime) -> list[int]:
    """Take back tries that the network was never asked for: that is no citizen's fault, and counts for nothing.

    Returns whose they were.
    """
    first = case((FeedbackCall.attempts > 1, FeedbackCall.first_try_at))
    last = case((FeedbackCall.attempts > 1, FeedbackCall.last_try_at))
    off = update(FeedbackCall).where(which, FeedbackCall.state == "ringing", FeedbackCall.placed_at.is_(None))
    back = off.values(state="open", attempts=FeedbackCall.attempts - 1, first_try_at=first, last_try_at=last)
    return list(connection.scalars(back.values(next_try_at=now + AGAIN).returning(FeedbackCall.id)))


def note_try(
    session: Session,
    row: FeedbackCall,
    complaint: Complaint,
    result: Result,
    *,
    call: str | None,
    by: str,
    now: datetime,
) -> bool:
    """Put a try without an answer on the record, and set the next. True if that was the last, and nobody was reached.

    `call` is the CallSid of the try. Who was spoken with and decided nothing is not unreachable, nor is whom we tried
    on one day alone: after the last try they are left to people.
    """
    data = {"n": row.attempts, "result": result, "call": call}
    append_event(session, complaint, kind=TRIED, actor=by, now=now, data=data)
    row.state, row.taken_by, row.taken_until = "open", None, None
    row.reached = row.reached or result == "with_person"
    first_at = row.first_try_at or now
    row.next_try_at = next_feedback_try(first_at, now, row.attempts)
    is_second_day = now.astimezone(INDIA).date() > first_at.astimezone(INDIA).date()
    return row.attempts >= TRIES and is_second_day and not row.reached


def next_feedback_try(first_at: datetime, tried_at: datetime, tries: int) -> datetime | None:
    """When to ring again: three tries on two days. The third is never on the day of the first.

    When nobody works at that time, the line rings once somebody does.
    """
    planned = next_try(tried_at, tries)
    here = tried_at.astimezone(INDIA)
    if planned is None or tries < TRIES - 1 or planned.astimezone(INDIA).date() > first_at.astimezone(INDIA).date():
        return planned
    at = _MORNING if here.hour >= _NOON else _AFTERNOON
    return datetime.combine(here.date() + timedelta(days=1), at, tzinfo=INDIA).astimezone(tried_at.tzinfo)


def close_feedback(row: FeedbackCall, outcome: Literal["answered", "unreachable"], now: datetime) -> None:
    row.state, row.outcome, row.done_at = "done", outcome, now
    row.next_try_at, row.taken_by, row.taken_until = None, None, None


def open_feedback(session: Session, now: datetime, limit: int) -> list[tuple[FeedbackCall, Complaint]]:
    """Who is still to say it, with their complaints: first those whom only people ring, then the longest waiting."""
    wanted = (
        select(FeedbackCall, Complaint)
        .join(Complaint, Complaint.id == FeedbackCall.complaint_id)
        .where(FeedbackCall.state != "done")
        .order_by(FeedbackCall.next_try_at.is_not(None), FeedbackCall.created_at, FeedbackCall.id)
    )
    return [(row, complaint) for row, complaint in session.execute(wanted.limit(limit))]


def take_feedback(
    connection: Connection, feedback_id: int, staff_id: int, now: datetime, lasts: timedelta = LOOK
) -> str | None:
    """Have it to oneself: neither the line nor a colleague rings. Returns the number; None if it is not free."""
    lapsed = and_(FeedbackCall.state == "taken", FeedbackCall.taken_until <= now)
    mine = and_(FeedbackCall.state == "taken", FeedbackCall.taken_by == staff_id)
    return connection.execute(
        update(FeedbackCall)
        .where(FeedbackCall.id == feedback_id, or_(FeedbackCall.state == "open", lapsed, mine))
        .values(state="taken", taken_by=staff_id, taken_until=now + lasts)
        .returning(FeedbackCall.number)
    ).scalar()


def let_feedback_go(connection: Connection, feedback_id: int, staff_id: int) -> bool:
    """Looked at and nothing said: anybody's again."""
    mine = (FeedbackCall.id == feedback_id) & (FeedbackCall.state == "taken") & (FeedbackCall.taken_by == staff_id)
    freed = update(FeedbackCall).where(mine).values(state="open", taken_by=None, taken_until=None)
    return connection.execute(freed).rowcount == 1


def _is_due(now: datetime) -> ColumnElement[bool]:
    free = or_(FeedbackCall.state == "open", and_(FeedbackCall.state == "taken", FeedbackCall.taken_until <= now))
    return and_(free, FeedbackCall.next_try_at <= now, FeedbackCall.attempts < TRIES)
