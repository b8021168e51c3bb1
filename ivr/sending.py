"""Sending the commands of the outbox. Each may be sent twice and does no harm."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection, select

from ivr.bridges.placing import call_officer, check_bridge
from ivr.commands import (
    ASK_TO_STAY,
    CALL_CITIZEN,
    CALL_FOR_FEEDBACK,
    CHECK_BRIDGE,
    CHECK_CALL,
    CHECK_FEEDBACK,
    CHECK_LEG,
    CHECK_SERVICE,
    CHECK_TEXT,
    DELETE_RECORDING,
    END_CONFERENCE,
    HANG_UP,
    MOVE_CALLER,
    RELEASE_CALLER,
    RESUME_RECORDING,
    SILENCE,
    STOP_RECORDING,
    claim_command,
    close_command,
    due_commands,
    put_back_command,
)
from ivr.conference import caller_url, stay_url
from ivr.departures import caller_left
from ivr.emergency import check_service
from ivr.feedback.placing import call_off_try, check_call, place_call
from ivr.gateway import GatewayError
from ivr.hang_up import end_call
from ivr.holding import conference_sid, release_caller
from ivr.keypad_checks import at_keypad
from ivr.leg_events import language_of, note_dialled_call, take_dialled_status, take_leg_status
from ivr.listenings import listens_only
from ivr.recorded.control import resume_when_due, stop
from ivr.recorded.tending import delete_at_network
from ivr.statuses import is_over
from ivr.talks import caller_alone, close_talk, hang_up_legs
from ivr.telephone import Telephone
from ivr.text_checks import check_text
from ivr.written import written
from models.call import Call
from models.leg import Leg
from models.queue_entry import QueueEntry
from models.services.bridging import CALL_OFFICER
from models.talk import Talk

log = structlog.get_logger()


def send_commands(telephone: Telephone) -> int:
    """Send everything that is due, one after the other. Returns how many were sent."""
    with telephone.store.read() as connection:
        due = due_commands(connection, telephone.clock.now())
    return sum(send_command(telephone, command_id) for command_id in due)


def send_command(telephone: Telephone, command_id: int) -> bool:
    """Claim one command, send it with no connection held, and write what came of it. False if it is not ours."""
    claimed = written(telephone, lambda connection, now: claim_command(connection, command_id, now))
    if claimed is None:
        return False
    kind, payload = claimed
    try:
        _SENDERS[kind](telephone, payload)
    except GatewayError as error:
        _put_back(telephone, command_id, kind, payload, error)
        return False
    written(telephone, lambda connection, now: close_command(connection, command_id, now))
    return True


def _put_back(
    telephone: Telephone, command_id: int, kind: str, payload: Mapping[str, Any], error: GatewayError
) -> None:
    log.warning("command_failed", command_id=command_id, kind=kind, reason=error.reason)

    def put_back(connection: Connection, now: datetime) -> None:
        again = put_back_command(connection, command_id, error.reason, now, permanent=error.permanent)
        if not again and kind == CALL_CITIZEN:
            # Nobody will be rung: do not leave the representative waiting.
            close_talk(connection, payload["talk_id"], "no_answer", now)
        if not again and kind == MOVE_CALLER:
            close_talk(connection, payload["talk_id"], "failed", now)
        if not again and kind == CALL_FOR_FEEDBACK:
            call_off_try(connection, payload, now)

    written(telephone, put_back)


def _move_caller(telephone: Telephone, payload: Mapping[str, Any]) -> None:
    """Take the caller out of the queue into the conference, unless they are in or gone already."""
    talk_id = payload["talk_id"]
    with telephone.store.read() as connection:
        talk = connection.execute(
            select(Talk.call_sid, QueueEntry.queue)
            .join(QueueEntry, QueueEntry.id == Talk.entry_id)
            .where(Talk.id == talk_id, Talk.state == "connecting")
        ).one_or_none()
    if talk is None or talk.call_sid is None:
        return
    url = caller_url(telephone.config, talk.call_sid, talk_id)
    try:
        telephone.gateway.move_member(talk.queue, talk.call_sid, url)
        return
    except GatewayError as error:
        if not error.gone:
            raise
    # Not in the queue: on the way out by the wait document's own <Leave/>, or hung up. The call itself knows.
    try:
        telephone.gateway.move_call(talk.call_sid, url)
    except GatewayError as error:
        if not error.gone:
            raise
        _note_call_over(telephone, talk.call_sid, "completed")


def _end_conference(telephone: Telephone, payload: Mapping[str, Any]) -> None:
    talk_id = payload["talk_id"]
    with telephone.store.read() as connection:
        name = connection.scalar(select(Talk.conference).where(Talk.id == talk_id))
    if name is not None and not telephone.gateway.end_conference(name):
        written(telephone, lambda connection, now: hang_up_legs(connection, talk_id, now))


def _ask_to_stay(telephone: Telephone, payload: Mapping[str, Any]) -> None:
    """Tell a caller whose representative's line is gone to stay, unless somebody is back or the talk is over."""
    talk_id = payload["talk_id"]
    with telephone.store.read() as connection:
        if not caller_alone(connection, talk_id):
            return
        talk = connection.execute(select(Talk.conference, Talk.conference_sid).where(Talk.id == talk_id)).one()
    sid = conference_sid(telephone, talk.conference, talk.conference_sid)
    if sid is None:
        return
    try:
        telephone.gateway.announce(sid, stay_url(telephone.config, talk_id))
    except GatewayError as error:
        if not error.gone:  # else there is nobody to be told
            raise


def _hang_up(telephone: Telephone, payload: Mapping[str, Any]) -> None:
    telephone.gateway.update_call(payload["sid"], status="completed")
    written(telephone, lambda connection, now: take_leg_status(connection, payload["sid"], "completed", now))


def _silence(telephone: Telephone, payload: Mapping[str, Any]) -> None:
    """Close a supervisor's microphone, unless they have opened it again meanwhile."""
    with telephone.store.read() as connection:
        line = connection.execute(
            select(Leg.sid, Talk.conference, Talk.conference_sid)
            .join(Talk, Talk.id == Leg.talk_id)
            .where(Leg.id == payload["leg_id"], Leg.state == "in")
        ).one_or_none()
        if line is None or not listens_only(connection, payload["leg_id"]):
            return
    sid = conference_sid(telephone, line.conference, line.conference_sid)
    if sid is None:
        return
    try:
        telephone.gateway.update_participant(sid, line.sid, muted=True)
        telephone.gateway.update_participant(sid, line.sid, coaching=False)
    except GatewayError as error:
        if not error.gone:
            raise


def _call_citizen(telephone: Telephone, payload: Mapping[str, Any]) -> None:
    """Ring the citizen, unless the talk is over or somebody is being rung for it already."""
    talk_id, number = payload["talk_id"], payload["number"]
    with telephone.store.read() as connection:
        wanted = connection.scalar(
            select(Talk.id).where(Talk.id == talk_id, Talk.state == "connecting", Talk.call_sid.is_(None))
        )
    if wanted is None:
        return
    base = f"{telephone.config.public_url}/voice/legs/citizen/{talk_id}"
    sid = telephone.gateway.create_call(
        number, base, status_url=f"{base}/status", events=("initiated", "ringing", "answered", "completed")
    )

    def note(connection: Connection, now: datetime) -> None:
        language = language_of(connection, talk_id)
        note_dialled_call(connection, talk_id, sid, number, telephone.config.helpline_number, language, now)

    written(telephone, note)


def _check_call(telephone: Telephone, payload: Mapping[str, Any]) -> None:
    """Ask where a call is. One that is over is closed as its callback would have done."""
    sid = payload["sid"]
    status = telephone.gateway.call_status(sid)
    if is_over(status):
        _note_call_over(telephone, sid, status)
        return

    def settle(connection: Connection, now: datetime) -> None:
        # The call goes on, but not in its talk: the talk is over for this caller.
        out = (
            select(Talk.id)
            .join(Leg, Leg.talk_id == Talk.id)
            .where(Talk.call_sid == sid, Talk.state == "live", Leg.role == "citizen", Leg.state == "out")
        )
        for talk_id in connection.scalars(out).all():
            if not at_keypad(connection, talk_id, now):
                close_talk(connection, talk_id, "caller", now)

    written(telephone, settle)


def _check_leg(telephone: Telephone, payload: Mapping[str, Any]) -> None:
    with telephone.store.read() as connection:
        sid = connection.scalar(select(Leg.sid).where(Leg.id == payload["leg_id"], Leg.state == "in"))
    if sid is None:
        return
    status = telephone.gateway.call_status(sid)
    if is_over(status):
        written(telephone, lambda connection, now: take_leg_status(connection, sid, status, now))


def _note_call_over(telephone: Telephone, sid: str, status: str) -> None:
    """Close a call that the network says is over, of whichever kind it is."""
    with telephone.store.read() as connection:
        dialled = connection.scalar(
            select(Talk.id)
            .join(Call, Call.sid == Talk.call_sid)
            .where(Call.sid == sid, Call.purpose == "callback", Talk.guest_of.is_(None))
            .order_by(Talk.id.desc())
            .limit(1)
        )
    if dialled is not None:
        written(telephone, lambda connection, now: take_dialled_status(connection, dialled, sid, status, now))
    elif not end_call(telephone, sid, status):
        written(telephone, lambda connection, now: caller_left(connection, sid, now))


_SENDERS: Mapping[str, Callable[[Telephone, Mapping[str, Any]], None]] = {
    MOVE_CALLER: _move_caller,
    END_CONFERENCE: _end_conference,
    HANG_UP: _hang_up,
    SILENCE: _silence,
    ASK_TO_STAY: _ask_to_stay,
    CALL_CITIZEN: _call_citizen,
    CALL_FOR_FEEDBACK: place_call,
    CHECK_FEEDBACK: check_call,
    CALL_OFFICER: call_officer,
    CHECK_BRIDGE: check_bridge,
    CHECK_CALL: _check_call,
    CHECK_LEG: _check_leg,
    CHECK_TEXT: check_text,
    CHECK_SERVICE: check_service,
    RELEASE_CALLER: release_caller,
    RESUME_RECORDING: resume_when_due,
    STOP_RECORDING: stop,
    DELETE_RECORDING: lambda telephone, payload: delete_at_network(telephone, payload["recording_id"]),
}
