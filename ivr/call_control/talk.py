"""A talk under way: back into it, hold, end."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from ivr.call_control.accepted import Accepted
from ivr.call_control.refusals import NotConnectedYet, TalkOver
from ivr.handing import let_caller_join
from ivr.holding import put_on_hold
from ivr.presences import extend_lease
from ivr.talk_ends import end_conference_now
from ivr.talks import close_talk
from ivr.telephone import Telephone
from ivr.tickets import issue_ticket
from ivr.written import written
from models.talk import Talk


def rejoin(telephone: Telephone, talk_id: int, staff_id: int) -> Accepted:
    """A new ticket into one's own talk, after a reload or from another tab. Raises TalkOver."""

    def enter(connection: Connection, now: datetime) -> Accepted | None:
        row = connection.execute(
            select(Talk.call_sid).where(Talk.id == talk_id, Talk.staff_id == staff_id, Talk.state != "ended")
        ).one_or_none()
        if row is None:
            return None
        extend_lease(connection, staff_id, now)
        return Accepted(talk_id, issue_ticket(connection, talk_id, staff_id, now), row.call_sid)

    entered = written(telephone, enter)
    if entered is None:
        raise TalkOver
    return entered


def end_talk(
    telephone: Telephone,
    talk_id: int,
    staff_id: int,
    *,
    ended_by: str = "representative",
    also: Callable[[Connection, datetime], None] = lambda connection, now: None,
) -> bool:
    """End pressed: the server ends the conference, and the caller's call goes on in its flow. Repeats do nothing.

    `also` is written in the same transaction. False if the talk was over, or is nobody's of this person.
    """

    def end(connection: Connection, now: datetime) -> Any:
        row = connection.execute(
            select(Talk.conference, Talk.guest_of).where(Talk.id == talk_id, Talk.staff_id == staff_id)
        ).one_or_none()
        if row is None or not close_talk(connection, talk_id, ended_by, now):
            return None
        also(connection, now)
        return row

    ended = written(telephone, end)
    if ended is None:
        return False
    if ended.guest_of is None:
        end_conference_now(telephone, talk_id, ended.conference)
    else:
        telephone.wake.router()  # a guest has no conference of their own: their line is hung up by a command
    return True


def hold(telephone: Telephone, talk_id: int, staff_id: int) -> None:
    """The caller hears music. Raises TalkOver, NotConnectedYet or GatewayError."""
    _hold(telephone, talk_id, staff_id, held=True)


def unhold(telephone: Telephone, talk_id: int, staff_id: int) -> None:
    """Back to the caller. Raises TalkOver, NotConnectedYet or GatewayError."""
    _hold(telephone, talk_id, staff_id, held=False)


def _hold(telephone: Telephone, talk_id: int, staff_id: int, *, held: bool) -> None:
    with telephone.store.read() as connection:
        mine = select(Talk.id).where(Talk.id == talk_id, Talk.staff_id == staff_id, Talk.state != "ended")
        if connection.scalar(mine) is None:
            raise TalkOver
    if not put_on_hold(telephone, talk_id, held=held):
        raise NotConnectedYet
    if not held:
        # Back to the caller while a colleague is consulted: now all three hear each other.
        written(telephone, lambda connection, now: let_caller_join(connection, talk_id, now))
