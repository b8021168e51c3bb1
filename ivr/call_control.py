"""What a representative does with calls. The desk drives the telephone through these functions and no others.

Each writes in one short transaction. Requests to the network go out after it, with no database connection held.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, select, update

from ivr.commands import CALL_CITIZEN, close_commands_by_key, hold_command
from ivr.conference import music_url
from ivr.desk_events import CALL_BACK, EVERYBODY, OFFER_OVER, for_staff, tell_desk
from ivr.gateway import GatewayError
from ivr.offers import lock_offer, miss_offer
from ivr.presences import ensure_presence, extend_lease, move_presence
from ivr.talks import close_talk, hang_up_legs, open_talk
from ivr.telephone import Telephone
from ivr.tickets import issue_ticket
from models.call_back import CallBack
from models.offer import Offer
from models.queue_entry import QueueEntry
from models.staff import Staff
from models.talk import Talk
from models.voice_message import VoiceMessage

T = TypeVar("T")


class AlreadyTaken(Exception):
    """The caller is with somebody already. `who` is that person's name."""

    def __init__(self, who: str) -> None:
        super().__init__("the call is taken")
        self.who = who


class OfferExpired(Exception):
    """The offer rang too long, the caller left, or it was never for this person."""


class NotFree(Exception):
    """The representative's state does not allow this. `state` is what they are in."""

    def __init__(self, state: str) -> None:
        super().__init__(f"not possible while {state}")
        self.state = state


class TalkOver(Exception):
    """There is no such talk of this person any more."""


class NotConnectedYet(Exception):
    """The caller is only just being put through: what is asked will be possible in a moment."""


class NothingToDial(Exception):
    """The call-back or message is with somebody else, done, or has no number."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The browser now connects out with `ticket`, within eight seconds, once."""

    talk_id: int
    ticket: str
    call_sid: str | None


# ---- presence


def go_ready(telephone: Telephone, staff_id: int) -> None:
    """Ask to be rung. Raises NotFree during an offer or a talk."""
    _enter(telephone, staff_id, "ready", ("offline", "break", "missed", "wrap_up"))
    telephone.wake.router()


def take_break(telephone: Telephone, staff_id: int, reason: str = "") -> None:
    """Not to be rung for a while. An offer that rings goes to somebody else. Raises NotFree during a talk."""
    _drop_offer(telephone, staff_id, "break")
    _enter(telephone, staff_id, "break", ("offline", "ready", "missed", "wrap_up"), reason)


def finish_wrap_up(telephone: Telephone, staff_id: int) -> None:
    """The paper work is done: ready for the next call. Nothing happens outside of wrap-up."""
    _written(telephone, lambda connection, now: move_presence(connection, staff_id, ("wrap_up",), "ready", now))
    telephone.wake.router()


def go_offline(telephone: Telephone, staff_id: int) -> None:
    """Sign off. A talk goes on until it is ended."""
    _drop_offer(telephone, staff_id, "signed_off")
    everywhere = ("ready", "break", "missed", "wrap_up")
    _written(telephone, lambda connection, now: move_presence(connection, staff_id, everywhere, "offline", now))


def heartbeat(telephone: Telephone, staff_id: int) -> str:
    """The browser is alive: good for 45 seconds. Returns the state that the server believes in."""

    def note(connection: Connection, now: datetime) -> str:
        state = ensure_presence(connection, staff_id, now)
        extend_lease(connection, staff_id, now)
        return state

    return telephone.store.write(lambda connection: note(connection, telephone.clock.now()))


# ---- offers


def accept_offer(telephone: Telephone, offer_id: int, staff_id: int) -> Accepted:
    """Answer the ringing caller. Raises AlreadyTaken or OfferExpired; of many answers at once exactly one wins."""

    def accept(connection: Connection, now: datetime) -> Accepted | str | None:
        locked = lock_offer(connection, offer_id)
        if locked is None:
            return None
        won = connection.execute(
            update(Offer)
            .where(Offer.id == offer_id, Offer.staff_id == staff_id)
            .where(Offer.state == "ringing", Offer.expires_at > now)
            .values(state="accepted", decided_at=now)
        )
        if won.rowcount != 1:
            return _who_has(connection, locked.entry_id)
        call_sid = connection.execute(
            update(QueueEntry)
            .where(QueueEntry.id == locked.entry_id, QueueEntry.state == "offered")
            .values(state="accepted", staff_id=staff_id)
            .returning(QueueEntry.call_sid)
        ).scalar_one()
        move_presence(connection, staff_id, ("offered",), "talk", now, call_sid=call_sid)
        extend_lease(connection, staff_id, now)
        opened = open_talk(connection, staff_id, now, call_sid=call_sid, entry_id=locked.entry_id)
        tell_desk(connection, OFFER_OVER, offer_id, for_staff(staff_id), now)
        return Accepted(opened.talk_id, opened.ticket, call_sid)

    outcome = _written(telephone, accept)
    if isinstance(outcome, Accepted):
        return outcome
    if outcome is None:
        raise OfferExpired
    raise AlreadyTaken(outcome)


def decline(telephone: Telephone, offer_id: int, staff_id: int) -> None:
    """Let the caller go to somebody else. Like a missed one: not rung again until they ask."""

    def refuse(connection: Connection, now: datetime) -> None:
        mine = select(Offer.id).where(Offer.id == offer_id, Offer.staff_id == staff_id)
        if connection.scalar(mine) is not None:
            miss_offer(connection, offer_id, now, reason="declined")

    _written(telephone, refuse)
    telephone.wake.router()


# ---- talks


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

    entered = _written(telephone, enter)
    if entered is None:
        raise TalkOver
    return entered


def end_talk(telephone: Telephone, talk_id: int, staff_id: int) -> None:
    """End pressed: the server ends the conference, and the caller's call goes on in its flow. Repeats do nothing."""

    def end(connection: Connection, now: datetime) -> str | None:
        row = connection.execute(
            select(Talk.conference).where(Talk.id == talk_id, Talk.staff_id == staff_id)
        ).one_or_none()
        if row is None or not close_talk(connection, talk_id, "representative", now):
            return None
        return str(row.conference)

    conference = _written(telephone, end)
    if conference is None:
        return
    try:
        found = telephone.gateway.end_conference(conference)
    except GatewayError:
        telephone.wake.router()  # the command that stands beside it is sent by the router until it succeeds
        return

    def ended(connection: Connection, now: datetime) -> None:
        close_commands_by_key(connection, [f"talk:{talk_id}:end"], now)
        if not found:
            hang_up_legs(connection, talk_id, now)

    _written(telephone, ended)
    telephone.wake.router()


def hold(telephone: Telephone, talk_id: int, staff_id: int) -> None:
    """The caller hears music. Raises TalkOver, NotConnectedYet or GatewayError."""
    _hold(telephone, talk_id, staff_id, held=True)


def unhold(telephone: Telephone, talk_id: int, staff_id: int) -> None:
    """Back to the caller. Raises TalkOver, NotConnectedYet or GatewayError."""
    _hold(telephone, talk_id, staff_id, held=False)


def dial_back(
    telephone: Telephone,
    staff_id: int,
    *,
    call_back_id: int | None = None,
    voice_message_id: int | None = None,
    number: str | None = None,
) -> Accepted:
    """Ring a citizen: the representative's leg comes first, then the citizen is called into the conference.

    Name exactly one of the three. Raises NotFree, or NothingToDial when somebody else has taken it.
    """

    def dial(connection: Connection, now: datetime) -> Accepted:
        state = ensure_presence(connection, staff_id, now)
        to = _take_number(connection, staff_id, call_back_id, voice_message_id, number)
        if to is None:
            raise NothingToDial
        if not move_presence(connection, staff_id, ("ready", "break", "missed", "wrap_up", "offline"), "talk", now):
            raise NotFree(state)
        extend_lease(connection, staff_id, now)
        opened = open_talk(connection, staff_id, now, call_sid=None, callback_id=call_back_id)
        payload = {"talk_id": opened.talk_id, "number": to}
        hold_command(connection, f"talk:{opened.talk_id}:{CALL_CITIZEN}", CALL_CITIZEN, payload, now)
        if call_back_id is not None:
            tell_desk(connection, CALL_BACK, call_back_id, EVERYBODY, now)
        return Accepted(opened.talk_id, opened.ticket, None)

    return _written(telephone, dial)


# ---- inside


def _enter(telephone: Telephone, staff_id: int, to: str, came_from: tuple[str, ...], reason: str = "") -> None:
    def enter(connection: Connection, now: datetime) -> str | None:
        state = ensure_presence(connection, staff_id, now)
        extend_lease(connection, staff_id, now)
        if state == to or move_presence(connection, staff_id, came_from, to, now, reason=reason):
            return None
        return state

    refused = _written(telephone, enter)
    if refused is not None:
        raise NotFree(refused)


def _drop_offer(telephone: Telephone, staff_id: int, reason: str) -> None:
    def drop(connection: Connection, now: datetime) -> None:
        ringing = select(Offer.id).where(Offer.staff_id == staff_id, Offer.state == "ringing")
        for offer_id in connection.scalars(ringing).all():
            miss_offer(connection, offer_id, now, reason=reason)

    _written(telephone, drop)


def _who_has(connection: Connection, entry_id: int) -> str | None:
    return connection.scalar(
        select(Staff.name)
        .join(Offer, Offer.staff_id == Staff.id)
        .where(Offer.entry_id == entry_id, Offer.state == "accepted")
    )


def _take_number(
    connection: Connection,
    staff_id: int,
    call_back_id: int | None,
    voice_message_id: int | None,
    number: str | None,
) -> str | None:
    if call_back_id is not None:
        return connection.execute(
            update(CallBack)
            .where(CallBack.id == call_back_id)
            .where((CallBack.state == "open") | ((CallBack.state == "taken") & (CallBack.taken_by == staff_id)))
            .values(state="taken", taken_by=staff_id)
            .returning(CallBack.number)
        ).scalar()
    if voice_message_id is not None:
        return connection.execute(
            update(VoiceMessage)
            .where(VoiceMessage.id == voice_message_id, VoiceMessage.number.is_not(None))
            .where((VoiceMessage.state == "new") | (VoiceMessage.taken_by == staff_id))
            .values(state="taken", taken_by=staff_id)
            .returning(VoiceMessage.number)
        ).scalar()
    return number


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
    _written(telephone, lambda connection, now: connection.execute(update(Talk).where(live).values(held=held)))


def _written(telephone: Telephone, work: Callable[[Connection, datetime], T]) -> T:
    """Commit `work`, then nudge the desks."""
    result = telephone.store.write(lambda connection: work(connection, telephone.clock.now()))
    telephone.wake.desk()
    return result
