"""What a lost callback, a killed process or an absent Redis left behind, found again in SQL."""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, exists, func, literal, select
from sqlalchemy.orm import aliased

from ivr.commands import CHECK_CALL, CHECK_LEG, CHECK_SERVICE, END_CONFERENCE, add_command
from ivr.outbox import Nudges
from ivr.promises import add_call_back, due_by_of_call
from ivr.telephone import Telephone
from ivr.text_checks import plan_check, unreported_texts
from models.base import among
from models.call import Call
from models.call_back import CallBack
from models.command import Command
from models.draft import Draft
from models.leg import Leg
from models.queue_entry import QueueEntry
from models.reference import new_reference
from models.talk import Talk
from models.transfer import OPEN, Transfer
from models.turn import Turn

QUIET_FOR = timedelta(seconds=45)  # a live call without a turn for so long is asked after, and again each so long
CALLS_AT_ONCE = 25
_LOOK_BACK = timedelta(hours=1)
_LEFTOVER_AFTER = timedelta(seconds=10)

log = structlog.get_logger()


def sweep(telephone: Telephone) -> None:
    """Look for everything that waits for an event which will not come, and write what is to be done about it."""
    now = telephone.clock.now()
    slot = int(now.timestamp() // QUIET_FOR.total_seconds())
    with telephone.store.read() as connection:
        quiet = _quiet_calls(connection, now, slot)
        legs = _old_legs(connection, now)
        services = _old_services(connection, now)
        leftovers = _leftover_talks(connection, now)
        broken = _unpromised(connection, now)
        stories = _broken_stories(connection, now)
        texts = unreported_texts(connection, now)
    if not (quiet or legs or services or leftovers or broken or stories or texts):
        return

    def write(connection: Connection) -> Nudges:
        nudges = Nudges()
        for sid in quiet:
            add_command(connection, f"call:{sid}:check:{slot}", CHECK_CALL, {"sid": sid}, now)
        for leg_id in legs:
            add_command(connection, f"leg:{leg_id}:check:{slot}", CHECK_LEG, {"leg_id": leg_id}, now)
        for transfer_id in services:
            key = f"transfer:{transfer_id}:check:{slot}"
            add_command(connection, key, CHECK_SERVICE, {"transfer_id": transfer_id}, now)
        for talk_id in leftovers:
            add_command(connection, f"talk:{talk_id}:end:{slot}", END_CONFERENCE, {"talk_id": talk_id}, now)
        for message_id in texts:
            plan_check(connection, message_id, now)
        for call_sid in [*broken, *stories]:
            _promise(telephone, connection, nudges, call_sid, now)
        return nudges

    telephone.store.write(write).give(telephone.wake)


def _quiet_calls(connection: Connection, now: datetime, slot: int) -> list[str]:
    """Live calls of which nothing has been heard for a while, and which are not being asked after yet."""
    last = select(func.max(Turn.at)).where(Turn.call_sid == Call.sid).scalar_subquery()
    heard = func.coalesce(last, Call.started_at)
    asked = select(Command.id).where(Command.key == literal("call:") + Call.sid + f":check:{slot}")
    live = select(Call.sid).where(Call.ended_at.is_(None), heard < now - QUIET_FOR, ~exists(asked))
    return list(connection.scalars(live.order_by(Call.started_at).limit(CALLS_AT_ONCE)))


def _old_legs(connection: Connection, now: datetime) -> list[int]:
    """Representatives' legs that have been in for a while: their end may have gone unheard."""
    old = (
        select(Leg.id)
        .join(Talk, Talk.id == Leg.talk_id)
        .where(Talk.state != "ended", Leg.role != "citizen", Leg.state == "in", Leg.joined_at < now - QUIET_FOR)
    )
    return list(connection.scalars(old))


def _old_services(connection: Connection, now: datetime) -> list[int]:
    """Calls to emergency services that have gone on for a while: their end may have gone unheard."""
    called = Transfer.service.is_not(None) & Transfer.leg_sid.is_not(None)
    old = select(Transfer.id).where(among(Transfer.state, OPEN), called, Transfer.made_at < now - QUIET_FOR)
    return list(connection.scalars(old))


def _leftover_talks(connection: Connection, now: datetime) -> list[int]:
    """Talks that are over while a leg still counts as in: somebody may be sitting in the conference alone."""
    leg = select(Leg.id).where(Leg.talk_id == Talk.id, Leg.state == "in")
    # A caller may go on with an emergency service after we have left.
    with_service = select(Transfer.id).where(Transfer.talk_id == Talk.id, Transfer.state == "alone")
    over = select(Talk.id).where(
        Talk.ended_at > now - _LOOK_BACK, Talk.ended_at < now - _LEFTOVER_AFTER, exists(leg), ~exists(with_service)
    )
    return list(connection.scalars(over))


def _unpromised(connection: Connection, now: datetime) -> list[str]:
    """Calls that left the queue without an answer, and to which nobody has promised to ring back."""
    promised = select(CallBack.id).where((CallBack.call_sid == Call.sid) | (CallBack.number == Call.from_number))
    recent = promised.where(CallBack.created_at > now - 2 * _LOOK_BACK)
    left = (
        select(Call.sid)
        .join(QueueEntry, QueueEntry.call_sid == Call.sid)
        .where(QueueEntry.ended_as == "abandoned", QueueEntry.ended_at > now - _LOOK_BACK)
        .where(Call.ended_at.is_not(None), Call.from_number.is_not(None), ~exists(recent))
    )
    return list(connection.scalars(left.distinct().limit(CALLS_AT_ONCE)))


def _broken_stories(connection: Connection, now: datetime) -> list[str]:
    """Calls whose talk is over and wrapped up while a form with words in it is neither registered nor discarded."""
    promised = select(CallBack.id).where(CallBack.call_sid == Call.sid, CallBack.reason == "talk_lost")
    other = aliased(Talk)
    elsewhere = select(other.id).where(other.call_sid == Call.sid, other.state != "ended")
    ended = (
        select(Call.sid)
        .join(Talk, Talk.call_sid == Call.sid)
        .join(Draft, Draft.call_sid == Call.sid)
        .where(Talk.ended_at > now - _LOOK_BACK, Talk.wrapped_at.is_not(None), Call.ended_at.is_not(None))
        .where(Draft.version > 0, Draft.complaint_id.is_(None), Draft.discarded_at.is_(None))
        .where(Call.citizen_number.is_not(None), ~exists(promised), ~exists(elsewhere))
    )
    return list(connection.scalars(ended.distinct().limit(CALLS_AT_ONCE)))


def _promise(telephone: Telephone, connection: Connection, nudges: Nudges, call_sid: str, now: datetime) -> None:
    call = connection.execute(
        select(Call.citizen_number.label("number"), Call.language).where(Call.sid == call_sid)
    ).one()
    entry = connection.execute(
        select(QueueEntry.queue, QueueEntry.ahead_since)
        .where(QueueEntry.call_sid == call_sid)
        .order_by(QueueEntry.id.desc())
        .limit(1)
    ).one_or_none()
    talk = connection.scalar(select(Talk.id).where(Talk.call_sid == call_sid, Talk.started_at.is_not(None)).limit(1))
    values = {
        "number": call.number,
        "language": call.language,
        "reason": "abandoned" if talk is None else "talk_lost",
        "call_sid": call_sid,
        "effect_key": f"{call_sid}:swept",
        "queue": entry.queue if entry else "",
        "ahead_since": entry.ahead_since if entry else None,
        "due_by": due_by_of_call(telephone, connection, call_sid, now),
        "request_reference": new_reference(connection, now),
        "created_at": now,
    }
    add_call_back(connection, nudges, values)
