"""Bridges between an officer and a citizen, as rows: begun, moved on, over. Each change is made once."""

from datetime import datetime, time, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, func, select, update
from sqlalchemy.orm import Session

from models.audit import add_act
from models.base import among
from models.bridge import UNDER_WAY, Bridge
from models.call_back import CallBack
from models.complaint import Complaint
from models.deadline import INDIA
from models.insert import InsertOnce
from models.outbox import add_command, tell_desk
from models.record import append_event
from models.staff import Staff

CALL_OFFICER = "call_officer"  # command, of a bridge_id: ring the officer's own telephone
BRIDGE = "bridge"  # news for the desk; subject: the bridge
RUNG = "citizen_rung"  # kind of event on a complaint's record, and of act: an officer rang, and how it ended

# Of a case in one day of India: how often its citizen may be rung, and how often an officer may try at all.
MOST_RINGS, MOST_TRIES = 3, 10
MOST_UNPROVED = 3  # in one day, of all cases: how often a telephone is rung that is not proved to be the officer's
_OF_THE_SAME_CALL = timedelta(hours=3)  # a promise may be ended in the very call in which the complaint was registered

Outcome = Literal[
    "answered", "busy", "no_answer", "failed", "hung_up",
    "officer_busy", "officer_no_answer", "officer_failed", "officer_no_key",
]  # fmt: skip

_insert = InsertOnce(Bridge)


def begin_bridge(connection: Connection, now: datetime, **values: Any) -> int | None:
    """Write a bridge, and the command that rings the officer. None if officer or citizen have one under way."""
    bridge_id = _insert.add_returning_id(connection, {**values, "asked_at": now})
    if bridge_id is not None:
        key = f"bridge:{bridge_id}"
        add_command(connection, key=key, kind=CALL_OFFICER, payload={"bridge_id": bridge_id}, now=now)
        _tell(connection, bridge_id, values["staff_id"], now)
    return bridge_id


def move_bridge(connection: Connection, bridge_id: int, came_from: str, now: datetime, **values: Any) -> bool:
    """Change one that is in the state `came_from`. False if it is in another."""
    moved = update(Bridge).where(Bridge.id == bridge_id, Bridge.state == came_from).values(**values)
    staff_id = connection.execute(moved.returning(Bridge.staff_id)).scalar()
    if staff_id is not None:
        _tell(connection, bridge_id, staff_id, now)
    return staff_id is not None


def confirm_telephone(connection: Connection, staff_id: int, number: str, now: datetime) -> None:
    """What stood on their screen was keyed in on it: it is theirs, unless they have named another one meanwhile."""
    mine = (Staff.id == staff_id) & (Staff.telephone == number)
    connection.execute(update(Staff).where(mine).values(telephone_confirmed_at=now))


def end_bridge(session: Session, bridge: Bridge, outcome: Outcome, seconds: int | None, now: datetime) -> None:
    """It is over: on the record of the complaint and among the acts, by whoever rang. The row is locked by you."""
    bridge.state, bridge.outcome, bridge.seconds, bridge.ended_at = "ended", outcome, seconds, now
    bridge.own_number, bridge.code = "", None
    complaint = session.get_one(Complaint, bridge.complaint_id, with_for_update=True)
    actor, said = f"staff:{bridge.staff_id}", {"result": outcome, "seconds": seconds}
    append_event(session, complaint, kind=RUNG, actor=actor, now=now, data={**said, "call": bridge.call_sid})
    session.flush()
    connection = session.connection()
    _tell(connection, bridge.id, bridge.staff_id, now)
    add_act(connection, actor, RUNG, f"complaint:{complaint.reference}", now, said)


def newest_bridge(session: Session, complaint_id: int, staff_id: int, since: datetime) -> Bridge | None:
    """The last that this person asked for in this case, if that was after `since`."""
    mine = (Bridge.complaint_id == complaint_id) & (Bridge.staff_id == staff_id) & (Bridge.asked_at > since)
    return session.scalars(select(Bridge).where(mine).order_by(Bridge.id.desc()).limit(1)).one_or_none()


def is_rung_enough(connection: Connection, complaint_id: int, now: datetime) -> bool:
    """Whether nobody may ring the citizen of this case any more today."""
    of_today = (Bridge.complaint_id == complaint_id) & (Bridge.asked_at >= _midnight(now))
    counted = select(func.count(Bridge.rung_at), func.count()).select_from(Bridge).where(of_today)
    rings, tries = connection.execute(counted).one()
    return bool(rings >= MOST_RINGS or tries >= MOST_TRIES)


def rung_today(connection: Connection, staff_id: int, now: datetime) -> int:
    """How often this person's telephone was to be rung today, whatever the case."""
    of_today = (Bridge.staff_id == staff_id) & (Bridge.asked_at >= _midnight(now))
    return connection.scalar(select(func.count(Bridge.id)).where(of_today)) or 0


def wants_no_calls(connection: Connection, number: str, since: datetime) -> bool:
    """Whether whoever has this number said after `since` that they do not want to be rung back."""
    said_at = func.coalesce(CallBack.last_try_at, CallBack.created_at)
    said = (CallBack.number == number) & (CallBack.state == "opted_out") & (said_at >= since - _OF_THE_SAME_CALL)
    return connection.scalar(select(CallBack.id).where(said).limit(1)) is not None


def unheard_of(connection: Connection, now: datetime, after: timedelta, limit: int) -> list[tuple[int, str | None]]:
    """Those under way since longer than `after`, with the officer's call: their end may have gone unheard."""
    old = among(Bridge.state, UNDER_WAY) & (Bridge.asked_at < now - after)
    rows = connection.execute(select(Bridge.id, Bridge.call_sid).where(old).order_by(Bridge.id).limit(limit))
    return [(row.id, row.call_sid) for row in rows]


def _midnight(now: datetime) -> datetime:
    return datetime.combine(now.astimezone(INDIA).date(), time(), tzinfo=INDIA)


def _tell(connection: Connection, bridge_id: int, staff_id: int, now: datetime) -> None:
    tell_desk(connection, kind=BRIDGE, subject=str(bridge_id), audience=f"staff:{staff_id}", now=now)
