"""The network's reports about texts: believed only when they move the message forward, else kept as late."""

from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from ivr.desk_events import EVERYBODY, MESSAGE, tell_desk
from ivr.gateway_errors import refusal
from ivr.texts import RANKS, REPORT_WITHIN, try_later
from models.late_event import LateEvent
from models.message import Message

# The provider's words to ours. What is missing (accepted, queued, sending) tells nothing that we do not know.
_MEANS = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "undelivered",
    "failed": "failed",
    "canceled": "failed",
}


def is_final(reported: str) -> bool:
    """True if nothing more will come of this attempt."""
    return _MEANS.get(reported) in ("delivered", "undelivered", "failed")


def believe_report(
    connection: Connection,
    message_id: int,
    attempt: int,
    reported: str,
    sid: str,
    error_code: str | None,
    now: datetime,
) -> bool:
    """Take a report about one attempt. False if it is late, repeated or about another attempt: then nothing changes."""
    row = connection.execute(
        select(Message.status, Message.status_rank, Message.attempts).where(Message.id == message_id).with_for_update()
    ).one_or_none()
    status = _MEANS.get(reported)
    if status is None or row is None:
        return False
    # Between two attempts only a late "delivered" counts: it spares the citizen the second one.
    between = row.status == "queued" and status != "delivered"
    if row.attempts != attempt or between or RANKS[status] <= row.status_rank:
        _keep_late(connection, message_id, reported, sid, now)
        return False
    if status in ("undelivered", "failed"):
        code = int(error_code) if error_code and error_code.isdecimal() else None
        known = refusal(code)
        try_later(
            connection,
            message_id,
            attempt,
            now,
            known.reason,
            code,
            permanent=known.permanent,
            failed_as=status,
        )
        return True
    known_now: dict[str, datetime | None] = {"next_try_at": now + REPORT_WITHIN}
    if status == "delivered":
        known_now = {"next_try_at": None, "done_at": now, "error_code": None, "error_reason": None}
    connection.execute(
        update(Message)
        .where(Message.id == message_id)
        .values(status=status, status_rank=RANKS[status], sid=sid, **known_now)
    )
    connection.execute(update(Message).where(Message.id == message_id, Message.sent_at.is_(None)).values(sent_at=now))
    tell_desk(connection, MESSAGE, message_id, EVERYBODY, now)
    return True


def _keep_late(connection: Connection, message_id: int, reported: str, sid: str, now: datetime) -> None:
    connection.execute(
        insert(LateEvent).values(
            kind="message", subject=sid, status=reported, data={"message_id": message_id}, why="not forward", at=now
        )
    )
