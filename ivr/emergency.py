"""Emergency services: called into the talk where a line to them is set, else read out, and that is written down."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from config import Config
from ivr.commands import RELEASE_CALLER, add_command
from ivr.desk_events import TALK, for_staff, tell_desk
from ivr.statuses import is_over
from ivr.talks import WITH_SERVICE, close_talk, hang_up_legs
from ivr.telephone import Telephone
from ivr.transfers import fail_transfer, move_transfer, open_transfer, part_service
from models.talk import Talk
from models.transfer import Transfer

RINGS_FOR = timedelta(seconds=45)
_WHY_NOT = {"busy": "busy", "no-answer": "no_answer", "canceled": "taken_back"}


def line_to(config: Config, service: str) -> str | None:
    """Where this service is called (E.164 or SIP); None where it can only be read out."""
    return dict(config.emergency_lines).get(service)


def service_url(config: Config, transfer_id: int, ending: str = "") -> str:
    """The document of a service that has answered, or what is told of its call."""
    return f"{config.public_url}/voice/services/{transfer_id}{ending}"


def service_in(connection: Connection, transfer_id: int, sid: str, now: datetime) -> str | None:
    """The service has answered: the conference it goes into, or None if nobody waits for it there any more."""
    row = connection.execute(
        select(Transfer.talk_id, Transfer.state, Transfer.leg_sid, Talk.conference, Talk.state, Talk.staff_id)
        .join(Talk, Talk.id == Transfer.talk_id)
        .where(Transfer.id == transfer_id)
    ).one_or_none()
    if row is None or row[4] != "live" or row.leg_sid not in (None, sid):
        return None
    if row[1] != "joined" and not move_transfer(
        connection, transfer_id, ("ringing",), "joined", answered_at=now, leg_sid=sid
    ):
        return None
    tell_desk(connection, TALK, row.talk_id, for_staff(row.staff_id), now)
    return str(row.conference)


def service_status(connection: Connection, transfer_id: int, status: str, now: datetime) -> None:
    """The state of the call to a service. Only its end matters, and each end counts once."""
    if not is_over(status):
        return
    state = connection.scalar(select(Transfer.state).where(Transfer.id == transfer_id))
    if state == "ringing":
        fail_transfer(connection, transfer_id, _WHY_NOT.get(status, "failed"), now)
    elif state == "joined" and move_transfer(
        connection, transfer_id, ("joined",), "done", reason="hung_up", ended_at=now
    ):
        row = connection.execute(
            select(Talk.id, Talk.staff_id).join(Transfer, Transfer.talk_id == Talk.id).where(Transfer.id == transfer_id)
        ).one()
        tell_desk(connection, TALK, row.id, for_staff(row.staff_id), now)
    elif state == "alone":
        part_service(connection, Transfer.id == transfer_id, "hung_up", now)


def leave_with_service(connection: Connection, talk_id: int, now: datetime) -> bool:
    """Caller and service go on without us. False if no service is in the talk."""
    under_way = open_transfer(connection, talk_id)
    if under_way is None or under_way.service is None:
        return False
    if not move_transfer(connection, under_way.id, ("joined",), "alone"):
        return False
    close_talk(connection, talk_id, WITH_SERVICE, now)
    hang_up_legs(connection, talk_id, now)
    # Nobody who could bring them back from hold is in the talk any more.
    add_command(connection, f"talk:{talk_id}:release:service", RELEASE_CALLER, {"talk_id": talk_id}, now)
    return True


def check_service(telephone: Telephone, payload: Mapping[str, Any]) -> None:
    """Ask where the call to a service is whose callbacks may be lost."""
    transfer_id = payload["transfer_id"]
    with telephone.store.read() as connection:
        sid = connection.scalar(select(Transfer.leg_sid).where(Transfer.id == transfer_id))
    if sid is None:
        return
    status = telephone.gateway.call_status(sid)
    telephone.store.write(lambda connection: service_status(connection, transfer_id, status, telephone.clock.now()))
