"""After a talk: what became of it, written by the person who held it."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from agent_console.situation import current_talk
from models.outcomes import DEFAULT_OUTCOME, OUTCOMES
from models.presence import Presence
from models.talk import Talk

MORE = timedelta(seconds=60)
_LATE = timedelta(seconds=10)


class UnknownOutcome(ValueError):
    """A wrap-up needs one of the known outcomes."""


def keep_outcome(session: Session, staff_id: int, outcome: str, note: str, now: datetime) -> None:
    """Write what became of the talk whose wrap-up this is. Nothing happens where there is none."""
    if outcome not in OUTCOMES:
        raise UnknownOutcome(outcome)
    talk = current_talk(session, staff_id) or _just_closed(session, staff_id, now)
    if talk is not None and talk.state == "ended":
        session.execute(
            update(Talk).where(Talk.id == talk.id).values(result=outcome, note=note.strip()[:2000], wrapped_at=now)
        )


def _just_closed(session: Session, staff_id: int, now: datetime) -> Talk | None:
    """The talk whose wrap-up the clock has closed a moment ago: what its page sends then is not too late."""
    mine = select(Talk).where(Talk.staff_id == staff_id, Talk.wrapped_at >= now - _LATE)
    closed = mine.where(Talk.result == DEFAULT_OUTCOME, Talk.note == "")
    return session.scalars(closed.order_by(Talk.id.desc()).limit(1)).first()


def extend_wrap_up(session: Session, staff_id: int, reason: str, now: datetime) -> bool:
    """One more minute, once, with a reason. False if it was extended already or is over."""
    presence = session.get(Presence, staff_id)
    if presence is None or presence.wrap_until is None:
        return False
    extended = session.execute(
        update(Presence)
        .where(Presence.staff_id == staff_id, Presence.state == "wrap_up", Presence.reason == "")
        .values(reason=reason.strip()[:200], wrap_until=max(presence.wrap_until, now) + MORE)
    )
    return extended.rowcount == 1  # type: ignore[attr-defined,no-any-return]  # a cursor result, which the stubs hide
