"""Wrong reference numbers: a few are mistakes, many may be somebody trying numbers out. Supervisors are alarmed."""

from datetime import timedelta

import structlog
from sqlalchemy import Connection, func, select

from ivr.accounting import account
from ivr.asking import Asker
from ivr.desk_events import SUPERVISORS, tell_desk
from ivr.outbox import Nudges
from models.audit_entry import AuditEntry

UNKNOWN = "reference_unknown"  # well-formed, and there is no such complaint
MISTYPED = "reference_mistyped"
ALARM = "reference_guessing"
UNKNOWN_AN_HOUR = 3  # from one source: the check digit lets few mistakes through, so this is early
WRONG_A_CALL = 6  # of both kinds: more than five

log = structlog.get_logger()


def note_unknown(asker: Asker, connection: Connection, nudges: Nudges) -> None:
    """Count a well-formed number that does not exist. Three within an hour from one source are an alarm."""
    source = _source(asker)
    account(connection, source, UNKNOWN, asker.call_sid, asker.now)
    unknown = select(func.count()).where(
        AuditEntry.actor == source, AuditEntry.action == UNKNOWN, AuditEntry.at > asker.now - timedelta(hours=1)
    )
    if connection.scalar(unknown) == UNKNOWN_AN_HOUR:
        _alarm(asker, connection, nudges)
    _look_at_call(asker, connection, nudges)


def note_mistyped(asker: Asker, connection: Connection, nudges: Nudges) -> None:
    """Count a number that cannot be one. More than five wrong ones in a call, of whichever kind, are an alarm."""
    account(connection, _source(asker), MISTYPED, asker.call_sid, asker.now)
    _look_at_call(asker, connection, nudges)


def _look_at_call(asker: Asker, connection: Connection, nudges: Nudges) -> None:
    wrong = select(func.count()).where(AuditEntry.subject == asker.call_sid, AuditEntry.action.in_((UNKNOWN, MISTYPED)))
    if connection.scalar(wrong) == WRONG_A_CALL:
        _alarm(asker, connection, nudges)


def _alarm(asker: Asker, connection: Connection, nudges: Nudges) -> None:
    account(connection, _source(asker), ALARM, asker.call_sid, asker.now)
    tell_desk(connection, ALARM, asker.call_sid, SUPERVISORS, asker.now)
    log.warning(ALARM, call_sid=asker.call_sid)
    nudges.desk = True


def _source(asker: Asker) -> str:
    return asker.from_number or asker.call_sid
