"""A caller sent to the keypad and back, as rows: begun once, ended once, and nobody learns what was typed."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from ivr.desk_events import TALK, for_staff, tell_desk
from ivr.recorded.pauses import end_keypad_pause
from models.command import Command
from models.insert import InsertOnce
from models.keypad_check import KeypadCheck
from models.leg import Leg
from models.talk import Talk

LONGEST = timedelta(minutes=3)  # a caller of whom no more is heard is not at the keypad any more

_insert_check = InsertOnce(KeypadCheck)
_insert_command = InsertOnce(Command)


def begin_check(
    connection: Connection, talk_id: int, call_sid: str, number: str, message_id: int, now: datetime
) -> int | None:
    """Write that the caller goes to the keypad. None if they are there already."""
    return _insert_check.add_returning_id(
        connection,
        {
            "talk_id": talk_id,
            "call_sid": call_sid,
            "number": number,
            "message_id": message_id,
            "state": "asked",
            "asked_at": now,
        },
    )


def end_check(connection: Connection, check_id: int, state: str, now: datetime) -> bool:
    """The caller comes back with `right`, `wrong` or `not_sent`, or is `gone`. False if it had ended."""
    ended = connection.execute(
        update(KeypadCheck)
        .where(KeypadCheck.id == check_id, KeypadCheck.state == "asked")
        .values(state=state, ended_at=now)
        .returning(KeypadCheck.talk_id, KeypadCheck.call_sid)
    ).one_or_none()
    if ended is None:
        return False
    if state != "gone":
        # On the way back in: the network's word on it may come late or never.
        connection.execute(
            update(Leg)
            .where(Leg.talk_id == ended.talk_id, Leg.role == "citizen", Leg.state == "out")
            .values(state="in", left_at=None)
        )
    end_keypad_pause(connection, ended.call_sid, now)
    staff_id = connection.scalar(select(Talk.staff_id).where(Talk.id == ended.talk_id))
    if staff_id is not None:
        tell_desk(connection, TALK, ended.talk_id, for_staff(staff_id), now)
    return True


def end_check_of_talk(connection: Connection, talk_id: int, now: datetime) -> None:
    """The talk is over while its caller is at the keypad."""
    asked = select(KeypadCheck.id).where(KeypadCheck.talk_id == talk_id, KeypadCheck.state == "asked")
    for check_id in connection.scalars(asked).all():
        end_check(connection, check_id, "gone", now)


def at_keypad(connection: Connection, talk_id: int, now: datetime) -> bool:
    """True while the caller of this talk is out of the conference on our own word."""
    asked = (KeypadCheck.talk_id == talk_id) & (KeypadCheck.state == "asked") & (KeypadCheck.asked_at > now - LONGEST)
    return connection.scalar(select(KeypadCheck.id).where(asked)) is not None


def find_check(connection: Connection, check_id: int) -> Any:
    """Its talk_id, call_sid, number, message_id and state; None if there is none."""
    columns = (
        KeypadCheck.talk_id,
        KeypadCheck.call_sid,
        KeypadCheck.number,
        KeypadCheck.message_id,
        KeypadCheck.state,
    )
    return connection.execute(select(*columns).where(KeypadCheck.id == check_id)).one_or_none()


def first_time(connection: Connection, check_id: int, question: int, now: datetime) -> bool:
    """True for the first answer to a question. A repeat of the webhook costs no second try."""
    key = f"keypad:{check_id}:{question}"
    # Done from the start: it is a mark in the outbox, and nothing is to be sent.
    values = {"key": key, "kind": "claim", "payload": {}, "created_at": now, "due_at": now, "done_at": now}
    return _insert_command.add(connection, values)
