"""Erasing a person needs two: one asks and says why, another agrees. Each step stands among the acts."""

from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit import add_act
from models.erasure import Erasure
from models.errors import Refused
from models.insert import InsertOnce

Outcome = Literal["erased", "refused", "taken_back"]

_insert = InsertOnce(Erasure)


def ask_erasure(session: Session, number: str, reason: str, *, staff_id: int, now: datetime) -> int:
    """Have it wait for a second person; its id. Raises Refused: erasure_waits, where one waits for this number."""
    connection = session.connection()
    values = {"number": number, "reason": reason, "asked_by": staff_id, "asked_at": now}
    erasure_id = _insert.add_returning_id(connection, values)
    if erasure_id is None:
        raise Refused("erasure_waits")
    add_act(connection, f"staff:{staff_id}", "erasure_asked", f"erasure:{erasure_id}", now, {"reason": reason})
    return erasure_id


def waiting_erasures(session: Session) -> list[Erasure]:
    """Those that nobody has decided, the oldest first."""
    return list(session.scalars(select(Erasure).where(Erasure.decided_at.is_(None)).order_by(Erasure.id)))


def decide_erasure(session: Session, erasure_id: int, outcome: Outcome, *, staff_id: int, now: datetime) -> str:
    """Decide one that waits, and let go of its number, which is returned. Whoever asked may only take it back, and
    nobody else may. Raises Refused: not_waiting, own_erasure, not_yours.
    """
    waiting = select(Erasure).where(Erasure.id == erasure_id, Erasure.decided_at.is_(None))
    found = session.scalars(waiting.with_for_update()).one_or_none()
    if found is None:
        raise Refused("not_waiting")
    is_own = found.asked_by == staff_id
    if is_own and outcome != "taken_back":
        raise Refused("own_erasure")
    if outcome == "taken_back" and not is_own:
        raise Refused("not_yours")
    number, found.number = found.number, ""
    found.decided_by, found.decided_at, found.outcome = staff_id, now, outcome
    session.flush()
    by, about = f"staff:{staff_id}", f"erasure:{found.id}"
    if outcome == "refused":
        add_act(session.connection(), by, "erasure_refused", about, now)
    elif outcome == "taken_back":
        add_act(session.connection(), by, "erasure_taken_back", about, now)
    return number  # that one is erased is an act of its own
