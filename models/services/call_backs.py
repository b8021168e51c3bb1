"""Promises to ring somebody: whose turn it is to keep one, and how each of them ends."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, and_, or_, select, update
from sqlalchemy.orm import Session, aliased

from models.attempts import next_try
from models.call_back import CallBack
from models.queue_entry import QueueEntry

LOOK = timedelta(minutes=10)  # so long a look at one keeps others away
AT_ONCE = timedelta(seconds=5)  # who hangs up sooner has abandoned nothing

List = Literal["call_backs", "abandoned", "outreach"]


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One person to be rung. `waited_s` is how long they stood in line before they left it."""

    call_back: CallBack
    kind: List
    state: str  # open or taken, as it is now
    waited_s: float | None


def open_rows(session: Session, now: datetime) -> list[WorkRow]:
    """Everybody who waits to be rung, the most pressing first; those whose next hour has not come stand last."""
    theirs = aliased(QueueEntry)
    newest = select(theirs.id).where(theirs.call_sid == CallBack.call_sid).order_by(theirs.id.desc())
    stay = newest.limit(1).correlate(CallBack).scalar_subquery()
    found = session.execute(
        select(CallBack, QueueEntry.entered_at, QueueEntry.ended_at)
        .outerjoin(QueueEntry, QueueEntry.id == stay)
        .where(CallBack.state.in_(("open", "taken")))
        .order_by(CallBack.due_by, CallBack.id)
    ).all()
    rows = [_row(*one, now) for one in found]
    return sorted(rows, key=lambda row: row.call_back.next_try_at is not None and row.call_back.next_try_at > now)


def take_to_look(connection: Connection, call_back_id: int, staff_id: int, now: datetime) -> bool:
    """Have it to oneself for ten minutes. False if somebody else has it or it is done."""
    taken = connection.execute(
        update(CallBack)
        .where(CallBack.id == call_back_id, _free(staff_id, now))
        .values(state="taken", taken_by=staff_id, taken_until=now + LOOK)
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
    due = CallBack.next_try_at.is_(None) | (CallBack.next_try_at <= now)
    return connection.execute(
        update(CallBack)
        .where(CallBack.id == call_back_id, _free(staff_id, now), due)
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
        .where(CallBack.call_sid == call_sid, CallBack.reason == "talk_lost", CallBack.state.in_(("open", "taken")))
        .values(state="done", outcome="registered", last_try_at=now, taken_until=None)
    )


def _free(staff_id: int, now: datetime) -> ColumnElement[bool]:
    lapsed = and_(CallBack.taken_until.is_not(None), CallBack.taken_until <= now)
    return or_(CallBack.state == "open", and_(CallBack.state == "taken", or_(CallBack.taken_by == staff_id, lapsed)))


def _row(call_back: CallBack, entered_at: Any, ended_at: Any, now: datetime) -> WorkRow:
    waited = ended_at - entered_at if entered_at is not None and ended_at is not None else None
    lapsed = call_back.taken_until is not None and call_back.taken_until <= now
    kind: List = "call_backs"
    if call_back.reason == "talk_lost":
        kind = "outreach"
    elif call_back.reason == "abandoned" and waited is not None and waited > AT_ONCE:
        kind = "abandoned"
    state = "open" if lapsed else call_back.state
    return WorkRow(call_back, kind, state, waited.total_seconds() if waited is not None else None)
