"""The life of a talk: opened by an answer, live when the caller is in, closed once by whoever comes first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, literal, select, update

from ivr.commands import (
    ASK_TO_STAY,
    CALL_CITIZEN,
    END_CONFERENCE,
    HANG_UP,
    MOVE_CALLER,
    STOP_RECORDING,
    add_command,
    release_command,
)
from ivr.conference import new_conference_name
from ivr.desk_events import CALL_BACK, EVERYBODY, HELP, QUEUE, SUPERVISORS, TALK, for_staff, tell_desk
from ivr.holds import note_hold
from ivr.keypad_checks import end_check_of_talk
from ivr.listenings import end_listening, silence_whispers
from ivr.microphones import forget_microphone
from ivr.presences import begin_wrap_up, move_presence
from ivr.recorded.rows import expect_recording
from ivr.tickets import issue_ticket
from ivr.transfers import fail_transfer, guest_left, open_transfer, service_in_talk
from models.call import Call
from models.call_back import CallBack
from models.leg import Leg
from models.listening import Listening
from models.offer import Offer
from models.queue_entry import QueueEntry
from models.services.call_backs import has_reached_us, not_answered
from models.services.help_requests import close_help_of_talk
from models.talk import Talk

FIRST_IN_LINE = 100  # priority of a caller whom we let down: before everybody, urgent or not

# Seconds after a representative's line is gone: at once, and again half way through the time they have to come back.
_ASK_TO_STAY_AFTER = (1.0, 13.0)

WITH_SERVICE = "with_service"  # the end of a talk after which caller and emergency service go on without us

# Ends of a talk that put the caller back at the head of the line, to be rung for again.
_BACK_IN_LINE = ("no_leg", "lost", "failed")


@dataclass(frozen=True, slots=True)
class OpenedTalk:
    """A talk that waits for its representative. The ticket is good for eight seconds and one use."""

    talk_id: int
    ticket: str


def open_talk(
    connection: Connection,
    staff_id: int,
    now: datetime,
    *,
    call_sid: str | None,
    entry_id: int | None = None,
    callback_id: int | None = None,
    feedback_id: int | None = None,
) -> OpenedTalk:
    """Make the talk and expect both legs. The caller's presence and entry are the caller's business."""
    values = {"call_sid": call_sid, "entry_id": entry_id, "callback_id": callback_id, "feedback_id": feedback_id}
    talk_id = insert_talk(connection, staff_id, now, **values)
    connection.execute(insert(Leg).values(talk_id=talk_id, role="citizen", sid=call_sid))
    return OpenedTalk(talk_id, issue_ticket(connection, talk_id, staff_id, now))


def insert_talk(connection: Connection, staff_id: int, now: datetime, **values: Any) -> int:
    """A talk of this person's that waits for its legs, with the name of a conference of its own."""
    row = {"staff_id": staff_id, "conference": new_conference_name(), "created_at": now, **values}
    return int(connection.execute(insert(Talk).values(**row).returning(Talk.id)).scalar_one())


def representative_joined(connection: Connection, talk_id: int, now: datetime) -> None:
    """The representative's leg is in: have the router bring the citizen."""
    columns = (Talk.call_sid, Talk.state, Talk.staff_id, Talk.guest_of)
    talk = connection.execute(select(*columns).where(Talk.id == talk_id)).one()
    if talk.guest_of is not None:
        _tell_host(connection, talk.guest_of, now)
    elif talk.state == "connecting":
        if talk.call_sid is not None:
            add_command(connection, f"talk:{talk_id}:move", MOVE_CALLER, {"talk_id": talk_id}, now)
        else:
            release_command(connection, f"talk:{talk_id}:{CALL_CITIZEN}", now)
    tell_desk(connection, TALK, talk_id, for_staff(talk.staff_id), now)


def begin_talk(
    connection: Connection, talk_id: int, call_sid: str, now: datetime, *, records: bool = False
) -> str | None:
    """The citizen's call asks for the conference. Returns its name, or None if the talk is over or not theirs.

    Asked again, it answers the same and changes nothing. `records`: the network will record it, from the first time on;
    whoever comes back from the keypad, perhaps to another person by now, comes into the same recording.
    """
    talk = connection.execute(
        select(Talk.call_sid, Talk.state, Talk.conference, Talk.entry_id, Talk.staff_id, Talk.callback_id).where(
            Talk.id == talk_id
        )
    ).one_or_none()
    if talk is None or talk.state == "ended" or talk.call_sid not in (None, call_sid):
        return None
    begun = connection.execute(
        update(Talk)
        .where(Talk.id == talk_id, Talk.state == "connecting")
        .where((Talk.call_sid == call_sid) | Talk.call_sid.is_(None))
        .values(state="live", started_at=now, call_sid=call_sid)
    )
    if begun.rowcount == 1:
        # The first answer counts, also where a lost line has put the caller back in line since.
        first_answer = func.coalesce(QueueEntry.answered_at, literal(now, QueueEntry.answered_at.type))
        connection.execute(
            update(QueueEntry)
            .where(QueueEntry.id == talk.entry_id, QueueEntry.state == "accepted")
            .values(state="talking", answered_at=first_answer, staff_id=talk.staff_id)
        )
        connection.execute(update(Call).where(Call.sid == call_sid, Call.ended_at.is_(None)).values(phase="talk"))
        _note_reached(connection, call_sid, talk.callback_id, now)
        if records:
            expect_recording(connection, talk_id, call_sid, now)
        tell_desk(connection, TALK, talk_id, for_staff(talk.staff_id), now)
    connection.execute(
        update(Leg)
        .where(Leg.talk_id == talk_id, Leg.role == "citizen", Leg.state == "expected")
        .values(state="in", sid=call_sid, joined_at=now)
    )
    return str(talk.conference)


def close_talk(connection: Connection, talk_id: int, ended_by: str, now: datetime) -> bool:
    """End a talk once; False if it had ended.

    `ended_by`: representative, supervisor, caller, no_answer, no_leg, lost, failed, taken_back, with_service, or
    transferred: then the caller goes on with a colleague, and their stay in the queue with them. The conference is
    ended by a command in the same transaction, unless caller and emergency service go on in it; of a guest, who has
    none of their own, only the legs are.
    """
    was_live = _end(connection, talk_id, "live", ended_by, now)
    if not was_live and not _end(connection, talk_id, "connecting", ended_by, now):
        return False
    note_hold(connection, talk_id, False, now)
    end_check_of_talk(connection, talk_id, now)
    for request_id in close_help_of_talk(connection, talk_id, now):
        tell_desk(connection, HELP, request_id, SUPERVISORS, now)
    talk = connection.execute(
        select(Talk.call_sid, Talk.entry_id, Talk.staff_id, Talk.callback_id, Talk.guest_of, Talk.conference).where(
            Talk.id == talk_id
        )
    ).one()
    _settle_transfer(connection, talk_id, talk.guest_of, ended_by, now)
    if talk.entry_id is not None and ended_by != "transferred":
        _settle_entry(connection, talk.entry_id, ended_by, now, was_live=was_live)
    if talk.callback_id is not None:
        _settle_call_back(connection, talk.callback_id, ended_by, now, was_live=was_live)
    _settle_presence(connection, talk.staff_id, ended_by, now, was_live=was_live)
    end_listening(connection, Listening.talk_id == talk_id, "talk_over", now)
    if talk.guest_of is not None:
        hang_up_legs(connection, talk_id, now)
    elif ended_by != WITH_SERVICE:
        add_command(connection, f"talk:{talk_id}:end", END_CONFERENCE, {"talk_id": talk_id}, now)
    else:
        # What a caller says to an emergency service alone was never announced as recorded by us.
        payload = {"conference": talk.conference}
        add_command(connection, f"talk:{talk_id}:stop_recording", STOP_RECORDING, payload, now)
    tell_desk(connection, TALK, talk_id, for_staff(talk.staff_id), now)
    return True


def leg_out(connection: Connection, leg_id: int, now: datetime) -> bool:
    """A leg has ended or left the conference. False if that was known."""
    gone = connection.execute(update(Leg).where(Leg.id == leg_id, Leg.state == "in").values(state="out", left_at=now))
    if gone.rowcount != 1:
        return False
    forget_microphone(connection, leg_id, now)
    row = connection.execute(
        select(Leg.role, Leg.sid, Leg.talk_id, Talk.state, Talk.staff_id, Talk.guest_of)
        .join(Talk, Talk.id == Leg.talk_id)
        .where(Leg.id == leg_id)
    ).one()
    if row.role == "supervisor":
        end_listening(connection, Listening.leg_id == leg_id, "line", now)
    if row.guest_of is not None:
        _tell_host(connection, row.guest_of, now)  # they may come back within 25 seconds, as everybody may
    elif row.role == "representative" and not representative_in(connection, row.talk_id):
        silence_whispers(connection, row.talk_id, now)
        if row.state == "connecting":
            close_talk(connection, row.talk_id, "no_leg", now)
        elif row.state == "live":
            _ask_to_stay(connection, row.talk_id, leg_id, now)
    tell_desk(connection, TALK, row.talk_id, for_staff(row.staff_id), now)
    return True


def caller_alone(connection: Connection, talk_id: int) -> bool:
    """True if the talk goes on and nobody is in it: no representative, no colleague, no emergency service."""
    live = connection.scalar(select(Talk.state).where(Talk.id == talk_id)) == "live"
    if not live or representative_in(connection, talk_id):
        return False
    return guest_in(connection, talk_id) is None and not service_in_talk(connection, talk_id)


def guest_in(connection: Connection, talk_id: int) -> int | None:
    """The talk of a consulted colleague whose leg is in this one."""
    there = select(Talk.id).join(Leg, Leg.talk_id == Talk.id).where(Talk.guest_of == talk_id, Talk.state != "ended")
    return connection.scalar(there.where(Leg.role == "representative", Leg.state == "in").limit(1))


def representative_in(connection: Connection, talk_id: int) -> bool:
    """True if a leg of a representative is in the talk."""
    there = select(Leg.id).where(Leg.talk_id == talk_id, Leg.role == "representative", Leg.state == "in")
    return connection.scalar(there.limit(1)) is not None


def hang_up_legs(connection: Connection, talk_id: int, now: datetime) -> None:
    """End the representatives' legs that are still there after the talk."""
    legs = select(Leg.id, Leg.sid).where(Leg.talk_id == talk_id, Leg.role != "citizen", Leg.state == "in")
    for leg in connection.execute(legs).all():
        add_command(connection, f"leg:{leg.id}:hang_up", HANG_UP, {"sid": leg.sid}, now)


def _settle_transfer(connection: Connection, talk_id: int, host: int | None, ended_by: str, now: datetime) -> None:
    """A talk that ends takes along whoever was asked into it; a guest's own end leaves the host's talk alone."""
    if host is not None:
        guest_left(connection, talk_id, ended_by, now)
        return
    under_way = open_transfer(connection, talk_id)
    if under_way is None or under_way.state == "alone":
        return
    fail_transfer(connection, under_way.id, "caller_left" if ended_by == "caller" else "ended", now)
    if under_way.guest_talk_id is not None:
        close_talk(connection, under_way.guest_talk_id, ended_by, now)


def _tell_host(connection: Connection, talk_id: int, now: datetime) -> None:
    staff_id = connection.scalar(select(Talk.staff_id).where(Talk.id == talk_id))
    if staff_id is not None:
        tell_desk(connection, TALK, talk_id, for_staff(staff_id), now)


def _ask_to_stay(connection: Connection, talk_id: int, leg_id: int, now: datetime) -> None:
    """The caller is alone in the talk: have them told. Whoever is back by then is noticed when it is sent."""
    for wait_s in _ASK_TO_STAY_AFTER:
        key = f"leg:{leg_id}:stay:{wait_s:.0f}"
        add_command(connection, key, ASK_TO_STAY, {"talk_id": talk_id}, now, wait_s=wait_s)


def _end(connection: Connection, talk_id: int, state: str, ended_by: str, now: datetime) -> bool:
    ended = connection.execute(
        update(Talk)
        .where(Talk.id == talk_id, Talk.state == state)
        .values(state="ended", ended_at=now, ended_by=ended_by)
    )
    return ended.rowcount == 1


def _settle_entry(connection: Connection, entry_id: int, ended_by: str, now: datetime, *, was_live: bool) -> None:
    live = (QueueEntry.id == entry_id) & (QueueEntry.state.in_(("accepted", "talking")))
    if ended_by in _BACK_IN_LINE:
        change = {"state": "waiting", "priority": FIRST_IN_LINE, "staff_id": None}
        offer = "lost" if was_live else "failed"
    else:
        change = {"state": "ended", "ended_at": now, "ended_as": "answered" if was_live else "abandoned"}
        offer = None
    queue = connection.execute(update(QueueEntry).where(live).values(**change).returning(QueueEntry.queue)).scalar()
    if offer is not None:
        connection.execute(
            update(Offer).where(Offer.entry_id == entry_id, Offer.state == "accepted").values(state=offer)
        )
    if queue is not None:
        tell_desk(connection, QUEUE, queue, EVERYBODY, now)


def _note_reached(connection: Connection, call_sid: str, callback_id: int | None, now: datetime) -> None:
    """Whoever else was to ring this person need not any more."""
    number = connection.scalar(select(Call.citizen_number).where(Call.sid == call_sid))
    for kept in has_reached_us(connection, number, callback_id, now) if number else ():
        tell_desk(connection, CALL_BACK, kept, EVERYBODY, now)


def _settle_call_back(
    connection: Connection, callback_id: int, ended_by: str, now: datetime, *, was_live: bool
) -> None:
    mine = (CallBack.id == callback_id) & (CallBack.state == "taken")
    if was_live:
        connection.execute(update(CallBack).where(mine).values(state="done", outcome="reached", last_try_at=now))
        return
    if ended_by != "no_answer":
        # Our own line failed before theirs rang: no try of theirs is spent.
        connection.execute(update(CallBack).where(mine).values(state="open", taken_by=None))
        return
    not_answered(connection, callback_id, now)


def _settle_presence(connection: Connection, staff_id: int, ended_by: str, now: datetime, *, was_live: bool) -> None:
    if was_live or ended_by == "no_answer":
        begin_wrap_up(connection, staff_id, now)
    elif ended_by == "no_leg":
        # Their line did not come: to ring them again at once would only let the next caller down too.
        move_presence(connection, staff_id, ("talk",), "missed", now, reason="no_leg")
    else:
        move_presence(connection, staff_id, ("talk",), "ready", now)
