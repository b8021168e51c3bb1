"""Texts to citizens: each attempt is claimed by one worker, sent with no connection held, and its outcome written."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, select, update

from ivr.answer_links import put_link
from ivr.codes import compose_code_text
from ivr.desk_events import EVERYBODY, MESSAGE, tell_desk
from ivr.gateway import GatewayError
from ivr.gateway_errors import TOO_LATE
from ivr.telephone import Telephone
from ivr.wording import REPORTED_WITH_LINK
from models.message import Message

# How far a message has come. A report moves it forward only, so that a late one never overwrites a final one.
RANKS = {
    "queued": 0,
    "sending": 10,
    "sent": 20,
    "undelivered": 30,
    "failed": 30,
    "given_up": 30,
    "delivered": 40,
}

# Seconds to the next attempt, after the first, second ... failure; after the last one we give up. Almost two days in
# all: an account without money or a wrong key on a Saturday night must not cost every citizen of the night their text.
PAUSES = (5, 30, 120, 600, 1800, 7200, 6 * 3600, 12 * 3600, 24 * 3600)
URGENT_PAUSES = (1, 2)  # a caller is waiting for it on the line

IN_HAND = timedelta(seconds=60)  # a worker that has not written an outcome by then was killed
LOST_AFTER = timedelta(seconds=10)  # by then the job of a new message has run, or there is none
REPORT_WITHIN = timedelta(minutes=1)  # of what was sent; without one by then the network is asked (ivr/text_checks.py)
CODE_IS_LATE = timedelta(minutes=5)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt, in the hands of one worker."""

    message_id: int
    number: int
    recipient: str
    body: str
    urgent: bool


def send_text(telephone: Telephone, message_id: int) -> bool:
    """Send a message that is due. False if it is not: sent already, in other hands, or to be tried later.

    At least once: a worker killed between sending and writing sends again, and the text does no harm when repeated.
    """
    now = telephone.clock.now()
    attempt = telephone.store.write(lambda connection: _claim(telephone, connection, message_id, now))
    if attempt is None:
        return False
    address = f"{telephone.config.public_url}/voice/messages/{message_id}/status?attempt={attempt.number}"
    try:
        sid = telephone.gateway.send_text(attempt.recipient, attempt.body, status_url=address)
    except GatewayError as error:
        _write_failure(telephone, attempt, error)
    else:
        later = telephone.clock.now()
        telephone.store.write(lambda connection: _write_sent(connection, attempt, sid, later))
        log.info("text_sent", message_id=message_id, attempt=attempt.number)
    telephone.wake.desk()
    return True


def sweep_texts(telephone: Telephone, *, limit: int = 200) -> int:
    """Queue what is to be tried again, and what a lost job or a killed worker left behind. Returns how many."""
    now = telephone.clock.now()
    again = Message.attempts > 0
    lost = Message.next_try_at <= now - LOST_AFTER
    wanted = (
        select(Message.id, Message.urgent)
        .where(Message.status.in_(("queued", "sending")), Message.next_try_at <= now, again | lost)
        .order_by(Message.urgent.desc(), Message.next_try_at)
        .limit(limit)
    )
    with telephone.store.read() as connection:
        rows = connection.execute(wanted).all()
    for row in rows:
        telephone.wake.text(row.id, urgent=row.urgent)
    return len(rows)


def _claim(telephone: Telephone, connection: Connection, message_id: int, now: datetime) -> Attempt | None:
    """Count the attempt and take the message in hand, in one conditional update."""
    row = connection.execute(
        update(Message)
        .where(Message.id == message_id, Message.status.in_(("queued", "sending")))
        .where(Message.next_try_at <= now)
        .values(
            status="sending", status_rank=RANKS["sending"], attempts=Message.attempts + 1, next_try_at=now + IN_HAND
        )
        .returning(
            Message.attempts,
            Message.recipient,
            Message.body,
            Message.urgent,
            Message.purpose,
            Message.template,
            Message.created_at,
        )
    ).one_or_none()
    if row is None:
        return None
    body = row.body
    if row.purpose == "code":
        if row.created_at + CODE_IS_LATE <= now:
            _close(connection, message_id, "given_up", now, error_reason=TOO_LATE.reason)
            return None
        body = compose_code_text(telephone.config, connection, message_id, row.body, now)
    if row.template == REPORTED_WITH_LINK:
        body = put_link(telephone.config, connection, message_id, row.body, now)
    return Attempt(message_id, row.attempts, row.recipient, body, row.urgent)


def _write_sent(connection: Connection, attempt: Attempt, sid: str, now: datetime) -> None:
    mine = (Message.id == attempt.message_id) & (Message.attempts == attempt.number)
    connection.execute(
        update(Message)
        .where(mine, Message.status == "sending")
        .values(status="sent", status_rank=RANKS["sent"], next_try_at=now + REPORT_WITHIN)
        .values(error_code=None, error_reason=None)
    )
    # A report may have come before the answer: it has moved the status already, but knows no time of sending.
    connection.execute(update(Message).where(mine, Message.sent_at.is_(None)).values(sid=sid, sent_at=now))
    tell_desk(connection, MESSAGE, attempt.message_id, EVERYBODY, now)


def _write_failure(telephone: Telephone, attempt: Attempt, error: GatewayError) -> None:
    now = telephone.clock.now()
    log.warning("text_failed", message_id=attempt.message_id, attempt=attempt.number, reason=error.reason)
    telephone.store.write(
        lambda connection: try_later(
            connection, attempt.message_id, attempt.number, now, error.reason, error.code, permanent=error.permanent
        )
    )


def try_later(
    connection: Connection,
    message_id: int,
    attempt: int,
    now: datetime,
    reason: str,
    code: int | str | None,
    *,
    permanent: bool,
    failed_as: str = "failed",
) -> None:
    """Attempt number `attempt` has failed: set the next one, or the end (`failed_as`, or `given_up` after the last)."""
    urgent = connection.scalar(select(Message.urgent).where(Message.id == message_id))
    pauses = URGENT_PAUSES if urgent else PAUSES
    known: dict[str, Any] = {"error_reason": reason, "error_code": None if code is None else str(code)}
    if permanent or attempt > len(pauses):
        _close(connection, message_id, failed_as if permanent else "given_up", now, attempt=attempt, **known)
        return
    again = now + timedelta(seconds=pauses[attempt - 1])
    connection.execute(
        update(Message)
        .where(Message.id == message_id, Message.attempts == attempt, Message.status != "delivered")
        .values(status="queued", status_rank=RANKS["queued"], next_try_at=again, sid=None, sent_at=None, **known)
    )
    tell_desk(connection, MESSAGE, message_id, EVERYBODY, now)


def _close(
    connection: Connection, message_id: int, status: str, now: datetime, *, attempt: int | None = None, **known: Any
) -> None:
    own = Message.attempts == attempt if attempt is not None else Message.attempts == Message.attempts
    connection.execute(
        update(Message)
        .where(Message.id == message_id, own, Message.status_rank < RANKS[status])
        .values(status=status, status_rank=RANKS[status], next_try_at=None, done_at=now, **known)
    )
    tell_desk(connection, MESSAGE, message_id, EVERYBODY, now)
