"""Handing a caller on with a word before: a colleague is rung, consulted, joined, and takes over."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from ivr.call_control.accepted import Accepted
from ivr.call_control.refusals import ColleagueBusy, NotConnectedYet, OfferExpired, TalkOver, TransferUnderWay
from ivr.commands import close_commands_by_key
from ivr.desk_events import OFFER_MADE, TALK, for_staff, tell_desk, tell_presence
from ivr.emergency import leave_with_service
from ivr.gateway import GatewayError
from ivr.handing import let_caller_join, open_guest_talk, take_over
from ivr.holding import put_on_hold
from ivr.keypad_checks import at_keypad
from ivr.presences import extend_lease, move_presence
from ivr.talks import close_talk, guest_in
from ivr.telephone import Telephone
from ivr.transfers import begin_transfer, fail_transfer, move_transfer, open_transfer, service_in_talk
from ivr.written import written
from models.presence import Presence
from models.talk import Talk
from models.transfer import Transfer


def consult(telephone: Telephone, talk_id: int, staff_id: int, colleague: int) -> None:
    """Hold the caller and ring a colleague who is ready.

    Raises TalkOver, TransferUnderWay, NotConnectedYet, ColleagueBusy or GatewayError. After ColleagueBusy the caller
    is held if they were before; after TransferUnderWay it is the consultation under way that holds them.
    """
    was_held = may_hand_on(telephone, talk_id, staff_id)
    if colleague == staff_id:
        raise ColleagueBusy
    if not put_on_hold(telephone, talk_id, held=True):
        raise NotConnectedYet

    def ring(connection: Connection, now: datetime) -> bool:
        if not is_live(connection, talk_id, staff_id):
            raise TalkOver
        if open_transfer(connection, talk_id) is not None:
            raise TransferUnderWay
        free = (Presence.staff_id == colleague) & (Presence.state == "ready") & (Presence.lease_until > now)
        # `since` stays: whoever withdraws this must not cost the colleague their turn.
        if connection.execute(update(Presence).where(free).values(state="offered")).rowcount != 1:
            return False
        transfer_id = begin_transfer(connection, talk_id, staff_id, now, to_staff=colleague)
        tell_desk(connection, OFFER_MADE, f"transfer-{transfer_id}", for_staff(colleague), now)
        tell_presence(connection, colleague, now)
        tell_desk(connection, TALK, talk_id, for_staff(staff_id), now)
        return True

    if not written(telephone, ring):
        if not was_held:
            put_on_hold(telephone, talk_id, held=False)
        raise ColleagueBusy


def accept_transfer(telephone: Telephone, transfer_id: int, staff_id: int) -> Accepted:
    """Answer a colleague who asks. Raises OfferExpired if it rings no more, or never rang for this person."""

    def accept(connection: Connection, now: datetime) -> Accepted | None:
        ringing = (Transfer.id == transfer_id) & (Transfer.to_staff == staff_id) & (Transfer.expires_at > now)
        host = connection.scalar(select(Transfer.talk_id).where(ringing, Transfer.state == "ringing"))
        if host is None or not move_transfer(connection, transfer_id, ("ringing",), "consulting", answered_at=now):
            return None
        move_presence(connection, staff_id, ("offered",), "talk", now)
        extend_lease(connection, staff_id, now)
        talk_id, ticket = open_guest_talk(connection, host, staff_id, now)
        connection.execute(update(Transfer).where(Transfer.id == transfer_id).values(guest_talk_id=talk_id))
        call_sid, asker = connection.execute(select(Talk.call_sid, Talk.staff_id).where(Talk.id == host)).one()
        tell_desk(connection, TALK, host, for_staff(asker), now)
        return Accepted(talk_id, ticket, call_sid)

    accepted = written(telephone, accept)
    if accepted is None:
        raise OfferExpired
    return accepted


def decline_transfer(telephone: Telephone, transfer_id: int, staff_id: int) -> None:
    """Not now: the one who asked is told, and keeps the caller."""

    def decline(connection: Connection, now: datetime) -> None:
        mine = select(Transfer.id).where(Transfer.id == transfer_id, Transfer.to_staff == staff_id)
        if connection.scalar(mine.where(Transfer.state == "ringing")) is not None:
            fail_transfer(connection, transfer_id, "declined", now)

    written(telephone, decline)


def join_all(telephone: Telephone, talk_id: int, staff_id: int) -> None:
    """The caller comes back to both. Raises TalkOver, NotConnectedYet (the colleague is not in) or GatewayError."""
    with telephone.store.read() as connection:
        if not is_live(connection, talk_id, staff_id):
            raise TalkOver
        if guest_in(connection, talk_id) is None:
            raise NotConnectedYet
    if not put_on_hold(telephone, talk_id, held=False):
        raise NotConnectedYet
    written(telephone, lambda connection, now: let_caller_join(connection, talk_id, now))


def hand_over(telephone: Telephone, talk_id: int, staff_id: int) -> None:
    """Leave: caller, conference and drafts are the colleague's now, or the caller goes on with the service.

    Raises TalkOver, NotConnectedYet while nobody has come in to whom the caller could be left, or GatewayError where
    the network does not bring a held caller back to the service: a colleague could do so later, a service could not.
    """
    with telephone.store.read() as connection:
        to_service = is_live(connection, talk_id, staff_id) and service_in_talk(connection, talk_id)
    if to_service:
        put_on_hold(telephone, talk_id, held=False)

    def leave(connection: Connection, now: datetime) -> int | bool:
        if not is_live(connection, talk_id, staff_id):
            raise TalkOver
        guest_id = guest_in(connection, talk_id)
        if guest_id is None:
            return leave_with_service(connection, talk_id, now)
        return guest_id if take_over(connection, talk_id, guest_id, now) else False

    left = written(telephone, leave)
    if left is False:
        raise NotConnectedYet
    if left is not True:
        _release(telephone, left)
    telephone.wake.router()


def take_back(telephone: Telephone, talk_id: int, staff_id: int) -> None:
    """No transfer after all: whoever was asked is let go, the caller comes back. Raises TalkOver or GatewayError."""

    def stop(connection: Connection, now: datetime) -> None:
        if not is_live(connection, talk_id, staff_id):
            raise TalkOver
        under_way = open_transfer(connection, talk_id)
        if under_way is None:
            return
        fail_transfer(connection, under_way.id, "taken_back", now)
        if under_way.guest_talk_id is not None:
            close_talk(connection, under_way.guest_talk_id, "taken_back", now)

    written(telephone, stop)
    telephone.wake.router()
    put_on_hold(telephone, talk_id, held=False)


def may_hand_on(telephone: Telephone, talk_id: int, staff_id: int) -> bool:
    """Raises TalkOver, NotConnectedYet or TransferUnderWay where this caller cannot be handed on now.

    Returns whether they are held.
    """
    with telephone.store.read() as connection:
        row = connection.execute(
            select(Talk.state, Talk.guest_of, Talk.held).where(Talk.id == talk_id, Talk.staff_id == staff_id)
        ).one_or_none()
        under_way = open_transfer(connection, talk_id) is not None or at_keypad(
            connection, talk_id, telephone.clock.now()
        )
    if row is None or row.state == "ended":
        raise TalkOver
    if row.state != "live" or row.guest_of is not None:
        raise NotConnectedYet
    if under_way:
        raise TransferUnderWay
    return bool(row.held)


def is_live(connection: Connection, talk_id: int, staff_id: int) -> bool:
    """True if it is this person's own talk with a caller, and goes on."""
    mine = (Talk.id == talk_id) & (Talk.staff_id == staff_id) & (Talk.state == "live") & Talk.guest_of.is_(None)
    return connection.scalar(select(Talk.id).where(mine)) is not None


def _release(telephone: Telephone, talk_id: int) -> None:
    """Bring the caller back at once; the command beside it does so where this fails."""
    try:
        if not put_on_hold(telephone, talk_id, held=False):
            return
    except GatewayError:
        return
    written(telephone, lambda connection, now: close_commands_by_key(connection, [f"talk:{talk_id}:release"], now))
