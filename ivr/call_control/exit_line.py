"""The end of a silent, crank or abusive call: a sentence to the caller, and the voice for a while."""

from datetime import datetime

import structlog
from sqlalchemy import Connection, select

from ivr.call_control.refusals import TalkOver
from ivr.conference import exit_url
from ivr.gateway import GatewayError
from ivr.talk_ends import end_conference_now
from ivr.talks import close_talk
from ivr.telephone import Telephone
from ivr.written import written
from models.call import Call
from models.services.diversions import REASONS, divert
from models.talk import Talk

log = structlog.get_logger()


def end_with_exit_line(telephone: Telephone, talk_id: int, staff_id: int, reason: str) -> datetime | None:
    """End the talk with a sentence, and divert the caller's number. Returns until when; None for a withheld number.

    Raises TalkOver, or ValueError for an unknown reason.
    """
    if reason not in REASONS:
        raise ValueError(reason)

    def end(connection: Connection, now: datetime) -> tuple[str | None, str, datetime | None]:
        row = connection.execute(
            select(Talk.call_sid, Talk.conference, Call.from_number, Call.direction)
            .outerjoin(Call, Call.sid == Talk.call_sid)
            .where(Talk.id == talk_id, Talk.staff_id == staff_id, Talk.state == "live", Talk.guest_of.is_(None))
        ).one_or_none()
        if row is None or not close_talk(connection, talk_id, "representative", now):
            raise TalkOver
        # Whom we rang ourselves has not troubled us.
        number = row.from_number if row.direction == "inbound" else None
        until = (
            divert(connection, number=number, reason=reason, talk_id=talk_id, staff_id=staff_id, now=now)
            if number
            else None
        )
        return row.call_sid, row.conference, until

    call_sid, conference, until = written(telephone, end)
    if call_sid is not None:
        try:
            telephone.gateway.move_call(call_sid, exit_url(telephone.config, talk_id, reason))
        except GatewayError as error:
            # The end of the conference lets the caller go on in their menus, which is no harm.
            log.warning("exit_line_not_said", talk_id=talk_id, reason=error.reason)
    end_conference_now(telephone, talk_id, conference)
    return until
