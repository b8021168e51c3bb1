"""One-time codes by text: asked for in a turn, made only when the text leaves, kept as a keyed hash and never shown."""

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, func, insert, select, update

from config import Config
from ivr.telephone import Telephone
from ivr.wording import CODE, TextWords, words_in_force
from models import outbox
from models.call import Call
from models.errors import TooManyCodes
from models.message import Message
from models.one_time_code import OneTimeCode

GOOD_FOR = timedelta(minutes=5)
TRIES = 3
PER_NUMBER_AN_HOUR = 5
PER_CALLER_AN_HOUR = 5
PER_HOUR = 2000  # of the whole line: a flood of texts costs money and annoys strangers
_SAME_REQUEST = timedelta(seconds=15)  # a repeated webhook must not send a second one

_PURPOSE = "code"
_LANGUAGE = "en"  # of a call that has chosen none
_PLACE = "{code}"  # stands in the row for the digits, which are filled in when the text leaves


def request_code(telephone: Telephone, call_sid: str, number: str, now: datetime) -> int:
    """Have a code sent to `number`; returns the message's id. Asked again at once, it is the same request.

    Above the caps the message is there but has failed already: `code_sent` tells it.
    """
    words = words_in_force(telephone)
    message_id, fresh = telephone.store.write(lambda connection: _request(connection, words, call_sid, number, now))
    if fresh:
        telephone.wake.text(message_id, urgent=True)
    return message_id


def code_sent(telephone: Telephone, message_id: int) -> bool | None:
    """True once the network has taken the text, False when it will not, None while nobody knows."""
    with telephone.store.read() as connection:
        status = connection.scalar(select(Message.status).where(Message.id == message_id))
    if status in ("sent", "delivered"):
        return True
    return None if status in ("queued", "sending") else False


def check_code(
    telephone: Telephone, call_sid: str, number: str, digits: str, now: datetime
) -> Literal["right", "wrong", "spent"]:
    """Check typed digits against the newest code of this call and number. Each check costs one of three tries."""
    return telephone.store.write(lambda connection: _check(telephone.config, connection, call_sid, number, digits, now))


def compose_code_text(config: Config, connection: Connection, message_id: int, body: str, now: datetime) -> str:
    """Make a fresh code for this attempt and put it into the words. The digits are in no row, only their hash is.

    A new attempt has a new code, because nobody can know the old one any more; the old one stops being good.
    """
    code = f"{secrets.randbelow(1_000_000):06d}"
    connection.execute(
        update(OneTimeCode)
        .where(OneTimeCode.message_id == message_id, OneTimeCode.state == "open")
        .values(hmac=_keyed(config, message_id, code), expires_at=now + GOOD_FOR)
    )
    return body.replace(_PLACE, code)


def _request(connection: Connection, words: TextWords, call_sid: str, number: str, now: datetime) -> tuple[int, bool]:
    mine = select(OneTimeCode.message_id).where(
        OneTimeCode.call_sid == call_sid,
        OneTimeCode.number == number,
        OneTimeCode.created_at > now - _SAME_REQUEST,
        OneTimeCode.state == "open",
    )
    known = connection.scalar(mine.order_by(OneTimeCode.id.desc()).limit(1))
    if known is not None:
        return known, False
    call = connection.execute(select(Call.language, Call.from_number).where(Call.sid == call_sid)).one_or_none()
    language = (call.language if call is not None else None) or _LANGUAGE
    caller = call.from_number if call is not None else None
    capped = _too_many(connection, number, caller, now)
    message_id = outbox.add_message(
        connection,
        recipient=number,
        language=language,
        template=CODE,
        body=words.compose(CODE, language, {"code": _PLACE}),
        purpose=_PURPOSE,
        call_sid=call_sid,
        urgent=True,
        now=now,
    )
    if message_id is None:
        raise TooManyCodes
    if capped:
        connection.execute(
            update(Message)
            .where(Message.id == message_id)
            .values(status="failed", status_rank=30, next_try_at=None, done_at=now, error_reason="too_many_codes")
        )
        return message_id, False
    # Only the newest code of a call is good.
    connection.execute(
        update(OneTimeCode)
        .where(OneTimeCode.call_sid == call_sid, OneTimeCode.number == number, OneTimeCode.state == "open")
        .values(state="spent")
    )
    connection.execute(
        insert(OneTimeCode).values(
            number=number,
            caller=caller,
            purpose="call",
            call_sid=call_sid,
            hmac="",  # no code fits before one is sent
            created_at=now,
            expires_at=now + GOOD_FOR,
            message_id=message_id,
        )
    )
    return message_id, True


def _too_many(connection: Connection, number: str, caller: str | None, now: datetime) -> bool:
    hour = select(func.count()).select_from(OneTimeCode).where(OneTimeCode.created_at > now - timedelta(hours=1))
    if (connection.scalar(hour.where(OneTimeCode.number == number)) or 0) >= PER_NUMBER_AN_HOUR:
        return True
    if caller is not None:
        by_caller = connection.scalar(hour.where(OneTimeCode.caller == caller)) or 0
        if by_caller >= PER_CALLER_AN_HOUR:
            return True
    return (connection.scalar(hour) or 0) >= PER_HOUR


def _check(
    config: Config, connection: Connection, call_sid: str, number: str, digits: str, now: datetime
) -> Literal["right", "wrong", "spent"]:
    newest = (
        select(OneTimeCode.id)
        .where(OneTimeCode.call_sid == call_sid, OneTimeCode.number == number)
        .order_by(OneTimeCode.id.desc())
        .limit(1)
    )
    tried = connection.execute(
        update(OneTimeCode)
        .where(OneTimeCode.id == newest.scalar_subquery(), OneTimeCode.state == "open")
        .where(OneTimeCode.expires_at > now, OneTimeCode.tries < TRIES)
        .values(tries=OneTimeCode.tries + 1)
        .returning(OneTimeCode.id, OneTimeCode.hmac, OneTimeCode.tries, OneTimeCode.message_id)
    ).one_or_none()
    if tried is None:
        return "spent"
    if hmac.compare_digest(tried.hmac, _keyed(config, tried.message_id, digits)):
        state: Literal["right", "wrong", "spent"] = "right"
    elif tried.tries >= TRIES:
        state = "spent"
    else:
        return "wrong"
    connection.execute(update(OneTimeCode).where(OneTimeCode.id == tried.id).values(state=state))
    return state


def _keyed(config: Config, message_id: int, code: str) -> str:
    return hmac.new(config.code_pepper.encode(), f"{message_id}:{code}".encode(), "sha256").hexdigest()
