"""A representative's own state: ready, on a break, at the paper work, away."""

from datetime import datetime

from sqlalchemy import Connection, select

from ivr.call_control.refusals import NotFree
from ivr.microphones import Microphone, note_microphone
from ivr.offers import miss_offer
from ivr.presences import close_wrap_up, ensure_presence, extend_lease, move_presence
from ivr.telephone import Telephone
from ivr.transfers import fail_transfer
from ivr.written import written
from models.offer import Offer
from models.transfer import Transfer


def go_ready(telephone: Telephone, staff_id: int) -> None:
    """Ask to be rung. Raises NotFree during an offer, a talk or its wrap-up."""
    _enter(telephone, staff_id, "ready", ("offline", "break", "missed"))
    telephone.wake.router()


def take_break(telephone: Telephone, staff_id: int, reason: str = "") -> None:
    """Not to be rung for a while. An offer that rings goes to somebody else. Raises NotFree during a talk."""
    drop_offer(telephone, staff_id, "break")
    _enter(telephone, staff_id, "break", ("offline", "ready", "missed", "wrap_up"), reason)


def finish_wrap_up(telephone: Telephone, staff_id: int) -> None:
    """The paper work is done: ready for the next call. Nothing happens outside of wrap-up."""
    written(telephone, lambda connection, now: close_wrap_up(connection, staff_id, "ready", now))
    telephone.wake.router()


def go_offline(telephone: Telephone, staff_id: int) -> None:
    """Sign off. A talk goes on until it is ended."""
    drop_offer(telephone, staff_id, "signed_off")
    everywhere = ("ready", "break", "missed")

    def leave(connection: Connection, now: datetime) -> None:
        if not close_wrap_up(connection, staff_id, "offline", now):
            move_presence(connection, staff_id, everywhere, "offline", now)

    written(telephone, leave)


def heartbeat(telephone: Telephone, staff_id: int, microphone: Microphone | None = None) -> str:
    """The browser is alive: good for 45 seconds. Returns the state that the server believes in.

    `microphone` is the page's own, where it has voice: what an earlier word of it missed, this one mends.
    """

    def note(connection: Connection, now: datetime) -> tuple[str, bool]:
        state = ensure_presence(connection, staff_id, now)
        extend_lease(connection, staff_id, now)
        return state, microphone is not None and note_microphone(connection, staff_id, microphone, now)

    state, changed = telephone.store.write(lambda connection: note(connection, telephone.clock.now()))
    if changed:
        telephone.wake.desk()
    return state


def _enter(telephone: Telephone, staff_id: int, to: str, came_from: tuple[str, ...], reason: str = "") -> None:
    def enter(connection: Connection, now: datetime) -> str | None:
        state = ensure_presence(connection, staff_id, now)
        extend_lease(connection, staff_id, now)
        if state == to:
            return None
        if "wrap_up" in came_from and close_wrap_up(connection, staff_id, to, now, reason=reason):
            return None
        return None if move_presence(connection, staff_id, came_from, to, now, reason=reason) else state

    refused = written(telephone, enter)
    if refused is not None:
        raise NotFree(refused)


def drop_offer(telephone: Telephone, staff_id: int, reason: str) -> None:
    """Let the call that rings this person go on to somebody else."""

    def drop(connection: Connection, now: datetime) -> None:
        ringing = select(Offer.id).where(Offer.staff_id == staff_id, Offer.state == "ringing")
        for offer_id in connection.scalars(ringing).all():
            miss_offer(connection, offer_id, now, reason=reason)
        asked = select(Transfer.id).where(Transfer.to_staff == staff_id, Transfer.state == "ringing")
        for transfer_id in connection.scalars(asked).all():
            fail_transfer(connection, transfer_id, "declined", now)

    written(telephone, drop)
