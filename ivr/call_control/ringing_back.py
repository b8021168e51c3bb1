"""A citizen who is rung from the desk: a promised call-back, a voice message, or a number."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from ivr.call_control.accepted import Accepted
from ivr.call_control.refusals import NotFree, NothingToDial
from ivr.commands import CALL_CITIZEN, hold_command
from ivr.desk_events import CALL_BACK, EVERYBODY, tell_desk
from ivr.presences import close_wrap_up, ensure_presence, extend_lease, move_presence
from ivr.talks import open_talk
from ivr.telephone import Telephone
from ivr.written import written
from models.services.call_backs import take_to_ring
from models.services.feedback import GIVEN, take_feedback
from models.services.on_the_phone import is_bridged
from models.voice_message import VoiceMessage


def dial_back(
    telephone: Telephone,
    staff_id: int,
    *,
    call_back_id: int | None = None,
    voice_message_id: int | None = None,
    feedback_id: int | None = None,
    number: str | None = None,
) -> Accepted:
    """Ring a citizen: the representative's leg comes first, then the citizen is called into the conference.

    Name exactly one of the four. Raises NotFree, or NothingToDial when somebody else has
    taken it, it is done, or the hour of its next try has not come.
    """

    def dial(connection: Connection, now: datetime) -> Accepted:
        state = ensure_presence(connection, staff_id, now)
        to = _take_number(connection, staff_id, call_back_id, voice_message_id, feedback_id, number, now)
        if to is None or connection.scalar(select(is_bridged(to))):
            raise NothingToDial
        if not close_wrap_up(connection, staff_id, "talk", now) and not move_presence(
            connection, staff_id, ("ready", "break", "missed", "offline"), "talk", now
        ):
            raise NotFree(state)
        extend_lease(connection, staff_id, now)
        opened = open_talk(connection, staff_id, now, call_sid=None, callback_id=call_back_id, feedback_id=feedback_id)
        if feedback_id is not None:
            tell_desk(connection, CALL_BACK, f"feedback-{feedback_id}", EVERYBODY, now)
        payload = {"talk_id": opened.talk_id, "number": to}
        hold_command(connection, f"talk:{opened.talk_id}:{CALL_CITIZEN}", CALL_CITIZEN, payload, now)
        if call_back_id is not None:
            tell_desk(connection, CALL_BACK, call_back_id, EVERYBODY, now)
        return Accepted(opened.talk_id, opened.ticket, None)

    return written(telephone, dial)


def _take_number(
    connection: Connection,
    staff_id: int,
    call_back_id: int | None,
    voice_message_id: int | None,
    feedback_id: int | None,
    number: str | None,
    now: datetime,
) -> str | None:
    if call_back_id is not None:
        return take_to_ring(connection, call_back_id, staff_id, now)
    if voice_message_id is not None:
        return connection.execute(
            update(VoiceMessage)
            .where(VoiceMessage.id == voice_message_id, VoiceMessage.number.is_not(None))
            .where((VoiceMessage.state == "new") | (VoiceMessage.taken_by == staff_id))
            .values(state="taken", taken_by=staff_id)
            .returning(VoiceMessage.number)
        ).scalar()
    if feedback_id is not None:
        return take_feedback(connection, feedback_id, staff_id, now, GIVEN)
    return number
