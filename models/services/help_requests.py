"""Representatives who ask for help: open until a supervisor takes it, over with the talk at the latest."""

from datetime import datetime

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from models.help_request import HelpRequest
from models.insert import InsertOnce
from models.talk import Talk

_insert = InsertOnce(HelpRequest)


def ask_for_help(connection: Connection, talk_id: int, staff_id: int, now: datetime) -> int | None:
    """Ask once a talk. Returns the request's id; None if one is open already, or the talk is not theirs or over."""
    mine = select(Talk.id).where(Talk.id == talk_id, Talk.staff_id == staff_id, Talk.state != "ended")
    if connection.scalar(mine) is None:
        return None
    return _insert.add_returning_id(
        connection, {"talk_id": talk_id, "staff_id": staff_id, "state": "open", "asked_at": now}
    )


def take_help_request(connection: Connection, request_id: int, supervisor_id: int, now: datetime) -> bool:
    """A supervisor comes. False if another one does already, or it is closed."""
    taken = connection.execute(
        update(HelpRequest)
        .where(HelpRequest.id == request_id, HelpRequest.state == "open")
        .values(state="taken", taken_by=supervisor_id, taken_at=now)
    )
    return taken.rowcount == 1


def close_help_request(connection: Connection, request_id: int, now: datetime) -> bool:
    """No help is needed any more. False if it was closed before."""
    closed = connection.execute(
        update(HelpRequest)
        .where(HelpRequest.id == request_id, HelpRequest.state != "closed")
        .values(state="closed", closed_at=now)
    )
    return closed.rowcount == 1


def close_help_of_talk(connection: Connection, talk_id: int, now: datetime) -> list[int]:
    """The talk is over. Returns what was closed with it."""
    closed = connection.execute(
        update(HelpRequest)
        .where(HelpRequest.talk_id == talk_id, HelpRequest.state != "closed")
        .values(state="closed", closed_at=now)
        .returning(HelpRequest.id)
    )
    return list(closed.scalars())


def live_help_requests(session: Session) -> list[HelpRequest]:
    """Those that are not closed, the longest waiting first."""
    live = select(HelpRequest).where(HelpRequest.state != "closed")
    return list(session.scalars(live.order_by(HelpRequest.asked_at, HelpRequest.id)))


def help_of_talk(session: Session, talk_id: int) -> HelpRequest | None:
    """What is asked for in this talk."""
    return session.scalars(
        select(HelpRequest).where(HelpRequest.talk_id == talk_id, HelpRequest.state != "closed")
    ).one_or_none()
