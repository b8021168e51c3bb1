"""A talk under way: back into it, hold, end."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, select, update

from ivr.call_control.accepted import Accepted
from ivr.call_control.refusals import NotConnectedYet, TalkOver
from ivr.call_control.written import written
from ivr.commands import close_commands_by_key
from ivr.conference import music_url
from ivr.gateway import GatewayError
from ivr.presences import extend_lease
from ivr.talks import close_talk, hang_up_legs
from ivr.telephone import Telephone
from ivr.tickets import issue_ticket
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

    def end(connection: Connection, now: datetime) -> str | None:
        row = connection.execute(
            select(Talk.conference).where(Talk.id == talk_id, Talk.staff_id == staff_id)
        ).one_or_none()
        if row is None or not close_talk(connection, talk_id, ended_by, now):
            return None
        also(connection, now)
        return str(row.conference)

    conference = written(telephone, end)
    if conference is None:
        return False
    try:
        found = telephone.gateway.end_conference(conference)
    except GatewayError:
        telephone.wake.router()  # the command that stands beside it is sent by the router until it succeeds
        return True

    def ended(connection: Connection, now: datetime) -> None:
        close_commands_by_key(connection, [f"talk:{talk_id}:end"], now)
        if not found:
            hang_up_legs(connection, talk_id, now)

    written(telephone, ended)
    telephone.wake.router()
    return True


def hold(telephone: Telephone, talk_id: int, staff_id: int) -> None:
    """The caller hears music. Raises TalkOver, NotConnectedYet or GatewayError."""
    _hold(telephone, talk_id, staff_id, held=True)


def unhold(telephone: Telephone, talk_id: int, staff_id: int) -> None:
    """Back to the caller. Raises TalkOver, NotConnectedYet or GatewayError."""
    _hold(telephone, talk_id, staff_id, held=False)


def _hold(telephone: Telephone, talk_id: int, staff_id: int, *, held: bool) -> None:
    with telephone.store.read() as connection:
        talk = connection.execute(
            select(Talk.state, Talk.call_sid, Talk.conference, Talk.conference_sid).where(
                Talk.id == talk_id, Talk.staff_id == staff_id, Talk.state != "ended"
            )
        ).one_or_none()
    if talk is None:
        raise TalkOver
    if talk.state != "live" or talk.call_sid is None:
        raise NotConnectedYet
    # The callback may not have told the conference's SID yet.
    sid = talk.conference_sid or telephone.gateway.conference_sid(talk.conference)
    if sid is None:
        raise NotConnectedYet
    music = music_url(telephone.config) if held else None
    try:
        telephone.gateway.update_participant(sid, talk.call_sid, hold=held, hold_url=music)
    except GatewayError as error:
        if error.gone:  # the caller has the way into the conference and is not in it yet; one who left is told as news
            raise NotConnectedYet from error
        raise
    live = (Talk.id == talk_id) & (Talk.state == "live")
    written(telephone, lambda connection, now: connection.execute(update(Talk).where(live).values(held=held)))
