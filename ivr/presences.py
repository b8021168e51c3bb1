"""Moves of a representative's presence: conditional updates, so that two events never both win."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from ivr.desk_events import tell_presence
from models.outcomes import DEFAULT_OUTCOME
from models.presence import Presence
from models.presence_stays import keep_stay
from models.talk import Talk

LEASE = timedelta(seconds=45)  # without a sign of life for so long, the browser counts as gone
WRAP_UP = timedelta(seconds=60)


def move_presence(
    connection: Connection, staff_id: int, came_from: Collection[str], to: str, now: datetime, **values: Any
) -> bool:
    """Move from one of the states `came_from` to `to`. False if the person is in none of them: nothing changed."""
    before = connection.execute(
        select(Presence.state, Presence.reason, Presence.since)
        .where(Presence.staff_id == staff_id, Presence.state.in_(came_from))
        .with_for_update()
    ).one_or_none()
    if before is None:
        return False
    changed = {"state": to, "since": now, "reason": "", "call_sid": None, "wrap_until": None, **values}
    done = connection.execute(
        update(Presence).where(Presence.staff_id == staff_id, Presence.state == before.state).values(**changed)
    )
    if done.rowcount != 1:
        return False
    keep_stay(connection, staff_id, before.state, before.reason, before.since, now)
    tell_presence(connection, staff_id, now)
    return True


def stop_ringing(connection: Connection, staff_id: int, now: datetime) -> None:
    """What rang this person is withdrawn: ready as before. `since` stays, so that it costs nobody their turn."""
    connection.execute(
        update(Presence)
        .where(Presence.staff_id == staff_id, Presence.state == "offered")
        .values(state="ready", call_sid=None)
    )
    tell_presence(connection, staff_id, now)


def ensure_presence(connection: Connection, staff_id: int, now: datetime) -> str:
    """The state of this person, who is offline if never seen."""
    state = connection.scalar(select(Presence.state).where(Presence.staff_id == staff_id))
    if state is None:
        connection.execute(insert(Presence).values(staff_id=staff_id, state="offline", since=now))
        return "offline"
    return state


def extend_lease(connection: Connection, staff_id: int, now: datetime) -> None:
    """Note a sign of life."""
    connection.execute(update(Presence).where(Presence.staff_id == staff_id).values(lease_until=now + LEASE))


def begin_wrap_up(connection: Connection, staff_id: int, now: datetime) -> bool:
    """After a talk: time for the paper work, which ends by itself."""
    return move_presence(connection, staff_id, ("talk",), "wrap_up", now, wrap_until=now + WRAP_UP)


def close_wrap_up(connection: Connection, staff_id: int, to: str, now: datetime, **values: Any) -> bool:
    """The time of the paper work is over: whoever wrote nothing has said the default. False if it was over before."""
    if not move_presence(connection, staff_id, ("wrap_up",), to, now, **values):
        return False
    # Only of the talk that it belongs to: others that were never spoken, or handed on, have no outcome to write.
    newest = select(func.max(Talk.id)).where(Talk.staff_id == staff_id, Talk.state == "ended").scalar_subquery()
    connection.execute(
        update(Talk).where(Talk.id == newest, Talk.wrapped_at.is_(None)).values(result=DEFAULT_OUTCOME, wrapped_at=now)
    )
    return True
