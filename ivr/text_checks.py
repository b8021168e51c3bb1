"""Texts that were sent and of which no report came: the network is asked what became of them.

A report is lost when the web process dies under it. Had it said *undelivered*, the text would never be tried again.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select, update

from ivr.commands import CHECK_TEXT, add_command
from ivr.deliveries import believe_report, is_final
from ivr.gateway import GatewayError
from ivr.telephone import Telephone
from ivr.texts import REPORT_WITHIN
from models.message import Message

NO_LONGER_AFTER = timedelta(hours=72)  # so long networks keep a text for a phone that is switched off
AT_ONCE = 25


def unreported_texts(connection: Connection, now: datetime) -> list[int]:
    """Ids of those that the network is to be asked about now."""
    due = select(Message.id).where(Message.status == "sent", Message.next_try_at <= now)
    return list(connection.scalars(due.order_by(Message.next_try_at).limit(AT_ONCE)))


def plan_check(connection: Connection, message_id: int, now: datetime) -> None:
    """Have the network asked, and set the next time: each pause is as long as all before it together."""
    mine = (Message.id == message_id) & (Message.status == "sent") & (Message.next_try_at <= now)
    text = connection.execute(select(Message.attempts, Message.sent_at, Message.next_try_at).where(mine)).one_or_none()
    if text is None:
        return
    age = now - text.sent_at
    again = None if age >= NO_LONGER_AFTER else now + max(REPORT_WITHIN, age)
    connection.execute(update(Message).where(mine).values(next_try_at=again))
    key = f"message:{message_id}:check:{text.attempts}:{text.next_try_at.timestamp():.3f}"
    add_command(connection, key, CHECK_TEXT, {"message_id": message_id, "attempt": text.attempts}, now)


def check_text(telephone: Telephone, payload: Mapping[str, Any]) -> None:
    """Ask the network about one attempt, and take what it says for the report. Raises GatewayError."""
    message_id, attempt = payload["message_id"], payload["attempt"]
    mine = (Message.id == message_id) & (Message.attempts == attempt) & (Message.status == "sent")
    with telephone.store.read() as connection:
        sid = connection.scalar(select(Message.sid).where(mine))
    if sid is None:
        return  # its report has come after all
    try:
        status, code = telephone.gateway.text_status(sid)
    except GatewayError as error:
        if not error.gone:
            raise
        # The network has forgotten it: nothing more will ever be known.
        telephone.store.write(
            lambda connection: connection.execute(update(Message).where(mine).values(next_try_at=None))
        )
        return
    if is_final(status):
        now = telephone.clock.now()
        telephone.store.write(
            lambda connection: believe_report(connection, message_id, attempt, status, sid, code, now)
        )
        telephone.wake.desk()
