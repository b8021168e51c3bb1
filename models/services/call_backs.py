"""Promises to ring somebody: whose turn it is to keep one, and how each of them ends."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal, or_, select, update
from sqlalchemy.orm import Session, aliased

from models.attempts import next_try
from models.base import among
from models.call_back import OPEN, CallBack
from models.figures import PATIENT_S
from models.micros import SECOND, micros_of
from models.queue_entry import QueueEntry

LOOK = timedelta(minutes=10)  # so long a look at one keeps others away
GIVEN = timedelta(hours=8)  # a shift: whoever has gone home keeps nobody waiting

List = Literal["call_backs", "abandoned", "outreach"]


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One person to be rung. `waited_s` is how long they stood in line before they left it."""

    call_back: CallBack
    kind: List
    state: str  # open or taken, as it is now
    waited_s: float | None


def open_rows(session: Session, now: datetime, kind: List, limit: int) -> list[WorkRow]:
    """Who waits to be rung on one list, the most pressing first; those whose next hour has not come stand last."""
    wanted = _work().where(_kind() == kind).order_by(case((_due(now), 0), else_=1), CallBack.due_by, CallBack.id)
    return [_row(*one, now) for one in session.execute(wanted.limit(limit))]


def open_row(session: Session, call_back_id: int, now: datetime) -> WorkRow | None:
    """One person who waits to be rung; None if nobody needs to ring them any more."""
    found = session.execute(_work().where(CallBack.id == call_back_id)).one_or_none()
    return _row(*found, now) if found is not None else None


def count_open(session: Session) -> Counter[List]:
    """How many wait to be rung on each list."""
    listed = _work().with_only_columns(_kind().label("kind")).subquery()
    rows = session.execute(select(listed.c.kind, func.count()).group_by(listed.c.kind))
    return Counter({cast(List, kind): waiting for kind, waiting in rows})


def count_due(session: Session, now: datetime, until: datetime) -> tuple[int, int]:
    """Of the promised call-backs, how many are to be made before `until`, and how many of them are late now.

    Nobody is late whose next try lies ahead.
    """
    promised = _work().where(_kind() == "call_backs", CallBack.due_by < until, _due(until))
    late = case((and_(CallBack.due_by < now, _due(now)), 1), else_=0)
    numbers = promised.with_only_columns(func.count(), func.coalesce(func.sum(late), 0))
    due, too_late = session.execute(numbers).one()
    return int(due), int(too_late)


def give(connection: Connection, call_back_id: int, staff_id: int | None, now: datetime) -> bool:
    """Have somebody ring it within their shift; with None it is anybody's again. False if it is done."""
    to: dict[str, Any] = {"state": "open", "taken_by": None, "taken_until": None}
    if staff_id is not None:
        to = {"state": "taken", "taken_by": staff_id, "taken_until": now + GIVEN}
    still = (CallBack.id == call_back_id) & among(CallBack.state, OPEN)
    return connection.execute(update(CallBack).where(still).values(**to)).rowcount == 1


def take_to_look(connection: Connection, call_back_id: int, staff_id: int, now: datetime) -> bool:
    """Have it to oneself for ten minutes, longer if it was given. False if somebody else has it or it is done."""
    until = now + LOOK
    given = (CallBack.state == "taken") & (CallBack.taken_by == staff_id) & (CallBack.taken_until > until)
    kept = case((given, CallBack.taken_until), else_=literal(until, CallBack.taken_until.type))
    taken = connection.execute(
        update(CallBack)
        .where(CallBack.id == call_back_id, _free(staff_id, now))
        .values(state="taken", taken_by=staff_id, taken_until=kept)
    )
    return taken.rowcount == 1


def let_go(connection: Connection, call_back_id: int, staff_id: int) -> bool:
    """Looked at and not rung: anybody's again."""
    looked_at = (CallBack.state == "taken") & (CallBack.taken_by == staff_id) & CallBack.taken_until.is_not(None)
    freed = connection.execute(
        update(CallBack)
        .where(CallBack.id == call_back_id, looked_at)
        .values(state="open", taken_by=None, taken_until=None)
    )
    return freed.rowcount == 1


def take_to_ring(connection: Connection, call_back_id: int, staff_id: int, now: datetime) -> str | None:
    """The number to ring now. None if somebody else has it, it is done, or its next hour has not come."""
    return connection.execute(
        update(CallBack)
        .where(CallBack.id == call_back_id, _free(staff_id, now), _due(now))
        .values(state="taken", taken_by=staff_id, taken_until=None)
        .returning(CallBack.number)
    ).scalar()


def not_answered(connection: Connection, call_back_id: int, now: datetime) -> None:
    """One more try in vain; after the third it is given up."""
    mine = (CallBack.id == call_back_id) & (CallBack.state == "taken")
    spent = (connection.scalar(select(CallBack.attempts).where(CallBack.id == call_back_id)) or 0) + 1
    again = next_try(now, spent)
    connection.execute(
        update(CallBack)
        .where(mine)
        .values(
            state="given_up" if again is None else "open",
            attempts=spent,
            last_try_at=now,
            next_try_at=again,
            taken_by=None,
            outcome="no_answer",
        )
    )


def has_reached_us(connection: Connection, number: str, but: int | None, now: datetime) -> list[int]:
    """This person speaks with us now: nobody needs to ring them any more. Returns the promises that are kept so."""
    waiting = (CallBack.state == "open") | ((CallBack.state == "taken") & CallBack.taken_until.is_not(None))
    other = CallBack.id != but if but is not None else CallBack.id.is_not(None)
    kept = connection.execute(
        update(CallBack)
        .where(CallBack.number == number, waiting, other)
        .values(state="done", outcome="reached_us", last_try_at=now, taken_until=None)
        .returning(CallBack.id)
    )
    return list(kept.scalars())


def story_is_told(connection: Connection, call_sid: str, now: datetime) -> None:
    """What was begun in this call is registered: nobody needs to be rung for its end."""
    connection.execute(
        update(CallBack)
        .where(CallBack.call_sid == call_sid, CallBack.reason == "talk_lost", among(CallBack.state, OPEN))
        .values(state="done", outcome="registered", last_try_at=now, taken_until=None)
    )


def _free(staff_id: int, now: datetime) -> ColumnElement[bool]:
    lapsed = and_(CallBack.taken_until.is_not(None), CallBack.taken_until <= now)
    return or_(CallBack.state == "open", and_(CallBack.state == "taken", or_(CallBack.taken_by == staff_id, lapsed)))


def _due(now: datetime) -> ColumnElement[bool]:
    """The hour of its next try has come."""
    return CallBack.next_try_at.is_(None) | (CallBack.next_try_at <= now)


def _work() -> Select[CallBack, str, datetime, datetime | None]:
    """Everybody who waits to be rung, with their newest stay in line."""
    theirs = aliased(QueueEntry)
    newest = select(theirs.id).where(theirs.call_sid == CallBack.call_sid).order_by(theirs.id.desc())
    stay = newest.limit(1).correlate(CallBack).scalar_subquery()
    return (
        select(CallBack, _kind(), QueueEntry.entered_at, QueueEntry.ended_at)
        .select_from(CallBack)
        .outerjoin(QueueEntry, QueueEntry.id == stay)
        .where(among(CallBack.state, OPEN))
    )


def _kind() -> ColumnElement[str]:
    """The list that a row stands on. Who hung up at once has abandoned nothing."""
    waited = micros_of(QueueEntry.ended_at) - micros_of(QueueEntry.entered_at)
    return case(
        (CallBack.reason == "talk_lost", "outreach"),
        (and_(CallBack.reason == "abandoned", waited > PATIENT_S * SECOND), "abandoned"),
        else_="call_backs",
    )


def _row(
    call_back: CallBack, kind: str, entered_at: datetime | None, ended_at: datetime | None, now: datetime
) -> WorkRow:
    waited = ended_at - entered_at if entered_at is not None and ended_at is not None else None
    state = "open" if call_back.has_lapsed(now) else call_back.state
    return WorkRow(call_back, cast(List, kind), state, waited.total_seconds() if waited is not None else None)
