"""Handing a caller on without a word before: to one colleague, to another language, to an emergency service."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from config import EMERGENCY_SERVICES
from ivr.call_control.consulting import is_live, may_hand_on
from ivr.call_control.refusals import ColleagueBusy, NobodySpeaksIt, NotConnectedYet, TalkOver, TransferUnderWay
from ivr.commands import HANG_UP, add_command
from ivr.emergency import RINGS_FOR, line_to, service_url
from ivr.gateway import GatewayError
from ivr.handing import back_in_line
from ivr.line_view import WORKING
from ivr.offers import make_offer
from ivr.talk_ends import end_conference_now
from ivr.telephone import Telephone
from ivr.transfers import begin_transfer, fail_transfer, open_transfer
from ivr.written import written
from models.base import among
from models.presence import Presence
from models.staff import Staff
from models.talk import Talk
from models.transfer import OPEN, Transfer


class _Unfree(Exception):
    """The colleague is not ready any more: nothing is to be written."""


def send_to_colleague(telephone: Telephone, talk_id: int, staff_id: int, colleague: int) -> None:
    """The colleague rings; after 20 s in vain the caller, who hears the music of the line, is anybody's, and first.

    Raises TalkOver, TransferUnderWay, NotConnectedYet (also for somebody whom we rang) or ColleagueBusy.
    """
    may_hand_on(telephone, talk_id, staff_id)

    def send(connection: Connection, now: datetime) -> str:
        conference = _conference(connection, talk_id)
        begin_transfer(connection, talk_id, staff_id, now, kind="cold", to_staff=colleague, state="done", ended_at=now)
        entry_id = back_in_line(connection, talk_id, None, now)
        if entry_id is None:
            raise NotConnectedYet
        if colleague == staff_id or make_offer(connection, entry_id, colleague, now) is None:
            raise _Unfree
        return conference

    try:
        conference = written(telephone, send)
    except _Unfree:
        raise ColleagueBusy from None
    end_conference_now(telephone, talk_id, conference)


def send_to_language(telephone: Telephone, talk_id: int, staff_id: int, language: str) -> None:
    """The caller waits, first in line, for somebody who speaks this language.

    Raises TalkOver, TransferUnderWay, NotConnectedYet or NobodySpeaksIt.
    """
    may_hand_on(telephone, talk_id, staff_id)

    def send(connection: Connection, now: datetime) -> str:
        if not any(language in spoken for spoken in _languages_at_work(connection, staff_id)):
            raise NobodySpeaksIt
        conference = _conference(connection, talk_id)
        begin_transfer(
            connection, talk_id, staff_id, now, kind="cold", to_language=language, state="done", ended_at=now
        )
        if back_in_line(connection, talk_id, language, now) is None:
            raise NotConnectedYet
        return conference

    end_conference_now(telephone, talk_id, written(telephone, send))
    telephone.wake.router()


def call_service(telephone: Telephone, talk_id: int, staff_id: int, service: str) -> bool:
    """Call an emergency service into the talk. False where it has no line: its number is to be read out, and that is
    written down. Raises TalkOver, TransferUnderWay, NotConnectedYet, ValueError or GatewayError.
    """
    if service not in EMERGENCY_SERVICES:
        raise ValueError(service)
    target = line_to(telephone.config, service)
    if target is None:
        _write_read_out(telephone, talk_id, staff_id, service)
        return False
    may_hand_on(telephone, talk_id, staff_id)

    def begin(connection: Connection, now: datetime) -> int:
        if not is_live(connection, talk_id, staff_id):
            raise TalkOver
        if open_transfer(connection, talk_id) is not None:
            raise TransferUnderWay
        return begin_transfer(connection, talk_id, staff_id, now, service=service, expires_at=now + RINGS_FOR)

    transfer_id = written(telephone, begin)
    config = telephone.config
    try:
        sid = telephone.gateway.create_call(
            target,
            service_url(config, transfer_id),
            status_url=service_url(config, transfer_id, "/status"),
            ring_seconds=int(RINGS_FOR.total_seconds()),
        )
    except GatewayError:
        written(telephone, lambda connection, now: fail_transfer(connection, transfer_id, "failed", now))
        raise
    if not written(telephone, lambda connection, now: _note_leg(connection, transfer_id, sid, now)):
        telephone.wake.router()
    return True


def _write_read_out(telephone: Telephone, talk_id: int, staff_id: int, service: str) -> None:
    def note(connection: Connection, now: datetime) -> None:
        mine = select(Talk.id).where(Talk.id == talk_id, Talk.staff_id == staff_id, Talk.state != "ended")
        if connection.scalar(mine) is None:
            raise TalkOver
        begin_transfer(
            connection, talk_id, staff_id, now, service=service, state="done", reason="read_out", ended_at=now
        )

    written(telephone, note)


def _note_leg(connection: Connection, transfer_id: int, sid: str, now: datetime) -> bool:
    """Write which call it is. Where nobody wants it any more, have it hung up, and return False."""
    mine = update(Transfer).where(Transfer.id == transfer_id, among(Transfer.state, OPEN))
    if connection.execute(mine.values(leg_sid=sid)).rowcount == 1:
        return True
    add_command(connection, f"transfer:{transfer_id}:hang_up", HANG_UP, {"sid": sid}, now)
    return False


def _conference(connection: Connection, talk_id: int) -> str:
    return str(connection.scalar(select(Talk.conference).where(Talk.id == talk_id)))


def _languages_at_work(connection: Connection, but: int) -> list[list[str]]:
    at_work = (
        select(Staff.languages)
        .join(Presence, Presence.staff_id == Staff.id)
        .where(Presence.state.in_(WORKING), Staff.active, Staff.id != but)
    )
    return list(connection.scalars(at_work))
