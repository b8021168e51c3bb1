"""What must leave after the commit: telephone commands, texts, and news for the desk. Keys keep repeats away."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection, Table, insert

from models.command import Command
from models.event import DeskEvent
from models.insert import InsertOnce
from models.message import Message

_insert_command = InsertOnce(Command)
_insert_message = InsertOnce(Message)
_insert_event = insert(cast(Table, DeskEvent.__table__)).inline()


def add_command(
    connection: Connection,
    *,
    key: str,
    kind: str,
    payload: Mapping[str, Any],
    now: datetime,
    due_at: datetime | None = None,
) -> bool:
    """Put a telephone command into the outbox. False if one with this key is there."""
    values = {"key": key, "kind": kind, "payload": dict(payload), "created_at": now, "due_at": due_at or now}
    return _insert_command.add(connection, values)


def add_message(
    connection: Connection,
    *,
    recipient: str,
    language: str,
    template: str,
    body: str,
    purpose: str,
    now: datetime,
    effect_key: str | None = None,
    complaint_id: int | None = None,
    event_n: int | None = None,
    call_sid: str | None = None,
    urgent: bool = False,
) -> int | None:
    """Put a text into the outbox and return its id; None if the same one is there."""
    values = {
        "recipient": recipient,
        "language": language,
        "template": template,
        "body": body,
        "purpose": purpose,
        "effect_key": effect_key,
        "complaint_id": complaint_id,
        "event_n": event_n,
        "call_sid": call_sid,
        "urgent": urgent,
        "created_at": now,
        "next_try_at": now,
    }
    return _insert_message.add_returning_id(connection, values)


def tell_desk(connection: Connection, *, kind: str, subject: str, audience: str, now: datetime) -> None:
    """Write news for the desk. `subject` is an id, never personal data."""
    connection.execute(_insert_event, {"kind": kind, "subject": subject, "audience": audience, "at": now})
