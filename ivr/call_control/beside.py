"""A supervisor beside a representative: into the talk with the microphone closed, whispering, speaking, out again."""

from contextlib import suppress
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from ivr.call_control.accepted import Accepted
from ivr.call_control.refusals import NotConnectedYet, NotFree, TalkOver
from ivr.gateway import GatewayError
from ivr.holding import conference_sid
from ivr.listenings import BARGE, LISTEN, MODES, WHISPER, change_mode, end_listening, hang_up_line, mute_line
from ivr.telephone import Telephone
from ivr.tickets import issue_ticket
from ivr.written import written
from models.leg import Leg
from models.listening import Listening
from models.talk import Talk


def listen_in(telephone: Telephone, talk_id: int, staff_id: int) -> Accepted:
    """A ticket into somebody's live talk, where the line comes in muted.

    Raises TalkOver, NotConnectedYet while the caller is still being put through or is another talk's, whose guest this
    one is, NotFree during a talk of one's own.
    """

    def enter(connection: Connection, now: datetime) -> Accepted:
        if connection.scalar(select(Talk.id).where(Talk.staff_id == staff_id, Talk.state != "ended")) is not None:
            raise NotFree("talk")
        talk = connection.execute(
            select(Talk.state, Talk.call_sid, Talk.guest_of).where(Talk.id == talk_id, Talk.state != "ended")
        ).one_or_none()
        if talk is None:
            raise TalkOver
        if talk.state != "live" or talk.guest_of is not None:
            raise NotConnectedYet
        ticket = issue_ticket(connection, talk_id, staff_id, now, role="supervisor")
        return Accepted(talk_id, ticket, talk.call_sid)

    return written(telephone, enter)


def speak_as(telephone: Telephone, talk_id: int, staff_id: int, mode: str) -> None:
    """Listen, whisper to the representative, or speak with both. Raises TalkOver, NotConnectedYet or GatewayError.

    It is written first, so that nothing is said unrecorded; where the network refuses, the line is muted again.
    """
    if mode not in MODES:
        raise ValueError(mode)
    with telephone.store.read() as connection:
        lines = _lines(connection, talk_id, staff_id)
    if lines is None:
        raise TalkOver
    if mode == WHISPER and lines.theirs is None:
        raise NotConnectedYet
    sid = conference_sid(telephone, lines.conference, lines.conference_sid)
    if sid is None:
        raise NotConnectedYet
    if written(telephone, lambda connection, now: change_mode(connection, talk_id, staff_id, mode, now)) is None:
        raise TalkOver

    def mute(connection: Connection, now: datetime) -> None:
        # How much of it the network has done is unknown: the microphone may be open.
        change_mode(connection, talk_id, staff_id, LISTEN, now)
        mute_line(connection, lines.leg_id, now)

    try:
        _tell_network(telephone, sid, lines.mine, lines.theirs, mode)
    except GatewayError as error:
        written(telephone, mute)
        telephone.wake.router()
        if error.gone:
            raise TalkOver from error
        raise


def stop_listening(telephone: Telephone, talk_id: int, staff_id: int) -> None:
    """Out of the talk; it goes on without the supervisor. Repeats do nothing."""

    def leave(connection: Connection, now: datetime) -> str | None:
        row = connection.execute(
            select(Leg.id, Leg.sid)
            .join(Listening, Listening.leg_id == Leg.id)
            .where(Listening.talk_id == talk_id, Listening.staff_id == staff_id, Listening.ended_at.is_(None))
        ).first()
        if row is None:
            return None
        mine = (Listening.talk_id == talk_id) & (Listening.staff_id == staff_id)
        end_listening(connection, mine, "supervisor", now)
        hang_up_line(connection, row.id, now)
        return str(row.sid)

    sid = written(telephone, leave)
    if sid is None:
        return
    # At once; the command beside it does so where this fails.
    with suppress(GatewayError):
        telephone.gateway.update_call(sid, status="completed")
    telephone.wake.router()


class _Lines(NamedTuple):
    """The conference, the supervisor's call in it, and the representative's."""

    conference: str
    conference_sid: str | None
    leg_id: int
    mine: str
    theirs: str | None


def _lines(connection: Connection, talk_id: int, staff_id: int) -> _Lines | None:
    """None if it is over."""
    mine = connection.execute(
        select(Talk.conference, Talk.conference_sid, Leg.id, Leg.sid)
        .join(Listening, Listening.leg_id == Leg.id)
        .join(Talk, Talk.id == Listening.talk_id)
        .where(Listening.talk_id == talk_id, Listening.staff_id == staff_id, Listening.ended_at.is_(None))
        .where(Talk.state == "live", Leg.state == "in")
    ).first()
    if mine is None:
        return None
    theirs = connection.scalar(
        select(Leg.sid)
        .where(Leg.talk_id == talk_id, Leg.role == "representative", Leg.state == "in")
        .order_by(Leg.id.desc())
        .limit(1)
    )
    conference, told, leg_id, sid = mine
    return _Lines(conference, told, leg_id, str(sid), theirs)


def _tell_network(telephone: Telephone, conference: str, mine: str, theirs: str | None, mode: str) -> None:
    """A microphone is never open to the caller on the way: closed first, and opened last."""
    update = telephone.gateway.update_participant
    update(conference, mine, muted=True)
    if mode == WHISPER:
        update(conference, mine, coaching=True, coached=theirs)
    else:
        update(conference, mine, coaching=False)
    if mode in (WHISPER, BARGE):
        update(conference, mine, muted=False)
