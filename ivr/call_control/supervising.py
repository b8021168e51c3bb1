"""What a supervisor does to somebody else's work: another state, the end of a call that hangs. All accounted for."""

from datetime import datetime

from sqlalchemy import Connection, select

from ivr.accounting import account
from ivr.call_control.presence import drop_offer
from ivr.call_control.refusals import DeskClosed, NotFree, TalkOver
from ivr.call_control.talk import end_talk
from ivr.commands import CHECK_CALL, HANG_UP, add_command
from ivr.notices import STATE_FORCED, TALK_ENDED, give_notice
from ivr.presences import close_wrap_up, ensure_presence, move_presence
from ivr.telephone import Telephone
from ivr.written import written
from models.call import Call
from models.presence import Presence
from models.talk import Talk

FORCED = ("ready", "break", "offline")
"""The states that somebody may be put into."""
_FROM = ("offline", "ready", "missed", "break")
BY_SUPERVISOR = "supervisor"


def force_state(telephone: Telephone, staff_id: int, to: str, reason: str, by: int) -> None:
    """Put a representative into one of FORCED; they are told who did it and why.

    A call that rings goes on to somebody else. Raises NotFree during a talk, DeskClosed where nobody could answer.
    """
    drop_offer(telephone, staff_id, "forced")

    def force(connection: Connection, now: datetime) -> Exception | None:
        before = ensure_presence(connection, staff_id, now)
        lease = connection.scalar(select(Presence.lease_until).where(Presence.staff_id == staff_id))
        if to == "ready" and (lease is None or lease <= now):
            return DeskClosed()
        if before != to and not (
            close_wrap_up(connection, staff_id, to, now, reason="forced")
            or move_presence(connection, staff_id, _FROM, to, now, reason="forced")
        ):
            return NotFree(before)
        give_notice(connection, staff_id, STATE_FORCED, about=to, reason=reason, by=by, now=now)
        data = {"from": before, "to": to, "reason": reason}
        account(connection, f"staff:{by}", "state_forced", f"staff:{staff_id}", now, data)
        return None

    refused = written(telephone, force)
    if refused is not None:
        raise refused
    telephone.wake.router()


def end_call_for_all(telephone: Telephone, call_sid: str, reason: str, by: int) -> None:
    """End a call that hangs, wherever it is. Raises TalkOver. Of a talk, the representative wraps up and is told.

    Elsewhere the network is asked to end it; its own word that it has ended closes our rows, as with every call.
    """
    with telephone.store.read() as connection:
        talk = connection.execute(
            select(Talk.id, Talk.staff_id).where(
                Talk.call_sid == call_sid, Talk.state != "ended", Talk.guest_of.is_(None)
            )
        ).first()
    if talk is not None:
        _end_talk_of(telephone, talk.id, talk.staff_id, reason, by)
        return

    def end(connection: Connection, now: datetime) -> bool:
        if connection.scalar(select(Call.sid).where(Call.sid == call_sid, Call.ended_at.is_(None))) is None:
            return False
        add_command(connection, f"call:{call_sid}:ended_by_hand", HANG_UP, {"sid": call_sid}, now)
        # Its callback may be what was lost.
        add_command(connection, f"call:{call_sid}:check_after_hand", CHECK_CALL, {"sid": call_sid}, now, wait_s=2.0)
        account(connection, f"staff:{by}", "call_ended", f"call:{call_sid}", now, {"reason": reason})
        return True

    if not written(telephone, end):
        raise TalkOver
    telephone.wake.router()


def _end_talk_of(telephone: Telephone, talk_id: int, staff_id: int, reason: str, by: int) -> None:
    def tell(connection: Connection, now: datetime) -> None:
        give_notice(connection, staff_id, TALK_ENDED, reason=reason, by=by, now=now)
        account(connection, f"staff:{by}", "talk_ended", f"talk:{talk_id}", now, {"reason": reason, "staff": staff_id})

    if not end_talk(telephone, talk_id, staff_id, ended_by=BY_SUPERVISOR, also=tell):
        raise TalkOver
