"""Transfers as rows: begun, failed, over. Each change is a conditional update, so that each ends exactly once."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select, update

from ivr.commands import END_CONFERENCE, HANG_UP, add_command
from ivr.desk_events import OFFER_OVER, TALK, for_staff, tell_desk
from ivr.offers import RINGS_FOR
from ivr.presences import move_presence, stop_ringing
from models.base import among
from models.talk import Talk
from models.transfer import OPEN, Transfer

_WITH_US = ("ringing", "consulting", "joined")


def begin_transfer(connection: Connection, talk_id: int, staff_id: int, now: datetime, **values: Any) -> int:
    """Write that a representative hands their caller on. The unique index refuses a second one under way."""
    row = {"kind": "warm", "state": "ringing", "made_at": now, "expires_at": now + RINGS_FOR, **values}
    begun = insert(Transfer).values(talk_id=talk_id, asked_by=staff_id, **row).returning(Transfer.id)
    return int(connection.execute(begun).scalar_one())


def open_transfer(connection: Connection, talk_id: int) -> Any:
    """The transfer that is under way in a talk, if one is: id, state, guest_talk_id, to_staff, service, leg_sid."""
    columns = (
        Transfer.id,
        Transfer.state,
        Transfer.guest_talk_id,
        Transfer.to_staff,
        Transfer.service,
        Transfer.leg_sid,
    )
    return connection.execute(
        select(*columns).where(Transfer.talk_id == talk_id, among(Transfer.state, OPEN))
    ).one_or_none()


def move_transfer(connection: Connection, transfer_id: int, came_from: tuple[str, ...], to: str, **values: Any) -> bool:
    """From one of the states `came_from` to `to`. False if it is in none of them."""
    moved = connection.execute(
        update(Transfer).where(Transfer.id == transfer_id, Transfer.state.in_(came_from)).values(state=to, **values)
    )
    return moved.rowcount == 1


def service_in_talk(connection: Connection, talk_id: int) -> bool:
    """True while an emergency service is in the talk with us."""
    joined = (Transfer.talk_id == talk_id) & (Transfer.state == "joined") & Transfer.service.is_not(None)
    return connection.scalar(select(Transfer.id).where(joined)) is not None


def fail_transfer(connection: Connection, transfer_id: int, reason: str, now: datetime) -> bool:
    """It has come to nothing; who rang for it rings no more. The guest's own talk is the caller's business."""
    row = connection.execute(
        select(Transfer.state, Transfer.to_staff, Transfer.talk_id, Transfer.asked_by, Transfer.leg_sid).where(
            Transfer.id == transfer_id
        )
    ).one_or_none()
    if row is None or not move_transfer(
        connection, transfer_id, (row.state,) if row.state in _WITH_US else (), "failed", reason=reason, ended_at=now
    ):
        return False
    if row.state == "ringing" and row.to_staff is not None:
        # Who let it ring is not rung again unasked; who could not help it is ready as before.
        if reason in ("no_answer", "declined"):
            move_presence(connection, row.to_staff, ("offered",), "missed", now)
        else:
            stop_ringing(connection, row.to_staff, now)
        tell_desk(connection, OFFER_OVER, f"transfer-{transfer_id}", for_staff(row.to_staff), now)
    if row.leg_sid is not None:
        add_command(connection, f"transfer:{transfer_id}:hang_up", HANG_UP, {"sid": row.leg_sid}, now)
    tell_desk(connection, TALK, row.talk_id, for_staff(row.asked_by), now)
    return True


def guest_left(connection: Connection, guest_talk_id: int, ended_by: str, now: datetime) -> None:
    """A consulted colleague is out: the transfer they were asked in has failed."""
    asked = select(Transfer.id).where(Transfer.guest_talk_id == guest_talk_id, Transfer.state.in_(_WITH_US))
    for transfer_id in connection.scalars(asked).all():
        fail_transfer(connection, transfer_id, _GUEST_ENDS.get(ended_by, ended_by), now)


_GUEST_ENDS = {"representative": "hung_up", "no_leg": "lost", "caller": "caller_left"}


def overdue_transfers(connection: Connection, now: datetime) -> list[int]:
    """Those that have rung long enough."""
    return list(connection.scalars(select(Transfer.id).where(Transfer.state == "ringing", Transfer.expires_at <= now)))


def part_service(connection: Connection, which: ColumnElement[bool], reason: str, now: datetime) -> None:
    """Caller and service were alone with each other, and one of them is gone: the server ends their conference."""
    alone = select(Transfer.id, Transfer.talk_id).where(Transfer.state == "alone", which)
    for row in connection.execute(alone).all():
        if move_transfer(connection, row.id, ("alone",), "done", reason=reason, ended_at=now):
            key = f"talk:{row.talk_id}:end:service"
            add_command(connection, key, END_CONFERENCE, {"talk_id": row.talk_id}, now)


def of_caller(call_sid: str) -> ColumnElement[bool]:
    """The condition for transfers of this caller."""
    return Transfer.talk_id.in_(select(Talk.id).where(Talk.call_sid == call_sid))
