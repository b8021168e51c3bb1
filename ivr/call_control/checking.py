"""The number check: a code by text, typed at the caller's own keypad. The representative learns yes or no."""

from datetime import datetime

from sqlalchemy import Connection, select

from ivr.call_control.consulting import may_hand_on
from ivr.call_control.refusals import CannotSend, NotConnectedYet, TransferUnderWay
from ivr.call_control.written import written
from ivr.codes import code_sent, request_code
from ivr.conference import keypad_url
from ivr.gateway import GatewayError
from ivr.keypad_checks import begin_check, end_check
from ivr.numbers import to_e164
from ivr.telephone import Telephone
from models.talk import Talk


def check_number(telephone: Telephone, talk_id: int, staff_id: int, number: str) -> None:
    """Send a code to `number` and the caller to the keypad.

    Raises TalkOver, NotConnectedYet, TransferUnderWay (also while they are there), CannotSend or GatewayError.
    """
    may_hand_on(telephone, talk_id, staff_id)
    to = to_e164(number)
    if to is None:
        raise CannotSend
    with telephone.store.read() as connection:
        call_sid = connection.scalar(select(Talk.call_sid).where(Talk.id == talk_id))
    if call_sid is None:
        raise NotConnectedYet
    message_id = request_code(telephone, call_sid, to, telephone.clock.now())
    if code_sent(telephone, message_id) is False:
        raise CannotSend

    def begin(connection: Connection, now: datetime) -> int | None:
        return begin_check(connection, talk_id, call_sid, to, message_id, now)

    check_id = written(telephone, begin)
    if check_id is None:
        raise TransferUnderWay
    try:
        telephone.gateway.move_call(call_sid, keypad_url(telephone.config, check_id))
    except GatewayError as error:
        written(telephone, lambda connection, now: end_check(connection, check_id, "not_sent", now))
        if error.gone:
            raise NotConnectedYet from error
        raise
