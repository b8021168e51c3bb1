"""What the network tells of legs and conferences, applied forward only. No talk depends on one such event alone."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from ivr.commands import CHECK_CALL, END_CONFERENCE, HANG_UP, add_command
from ivr.departures import caller_left
from ivr.desk_events import TALK, for_staff, tell_desk
from ivr.holds import note_hold
from ivr.statuses import is_over, rank_of
from ivr.talks import close_talk, leg_out, representative_joined
from models.call import Call
from models.call_back import CallBack
from models.feedback_call import FeedbackCall
from models.late_event import LateEvent
from models.leg import Leg
from models.talk import Talk


def take_conference_event(connection: Connection, form: Mapping[str, str], now: datetime) -> None:
    """Join, leave, hold and the rest, of the conference that is one of our talks."""
    talk = connection.execute(
        select(Talk.id, Talk.state, Talk.staff_id, Talk.conference_sid).where(
            Talk.conference == form.get("FriendlyName", "")
        )
    ).one_or_none()
    event, sid = form.get("StatusCallbackEvent", ""), form.get("CallSid", "")
    if talk is None:
        return
    _note_conference(connection, talk.id, talk.conference_sid, event, form.get("ConferenceSid"))
    if not event.startswith("participant-"):
        return
    if event == "participant-join" and talk.state == "ended":
        # On the way in while the talk was ended: nobody may be left sitting in a conference alone.
        add_command(connection, f"talk:{talk.id}:end:{sid}", END_CONFERENCE, {"talk_id": talk.id}, now)
    here = select(Talk.id).where((Talk.id == talk.id) | (Talk.guest_of == talk.id))
    leg = connection.execute(
        select(Leg.id, Leg.role, Leg.talk_id)
        .where(Leg.talk_id.in_(here), Leg.sid == sid)
        .order_by(Leg.id.desc())
        .limit(1)
    ).one_or_none()
    if leg is None or not _is_newer(connection, leg.id, form.get("SequenceNumber", ""), sid, event, now):
        return
    match event:
        case "participant-join" if leg.role == "representative":
            representative_joined(connection, leg.talk_id, now)
        case "participant-join" if leg.role == "supervisor":
            pass  # their ticket has told it
        case "participant-join":
            # A citizen who was taken out and put back in.
            back = update(Leg).where(Leg.id == leg.id, Leg.state == "out")
            connection.execute(back.values(state="in", left_at=None))
        case "participant-leave":
            leg_out(connection, leg.id, now)
            if leg.role == "citizen" and talk.state != "ended":
                # Hung up, or only put somewhere else? The network's word on the call decides.
                key = f"leg:{leg.id}:left:{form.get('SequenceNumber', '')}"
                add_command(connection, key, CHECK_CALL, {"sid": sid}, now, wait_s=1.0)
        case "participant-hold" | "participant-unhold" if leg.role == "citizen":
            if note_hold(connection, talk.id, event == "participant-hold", now):
                tell_desk(connection, TALK, talk.id, for_staff(talk.staff_id), now)


def _note_conference(connection: Connection, talk_id: int, known: str | None, event: str, sid: str | None) -> None:
    """Its SID, as long as it goes on: whoever comes in after all have left begins another one of the same name."""
    over = event == "conference-end"
    if sid and ((over and known == sid) or (known is None and not over and event != "participant-leave")):
        connection.execute(update(Talk).where(Talk.id == talk_id).values(conference_sid=None if over else sid))


def take_leg_status(connection: Connection, sid: str, status: str, now: datetime) -> bool:
    """The state of a representative's own call. False if `sid` is no such leg."""
    leg = connection.execute(select(Leg.id).where(Leg.sid == sid, Leg.role != "citizen")).first()
    if leg is None:
        return False
    if is_over(status):
        leg_out(connection, leg.id, now)
        connection.execute(update(Leg).where(Leg.id == leg.id).values(status=status))
    return True


def end_other_legs(connection: Connection, talk_id: int, leg_id: int, now: datetime) -> None:
    """A person has come in by a new leg: the old one, of the tab before, is ended."""
    others = select(Leg.id, Leg.sid).where(
        Leg.talk_id == talk_id, Leg.role == "representative", Leg.state == "in", Leg.id != leg_id
    )
    for leg in connection.execute(others).all():
        add_command(connection, f"leg:{leg.id}:hang_up", HANG_UP, {"sid": leg.sid}, now)


def note_dialled_call(
    connection: Connection, talk_id: int, sid: str, number: str, helpline: str, language: str, now: datetime
) -> None:
    """Keep the call that we placed to a citizen, once."""
    if connection.scalar(select(Call.sid).where(Call.sid == sid)) is None:
        connection.execute(
            insert(Call).values(
                sid=sid,
                from_number=helpline,
                from_raw=helpline,
                number_kind="landline",
                to_number=number,
                direction="outbound-api",
                status="queued",
                language=language,
                phase="talk",
                started_at=now,
                purpose="callback",
            )
        )
    connection.execute(update(Talk).where(Talk.id == talk_id, Talk.call_sid.is_(None)).values(call_sid=sid))
    connection.execute(
        update(Leg).where(Leg.talk_id == talk_id, Leg.role == "citizen", Leg.sid.is_(None)).values(sid=sid)
    )


def language_of(connection: Connection, talk_id: int) -> str:
    """The language of the citizen whom a talk rings back; English where nobody knows.

    Their call knows it once it is placed, also for a colleague who has taken the talk over.
    """
    row = connection.execute(
        select(Call.language, CallBack.language, FeedbackCall.language)
        .select_from(Talk)
        .outerjoin(Call, Call.sid == Talk.call_sid)
        .outerjoin(CallBack, CallBack.id == Talk.callback_id)
        .outerjoin(FeedbackCall, FeedbackCall.id == Talk.feedback_id)
        .where(Talk.id == talk_id)
    ).one_or_none()
    return next(filter(None, row or ()), "en")


def take_dialled_status(connection: Connection, talk_id: int, sid: str, status: str, now: datetime) -> None:
    """The state of a call that we placed: not reached, or over."""
    rank = rank_of(status)
    over = {"ended_at": now, "phase": "ended", "outcome": status} if is_over(status) else {}
    moved = connection.execute(
        update(Call).where(Call.sid == sid, Call.status_rank < rank).values(status=status, status_rank=rank, **over)
    )
    if moved.rowcount != 1:
        _keep_late(connection, "call", sid, status, now)
        return
    if not is_over(status):
        return
    state = connection.scalar(select(Talk.state).where(Talk.id == talk_id, Talk.call_sid == sid))
    if state == "connecting":
        close_talk(connection, talk_id, "no_answer", now)
    caller_left(connection, sid, now)


def _is_newer(connection: Connection, leg_id: int, sequence: str, sid: str, event: str, now: datetime) -> bool:
    number = int(sequence) if sequence.isdecimal() else None
    if number is None:
        return True
    moved = connection.execute(update(Leg).where(Leg.id == leg_id, Leg.sequence < number).values(sequence=number))
    if moved.rowcount != 1:
        _keep_late(connection, "conference", sid, event, now)
    return moved.rowcount == 1


def _keep_late(connection: Connection, kind: str, sid: str, status: str, now: datetime) -> None:
    connection.execute(
        insert(LateEvent).values(kind=kind, subject=sid, status=status, data={}, why="not forward", at=now)
    )
