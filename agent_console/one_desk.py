"""Which browser tab is a person's desk: one at a time, on whatever machine."""

from datetime import datetime

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from ivr.desk_events import DESK, for_staff, tell_desk
from ivr.presences import ensure_presence
from models.presence import Presence


def hold_desk(session: Session, staff_id: int, tab: str, now: datetime, *, take_over: bool) -> bool:
    """Make `tab` the desk, or keep it. False while another tab shows signs of life, unless `take_over`."""
    ensure_presence(session.connection(), staff_id, now)
    free = or_(Presence.desk.in_(("", tab)), Presence.lease_until.is_(None), Presence.lease_until < now)
    wanted = update(Presence).where(Presence.staff_id == staff_id).values(desk=tab)
    held = session.execute(wanted if take_over else wanted.where(free))
    if take_over:
        # The tab before learns it at once, so that nobody types on there.
        tell_desk(session.connection(), DESK, staff_id, for_staff(staff_id), now)
    return held.rowcount == 1  # type: ignore[attr-defined,no-any-return]  # a cursor result, which the stubs hide


def leave_desk(session: Session, staff_id: int, tab: str | None = None) -> None:
    """Let the next tab be the desk. Without `tab` none is the desk any more, whichever it was."""
    held = update(Presence).where(Presence.staff_id == staff_id)
    session.execute((held if tab is None else held.where(Presence.desk == tab)).values(desk=""))
