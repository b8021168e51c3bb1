"""The number check: a code by text, typed at the caller's own keypad. The representative learns yes or no."""

from datetime import datetime

from sqlalchemy import Connection, select

from ivr.call_control.consulting import may_hand_on
from ivr.call_control.recording import pause_at_keypad
from ivr.call_control.refusals import CannotSend, NotConnectedYet, TransferUnderWay
from ivr.codes import code_sent, request_code
from ivr.conference import keypad_url
from ivr.gateway import GatewayError
from ivr.holds import note_hold
from ivr.keypad_checks import begin_check, end_check
from ivr.numbers import to_e164
from ivr.telephone import Telephone
from ivr.written import written
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

    def begin(connection: Connection, now: datetime) -> tuple[int | None, bool]:
        check_id = begin_check(connection, talk_id, call_sid, to, message_id, now)
        # Whoever comes back from the keypad comes into the conference as a new participant, whom nobody holds.
        return check_id, check_id is not None and note_hold(connection, talk_id, False, now)

    check_id, was_held = written(telephone, begin)
    if check_id is None:
        raise TransferUnderWay

    def stay(connection: Connection, now: datetime) -> None:
        end_check(connection, check_id, "not_sent", now)
        if was_held:
            note_hold(connection, talk_id, True, now)

    try:
        pause_at_keypad(telephone, talk_id)
        telephone.gateway.move_call(call_sid, keypad_url(telephone.config, check_id))
    except GatewayError as error:
        written(telephone, stay)
        if error.gone:
            raise NotConnectedYet from error
        raise
